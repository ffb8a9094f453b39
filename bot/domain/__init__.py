"""What is true, whoever asks: frozen dataclasses and pure functions, no machinery."""
