"""Telegram's window: what a poll shows from the offset on, and which of it is being heard, or committed.

Telegram confirms by one number, the offset: all before it. So while one update is still being heard (a file is fetched
and cleaned), nothing behind it can be confirmed; it is only seen, by asking for the same offset again, and handed on
once. A poll shows at most 100 updates: when so many wait behind a slow one, that one is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial

from bot.channels.telegram_albums import PAUSE
from bot.channels.telegram_updates import Read

BATCH = 100  # updates of one poll: core.telegram.org/bots/api#getupdates


class Window:
    """`offset`: all before it is committed. What is remembered beyond it is no more than one poll shows."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self._hearing: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()  # committed

    @property
    def is_busy(self) -> bool:
        """Whether something is still being heard."""
        return bool(self._hearing)

    def numbered(self, batch: Sequence[Read]) -> list[Read]:
        """The batch, each update with a number where one can be told (not before the first that has one)."""
        numbered: list[Read] = []
        following = self.offset
        for update in batch:
            numbered.append(following or None if update is None else update)  # at least the next: there are no twins
            following = max(following, _number(numbered[-1]) + 1)
        return numbered

    def fresh(self, batch: Sequence[Read]) -> list[Read]:
        """What has not been handed on before, each once."""
        fresh: dict[int, Read] = {}
        for update in batch:
            if (number := _number(update)) not in self._done and number not in self._hearing:
                fresh.setdefault(number, update)
        return list(fresh.values())

    def hand_on(self, updates: Sequence[Read], hearing: Coroutine[None, None, None]) -> None:
        """Begins to hear updates together. They are committed when `hearing` has returned; else fresh again."""
        numbers = [_number(update) for update in updates]
        task = asyncio.create_task(hearing)
        self._hearing.update(dict.fromkeys(numbers, task))
        task.add_done_callback(partial(self._ended, numbers))

    def _ended(self, numbers: Sequence[int], task: asyncio.Task[None]) -> None:
        for number in numbers:
            del self._hearing[number]
        if not task.cancelled() and task.exception() is None:
            self._done.update(numbers)

    async def settle(self, batch: Sequence[Read]) -> None:
        """Waits until asking again is worth it: all is heard, or PAUSE is over and the next poll can show more."""
        if self._hearing:
            await asyncio.wait(set(self._hearing.values()), timeout=PAUSE)
        if len(batch) == BATCH and (first := self._hearing.get(_number(batch[0]))):
            await asyncio.wait([first])

    def advance(self, batch: Sequence[Read]) -> bool:
        """Moves the offset to the first update of the batch that is not committed; whether it moved."""
        before = self.offset
        for update in batch:
            if update is not None and _number(update) not in self._done:
                break
            self.offset = max(self.offset, _number(update) + 1)
        self._done = {number for number in self._done if number >= self.offset}
        return self.offset != before

    async def close(self) -> None:
        """Ends what is still being heard: it is not confirmed, so Telegram delivers it again."""
        hearing = set(self._hearing.values())
        for task in hearing:
            task.cancel()
        await asyncio.gather(*hearing, return_exceptions=True)


def _number(update: Read) -> int:
    """An update's number; -1 of one without."""
    if update is None:
        return -1
    return update if isinstance(update, int) else update.update_id
