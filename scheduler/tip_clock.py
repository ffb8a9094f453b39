"""The clocks of tips: the desk is reminded of what the law and our own rules ask by when, once a rung."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import tip_cards
from bot.clock import Clock
from bot.domain.clock_row import ClockRow
from bot.domain.clock_rungs import PASS_ON, next_rung
from bot.domain.ladder import Quiet, Rung
from bot.domain.member import ChatKind
from bot.domain.tip_clock import RunningClock, TipEvent, running
from bot.storage.database import Database, Work
from bot.storage.members import chats_of_kind
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.settings import read_setting, write_setting
from bot.storage.tip_events import events_of, not_yet_said, watched_tips

EVERY = timedelta(minutes=5)
CLOSED_WATCHED = timedelta(days=120)
"""So long after it was closed a tip may still owe a notice of the result."""
_SINCE = "tip-clocks-looked-at"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rows that clocks are counted with, the communes that have the longer term, and when nobody is reminded."""

    rows: tuple[ClockRow, ...]
    remote: frozenset[str]
    quiet: Quiet


class TipClocks:
    """Looks at all running clocks every few minutes. What was missed while nothing ran is said once, its last rung."""

    def __init__(
        self, database: Database, outbox: Outbox, clock: Clock, rules: Rules, wake: Callable[[], None]
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._rules = rules
        self._wake = wake
        self._looked_at: datetime | None = None

    async def ring(self) -> None:
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < EVERY:
            return
        async with self._database.read() as work:
            since = datetime.fromisoformat(await read_setting(work, _SINCE, now.isoformat()))
            communes = await watched_tips(work, now - CLOSED_WATCHED)
            events = await events_of(work, list(communes))
        due = await asyncio.to_thread(self._due, communes, events, since, now)
        async with self._database.work() as work:
            await self._remind(work, due, now)
            await write_setting(work, _SINCE, now.isoformat())
        self._looked_at = now
        if due:
            self._wake()

    def _due(
        self, communes: Mapping[str, str], events: Mapping[str, Sequence[TipEvent]], since: datetime, now: datetime
    ) -> list[tuple[str, RunningClock, Rung]]:
        """The last rung of each clock that has come since we looked; in a thread, as there may be thousands."""
        return [
            (tip, clock, rung)
            for tip, commune in communes.items()
            for clock in clocks_of(events[tip], commune, self._rules)
            if (rung := self._last_rung(clock, since, now)) is not None
        ]

    def _last_rung(self, clock: RunningClock, since: datetime, now: datetime) -> Rung | None:
        rungs = [rung for rung in self._rungs(clock, since) if rung.at <= now]
        return rungs[-1] if rungs else None

    def _rungs(self, clock: RunningClock, since: datetime) -> Iterator[Rung]:
        """The next few after `since`; of those that pass a tip on, the first: whom it goes to next is not told yet."""
        after = since
        for _ in range(8):
            rung = next_rung(clock, after, self._rules.quiet)
            if rung is None or (rung.name == PASS_ON and rung.turn > 1):
                return
            yield rung
            after = rung.at

    async def _remind(self, work: Work, due: Sequence[tuple[str, RunningClock, Rung]], now: datetime) -> None:
        """One message a desk; a reminder that was queued before, here or by another process, is not queued again."""
        said = [(tip, clock.row.id, clock.start, rung.name, rung.turn) for tip, clock, rung in due]
        fresh = set(await not_yet_said(work, said))
        new = [one for one, key in zip(due, said, strict=True) if key in fresh]
        if not new:
            return
        desks = await chats_of_kind(work, ChatKind.TRIAGE)
        cards = [(desk, tip_cards.clocks_card(desk.language, new, now)) for desk in desks]
        postings = [Posting(Parcel(desk.channel, desk.address, card), Priority.REMINDER, now) for desk, card in cards]
        await self._outbox.queue(work, postings)


def clocks_of(events: Sequence[TipEvent], commune: str, rules: Rules) -> tuple[RunningClock, ...]:
    """All clocks of one tip."""
    quiet = rules.quiet
    return running(rules.rows, events, quiet.zone, quiet.is_day_off, remote=commune in rules.remote)
