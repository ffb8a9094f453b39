"""The clocks that run for a tip: which are started, extended and stopped by what has happened to it.

Nothing here is kept: the clocks follow from the rows and the events each time they are asked for. So a holiday that is
added moves what runs; a changed law does not, as a clock keeps the row that was valid when it began.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.clock_row import ClockRow, Counted, TipEventKind, row_at
from bot.domain.deadline import DayOff
from bot.domain.tip import hour_of

AMBER = 4
"""A clock is amber in the last of this many parts of its time (ours)."""


class Light(StrEnum):
    """How a clock stands. The sentences are `tipclock-light-…`."""

    DONE = "done"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Refused(StrEnum):
    """Why a clock can't be extended. The sentences are `tipclock-extend-…`."""

    STOPPED = "stopped"
    LATE = "late"
    NO_ROW = "no-row"
    NOT_BY = "not-by"


class CannotExtend(Exception):
    """A clock can't be extended: it is over, its row knows no such extension, or gives it to another office."""

    def __init__(self, why: Refused, office: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.office = office  # whose right it is, where `why` is NOT_BY


@dataclass(frozen=True, slots=True)
class TipEvent:
    """Something that happened to a tip. Of `at` only the hour is looked at; what falls into one hour counts in the
    order it is given. An extension names the id of its `row` and the office it was granted `by`.
    """

    kind: TipEventKind
    at: datetime
    row: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """What ended a clock. `fulfilled`: what it waited for was done; else there is nothing left to wait for."""

    kind: TipEventKind
    at: datetime
    fulfilled: bool


@dataclass(frozen=True, slots=True)
class Extension:
    """A clock's new due instant: with which row, since when, by which office, and from when it is counted."""

    row: ClockRow
    at: datetime
    by: str
    counted_from: datetime
    counted: Counted


@dataclass(frozen=True, slots=True)
class RunningClock:
    """One clock of a tip, running or stopped. `row` is what it was begun with, at the hour `start`; times are in the
    province's zone.
    """

    row: ClockRow
    start: datetime
    counted: Counted
    extensions: tuple[Extension, ...] = ()
    stopped: Stop | None = None

    @property
    def due(self) -> datetime:
        """The last permitted instant, with all extensions."""
        return self.extensions[-1].counted.due if self.extensions else self.counted.due

    @property
    def counted_with(self) -> ClockRow:
        """The row that the due instant follows from."""
        return self.extensions[-1].row if self.extensions else self.row

    @property
    def counted_from(self) -> datetime:
        """The instant that the due instant is counted from."""
        return self.extensions[-1].counted_from if self.extensions else self.start

    @property
    def remote(self) -> bool:
        """Whether it is the longer clock of a remote commune."""
        return self.row.remote is True

    @property
    def is_late(self) -> bool:
        """Whether what it waited for was done, and too late."""
        return self.stopped is not None and self.stopped.fulfilled and self.stopped.at > self.due

    def light(self, now: datetime) -> Light:
        """How it stands: red past the due instant, amber in the last quarter before it."""
        if self.stopped:
            return Light.DONE
        if now > self.due:
            return Light.RED
        amber = self.due - (self.due - self.counted_from) / AMBER
        return Light.AMBER if now >= amber else Light.GREEN


def running(
    rows: Sequence[ClockRow],
    events: Iterable[TipEvent],
    zone: ZoneInfo,
    is_day_off: DayOff,
    *,
    remote: bool = False,
) -> tuple[RunningClock, ...]:
    """All clocks of a tip, the stopped ones too, the soonest due first. `remote`: the tip is from a remote commune.

    A trigger starts a clock where none of that row runs; so a second decision, after a tip was opened again, must be
    told again.
    """
    ordered = sorted((_at_hour(event, zone) for event in events), key=lambda event: event.at)
    counting = _Counting(rows, zone, is_day_off, remote)
    ids = dict.fromkeys(row.id for row in rows if not row.extends)
    clocks = (clock for id_ in ids for clock in counting.clocks(id_, ordered))
    return tuple(sorted(clocks, key=lambda clock: (clock.due, clock.row.id)))


def extend(
    clock: RunningClock, rows: Iterable[ClockRow], event: TipEvent, zone: ZoneInfo, is_day_off: DayOff
) -> RunningClock:
    """The clock with the extension granted: what must hold before the event is recorded. Raises CannotExtend.

    `event.row` is the row that allows it. Each row extends a clock once; only before the clock is due.
    """
    event = _at_hour(event, zone)
    if clock.stopped:
        raise CannotExtend(Refused.STOPPED)
    if event.at > clock.due:
        raise CannotExtend(Refused.LATE)
    row = row_at(rows, event.row, event.at, zone)
    office = clock.counted_with.extendable_by
    if row is None or row.extends != clock.counted_with.id or not office:
        raise CannotExtend(Refused.NO_ROW)
    if event.by != office:
        raise CannotExtend(Refused.NOT_BY, office)
    return _extended(clock, row, event, zone, is_day_off)


def _extended(clock: RunningClock, row: ClockRow, event: TipEvent, zone: ZoneInfo, is_day_off: DayOff) -> RunningClock:
    start = clock.due if row.from_due else clock.start
    counted = row.counted(start, zone, is_day_off)
    extension = Extension(row, event.at, event.by, start, counted)
    return replace(clock, extensions=(*clock.extensions, extension))


def _at_hour(event: TipEvent, zone: ZoneInfo) -> TipEvent:
    return replace(event, at=hour_of(event.at.astimezone(UTC)).astimezone(zone))


@dataclass(frozen=True, slots=True)
class _Counting:
    """One look at a tip's events."""

    rows: Sequence[ClockRow]
    zone: ZoneInfo
    is_day_off: DayOff
    remote: bool

    def clocks(self, id_: str, events: Iterable[TipEvent]) -> Iterator[RunningClock]:
        """The clocks of one row's versions, one after the other."""
        clock: RunningClock | None = None
        for event in events:
            moved = self._after(clock, event) if clock else None
            if moved:
                clock = moved
            elif clock is None or clock.stopped:
                begun = self._begun(id_, event)
                if begun and clock:
                    yield clock
                clock = begun or clock
        if clock:
            yield clock

    def _begun(self, id_: str, event: TipEvent) -> RunningClock | None:
        row = row_at(self.rows, id_, event.at, self.zone)
        if row is None or event.kind is not row.trigger or not row.holds_for(remote=self.remote):
            return None
        return RunningClock(row, event.at, row.counted(event.at, self.zone, self.is_day_off))

    def _after(self, clock: RunningClock, event: TipEvent) -> RunningClock | None:
        """The clock after an event; None where the event says nothing of it."""
        if clock.stopped:
            resumes = event.kind is TipEventKind.REOPENED and not clock.stopped.fulfilled
            return replace(clock, stopped=None) if resumes else None
        if event.kind is TipEventKind.EXTENDED:
            return self._granted(clock, event)
        fulfilled = event.kind in clock.row.until
        if fulfilled or event.kind in clock.row.dropped_by:
            return replace(clock, stopped=Stop(event.kind, event.at, fulfilled))
        return None

    def _granted(self, clock: RunningClock, event: TipEvent) -> RunningClock | None:
        """What was granted stands; `extend` has looked at by whom and when before it was recorded."""
        row = row_at(self.rows, event.row, event.at, self.zone)
        if row is None or row.extends != clock.counted_with.id:
            return None
        return _extended(clock, row, event, self.zone, self.is_day_off)
