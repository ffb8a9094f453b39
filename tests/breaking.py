"""What goes wrong while a turn is done: a call to the database that fails, and any await of what it prepares."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any

from sqlalchemy import event

from tests.telling import Told


class Faults:
    """Makes the database's `n`-th call from now on fail: a statement or a commit, as a failing disk does."""

    def __init__(self, told: Told, *, telling: bool = False) -> None:
        assert told.parts
        engine = told.parts.opened.database._engine.sync_engine
        self.left, self.hit, self.telling = 0, 0, telling
        for name in ("do_execute", "do_executemany"):
            event.listen(engine, name, lambda _cursor, statement, values, _context: self._call(statement, values))
        event.listen(engine, "commit", lambda _connection: self._call("COMMIT", ()))

    def arm(self, n: int) -> None:
        self.left = n

    def _call(self, statement: str, values: object) -> None:
        self.left -= 1
        if self.left == 0:
            self.hit += 1
            said = f" in {statement} with {values}" if self.telling else ""  # asyncpg's own errors quote values
            raise sqlite3.OperationalError(f"disk I/O error{said}")


class Breaking:
    """Lets what a turn prepares before its transaction (download, cleaning, sealing, slow hash) fail where it awaits:
    the first time at its first await, the next time at the second, and so on, until it comes through.

    The error quotes everything that anybody could have put into it.
    """

    def __init__(self, quoted: str) -> None:
        self.hit, self.reached = 0, 0
        self._quoted = quoted
        asyncio.get_running_loop().set_task_factory(self._task)

    def again(self) -> None:
        """From the first await on."""
        self.reached = 0

    def _task(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:
        prepares = getattr(work, "__qualname__", "").endswith("_then_again")
        return asyncio.Task(self._broken(work) if prepares else work, loop=loop, **more)

    async def _broken(self, work: Coroutine[Any, Any, Any]) -> Any:
        self.reached += 1
        return await self._driven(work, self.reached)

    @coroutine
    def _driven(self, work: Coroutine[Any, Any, Any], left: int) -> Generator[Any, Any, Any]:
        go_on: Callable[[], Any] = partial(work.send, None)
        while True:
            try:
                waits_for = go_on()
            except StopIteration as done:
                return done.value
            left -= 1
            if left == 0:
                self.hit += 1
                if waits_for is not None:
                    waits_for._asyncio_future_blocking = False
                go_on = partial(work.throw, RuntimeError(f"it broke: {self._quoted}"))
                continue
            try:
                go_on = partial(work.send, (yield waits_for))
            except BaseException as error:  # noqa: BLE001 - handed on to whom it was meant for
                go_on = partial(work.throw, error)
