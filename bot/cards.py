"""How an assignment, a reminder, a notice and a tip's state look as a message, for all who say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.channels.channel import Button, Said
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.deadline import Occurrence, Recurring
from bot.domain.notice import Ledger
from bot.domain.plan import Kind, Obligation
from bot.domain.programme import Programme
from bot.domain.progress import Progress
from bot.domain.why import Explanation, describe, explain
from bot.talk.step import Phrase
from bot.words import say, word

MOST_IN_ONE = 8
"""Assignments that one message names; the rest are counted and found with /viec."""
IN_A_ROW = 4
MOST_ASKED = 6
"""Assignments that a sentence without a reply may be about."""
_BAR = 10


# --- times -----------------------------------------------------------------------------------------------------------


def when(language: str, due: datetime, zone: ZoneInfo) -> str:
    """A due instant as people say it: "trước 10:00 thứ Hai 09/03/2026", "hết thứ Sáu 27/02/2026"."""
    local = due.astimezone(zone)
    ends_day = local.time() == time(23, 59, 59)
    values = {"weekday": local.isoweekday(), "day": f"{local:%d/%m/%Y}", "time": f"{local:%H:%M}"}
    return say(language, "when-day" if ends_day else "when-time", values)


def moment(language: str, instant: datetime, zone: ZoneInfo) -> str:
    """An instant that has been: "09:14 26/02"."""
    return say(
        language,
        "when-moment",
        {"time": f"{instant.astimezone(zone):%H:%M}", "day": f"{instant.astimezone(zone):%d/%m}"},
    )


def left(language: str, due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """How long there is still: "còn 3 ngày", "hôm nay là hạn cuối", "quá hạn 2 ngày"."""
    days = (due.astimezone(zone).date() - now.astimezone(zone).date()).days
    if now >= due:
        return say(language, "left-over", {"days": -days}) if days < 0 else say(language, "left-just-over")
    if days == 0:
        return say(language, "left-today")
    return say(language, "left-days", {"days": days})


# --- assignments -----------------------------------------------------------------------------------------------------


def title(language: str, obligation: Obligation, assignment: Assignment) -> str:
    """What is owed, in a line; what comes back, and a report, names the period it is for."""
    if obligation.kind is Kind.REPORT or isinstance(obligation.deadline, Recurring):
        return say(language, "card-title", {"title": obligation.title, "period": period(language, assignment.period)})
    return obligation.title


def period(language: str, name: str) -> str:
    """A period as people say it: "2026-W10" is "tuần 10/2026"."""
    year, _, part = name.partition("-")
    kind = {"W": "week", "Q": "quarter", "H": "half"}.get(part[:1], "month" if part else "year")
    if name.count("-") == 2:  # noqa: PLR2004 - a day: year, month and day
        return say(language, "period-day", {"day": f"{name[8:]}/{name[5:7]}/{year}"})
    return say(language, "period", {"kind": kind, "number": int(part.lstrip("WQH") or 0), "year": year})


def assignment_card(
    language: str, assignment: Assignment, programme: Programme, last: Progress | None, now: datetime
) -> Said:
    """The six "rõ" of an assignment, in their order: who, what, when, responsibility, result, authority."""
    obligation = programme.obligation(assignment)
    if obligation is None:
        return Said(say(language, "card-gone"))
    zone = programme.zone
    rows = [
        ("card-who", programme.unit_name(assignment.unit)),
        ("card-what", title(language, obligation, assignment)),
        ("card-when", f"{when(language, assignment.due, zone)} ({left(language, assignment.due, now, zone)})"),
        ("card-responsibility", obligation.responsibility or _partners(language, obligation, programme)),
        ("card-result", obligation.result or obligation.evidence or say(language, "card-unsaid")),
        ("card-authority", obligation.authority or _reported_to(language, obligation)),
    ]
    text = "\n".join(say(language, sentence, {"what": what}) for sentence, what in rows)
    text += "\n\n" + _state(language, assignment, last, zone)
    return Said(text, rows=(_card_buttons(language, assignment),), subject=f"assignments:{assignment.id}")


def _partners(language: str, obligation: Obligation, programme: Programme) -> str:
    if not obligation.partners:
        return say(language, "card-alone")
    named = [_selector(language, selector, programme) for selector in obligation.partners]
    return say(language, "card-partners", {"list": ", ".join(named)})


def _selector(language: str, selector: str, programme: Programme) -> str:
    """A selector of units in words."""
    kind, _, what = selector.removeprefix("-").partition(":")
    if kind in {"all", "level", "body"}:
        return say(language, f"selector-{what or kind}")
    return programme.unit_name(kind)


def _reported_to(language: str, obligation: Obligation) -> str:
    if not obligation.report_to:
        return say(language, "card-unsaid")
    return say(language, "card-reported-to", {"whom": obligation.report_to})


def _state(language: str, assignment: Assignment, last: Progress | None, zone: ZoneInfo) -> str:
    if last is None:
        return say(language, "card-nothing-yet")
    values = {
        "percent": last.percent,
        "at": moment(language, last.at, zone),
        "result": last.result or "–",
        "difficulties": last.difficulties or say(language, "progress-none"),
    }
    done = assignment.state is AssignmentState.DONE
    return say(language, "card-done" if done else "card-progress", values)


def _card_buttons(language: str, assignment: Assignment) -> tuple[Button, ...]:
    why = Button(say(language, "button-why"), f"why:{assignment.id}")
    if assignment.state is AssignmentState.DONE:
        return (why,)
    return (Button(say(language, "button-report"), f"report:{assignment.id}"), why)


def work_list(
    language: str, owed: Sequence[Assignment], programme: Programme, now: datetime, heading: str, page: int = 1
) -> Said:
    """A page of what is owed, the soonest due first, a numbered button each."""
    pages = max(1, -(-len(owed) // MOST_IN_ONE))
    page = min(max(page, 1), pages)
    first = (page - 1) * MOST_IN_ONE
    shown = owed[first : first + MOST_IN_ONE]
    lines = [
        f"{n}. {_owed_line(language, assignment, obligation, programme, now)}"
        for n, assignment in enumerate(shown, first + 1)
        if (obligation := programme.obligation(assignment))
    ]
    lines.append(say(language, "work-how"))
    if page < pages:
        lines.append(say(language, "work-more", {"count": len(owed) - first - MOST_IN_ONE, "page": page + 1}))
    buttons = [Button(str(n), f"card:{assignment.id}") for n, assignment in enumerate(shown, first + 1)]
    rows = tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
    return Said("\n\n".join(lines), head=heading, rows=rows, subject=_about(shown))


def _owed_line(
    language: str, assignment: Assignment, obligation: Obligation, programme: Programme, now: datetime
) -> str:
    values = {
        "title": title(language, obligation, assignment),
        "when": when(language, assignment.due, programme.zone),
        "left": left(language, assignment.due, now, programme.zone),
        "whom": obligation.report_to,
    }
    return say(language, "reminder-line-to" if obligation.report_to else "reminder-line", values)


def _about(owed: Sequence[Assignment]) -> str:
    return "assignments:" + ",".join(str(assignment.id) for assignment in owed[:MOST_IN_ONE])


def reminder(language: str, owed: Sequence[Assignment], programme: Programme, now: datetime, *, late: bool) -> Said:
    """One message about all that a chat is reminded of at once; a reply to it is about these assignments."""
    units = ", ".join(dict.fromkeys(programme.unit_name(assignment.unit) for assignment in owed))
    head = say(language, "reminder-head-late" if late else "reminder-head", {"units": units})
    if len(owed) > 1:
        return work_list(language, owed, programme, now, head)
    assignment = owed[0]
    obligation = programme.obligation(assignment)
    assert obligation is not None
    text = _owed_line(language, assignment, obligation, programme, now) + "\n" + say(language, "reminder-how")
    card = Button(say(language, "button-card"), f"card:{assignment.id}")
    buttons = _card_buttons(language, assignment)
    return Said(text, head=head, rows=(buttons, (card,)), subject=_about(owed))


def why_card(language: str, assignment: Assignment, obligation: Obligation, zone: ZoneInfo) -> str:
    """Why this due instant: the rule as the plan has it, and where it stands in the plan."""
    due = assignment.due.astimezone(zone)
    reason = explained(language, explain(obligation.deadline, Occurrence(assignment.period, due)))
    return reason + "\n" + say(language, "why-source", {"section": obligation.source.section})


def explained(language: str, explanation: Explanation) -> str:
    """An explanation of a deadline in words."""
    return word(language, phrase_of(explanation))


def rule(language: str, obligation: Obligation) -> str:
    """The deadline's rule in words."""
    return explained(language, describe(obligation.deadline))


def phrase_of(explanation: Explanation) -> Phrase:
    """An explanation, as a sentence to be worded."""
    values = {
        name: phrase_of(value) if isinstance(value, Explanation) else value
        for name, value in explanation.values.items()
    }
    return Phrase(explanation.id, values)


def progress_news(language: str, unit: str, what: str, progress: Progress, *, late: bool) -> Said:
    """What the coordinators see of an answer."""
    values = {
        "what": what,
        "percent": progress.percent,
        "result": progress.result or "–",
        "difficulties": progress.difficulties or say(language, "progress-none"),
    }
    head = say(language, "progress-news-late" if late else "progress-news", {"unit": unit})
    return Said(say(language, "progress-news-text", values), head=head)


# --- notices ---------------------------------------------------------------------------------------------------------


def notice(language: str, id_: str, body: str) -> Said:
    """A notice as a unit gets it."""
    received = Button(say(language, "button-received"), f"ack:{id_}")
    return Said(body, head=say(language, "notice-head"), rows=((received,),), subject=f"notice:{id_}")


def notice_board(language: str, id_: str, ledger: Ledger) -> Said:
    """How far a notice has come, as a bar that is put in its own place again."""
    full = round(_BAR * ledger.delivered / ledger.chats) if ledger.chats else _BAR
    values = {
        "bar": "▓" * full + "░" * (_BAR - full),
        "delivered": ledger.delivered,
        "chats": ledger.chats,
        "acknowledged": ledger.acknowledged,
        "lost": ledger.lost,
        "open": ledger.chats - ledger.acknowledged - ledger.lost,
    }
    done = ledger.delivered + ledger.lost >= ledger.chats
    text = say(language, "notice-board-done" if done else "notice-board", values)
    missing = Button(say(language, "button-missing"), f"missing:{id_}")
    return Said(text, rows=((missing,),), subject=f"board:{id_}")


def chat_lost(language: str, chat: str, channel: str) -> Said:
    """A chat can't be reached any more."""
    return Said(say(language, "house-chat-lost", {"chat": chat, "channel": say(language, f"channel-{channel}")}))
