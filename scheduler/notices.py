"""The progress bars of notices: put in their place again when the counts have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot import cards
from bot.clock import Clock
from bot.storage.database import Database, Work
from bot.storage.members import chats_at, refs_about
from bot.storage.notices import boards, ledger, show_board
from bot.storage.outbox import Outbox, Parcel, Posting, Priority

WATCHED = timedelta(days=7)
"""A bar that is older than this stays as it is."""


class Boards:
    """Edits what the coordinators watch, at most once a bell for each notice."""

    def __init__(self, database: Database, outbox: Outbox, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._wake = wake

    async def ring(self) -> None:
        now = self._clock.now()
        async with self._database.work() as work:
            changed = [await self._show(work, id_, shown) for id_, shown in (await boards(work, now - WATCHED)).items()]
        if any(changed):
            self._wake()

    async def _show(self, work: Work, notice: str, shown: str) -> bool:
        counts = await ledger(work, notice)
        board = f"{counts.delivered} {counts.acknowledged} {counts.lost}"
        refs = await refs_about(work, f"board:{notice}")
        if board == shown or not refs:
            return False
        known = await chats_at(work, [(channel, address) for channel, address, _ in refs])
        postings = []
        for channel, address, ref in refs:
            chat = known.get((channel, address))
            said = cards.notice_board(chat.language if chat else "vi", notice, counts)
            parcel = Parcel(channel, address, said, act="edit", ref=ref)
            postings.append(Posting(parcel, Priority.ANSWER, self._clock.now(), once=f"board:{notice}:{ref}"))
        await self._outbox.queue(work, postings)
        await show_board(work, notice, board)
        return True
