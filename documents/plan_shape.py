"""The shape of a plan's TOML file: its tables and keys. Days and times are TOML's own (2026-02-28, 10:00:00)."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from bot.domain.deadline import Every

CODE = r"^[a-z0-9][a-z0-9-]{0,31}$"
SHOWN = r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+$"
MONTH_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
ISSUED = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$"
HINTS = {
    CODE: "plan-write-code",
    SHOWN: "plan-write-line",
    MONTH_DAY: "plan-write-month-day",
    ISSUED: "plan-write-issued",
    "RFC3339 encoded date": "plan-write-day",
    "RFC3339 encoded time": "plan-write-time",
}
"""The sentences of what to write instead, for what msgspec would tell in its own terms."""

Code = Annotated[str, Meta(pattern=CODE)]
Line = Annotated[str, Meta(min_length=1, max_length=300, pattern=SHOWN)]
Words = Annotated[str, Meta(max_length=2000)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MonthDay = Annotated[str, Meta(pattern=MONTH_DAY)]
Asked = Literal["task", "report"]
Operator = Literal["=", ">=", "<=", ">", "<"]
About = Literal["previous"]

CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Asked),
    "every": tuple(Every),
    "by_weekday": get_args(Weekday),
    "before_weekday": get_args(Weekday),
    "about": get_args(About),
    "operator": get_args(Operator),
}
"""What can be written, for each key that has a few values to choose from."""


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """The plan itself. `responsibility` and `authority` hold for all obligations that say nothing of their own."""

    code: Code
    title: Line
    province: Line
    zone: Line
    number: Words = ""
    responsibility: Words = ""
    authority: Words = ""
    issued: Annotated[str, Meta(pattern=ISSUED)] | None = None


class Agency(Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    name: Line
    aliases: tuple[Line, ...] = ()
    bodies: tuple[Code, ...] = ()
    parent: Code | None = None


class When(Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """A deadline: exactly one of before, by, within, every, ad_hoc, ongoing, waiting; the others say more of it."""

    before: date | None = None
    by: date | None = None
    within: Line | None = None
    every: Every | None = None
    ad_hoc: bool = False
    ongoing: bool = False
    waiting: Line | None = None
    at: time | None = None
    start: date | None = None
    until: date | None = None
    by_weekday: Weekday | None = None
    before_weekday: Weekday | None = None
    by_day: Annotated[int, Meta(ge=1, le=31)] | None = None
    before_day: Annotated[int, Meta(ge=1, le=31)] | None = None
    by_date: MonthDay | None = None
    before_date: MonthDay | None = None
    about: About | None = None


class Figure(Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    title: Line
    measure: Words = ""
    low: int = 0
    high: int = 1_000_000


class Duty(Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    kind: Asked
    title: Line
    lead: Annotated[tuple[Line, ...], Meta(min_length=1)]
    deadline: When
    section: Line
    line: Annotated[int, Meta(ge=0)] = 0
    partners: tuple[Line, ...] = ()
    responsibility: Words = ""
    result: Words = ""
    authority: Words = ""
    evidence: Words = ""
    numbers: tuple[Figure, ...] = ()
    report_to: Words = ""
    via: Words = ""
    then_ongoing: bool = False
    ladder: Code | None = None
    note: Words = ""


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    code: Code
    title: Line
    operator: Operator
    value: Annotated[float, Meta(ge=0, le=1e12)]
    measure: Line
    section: Line
    line: Annotated[int, Meta(ge=0)] = 0
    year: Annotated[int, Meta(ge=2000, le=2199)] | None = None
    lead: tuple[Line, ...] = ()


class Phone(Struct, frozen=True, forbid_unknown_fields=True):
    title: Line
    phones: tuple[Line, ...] = ()
    emails: tuple[Line, ...] = ()


class Rung(Struct, frozen=True, forbid_unknown_fields=True):
    """A rung of a ladder: days at a time, or minutes, from the due instant; negative is before it."""

    name: Code
    days: Annotated[int, Meta(ge=-366, le=366)] = 0
    at: time | None = None
    minutes: Annotated[int, Meta(ge=-100_000, le=100_000)] | None = None
    working: bool = False


class Rungs(Struct, frozen=True, forbid_unknown_fields=True):
    name: Code
    before: tuple[Rung, ...] = ()
    after: tuple[Rung, ...] = ()
