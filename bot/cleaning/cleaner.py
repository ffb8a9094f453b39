"""Files are cleaned beside the event loop, by at most two workers, each a process that a hostile file may take down."""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.cleaning.cleaned import LARGEST, Cleaned, Refused

AT_ONCE = 2
IDLE = 60.0
"""Seconds after which a worker with nothing to do ends."""

PATIENCE = 30.0
"""Seconds that a file may take."""

LENGTHS = struct.Struct(">II")
HOUSE = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}
"""All that a worker is told. Secrets may be in our own environment, so nothing is handed on."""

WORKER = ("-P", "-s", "-m", "bot.cleaning.worker")
GONE = (asyncio.IncompleteReadError, ConnectionError)


@dataclass(eq=False)
class _Worker:
    """A process that cleans one file after another, and what ends it when it has been idle."""

    process: Process
    is_fresh: bool = True
    ending: asyncio.TimerHandle | None = field(default=None)

    async def clean(self, content: bytes) -> Cleaned:
        """Raises Refused, or one of `GONE` if the process dies of it."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(len(content).to_bytes(4))
        stdin.write(content)
        await stdin.drain()
        head, body = LENGTHS.unpack(await stdout.readexactly(LENGTHS.size))
        told = json.loads(await stdout.readexactly(head))
        cleaned = await stdout.readexactly(body)
        self.is_fresh = False
        if "refused" in told:
            raise Refused(told["refused"])
        return Cleaned(cleaned, **told)

    def rest(self) -> None:
        """Ends when nothing has come for a while: its input ends, and so does it."""
        self.ending = asyncio.get_running_loop().call_later(IDLE, self.end)

    def wake(self) -> bool:
        """Takes it back to work; False if it has ended."""
        if self.ending is not None:
            self.ending.cancel()
        assert self.process.stdin is not None
        return self.process.returncode is None and not self.process.stdin.is_closing()

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        self.end()
        await self.process.wait()


class Cleaner:
    """Cleans files in processes of their own. Workers are started when they are needed."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._free = asyncio.Semaphore(AT_ONCE)
        self._all: set[_Worker] = set()
        self._resting: list[_Worker] = []

    async def clean(self, content: bytes) -> Cleaned:
        """The file without metadata, or as it was with a warning. Raises Refused, also where the worker dies of it."""
        if not content:
            raise Refused("clean-empty")
        if len(content) > LARGEST:
            raise Refused("clean-too-big")
        async with self._free:
            try:
                async with asyncio.timeout(self._patience):
                    return await self._cleaned(content)
            except (TimeoutError, *GONE):
                raise Refused("clean-broken") from None

    async def close(self) -> None:
        """Ends all workers, at work or not."""
        for worker in list(self._all):
            await self._drop(worker)

    async def _cleaned(self, content: bytes) -> Cleaned:
        """A worker that died while it rested says nothing about the file, so a fresh one is asked."""
        worker = await self._worker()
        try:
            return await self._asked(worker, content)
        except GONE:
            if worker.is_fresh:
                raise
            return await self._asked(await self._started(), content)

    async def _asked(self, worker: _Worker, content: bytes) -> Cleaned:
        """Whatever goes wrong, a time-out or a cancellation included, ends the worker: it may still be at this file."""
        try:
            cleaned = await worker.clean(content)
        except Refused:
            self._rest(worker)
            raise
        except BaseException:
            await self._drop(worker)
            raise
        self._rest(worker)
        return cleaned

    def _rest(self, worker: _Worker) -> None:
        self._resting.append(worker)
        worker.rest()

    async def _worker(self) -> _Worker:
        while self._resting:
            worker = self._resting.pop()
            if worker.wake():
                return worker
            await self._drop(worker)
        return await self._started()

    async def _started(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *WORKER, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=HOUSE, env=ENVIRONMENT,
            start_new_session=True,
        )  # fmt: skip  # a session of its own: Ctrl+C is for us
        worker = _Worker(process)
        self._all.add(worker)
        return worker

    async def _drop(self, worker: _Worker) -> None:
        worker.wake()
        self._all.discard(worker)
        if worker in self._resting:
            self._resting.remove(worker)
        await worker.kill()
