"""How the keys of a deadline, as a plan's file writes them, become a rule."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.deadline import (
    FIRST_DAY,
    LAST_DAY,
    AdHoc,
    BadPeriod,
    Deadline,
    Every,
    Once,
    Ongoing,
    Recurring,
    Waiting,
    Within,
    last_day_of,
)
from documents.plan_errors import Fault
from documents.plan_shape import When

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAIN = ("before", "by", "within", "every", "ad_hoc", "ongoing", "waiting")
DETAILS: dict[str, set[str]] = {
    "by": {"at", "start"},
    "before": {"start"},
    "within": {"start"},
    Every.WEEK: {"at", "start", "until", "about", "by_weekday", "before_weekday"},
    Every.MONTH: {"at", "start", "until", "about", "by_day", "before_day"},
    Every.QUARTER: {"at", "start", "until", "about", "by_day", "before_day"},
    Every.HALF_YEAR: {"at", "start", "until", "about", "by_day", "before_day"},
    Every.YEAR: {"at", "start", "until", "about", "by_date", "before_date"},
}


def deadline_of(when: When) -> Deadline:
    """The deadline that the keys make up. Raises Fault."""
    main = _only_one(when)
    _no_others(when, main)
    _check_days(when)
    made = _MAKERS[main](when)
    last = getattr(made, "last_day", None)
    if when.start and last and last < when.start:
        raise Fault("deadline.from", "plan-starts-late", start=when.start, last=last)
    return made


def _only_one(when: When) -> str:
    given = [name for name in MAIN if getattr(when, name) not in {None, False}]
    if not given:
        raise Fault("deadline", "plan-deadline-none", keys=", ".join(MAIN))
    if len(given) > 1:
        raise Fault("deadline", "plan-deadline-several", given=", ".join(given))
    return given[0]


def _no_others(when: When, main: str) -> None:
    fitting = DETAILS.get(when.every or main, set())
    for name in ("at", "start", "until", "about", *_POINTS):
        if getattr(when, name) is not None and name not in fitting:
            told = f'every = "{when.every}"' if when.every else main
            key = "from" if name == "start" else name
            raise Fault(f"deadline.{key}", "plan-key-idle", key=key, beside=told)


def _check_days(when: When) -> None:
    for name in ("before", "by", "start", "until"):
        day = getattr(when, name)
        if day is not None and not FIRST_DAY < day <= LAST_DAY:
            raise Fault(f"deadline.{'from' if name == 'start' else name}", "plan-year-far", day=day)
    if when.at and when.at.tzinfo:
        raise Fault("deadline.at", "plan-time-offset")


_POINTS = ("by_weekday", "before_weekday", "by_day", "before_day", "by_date", "before_date")


def _recurring(when: When) -> Deadline:
    if when.every is None or when.start is None:
        raise Fault("deadline.from", "plan-no-start")
    if when.until and when.until < when.start:
        raise Fault("deadline.until", "plan-ends-early", until=when.until, start=when.start)
    point = _point(when)
    before = point.startswith("before")
    if before and when.at:
        raise Fault("deadline.at", "plan-time-needs-by", by=point.replace("before", "by"))
    day, month = _place(point, getattr(when, point) if point else None)
    if when.at and not day:
        raise Fault("deadline.at", "plan-time-needs-day")
    return Recurring(when.every, when.start, when.until, day, month, before, when.at, when.about == "previous")


def _point(when: When) -> str:
    given = [name for name in _POINTS if getattr(when, name) is not None]
    if len(given) > 1:
        raise Fault(f"deadline.{given[1]}", "plan-day-twice", key=given[0])
    return given[0] if given else ""


def _place(point: str, value: str | int | None) -> tuple[int | None, int | None]:
    """Day and month (of a year) that "monday", 20 or "01-05" stand for."""
    if isinstance(value, str) and point.endswith("weekday"):
        return WEEKDAYS.index(value) + 1, None
    if isinstance(value, str):
        month, day = value.split("-")
        return int(day), int(month)
    return value, None


def _within(when: When) -> Deadline:
    try:
        last_day_of(when.within or "")
    except BadPeriod:
        raise Fault("deadline.within", "plan-no-period", period=when.within) from None
    return Within(when.within or "")


_MAKERS: dict[str, Callable[[When], Deadline]] = {
    "before": lambda when: Once(when.before or LAST_DAY, before=True),
    "by": lambda when: Once(when.by or LAST_DAY, at=when.at),
    "within": _within,
    "every": _recurring,
    "ad_hoc": lambda _: AdHoc(),
    "ongoing": lambda _: Ongoing(),
    "waiting": lambda when: Waiting(when.waiting or ""),
}
