"""The bots that are measured, each a process of its own. All hold the same conversation."""
