"""The reminder ladder: when somebody who owes is reminded, before and after a due instant.

Rungs stand at full minutes. One that falls into quiet hours or on a day off moves to the next permitted minute; one
that stands before the due instant never moves past it, but back to the last permitted minute before. A moved rung
gives way to one that stands on that day anyway: nobody is told the same twice a day because of a holiday.
(docs/design.md, section 9.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.deadline import MOST_DAYS_OFF, DayOff, working_day_before

EIGHT = time(8, 0)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
REPEATED = "overdue-weekly"


@dataclass(frozen=True, slots=True)
class Offset:
    """Where a rung stands: at the clock time `at`, `days` after the due day (before, where negative).

    Without `at`: `minutes` after the due instant. `working` means the last working day before the due day instead.
    """

    name: str
    days: int = 0
    at: time | None = EIGHT
    minutes: int = 0
    working: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a kind of obligation; after the last one, one a week at the same time, without end."""

    before: tuple[Offset, ...]
    after: tuple[Offset, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nobody is reminded: from `start` in the evening to `end` in the morning, and on days off."""

    zone: ZoneInfo
    is_day_off: DayOff
    start: time = time(21, 0)
    end: time = time(6, 30)


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder's place. `turn` counts the repeated rung from 1; it is 0 for the others."""

    name: str
    turn: int
    at: datetime


OVERDUE = (Offset("overdue-1d", 1), Offset("overdue-3d", 3), Offset("overdue-7d", 7))
WORKING_DAY_BEFORE = Offset("working-day-before", working=True)
TASK = Ladder(
    (Offset("before-7d", -7), Offset("before-3d", -3), Offset("before-1d", -1), Offset("on-the-day")),
    OVERDUE,
)
REPORT = Ladder((Offset("before-3d", -3), Offset("before-1d", -1), Offset("on-the-day")), OVERDUE)
WEEKLY_REPORT = Ladder(
    (
        Offset("working-day-before", at=time(15, 0), working=True),
        Offset("before-2h", at=None, minutes=-120),
        Offset("at-due", at=None),
    ),
    OVERDUE,
)


def rungs(ladder: Ladder, due: datetime, quiet: Quiet) -> tuple[Rung, ...]:
    """All rungs but the repeated one, in order of time. `due` is aware, in any zone."""
    return tuple(rung for rung in _settled(ladder, due, quiet, due) if rung.name != REPEATED)


def next_rung(ladder: Ladder, due: datetime, after: datetime, quiet: Quiet) -> Rung | None:
    """The first rung strictly after the instant `after`; there is always one where the ladder has overdue rungs."""
    return next((rung for rung in _settled(ladder, due, quiet, after) if rung.at > after), None)


def permitted(at: datetime, quiet: Quiet) -> bool:
    """Whether somebody may be reminded at this instant."""
    local = at.astimezone(quiet.zone)
    return not quiet.is_day_off(local.date()) and not _is_night(local.time(), quiet)


def _settled(ladder: Ladder, due: datetime, quiet: Quiet, after: datetime) -> list[Rung]:
    """The rungs where they come to stand, and the turns of the repeated one around the instant `after`."""
    local = due.astimezone(quiet.zone)
    planned = _planned(ladder, local, quiet) + _repeated(ladder, local, quiet, after)
    moved = [(rung, _move(rung.at, local, quiet)) for rung in planned]
    standing = {at.date(): rung.at for rung, at in moved if at == rung.at}
    kept = [Rung(rung.name, rung.turn, at) for rung, at in moved if at == rung.at or at.date() not in standing]
    kept.sort(key=lambda rung: rung.at)
    return [one for one, then in pairwise([*kept, None]) if one and not _gives_way(one, then, standing)]


def _gives_way(rung: Rung, then: Rung | None, standing: dict[date, datetime]) -> bool:
    """Whether the rung after it says the same: at the same minute, or both were moved to the same day."""
    if then is None:
        return False
    return rung.at == then.at or (rung.at.date() == then.at.date() and rung.at.date() not in standing)


def _planned(ladder: Ladder, due: datetime, quiet: Quiet) -> list[Rung]:
    before = ladder.before
    if before and quiet.is_day_off(due.date()) and not any(offset.working for offset in before):
        before = (*before, WORKING_DAY_BEFORE)
    early = [rung for offset in before if (rung := _place(offset, due, quiet)).at <= due]
    late = [rung for offset in ladder.after if (rung := _place(offset, due, quiet)).at > due]
    return sorted(early, key=lambda rung: rung.at) + late


def _repeated(ladder: Ladder, due: datetime, quiet: Quiet, after: datetime) -> list[Rung]:
    """The turns that can be the next one after `after`, or make it give way.

    Turns only move ahead and never past one another, so these are the first that lands after `after`, and those that
    follow as long as they stand on the day it lands on.
    """
    if not ladder.after:
        return []
    last = ladder.after[-1]
    start = datetime.combine(due.date() + timedelta(days=last.days), last.at or EIGHT, tzinfo=due.tzinfo)
    turn = max(1, int((after - start) / WEEK) + 1)
    while turn > 1 and _move(start + (turn - 1) * WEEK, due, quiet) > after:
        turn -= 1
    lands = _move(start + turn * WEEK, due, quiet)
    most = max(turn, (lands.date() - start.date()) // WEEK)
    return [Rung(REPEATED, number, start + number * WEEK) for number in range(turn, most + 1)]


def _place(offset: Offset, due: datetime, quiet: Quiet) -> Rung:
    if offset.at is None:
        at = (due.astimezone(UTC) + timedelta(minutes=offset.minutes)).astimezone(due.tzinfo)
        return Rung(offset.name, 0, at.replace(second=0, microsecond=0))
    day = due.date() + timedelta(days=offset.days)
    if offset.working:
        day = working_day_before(due.date(), quiet.is_day_off)
    return Rung(offset.name, 0, datetime.combine(day, offset.at, tzinfo=due.tzinfo))


def _move(at: datetime, due: datetime, quiet: Quiet) -> datetime:
    if permitted(at, quiet):
        return at
    later = _next_permitted(at, quiet)
    return _last_permitted(at, quiet) if at <= due < later else later


def _is_night(at: time, quiet: Quiet) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def _next_permitted(at: datetime, quiet: Quiet) -> datetime:
    """The first permitted minute after one that is not: a morning, or the midnight after a day off without a night."""
    for ahead in range(MOST_DAYS_OFF + 1):
        day = at.date() + timedelta(days=ahead)
        for start in (time.min, quiet.end):
            morning = datetime.combine(day, start, tzinfo=at.tzinfo)
            if morning > at and permitted(morning, quiet):
                return morning
    raise ValueError(f"more than {MOST_DAYS_OFF} days off in a row from {at:%Y-%m-%d}")


def _last_permitted(at: datetime, quiet: Quiet) -> datetime:
    """The last permitted minute before one that is not: an evening, or the end of a day before a day off."""
    for back in range(MOST_DAYS_OFF + 1):
        day = at.date() - timedelta(days=back)
        for end in (datetime.combine(day, time(23, 59)), datetime.combine(day, quiet.start) - MINUTE):
            evening = end.replace(tzinfo=at.tzinfo)
            if evening < at and permitted(evening, quiet):
                return evening
    raise ValueError(f"more than {MOST_DAYS_OFF} days off in a row before {at:%Y-%m-%d}")
