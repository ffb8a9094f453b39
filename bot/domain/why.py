"""Why a due instant is when it is, as data: the id of a sentence in words/deadline.*.ftl and the values it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from bot.domain.deadline import END_OF_DAY, Deadline, Every, Occurrence, Once, Ongoing, Recurring, Waiting, Within


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence to be worded: days as dd/mm/yyyy, times as HH:MM; a value may be an explanation itself."""

    id: str
    values: Mapping[str, str | int | Explanation] = field(default_factory=dict)


def explain(deadline: Deadline, occurrence: Occurrence) -> Explanation:
    """Why this instant: the rule, and the last permitted moment that follows from it."""
    due = occurrence.due
    ends_day = due.time() == END_OF_DAY
    return Explanation(
        "deadline-why-day" if ends_day else "deadline-why-time",
        {"rule": describe(deadline), "time": _clock(due.time()), "day": shown(due.date())},
    )


def describe(deadline: Deadline) -> Explanation:
    """The rule itself ("trước ngày 20 hằng tháng"), for whoever asks when something is to be done."""
    match deadline:
        case Once():
            return _once(deadline)
        case Within(period=period):
            return Explanation("deadline-within", _period(period))
        case Recurring():
            return _recurring(deadline)
        case Waiting(event=event):
            return Explanation("deadline-waiting", {"event": event})
        case Ongoing():
            return Explanation("deadline-ongoing")
        case _:
            return Explanation("deadline-ad-hoc")


def _once(rule: Once) -> Explanation:
    if rule.at:
        return Explanation("deadline-at", {"day": shown(rule.day), "time": _clock(rule.at)})
    return Explanation("deadline-before" if rule.before else "deadline-by", {"day": shown(rule.day)})


def _period(period: str) -> dict[str, str | int | Explanation]:
    """The parts of a period's name: "2026-Q1" is kind "quarter", number 1, year "2026"."""
    year, _, part = period.partition("-")
    kind = {"Q": "quarter", "H": "half"}.get(part[:1], "month" if part else "year")
    return {"kind": kind, "number": int(part.lstrip("QH") or 0), "year": year}


def _recurring(rule: Recurring) -> Explanation:
    values: dict[str, str | int | Explanation] = {
        "edge": "at" if rule.at else "before" if rule.before else "by",
        "from": shown(rule.start),
        "time": _clock(rule.at) if rule.at else "",
        "day": rule.day or 0,
    }
    if rule.every is Every.YEAR and rule.day:
        values["day"] = f"{rule.day:02}/{rule.month or 12:02}"
    return Explanation(f"deadline-every-{rule.every}" + ("" if rule.day else "-end"), values)


def shown(day: date) -> str:
    """A day as people here write it."""
    return f"{day:%d/%m/%Y}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
