"""Deadlines: rules that yield due instants, and can say why.

A due instant is the last permitted second, in the province's zone (docs/design.md, section 8): "trước ngày
28/02/2026" is 2026-02-27 23:59:59, "trước 10h thứ Hai" is Monday 10:00:00; "đến ngày", "trong quý" and "trong năm"
include their last day. A day that a month does not have (31, 29/2) is that month's last day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

END_OF_DAY = time(23, 59, 59)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
"""The days a plan may speak of. Whatever is asked for outside of them yields nothing."""
MOST_DAYS_OFF = 60
"""No office is closed longer: a calendar with more days off in a row is a mistake."""

DayOff = Callable[[date], bool]


class Every(StrEnum):
    """How often a recurring deadline comes back."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Once:
    """One day. `before` excludes the day; `at` is the last permitted second of that day, where the plan names one."""

    day: date
    before: bool = False
    at: time | None = None

    @property
    def last_day(self) -> date:
        return self.day - timedelta(days=1) if self.before else self.day


@dataclass(frozen=True, slots=True)
class Within:
    """Within a quarter, half-year, month or year, its last day included: "2026-Q1", "2026-H1", "2026-03", "2026"."""

    period: str

    @property
    def last_day(self) -> date:
        return last_day_of(self.period)


@dataclass(frozen=True, slots=True)
class Recurring:
    """Once in every period, from the first due instant on or after the day `start` to the last on or before `until`.

    `day` counts from 1: the weekday (1 is Monday), the day of the month, or of the last month of a quarter or
    half-year; of the month `month` (1 to 12) for a year. Without it the last day of the period is meant.
    `before` excludes that day; with `at`, a time of that day is the limit.
    `about_previous`: what is due tells of the period before the one it falls in, and takes its name.
    """

    every: Every
    start: date
    until: date | None = None
    day: int | None = None
    month: int | None = None
    before: bool = False
    at: time | None = None
    about_previous: bool = False


@dataclass(frozen=True, slots=True)
class AdHoc:
    """When somebody asks ("đột xuất"): no due instant by itself."""


@dataclass(frozen=True, slots=True)
class Ongoing:
    """All the time ("thường xuyên"): no due instant."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Begins when something happens ("khi Bộ Công an triển khai"); until a coordinator says so, nothing is due."""

    event: str


Deadline = Once | Within | Recurring | AdHoc | Ongoing | Waiting


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due instant. `period` is its stable name, unique in an obligation: "2026-W10", "2026-Q1", "2026-02-27"."""

    period: str
    due: datetime


class BadPeriod(ValueError):
    """A period is written as 2026, 2026-Q1, 2026-H1 or 2026-03."""


def occurrences(deadline: Deadline, zone: ZoneInfo, start: date, end: date) -> Iterator[Occurrence]:
    """The due instants from the local day `start` to the local day `end`, both included, in order."""
    first, last = max(start, FIRST_DAY), min(end, LAST_DAY)
    match deadline:
        case Once(at=at):
            named = [(deadline.last_day.isoformat(), deadline.last_day)]
        case Within(period=period):
            named, at = [(period, deadline.last_day)], None
        case Recurring(at=at):
            return _recurring(deadline, zone, max(first, deadline.start), min(last, deadline.until or last))
        case _:
            named, at = [], None
    return (Occurrence(period, due_at(day, at, zone)) for period, day in named if first <= day <= last)


def due_at(day: date, at: time | None, zone: ZoneInfo) -> datetime:
    """The last permitted second of a day, or the time of that day."""
    return datetime.combine(day, at or END_OF_DAY, tzinfo=zone)


def _recurring(rule: Recurring, zone: ZoneInfo, first: date, last: date) -> Iterator[Occurrence]:
    days = _weekly(rule, first) if rule.every is Every.WEEK else _monthly(rule, first)
    for day in takewhile(lambda day: day <= last, days):
        if day >= first:
            yield Occurrence(period_of(rule, day), due_at(day, rule.at, zone))


def _weekly(rule: Recurring, first: date) -> Iterator[date]:
    """The last permitted day of each week, from one before `first` on."""
    weekday = (rule.day or 7) - rule.before
    day = first - timedelta(days=first.isoweekday()) + timedelta(days=weekday)
    while True:
        yield day
        day += timedelta(days=7)


def _monthly(rule: Recurring, first: date) -> Iterator[date]:
    """The last permitted day of each period of whole months, from one on or before `first` on."""
    length = MONTHS[rule.every]
    block = (first.year * 12 + first.month - 1) // length
    while True:
        year, month = divmod(block * length + (rule.month or length) - 1, 12)
        yield _in_month(rule, year, month + 1)
        block += 1


def _in_month(rule: Recurring, year: int, month: int) -> date:
    days = month_length(year, month)
    wanted = days if rule.day is None else rule.day - rule.before
    return date(year, month, 1) + timedelta(days=min(wanted, days) - 1)


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return ((date(year, month, 28) + timedelta(days=4)).replace(day=1) - date(year, month, 1)).days


def period_of(rule: Recurring, day: date) -> str:
    """The name of the period a due day stands for: the one it falls in, or the one before."""
    if rule.every is Every.WEEK:
        year, week, _ = (day - timedelta(days=7 * rule.about_previous)).isocalendar()
        return f"{year}-W{week:02}"
    length = MONTHS[rule.every]
    block = (day.year * 12 + day.month - 1) // length - rule.about_previous
    year, nth = divmod(block, 12 // length)
    return {1: f"{year}-{nth + 1:02}", 3: f"{year}-Q{nth + 1}", 6: f"{year}-H{nth + 1}", 12: f"{year}"}[length]


def last_day_of(period: str) -> date:
    """The last day of "2026", "2026-Q1", "2026-H1" or "2026-03". Raises BadPeriod."""
    found = re.fullmatch(r"(2[01][0-9]{2})(?:-(?:Q([1-4])|H([12])|(0[1-9]|1[0-2])))?", period)
    if not found:
        raise BadPeriod(period)
    year, quarter, half, month = found.groups()
    last = int(quarter or 0) * 3 or int(half or 0) * 6 or int(month or 0) or 12
    return date(int(year), last, month_length(int(year), last))


def working_day_before(day: date, is_day_off: DayOff) -> date:
    """The last day before `day` on which offices work. Raises ValueError where there is none in `MOST_DAYS_OFF`."""
    for back in range(1, MOST_DAYS_OFF + 1):
        if not is_day_off(day - timedelta(days=back)):
            return day - timedelta(days=back)
    raise ValueError(f"more than {MOST_DAYS_OFF} days off in a row before {day}")
