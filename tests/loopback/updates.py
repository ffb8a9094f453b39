"""Updates wait here until their offset is confirmed; whoever polls gets them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

LONGEST_POLL = 50
MOST = 100
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "Conflict: terminated by setWebhook request"


class Terminated(Exception):
    """Somebody else polls now, or a webhook was set; the message says it."""


class Updates:
    """The queue of one bot."""

    def __init__(self, changed: Callable[[], None], first: int = 1000) -> None:
        self.next_id = first
        self.fetched = 0  # the highest number that was told
        self.slows_hasty = (
            False  # the same offset again within half a second brings one update, as the real server has it
        )
        self._asked: tuple[int, float] = (-1, 0.0)
        self._changed = changed
        self.allowed: frozenset[str] | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._kept: deque[tuple[int, bytes]] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def is_polled(self) -> bool:
        """Whether somebody waits for news."""
        return self._waiting is not None

    def add(self, kind: str, content: Any) -> int | None:
        """Queues an update of a kind; None when the bot has not asked for that kind."""
        if not self._wants(kind):
            return None
        number = self.next_id
        self.add_raw(msgspec.json.encode({"update_id": number, kind: content}), number)
        return number

    def add_raw(self, update: bytes, number: int | None = None) -> None:
        """Queues an update as it is, well formed or not (it must be JSON)."""
        number = self.next_id if number is None else number
        self.next_id = max(self.next_id, number) + 1
        self._kept.append((number, update))
        self._wake()

    def again(self, update: bytes, number: int) -> None:
        """Queues an update a second time under its old number, as a broken server would."""
        self._kept.append((number, update))
        self._wake()

    def ask_for(self, kinds: Sequence[str]) -> None:
        """Sets which kinds come from now on; none: all that come by default."""
        self.allowed = frozenset(kinds) or None

    def confirm(self, offset: int) -> None:
        """Drops what stands before the offset; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self._kept) > -offset:
                self._kept.popleft()
        while self._kept and self._kept[0][0] < offset:
            self._kept.popleft()

    async def poll(self, offset: int, limit: int, timeout: float) -> bytes:
        """A JSON array of the updates from the offset on; waits for the first. Raises Terminated."""
        self._end_older(TERMINATED)
        self.confirm(offset)
        limit = 1 if self._is_hasty(offset) else limit
        if not self._kept and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        chosen = list(self._kept)[: max(1, min(limit or MOST, MOST))]
        self.fetched = max([self.fetched, *(number for number, _ in chosen)])
        self._changed()
        return b"[" + b",".join(update for _, update in chosen) + b"]"

    def _is_hasty(self, offset: int) -> bool:
        now = asyncio.get_running_loop().time()
        (before, at), self._asked = self._asked, (offset, now)
        return self.slows_hasty and before == offset and now < at + 0.5

    def end_polls(self) -> None:
        """A webhook was set: whoever waits is sent away."""
        self._end_older(BY_WEBHOOK)

    def stop(self) -> None:
        """The server stops: whoever waits gets nothing."""
        self._wake()

    async def _wait(self, timeout: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._changed()
        try:
            await asyncio.wait_for(waiting, timeout)
        except TimeoutError:
            pass
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def _wants(self, kind: str) -> bool:
        return kind not in ONLY_ON_REQUEST if self.allowed is None else kind in self.allowed

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _end_older(self, why: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Terminated(why))
        self._waiting = None
