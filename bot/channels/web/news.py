"""Who waits for news of a room, and the stream of events that tells them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from bot.channels.channel import WebStore

ROOM_LIMIT = 8  # streams of one room
STREAM_LIMIT = 200  # streams in all
_POLL = 3.0  # seconds until the store is asked again: another process may have written
_BEATS = 5  # polls without news until a sign of life, which also finds out who is gone
_QUIET = 0.15  # seconds without news after which an answer counts as complete


class TooManyStreams(Exception):
    """No more streams, of this room or in all: the page then asks now and then instead."""


class Bell:
    """Rings for those who wait for a room, in this process."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._streams: dict[str, int] = {}
        self.closed = False

    def ring(self, room: str) -> None:
        """Something in the room has changed."""
        for rung in self._waiting.get(room, ()):
            rung.set()

    def close(self) -> None:
        """Ends all waiting."""
        self.closed = True
        for room in list(self._waiting):
            self.ring(room)

    @contextmanager
    def listen(self, room: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the room's bell rings."""
        rung = asyncio.Event()
        self._waiting.setdefault(room, set()).add(rung)
        try:
            yield rung
        finally:
            self._waiting[room].discard(rung)
            if not self._waiting[room]:
                del self._waiting[room]

    @contextmanager
    def stream(self, room: str) -> Iterator[asyncio.Event]:
        """Like listen, counted. Raises TooManyStreams."""
        self.make_room(room)
        self._streams[room] = self._streams.get(room, 0) + 1
        try:
            with self.listen(room) as rung:
                yield rung
        finally:
            self._streams[room] -= 1
            if not self._streams[room]:
                del self._streams[room]

    def make_room(self, room: str) -> None:
        """Raises TooManyStreams when one more would be too many."""
        if self._streams.get(room, 0) >= ROOM_LIMIT or sum(self._streams.values()) >= STREAM_LIMIT:
            raise TooManyStreams


async def events(bell: Bell, store: WebStore, room: str, since: int) -> AsyncIterator[str]:
    """A text/event-stream: the room's count of changes whenever it is no longer `since`; never what was said."""
    with bell.stream(room) as rung:
        yield "retry: 3000\n\n"
        silent = 0
        while not bell.closed:
            rung.clear()
            count = await store.changed(room, since=since)
            silent = 0 if count != since else silent + 1
            if count != since:
                since = count
                yield f"id: {count}\ndata: {count}\n\n"
            elif silent % _BEATS == 0:
                yield ": still here\n\n"
            await _wait(rung, _POLL)


async def wait_for_answer(bell: Bell, store: WebStore, room: str, since: int, patience: float) -> None:
    """Waits, at most `patience` seconds, until the room has changed and a moment of quiet has passed.

    So a page without JavaScript, loaded after a POST, already shows the answer.
    """
    with bell.listen(room) as rung:
        if await store.changed(room, since=since) == since and not await _wait(rung, patience):
            return
        rung.clear()
        while not bell.closed and await _wait(rung, _QUIET):
            rung.clear()


async def _wait(rung: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(rung.wait(), seconds)
    except TimeoutError:
        return False
    return True
