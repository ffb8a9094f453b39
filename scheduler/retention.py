"""What has had its time is erased: secrets of past days, silent conversations and rooms; then the files are tidied."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import Clock
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.outbox import Outbox
from bot.storage.web_rooms import WebRooms

ANSWERS_LIVE = timedelta(hours=48)
"""As long as the secret of a day: an answer that could not be sent is then worth nothing and only a danger."""


class Retention:
    """Runs once an hour of the clock; again at the next bell when the files could not be tidied."""

    def __init__(
        self, database: Database, conversations: Conversations, outbox: Outbox, rooms: WebRooms, clock: Clock
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._outbox = outbox
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
            await self._outbox.drop_old_answers(work, now - ANSWERS_LIVE)
        if await self._database.tidy():
            self._done_for = (now.date(), now.hour)
