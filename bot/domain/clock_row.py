"""The rows that clocks at the desk are counted with: every term of the law, and every rule of our own, is such a row.

A changed law is a new row (same `id`, other days of validity); what runs goes on with the row it began with.

Where a term ends follows BLTTHS 2015 Điều 134(1), as legal sites reproduce it: in days, at 24:00 of the last day; in
months, on the same day of the month or that month's last, and on the next working day where that is a day off (the
article says so where it speaks of months; a row says by `moves` whether it does). It does not say whether the day of
the event counts: we begin with the day after (ours; `counts_first_day` changes it). Hours are counted day and night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.deadline import MOST_DAYS_OFF, DayOff, due_at, month_length
from bot.domain.tip import hour_of

DAY = timedelta(days=1)


class TipEventKind(StrEnum):
    """What happens to a tip and starts, extends or stops a clock. The sentences are `tipclock-event-…`."""

    RECEIVED = "received"
    OPENED = "opened"
    TAKEN = "taken"
    FORWARDED = "forwarded"
    ARRIVAL_TOLD = "arrival-told"  # the notice that it has come in, to whom the row names
    DECIDED = "decided"
    RESULT_TOLD = "result-told"  # the notice of what was decided
    EXTENDED = "extended"
    CLOSED = "closed"
    REOPENED = "reopened"


class Measure(StrEnum):
    """What a row's length is counted in."""

    HOURS = "hours"
    WORKING_DAYS = "working-days"
    DAYS = "days"
    MONTHS = "months"


class WorkCalendar(StrEnum):
    """Whose days off a row knows: those of offices, or none (on duty every day)."""

    OFFICE = "office"
    EVERY_DAY = "every-day"


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a term ends: the last permitted instant, in the province's zone, and the days off it passed over."""

    due: datetime
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock, as data. `trigger` starts it, any of `until` fulfils it, any of `dropped_by` ends it unfulfilled.

    `extendable_by`: the office that may extend it; empty where nobody may. An extension is a row of its own: its
    trigger is EXTENDED, it has no `until`, it `extends` the row of that id once, and counts from the start of the
    clock or, with `from_due`, from the due instant before. `remote`: only for tips from remote communes (True), only
    for others (False), or for all. `own`: a rule of whoever runs the desk and no law; `verified`: the source has been
    read, not remembered. `passes_on`: at the due instant the tip goes to the next in line (rows in hours only). Valid
    from `valid_from` to `valid_to`, both included.
    """

    id: str
    trigger: TipEventKind
    until: tuple[TipEventKind, ...]
    length: int
    measure: Measure
    source: str
    valid_from: date
    valid_to: date | None = None
    calendar: WorkCalendar = WorkCalendar.OFFICE
    counts_first_day: bool = False
    moves: bool = False
    remote: bool | None = None
    extendable_by: str = ""
    extends: str = ""
    from_due: bool = False
    told: tuple[str, ...] = ()
    dropped_by: tuple[TipEventKind, ...] = (TipEventKind.CLOSED,)
    own: bool = False
    verified: bool = False
    passes_on: bool = False
    note: str = ""

    @property
    def version(self) -> str:
        """The name of exactly this row, to be recorded with what was counted with it: "forward@2018-03-01"."""
        return f"{self.id}@{self.valid_from}"

    def due(self, start: datetime, zone: ZoneInfo, is_day_off: DayOff) -> datetime:
        """The last permitted instant, counted from the start of the hour of `start` (a tip keeps no more of its time).

        Raises ValueError where there are more than MOST_DAYS_OFF days off in a row.
        """
        return self.counted(hour_of(start.astimezone(UTC)), zone, is_day_off).due

    def counted(self, start: datetime, zone: ZoneInfo, is_day_off: DayOff) -> Counted:
        """Where the term ends that begins at exactly this instant, and which days off it passed over."""
        if self.measure is Measure.HOURS:
            return Counted((start.astimezone(UTC) + timedelta(hours=self.length)).astimezone(zone))
        day, off = start.astimezone(zone).date(), self._days_off(is_day_off)
        if self.measure is Measure.WORKING_DAYS:
            last, skipped = _working_days(day if self.counts_first_day else day + DAY, self.length, off)
        else:
            last, skipped = self._plain_end(day), ()
            if self.moves:
                last, skipped = _working_days(last, 1, off)
        return Counted(due_at(last, None, zone), skipped)

    def is_valid(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Whether what starts at this instant is counted with this row."""
        day = instant.astimezone(zone).date()
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def holds_for(self, *, remote: bool) -> bool:
        """Whether it counts for a tip from such a commune."""
        return self.remote is None or self.remote is remote

    def _plain_end(self, day: date) -> date:
        if self.measure is Measure.MONTHS:
            return months_after(day, self.length)
        return day + (self.length - self.counts_first_day) * DAY

    def _days_off(self, is_day_off: DayOff) -> DayOff:
        return is_day_off if self.calendar is WorkCalendar.OFFICE else lambda _: False


def row_at(rows: Iterable[ClockRow], id_: str, instant: datetime, zone: ZoneInfo) -> ClockRow | None:
    """The row of this id that was valid at an instant."""
    return next((row for row in rows if row.id == id_ and row.is_valid(instant, zone)), None)


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last of a month that does not have it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def _working_days(day: date, count: int, is_day_off: DayOff) -> tuple[date, tuple[date, ...]]:
    """The `count`th working day from `day` on, and the days off before it."""
    skipped: list[date] = []
    in_a_row = 0
    while True:
        if is_day_off(day):
            skipped.append(day)
            in_a_row += 1
        else:
            count -= 1
            in_a_row = 0
        if in_a_row > MOST_DAYS_OFF:
            raise ValueError(f"more than {MOST_DAYS_OFF} days off in a row before {day}")
        if not count:
            return day, tuple(skipped)
        day += DAY
