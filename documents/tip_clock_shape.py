"""The shape of a row in a file of clocks, and how it becomes a ClockRow. Days are TOML's own (2026-02-28)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from bot.domain.clock_row import ClockRow, Measure, TipEventKind, WorkCalendar
from bot.domain.deadline import FIRST_DAY, LAST_DAY
from documents.plan_errors import Fault
from documents.plan_shape import SHOWN, Code, Line, Words

MOST = {Measure.HOURS: 2_400, Measure.WORKING_DAYS: 1_000, Measure.DAYS: 1_000, Measure.MONTHS: 60}
"""The longest a clock may be: further off the calendar of holidays is not known, and a number is a slip of the hand."""
IDLE_IN_EXTENSIONS = {"until": (), "dropped_by": None, "remote": None, "passes_on": False}
"""What the row that is extended has said, and the values of those who say nothing."""
E = TypeVar("E", bound=StrEnum)


class RawClock(Struct, frozen=True, forbid_unknown_fields=True):
    """A [[clock]] as it is written. Words of choice are strings here, so that what can be chosen is told."""

    id: Code
    trigger: str
    length: int
    measure: str
    valid_from: date
    source: Words = ""
    until: tuple[str, ...] = ()
    dropped_by: tuple[str, ...] | None = None
    valid_to: date | None = None
    calendar: str = WorkCalendar.OFFICE
    counts_first_day: bool = False
    moves: bool = False
    remote: bool | None = None
    extendable_by: Line | None = None
    extends: Code | None = None
    from_due: bool = False
    told: tuple[Line, ...] = ()
    own: bool = False
    verified: bool = False
    passes_on: bool = False
    note: Words = ""


def row_of(raw: RawClock) -> ClockRow:
    """Raises Fault for what can't be within one row."""
    row = ClockRow(
        id=raw.id,
        trigger=_word("trigger", raw.trigger, TipEventKind),
        until=tuple(_word("until", word, TipEventKind) for word in raw.until),
        length=raw.length,
        measure=_word("measure", raw.measure, Measure),
        source=raw.source.strip(),
        valid_from=raw.valid_from,
        valid_to=raw.valid_to,
        calendar=_word("calendar", raw.calendar, WorkCalendar),
        counts_first_day=raw.counts_first_day,
        moves=raw.moves,
        remote=raw.remote,
        extendable_by=raw.extendable_by or "",
        extends=raw.extends or "",
        from_due=raw.from_due,
        told=raw.told,
        dropped_by=_dropped_by(raw),
        own=raw.own,
        verified=raw.verified,
        passes_on=raw.passes_on,
        note=raw.note,
    )
    for check in (_source, _length, _days, _counting, _start_and_end):
        check(row)
    _extension(row, raw)
    return row


def _dropped_by(raw: RawClock) -> tuple[TipEventKind, ...]:
    if raw.dropped_by is None:
        return (TipEventKind.CLOSED,)
    return tuple(_word("dropped_by", word, TipEventKind) for word in raw.dropped_by)


def _word(key: str, value: str, kind: Callable[[str], E]) -> E:
    try:
        return kind(value)
    except ValueError:
        choices = Measure if key == "measure" else WorkCalendar if key == "calendar" else TipEventKind
        raise Fault(key, "tipclock-word", value=value, choices=", ".join(choices)) from None


def _source(row: ClockRow) -> None:
    if not row.source:
        raise Fault("source", "tipclock-no-source")
    if not re.match(SHOWN, row.source):
        raise Fault("source", "plan-write-line")


def _length(row: ClockRow) -> None:
    if row.length < 1:
        raise Fault("length", "tipclock-length-low", length=row.length)
    if row.length > MOST[row.measure]:
        raise Fault("length", "tipclock-length-high", measure=row.measure, most=MOST[row.measure])


def _days(row: ClockRow) -> None:
    for key, day in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise Fault(key, "plan-year-far", day=day)
    if row.valid_to and row.valid_to < row.valid_from:
        raise Fault("valid_to", "tipclock-valid-to", **{"to": row.valid_to, "from": row.valid_from})


def _counting(row: ClockRow) -> None:
    in_days = row.measure in {Measure.DAYS, Measure.WORKING_DAYS}
    if row.counts_first_day and not in_days:
        raise Fault("counts_first_day", "tipclock-idle-first-day")
    if row.moves and row.measure not in {Measure.DAYS, Measure.MONTHS}:
        raise Fault("moves", "tipclock-idle-moves")
    if row.calendar is WorkCalendar.EVERY_DAY and (row.moves or row.measure is Measure.WORKING_DAYS):
        raise Fault("calendar", "tipclock-idle-calendar")
    if row.passes_on and row.measure is not Measure.HOURS:
        raise Fault("passes_on", "tipclock-passes-on")


def _start_and_end(row: ClockRow) -> None:
    if (row.trigger is TipEventKind.EXTENDED) != bool(row.extends):
        raise Fault("extends" if row.extends else "trigger", "tipclock-extends-trigger")
    if row.trigger in (*row.until, *row.dropped_by):
        key = "until" if row.trigger in row.until else "dropped_by"
        raise Fault(key, "tipclock-until-trigger", value=row.trigger)
    if not row.extends and not row.until:
        raise Fault("until", "tipclock-until-none", choices=", ".join(TipEventKind))
    if row.from_due and not row.extends:
        raise Fault("from_due", "tipclock-idle-from-due")


def _extension(row: ClockRow, raw: RawClock) -> None:
    for key, unsaid in IDLE_IN_EXTENSIONS.items() if row.extends else ():
        if getattr(raw, key) != unsaid:
            raise Fault(key, "tipclock-extends-idle")
