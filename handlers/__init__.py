"""What we say when somebody speaks."""
