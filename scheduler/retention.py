"""What has had its time is erased: secrets of past days, silent conversations and rooms; then the files are tidied."""

from __future__ import annotations

from datetime import date

from bot.clock import Clock
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.web_rooms import WebRooms


class Retention:
    """Runs once an hour of the clock."""

    def __init__(self, database: Database, conversations: Conversations, rooms: WebRooms, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._rooms = rooms
        self._clock = clock
        self._done_for: tuple[date, int] | None = None

    async def ring(self) -> None:
        now = self._clock.now()
        if self._done_for == (now.date(), now.hour):
            return
        async with self._database.work() as work:
            await self._conversations.destroy_old(work, now)
            await self._rooms.forget_silent(work, now)
        await self._database.tidy()
        self._done_for = (now.date(), now.hour)
