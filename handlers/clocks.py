"""The desk and the clocks of a tip: why a term ends when it does, and that what it asks has been done."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards import explained
from bot.domain.clock_row import ClockRow, TipEventKind
from bot.domain.clock_why import explain
from bot.domain.deadline import DayOff
from bot.domain.tip import short_name
from bot.domain.tip_clock import RunningClock, TipEvent, running
from bot.storage.audit import write_audit
from bot.storage.tip_events import events_of, record_event
from bot.storage.tips import find_tip
from bot.tip_cards import SAID_BY_HAND
from bot.turn import Turn


@dataclass(frozen=True, slots=True)
class ClockRules:
    """The rows that clocks are counted with, the communes that have the longer term, and the days off."""

    rows: tuple[ClockRow, ...]
    remote: frozenset[str]
    is_day_off: DayOff


async def show_why(turn: Turn, rest: str) -> None:
    """Why this term ends when it does: the row, what was counted, and the legal source."""
    tip, _, row = rest.partition(":")
    clock = next((one for one in await _clocks(turn, tip) if one.row.id == row), None)
    if clock is None:
        turn.tell("house-old-button")
        return
    turn.say_text(f"{short_name(tip)}\n{explained(turn.language, explain(clock))}")


async def done(turn: Turn, rest: str) -> None:
    """A notice that the law asks for was given outside of this house; whoever says so stands in the audit log."""
    tip, _, kind = rest.partition(":")
    if turn.member is None or kind not in SAID_BY_HAND or not await find_tip(turn.work, tip):
        turn.tell("house-old-button")
        return
    event = TipEventKind(kind)
    if any(one.kind is event for one in (await events_of(turn.work, [tip]))[tip]):
        turn.tell("tip-clock-noted-before")
        return
    await record_event(turn.work, tip, TipEvent(event, turn.now))
    await write_audit(turn.work, turn.now, turn.member.id, f"tip.{event}", f"tip:{short_name(tip)}")
    turn.tell("tip-clock-noted", name=short_name(tip))


async def _clocks(turn: Turn, tip: str) -> tuple[RunningClock, ...]:
    found, rules = await find_tip(turn.work, tip), turn.house.room(ClockRules)
    if found is None:
        return ()
    events, remote = (await events_of(turn.work, [tip]))[tip], found[0].commune in rules.remote
    return running(rules.rows, events, turn.house.programme.zone, rules.is_day_off, remote=remote)
