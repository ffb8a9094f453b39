"""Assignments are made ahead from the plans, and those whose rung is due are reminded: once, in one message a chat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from bot import cards
from bot.clock import Clock
from bot.domain.assignment import Assignment
from bot.domain.deadline import occurrences
from bot.domain.ladder import Quiet, next_rung, permitted
from bot.domain.member import Chat
from bot.domain.plan import Obligation, Plan, ladder_of, leads
from bot.domain.programme import Programme
from bot.storage.assignments import (
    NewAssignment,
    NextRung,
    Owing,
    due_rungs,
    make_assignments,
    next_rung_at,
    record_reminders,
    set_rungs,
)
from bot.storage.database import Database, Work
from bot.storage.members import chats_of_units
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.settings import read_setting, write_setting

AHEAD = timedelta(days=60)
"""So far ahead assignments are made: further than the first rung of any ladder stands before its due instant."""
LATE = timedelta(hours=1)
"""A reminder that goes out later than this after its rung says so."""
JUST_MISSED = timedelta(hours=1)
"""A rung that stood so shortly before an assignment was made is still said."""
ON_LOADING = "on-loading"
"""The rung of an assignment that was made when all of its rungs before the due instant had passed."""


class Reminders:
    """Makes assignments and reminds of them. All that one bell does is one transaction."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        programme: Programme,
        clock: Clock,
        quiet: Quiet,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._programme = programme
        self._clock = clock
        self._quiet = quiet
        self._wake = wake
        self._made_for: date | None = None

    async def ring(self) -> None:
        """What is due at this instant. In quiet hours and on days off what was missed waits for the next morning."""
        now = self._clock.now()
        sent = 0
        async with self._database.work() as work:
            await self._make(work, now)
            while permitted(now, self._quiet) and (owing := await due_rungs(work, now)):
                sent += await self._remind(work, owing, now)
        self._made_for = self._today(now)  # only now: had the work been undone, nothing would have been made
        if sent:
            self._wake()

    async def next_at(self) -> datetime | None:
        """When the next reminder is due."""
        async with self._database.work() as work:
            return await next_rung_at(work)

    # --- making them ahead -------------------------------------------------------------------------------------------

    async def _make(self, work: Work, now: datetime) -> None:
        """Once a day, from the first day on that a plan ran here."""
        today = self._today(now)
        if self._made_for == today:
            return
        for plan in self._programme.plans:
            first = await self._first_day(work, plan, today)
            await make_assignments(work, list(self._owed(plan, max(first, today - AHEAD), today + AHEAD, now)))

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._programme.zone).date()

    async def _first_day(self, work: Work, plan: Plan, today: date) -> date:
        """The day since which this plan runs here: what was due before it was loaded is nobody's debt."""
        name = f"plan-runs-since:{plan.code}"
        since = await read_setting(work, name)
        if not since:
            await write_setting(work, name, today.isoformat())
        return date.fromisoformat(since) if since else today

    def _owed(self, plan: Plan, start: date, end: date, now: datetime) -> Iterator[NewAssignment]:
        for obligation in plan.obligations:
            units = leads(obligation, self._programme.units)
            for one in occurrences(obligation.deadline, plan.zone, start, end):
                first = self._first_rung(obligation, one.due, now)
                for unit in units:
                    yield NewAssignment(plan.code, obligation.code, unit.code, one.period, one.due, first)

    def _first_rung(self, obligation: Obligation, due: datetime, now: datetime) -> NextRung | None:
        """The next rung; now, where all rungs before a due instant to come have passed before anybody was told."""
        rung = self._rung_after(obligation, due, now - JUST_MISSED)
        if rung is not None and rung.at > due > now:
            return NextRung(now, ON_LOADING, 0)
        return rung

    def _rung_after(self, obligation: Obligation, due: datetime, after: datetime) -> NextRung | None:
        rung = next_rung(ladder_of(obligation), due, after, self._quiet)
        return NextRung(rung.at, rung.name, rung.turn) if rung else None

    # --- reminding of them -------------------------------------------------------------------------------------------

    async def _remind(self, work: Work, owing: Sequence[Owing], now: datetime) -> int:
        """Writes the rungs down, queues one message a chat, and sets the rungs that come next."""
        asked = [owed for owed in owing if self._programme.obligation(owed.assignment)]  # a plan may ask it no more
        fresh = await record_reminders(work, asked, now)
        chats = await chats_of_units(work)
        by_chat: dict[str, tuple[Chat, list[Owing]]] = {}
        for owed in fresh:
            for chat in chats.get(owed.assignment.unit, ()):
                by_chat.setdefault(chat.id, (chat, []))[1].append(owed)
        await self._outbox.queue(work, [self._posting(chat, some, now) for chat, some in by_chat.values()])
        await set_rungs(work, {owed.assignment.id: self._following(owed.assignment, now) for owed in owing})
        return len(by_chat)

    def _following(self, assignment: Assignment, now: datetime) -> NextRung | None:
        """The first rung after now: what was missed while nothing ran is said once, never rung by rung."""
        obligation = self._programme.obligation(assignment)
        return self._rung_after(obligation, assignment.due, now) if obligation else None

    def _posting(self, chat: Chat, owing: Sequence[Owing], now: datetime) -> Posting:
        owed = sorted((one.assignment for one in owing), key=lambda assignment: (assignment.due, assignment.id))
        late = all(now - one.rung.at > LATE for one in owing)
        said = cards.reminder(chat.language, owed, self._programme, now, late=late)
        return Posting(Parcel(chat.channel, chat.address, said), Priority.REMINDER, now)
