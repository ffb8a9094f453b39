"""What is kept: the only folder that knows SQL. Its functions take a `Work` and return domain objects."""
