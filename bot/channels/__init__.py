"""The places where people speak with us. No handler asks which one it is on; it may ask what can be done there."""
