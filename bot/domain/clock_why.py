"""Why a tip's clock ends when it does, as data: which row, counted from when, what was skipped, on what ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.domain.clock_row import ClockRow, Counted, Measure
from bot.domain.deadline import END_OF_DAY
from bot.domain.ladder import Rung
from bot.domain.tip_clock import CannotExtend, Extension, Light, RunningClock
from bot.domain.why import Explanation, shown

MOST_SHOWN = 20
"""Days off that are named one by one; the rest are only counted."""


def explain(clock: RunningClock) -> Explanation:
    """Vì sao hạn này? A line for each thing: what is asked, how it was counted, extensions, due instant, ground."""
    lines = [
        Explanation("tipclock-asked", {"what": what_is_asked(clock.row), "row": clock.row.version}),
        _counted_since(clock),
        *([Explanation("tipclock-remote")] if clock.remote else []),
        *_passed_over(clock.row, clock.counted),
        *(line for extension in clock.extensions for line in _extended(extension)),
        Explanation("tipclock-due", {"due": _moment(clock.due)}),
        *(ground(row) for row in (clock.row, *(extension.row for extension in clock.extensions))),
        *_stopped(clock),
    ]
    return _one_below_the_other(lines)


def what_is_asked(row: ClockRow) -> Explanation:
    """What must be done before the row's clock runs out: its first fulfilling event. Of an extension: to extend."""
    return Explanation(f"tipclock-until-{(*row.until, row.trigger)[0]}")


def length(row: ClockRow) -> Explanation:
    """How long a row's clock runs: "24 giờ", "3 ngày làm việc"."""
    return Explanation(f"tipclock-{row.measure}", {"number": row.length})


def ground(row: ClockRow) -> Explanation:
    """The legal source, and whether it has been read; of a rule of our own: that it is no law."""
    kind = "own" if row.own else "law" if row.verified else "law-unread"
    return Explanation(f"tipclock-ground-{kind}", {"source": row.source, "from": shown(row.valid_from)})


def reminded(clock: RunningClock, rung: Rung) -> Explanation:
    """Why there is a reminder now: what must be done, which rung it is, and when it is due."""
    why = Explanation(f"tipclock-rung-{rung.name}")
    return Explanation("tipclock-reminded", {"what": what_is_asked(clock.row), "why": why, "due": _moment(clock.due)})


def lit(light: Light) -> Explanation:
    """The traffic light, with what it means."""
    return Explanation(f"tipclock-light-{light}")


def refused(cannot: CannotExtend) -> Explanation:
    """Why a clock can't be extended."""
    return Explanation(f"tipclock-extend-{cannot.why}", {"office": cannot.office})


def _counted_since(clock: RunningClock) -> Explanation:
    event = Explanation(f"tipclock-event-{clock.row.trigger}")
    return Explanation(_counting(clock.row), {"length": length(clock.row), "event": event, **_from(clock.start)})


def _extended(extension: Extension) -> Iterator[Explanation]:
    row = extension.row
    values: dict[str, str | int | Explanation] = {
        "length": length(row),
        "by": extension.by,
        "row": row.version,
        "day": shown(extension.at.date()),
        "from": _moment(extension.counted_from),
        "due": _moment(extension.counted.due),
    }
    sentence = "tipclock-extended-due" if row.from_due else "tipclock-extended-start"
    yield Explanation(sentence, values)
    yield from _passed_over(row, extension.counted)


def _counting(row: ClockRow) -> str:
    """The sentence that says from when: hours from the hour itself, months by the day, days from that or the next."""
    if row.measure in {Measure.HOURS, Measure.MONTHS}:
        return f"tipclock-from-{row.measure}"
    return "tipclock-from-that-day" if row.counts_first_day else "tipclock-from-next-day"


def _from(start: datetime) -> dict[str, str | int | Explanation]:
    return {"time": f"{start:%H:%M}", "day": shown(start.date()), "next": shown(start.date() + timedelta(days=1))}


def _passed_over(row: ClockRow, counted: Counted) -> Iterator[Explanation]:
    """The days off that were not counted, or from which the last day moved on."""
    if not counted.skipped:
        return
    sentence = "tipclock-skipped" if row.measure is Measure.WORKING_DAYS else "tipclock-moved"
    yield Explanation(sentence, {"number": len(counted.skipped), "list": _days(counted.skipped)})


def _days(days: Sequence[date]) -> str:
    named = ", ".join(shown(day) for day in days[:MOST_SHOWN])
    return f"{named}…" if len(days) > MOST_SHOWN else named


def _stopped(clock: RunningClock) -> Iterator[Explanation]:
    if clock.stopped:
        sentence = "tipclock-late" if clock.is_late else "tipclock-stopped"
        event = Explanation(f"tipclock-event-{clock.stopped.kind}")
        yield Explanation(sentence, {"event": event, "when": _moment(clock.stopped.at)})


def _moment(at: datetime) -> Explanation:
    ends_day = at.time() == END_OF_DAY
    sentence = "tipclock-at-day" if ends_day else "tipclock-at-time"
    return Explanation(sentence, {"time": f"{at:%H:%M}", "day": shown(at.date())})


def _one_below_the_other(lines: Sequence[Explanation]) -> Explanation:
    told = lines[0]
    for line in lines[1:]:
        told = Explanation("tipclock-lines", {"above": told, "below": line})
    return told
