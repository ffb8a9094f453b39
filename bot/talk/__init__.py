"""Conversations as plain coroutines: what a flow may wait for, and how it is driven. Knows nothing of the rest."""
