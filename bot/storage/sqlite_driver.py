"""aiosqlite's connection with fewer hops to its thread.

A hop costs more than most statements do. What touches no disk is done at once; and while a work is quick, so are its
statements, all but those that may wait: taking the write lock, and the commit with its fsync. Why, and what this leans
on: docs/decisions/0007-quick-works-run-on-the-loop.md.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import aiosqlite


class Hurry:
    """Whether the work that is done now is quick: a handful of statements that find their rows by an index."""

    __slots__ = ("is_on",)

    def __init__(self) -> None:
        self.is_on = False


class Connection(aiosqlite.Connection):
    """One connection. A statement is done at once only if nothing is under way in the thread.

    What is under way is told by the thread, not by who waits for it: one who waits may be cancelled long before the
    thread is done. Each of the two counts is written by one thread only.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection], hurry: Hurry) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self._hurry = hurry
        self._handed_over = 0
        self._done = 0

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._running and self._connection is not None and self._is_idle() and self._is_at_once(fn):
            return fn(*args, **kwargs)
        self._handed_over += 1
        return await super()._execute(self._in_thread, fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite's

    def _in_thread(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._done += 1

    def _is_idle(self) -> bool:
        return self._handed_over == self._done

    def _is_at_once(self, fn: Callable[..., Any]) -> bool:
        name = fn.__name__
        if getattr(fn, "__self__", None) is self._connection:
            return name == "cursor"
        return name == "close" or (self._hurry.is_on and self._conn.in_transaction)


LEANS_ON = ("_conn", "_execute")
"""What we use of aiosqlite's own affairs, beside what a connection has: `_connection`, `_running`, `_thread`."""
KNOWN = "0.22."


def connector(hurry: Hurry) -> Callable[..., aiosqlite.Connection] | None:
    """What SQLAlchemy opens a connection with; None, which is aiosqlite as it is, where its version is another."""
    if not aiosqlite.__version__.startswith(KNOWN) or not all(hasattr(aiosqlite.Connection, name) for name in LEANS_ON):
        return None

    def connect(database: str, **options: Any) -> Connection:
        options["check_same_thread"] = False  # the thread and the loop take turns, never at once
        return Connection(lambda: sqlite3.connect(database, **options), hurry)

    return connect
