"""What has had its time is erased: secrets of past days, silent conversations and rooms, ways back; then the files are
tidied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.files import Files
from bot.storage.outbox import Outbox
from bot.storage.tip_parts import drop_silent, files_kept, young_files
from bot.storage.tips import destroy_old_ways_back
from bot.storage.traces import forget_old_traces
from bot.storage.web_rooms import WebRooms

_log = structlog.get_logger("tinbao.retention")

ANSWERS_LIVE = timedelta(hours=48)
"""As long as the secret of a day: an answer that could not be sent is then worth nothing and only a danger."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What holds something for a time."""

    conversations: Conversations
    outbox: Outbox
    rooms: WebRooms
    files: Files


class Retention:
    """Runs once an hour of the clock; again at the next bell when the files could not be tidied."""

    def __init__(self, database: Database, kept: Kept, clock: Clock, way_back_days: int) -> None:
        self._database = database
        self._kept = kept
        self._clock = clock
        self._ways_back_live = timedelta(days=way_back_days)
        self._done_for: tuple[date, int] | None = None

    async def ring(self) -> None:
        now = self._clock.now()
        if self._done_for == (now.date(), now.hour):
            return
        async with self._database.work() as work:
            await self._kept.conversations.destroy_old(work, now)
            await self._kept.rooms.forget_silent(work, now)
            await self._kept.outbox.drop_old_answers(work, now - ANSWERS_LIVE)
            await forget_old_traces(work, now)
            await drop_silent(work, now)
            await destroy_old_ways_back(work, now - self._ways_back_live)
            kept, young = await files_kept(work), await young_files(work, now)
        settled = await self._settle(now, kept, young)
        if await self._database.tidy() and settled:
            self._done_for = (now.date(), now.hour)

    async def _settle(self, now: datetime, kept: set[str], young: set[str]) -> bool:
        """False: the disk is full; the next bell tries again, and the database is tidied all the same."""
        try:
            await self._kept.files.settle(now, kept, young)
        except OSError as error:
            _log.error("files could not be put in their place", error=type(error).__name__)
            return False
        return True
