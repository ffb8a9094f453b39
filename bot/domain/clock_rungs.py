"""When a tip's clock is reminded of: at half its time, at its last quarter, when it is due, and after; never when done.

A clock that is counted in hours is reminded of day and night, as the duty to receive tips is (TTLT 01/2017 Điều 4:
24/24); the others keep quiet hours and days off, as reminders of plans do (bot/domain/ladder.py).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot.domain import ladder
from bot.domain.clock_row import Measure
from bot.domain.ladder import OVERDUE, Ladder, Offset, Quiet, Rung
from bot.domain.tip_clock import RunningClock

MINUTE = timedelta(minutes=1)
PASS_ON = "pass-on"  # noqa: S105 - the name of a rung, no password
"""The rung at which a tip goes to the next in line: at the due instant, and each time its length has passed again."""


def next_rung(clock: RunningClock, now: datetime, quiet: Quiet) -> Rung | None:
    """The first rung strictly after `now`: "half", "last-quarter", "at-due", then as for plans; None when it is done.

    A row that passes on has "half", and then the turns of "pass-on" until the clock is stopped.
    """
    if clock.stopped:
        return None
    if clock.counted_with.measure is Measure.HOURS:
        quiet = Quiet(quiet.zone, _never_off, time.min, time.min)
    if clock.row.passes_on:
        return ladder.next_rung(Ladder((_left(clock, "half", 2),), ()), clock.due, now, quiet) or _pass_on(clock, now)
    before = (_left(clock, "half", 2), _left(clock, "last-quarter", 4), Offset("at-due", at=None))
    return ladder.next_rung(Ladder(before, OVERDUE), clock.due, now, quiet)


def _left(clock: RunningClock, name: str, parts: int) -> Offset:
    """The rung at which one of so many parts of the time is left."""
    return Offset(name, at=None, minutes=-int((clock.due - clock.counted_from) / parts / MINUTE))


def _pass_on(clock: RunningClock, now: datetime) -> Rung:
    """The next time it goes on: `turn` counts from 1."""
    length, due = timedelta(hours=clock.row.length), clock.due.astimezone(UTC)
    passed = max(0, (now - due) // length + 1)
    return Rung(PASS_ON, passed + 1, (due + passed * length).astimezone(clock.due.tzinfo))


def _never_off(_: date) -> bool:
    return False
