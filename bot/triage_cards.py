"""How a tip looks to those at the desk who handle it: its card, the questions about it, the list of open tips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.cards import IN_A_ROW
from bot.channels.channel import Button, Said
from bot.domain.tip import TipLine, TipState, short_name
from bot.domain.triage import ASKED, Standing
from bot.tip_cards import how_long, tip_in_a_line, tip_news
from bot.words import say

_WIDE = 2
"""Buttons with words of their own that stand beside one another."""


# --- one tip ---------------------------------------------------------------------------------------------------------


def tip_card(language: str, standing: Standing, commune: str, stands: str, subject: str) -> Said:
    """A tip with where it `stands` in words, and what can be done now. One that nobody has looks as its notice did."""
    line, news = standing.line, tip_news(language, standing.line, commune)
    is_new = line.state is TipState.RECEIVED
    more = [] if is_new else [stands]
    if standing.same:
        more.append(say(language, "triage-like", {"names": ", ".join(map(short_name, standing.same))}))
    if line.blocked:
        more.append(say(language, "triage-blocked"))
    buttons = [Button(say(language, f"triage-{act}"), f"{act}:{line.id}") for act in standing.offered]
    head = news.head if is_new or line.kind == "person" else say(language, "triage-head")
    text = "\n".join([news.text, *more])
    return msgspec.structs.replace(news, text=text, head=head, rows=_in_rows(buttons, _WIDE), subject=subject)


def standing_line(language: str, standing: Standing, unit: str, zone: ZoneInfo) -> str:
    """Where a tip stands at the desk: with whom, since which hour; with what it ended, and with which `unit`."""
    line = standing.line
    values = {
        "who": standing.name or say(language, "triage-nobody"),
        "when": _hour(language, line.since or line.hour, zone),
        "outcome": say(language, f"triage-as-{line.outcome}") if line.outcome else "",
        "unit": unit,
    }
    is_elsewhere = line.state is TipState.CLOSED and line.outcome == "forwarded" and unit
    return say(language, "triage-is-forwarded" if is_elsewhere else f"triage-is-{line.state}", values)


def _hour(language: str, hour: datetime, zone: ZoneInfo) -> str:
    local = hour.astimezone(zone)
    return say(language, "triage-hour", {"hour": f"{local:%H}", "day": f"{local:%d/%m}"})


def outcomes(language: str, line: TipLine) -> Said:
    """Asks with which outcome a tip is closed."""
    buttons = [Button(say(language, f"triage-as-{one}"), f"close:{line.id}:{one}") for one in ASKED]
    return Said(say(language, "triage-close-how", {"name": short_name(line.id)}), rows=tuple((one,) for one in buttons))


def alike_list(language: str, line: TipLine, found: Sequence[tuple[TipLine, str]], zone: ZoneInfo) -> Said:
    """The tips that may be about the same thing, each with its hour and where it stands."""
    name = short_name(line.id)
    if not found:
        return Said(say(language, "triage-same-none", {"name": name}))
    lines = [say(language, "triage-same-which", {"name": name})]
    for one, how in found:
        values = {"name": short_name(one.id), "when": _hour(language, one.hour, zone), "stands": how}
        lines.append(say(language, "triage-same-line", values))
    buttons = [Button(short_name(one.id), f"same:{line.id}:{one.id}") for one, _ in found]
    return Said("\n".join(lines), rows=_in_rows(buttons))


def tip_forwarded(language: str, line: TipLine, commune: str) -> Said:
    """To the unit that is to handle it: that there is a tip, and of what kind."""
    text = tip_in_a_line(language, line, commune) + "\n" + say(language, "triage-to-unit")
    return Said(text, head=say(language, "triage-to-unit-head"))


# --- open tips -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """A tip in the inbox: its commune's name, and where it stands in words."""

    line: TipLine
    commune: str
    stands: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox, counted from 0; `blocked`: of the tips whose senders were shut out."""

    tips: Sequence[Listed]
    number: int
    blocked: bool
    has_more: bool


def inbox(language: str, page: Page, counts: Mapping[tuple[TipState, bool], int], now: datetime) -> Said:
    """The open tips. `counts`: by state and whether the sender was shut out."""
    count = {state.value: counts.get((state, page.blocked), 0) for state in TipState if state is not TipState.CLOSED}
    lines = [say(language, "triage-inbox", count)]
    lines += [_listed(language, one, now) for one in page.tips] or [say(language, "triage-inbox-empty")]
    head = say(language, "triage-inbox-head-blocked" if page.blocked else "triage-inbox-head")
    blocked = sum(number for (_, shut_out), number in counts.items() if shut_out)
    return Said("\n\n".join(lines), head=head, rows=_inbox_rows(language, page, blocked))


def _listed(language: str, one: Listed, now: datetime) -> str:
    hours = max(0, int((now - one.line.hour) / timedelta(hours=1)))
    tip = tip_in_a_line(language, one.line, one.commune)
    return say(language, "triage-inbox-line", {"tip": tip, "since": how_long(language, hours), "stands": one.stands})


def _inbox_rows(language: str, page: Page, blocked: int) -> tuple[tuple[Button, ...], ...]:
    rows = _in_rows([Button(short_name(one.line.id), f"tipcard:{one.line.id}") for one in page.tips])
    if page.has_more:
        which = "blocked" if page.blocked else "open"
        rows += ((Button(say(language, "triage-inbox-more"), f"inbox:{which}:{page.number + 1}"),),)
    if blocked and not page.blocked:
        rows += ((Button(say(language, "triage-inbox-blocked", {"count": blocked}), "inbox:blocked:0"),),)
    return rows


def _in_rows(buttons: Sequence[Button], wide: int = IN_A_ROW) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[at : at + wide]) for at in range(0, len(buttons), wide))
