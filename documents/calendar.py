"""A plan's calendar: every due instant between two days, for each unit that owes it; as CSV, JSON or iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec

from bot.domain.deadline import occurrences
from bot.domain.plan import Plan, leads
from bot.domain.unit import Unit

COLUMNS = ("due", "obligation", "unit", "title")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by spreadsheets, not shown."""
OCTETS = 75
"""RFC 5545, 3.1: a line of iCalendar is no longer, its end not counted."""


@dataclass(frozen=True, slots=True, order=True)
class CalendarRow:
    """One due instant of one unit. `obligation` and `unit` are codes, `due` is in the province's zone."""

    due: datetime
    obligation: str
    unit: str
    title: str
    period: str


def calendar(plan: Plan, units: Iterable[Unit], start: date, end: date) -> Iterator[CalendarRow]:
    """Every due instant between two local days, both included, sorted by due, obligation and unit.

    Raises UnknownUnits where a selector of the plan names none of `units`.
    """
    known = tuple(units)
    rows = [
        CalendarRow(one.due, obligation.code, unit.code, obligation.title, one.period)
        for obligation in plan.obligations
        for one in occurrences(obligation.deadline, plan.zone, start, end)
        for unit in leads(obligation, known)
    ]
    return iter(sorted(rows))


def as_csv(rows: Iterable[CalendarRow]) -> str:
    """With a header line; due as ISO 8601 with its offset."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_shown(cell) for cell in (row.due.isoformat(), row.obligation, row.unit, row.title))
    return text.getvalue()


def as_json(rows: Iterable[CalendarRow]) -> str:
    """One array of objects with due, obligation, unit, title and period."""
    return msgspec.json.encode(list(rows)).decode()


def as_ics(rows: Iterable[CalendarRow], stamp: datetime) -> str:
    """An RFC 5545 calendar: an event without length at each due instant. `stamp` says when it was written."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tin Bao//tinbao//VI", "CALSCALE:GREGORIAN"]
    for row in rows:
        lines += _event(row, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _shown(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _event(row: CalendarRow, stamp: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{row.obligation}.{row.period}.{row.unit}@tinbao",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(row.due)}",
        f"SUMMARY:{_escaped(row.title)}",
        f"CATEGORIES:{_escaped(row.unit)}",
        "END:VEVENT",
    ]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n"), ("\r", "")):
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """The line, broken before the 76th octet and between characters; what follows a break begins with a space."""
    parts, room = [""], OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts, room = [*parts, ""], OCTETS - 1
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
