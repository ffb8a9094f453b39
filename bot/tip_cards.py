"""How a tip, its receipt and its talk look as a message, to the citizen and to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import explained, moment
from bot.channels.channel import Button, Said
from bot.domain.clock_row import TipEventKind
from bot.domain.clock_why import lit, reminded
from bot.domain.ladder import Rung
from bot.domain.receipt import Receipt
from bot.domain.tip import TipLine, TipState, short_name
from bot.domain.tip_clock import RunningClock
from bot.words import has, say

MOST_OF_A_TALK = 12_000
"""Characters of a talk that are shown at once."""

MOST_CLOCKS = 8
"""Clocks that one message names."""

SAID_BY_HAND = (TipEventKind.ARRIVAL_TOLD, TipEventKind.RESULT_TOLD)

UNOPENED = timedelta(hours=24)
"""A tip that nobody took for so long: the citizen is told of other routes. 24 hours: TTLT 01/2017 (docs/design.md)."""


# --- to the desk -----------------------------------------------------------------------------------------------------


def tip_news(language: str, line: TipLine, commune: str) -> Said:
    """A tip to the desk: kind, commune and urgency, nothing that was written."""
    head = say(language, "tip-news-help" if line.kind == "person" else "tip-news-head")
    return Said(tip_in_a_line(language, line, commune) + "\n" + say(language, "tip-news-sealed"), head=head)


def tip_in_a_line(language: str, line: TipLine, commune: str) -> str:
    """What everybody at the desk may know of a tip: its short name, kind, commune, urgency."""
    values = {
        "name": short_name(line.id),
        "kind": say(language, f"tip-kind-{line.kind}"),
        "commune": commune or say(language, "tip-place-unknown"),
        "urgency": say(language, f"tip-urgency-{line.urgency}"),
        "official": line.official.value,
    }
    return say(language, "tip-news", values)


def tip_more(language: str, line: TipLine) -> Said:
    """Something was added to a tip."""
    return Said(say(language, "tip-more", {"name": short_name(line.id)}))


def talk_over(language: str, line: TipLine) -> Said:
    """The citizen has closed the talk for good."""
    return Said(say(language, "tip-talk-over", {"name": short_name(line.id)}))


def clocks_card(language: str, due: Sequence[tuple[str, RunningClock, Rung]], now: datetime) -> Said:
    """What clocks ask, those due first on top: the light, the tip's short name, what is to be done, by when."""
    ordered = sorted(due, key=lambda one: one[1].due)
    lines = [_clock_line(language, *one, now) for one in ordered[:MOST_CLOCKS]]
    if len(ordered) > MOST_CLOCKS:
        lines.append(say(language, "tip-clocks-more", {"count": len(ordered) - MOST_CLOCKS}))
    tip, clock, _ = ordered[0]
    why = [Button(say(language, "button-why"), f"tipwhy:{tip}:{clock.row.id}")]
    rows = ((*why, *_doable(language, tip, clock)),) if len(ordered) == 1 else ()
    return Said("\n".join(lines), head=say(language, "tip-clocks-head"), rows=rows)


def _clock_line(language: str, tip: str, clock: RunningClock, rung: Rung, now: datetime) -> str:
    light = explained(language, lit(clock.light(now))).split(" ", 1)[0]
    return f"{light} {short_name(tip)}: {explained(language, reminded(clock, rung))}"


def _doable(language: str, tip: str, clock: RunningClock) -> list[Button]:
    """What the desk does outside of this house, and says here that it has."""
    told = [kind for kind in clock.row.until if kind in SAID_BY_HAND]
    return [Button(say(language, f"tip-clock-done-{kind}"), f"tipdone:{tip}:{kind}") for kind in told]


# --- to the citizen --------------------------------------------------------------------------------------------------


def receipt_card(language: str, receipt: Receipt, *, here: bool, web: str, trace: str | None) -> Said:
    """The receipt, shown until it has been copied, with what to do with it. `trace`: what erasing needs to know; None
    where nothing can be erased.
    """
    values = {"receipt": receipt.grouped(), "back": "here" if here else "receipt", "web": web or "none"}
    copied = Button(say(language, "button-copied"), f"copied:{language}:{trace or ''}")
    wipe = Button(say(language, "button-forget-here" if here else "button-copied-wipe"), f"wipe:{language}:{trace}")
    rows = ((copied,),) if trace is None else ((copied,), (wipe,))
    return Said(say(language, "receipt-card", values), head=say(language, "receipt-head"), rows=rows, protect=True)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a talk, opened. `number` is its place among a tip's parts."""

    ours: bool
    number: int
    hour: datetime
    text: str


def tip_state(language: str, line: TipLine, now: datetime, hotlines: str) -> str:
    """Where a tip stands, in plain words, and since when; with other routes where nobody has opened it for long."""
    since = line.since or line.hour
    hours = max(0, int((now - since) / timedelta(hours=1)))
    sentence = f"tip-state-{line.outcome if line.state is TipState.CLOSED else line.state}"
    state = say(language, sentence, {"since": how_long(language, hours)})
    if line.state is TipState.RECEIVED and now - line.hour >= UNOPENED:
        state += " " + say(language, "tip-state-other-routes", {"hotlines": hotlines})
    return state


def how_long(language: str, hours: int) -> str:
    if hours < 48:  # noqa: PLR2004 - two days are told in hours: somebody waits
        return say(language, "since-hours", {"hours": hours})
    return say(language, "since-days", {"days": hours // 24})


def talk_card(language: str, state: str, messages: Sequence[Message], zone: ZoneInfo) -> Said:
    """Where the tip stands, and what was said since, oldest first."""
    lines = [state]
    for one in _newest(messages):
        values = {"at": moment(language, one.hour, zone), "text": one.text}
        lines.append(say(language, "talk-ours" if one.ours else "talk-theirs", values))
    if len(lines) == 1:
        lines.append(say(language, "talk-empty"))
    return Said("\n\n".join(lines), head=say(language, "talk-head"))


def _newest(messages: Sequence[Message]) -> Sequence[Message]:
    """As many of the newest as one card holds, oldest first."""
    sizes = [sum(len(one.text) for one in messages[n:]) for n in range(len(messages))]
    return messages[next((n for n, size in enumerate(sizes) if size <= MOST_OF_A_TALK), len(messages) - 1) :]


def talk_news(language: str) -> Said:
    """There is a message at the receipt. Nothing of it, nor of what it is about, stands here."""
    return Said(say(language, "talk-new"))


def erased(language: str, channel: str, gone: int, left: int) -> Said:
    """How many messages are gone, how many are not, and how the person deletes the rest."""
    lines = [say(language, "erased", {"gone": gone})]
    if left:
        lines.append(say(language, "erased-left", {"left": left}))
    if has(language, f"erased-how-{channel}"):
        lines.append(say(language, f"erased-how-{channel}"))
    lines.append(say(language, "erased-way-back"))
    return Said("\n".join(lines))
