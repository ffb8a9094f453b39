"""Servers that behave as the platforms do, on 127.0.0.1, for tests and benches."""
