"""A coordinator forwards a tip to the unit that is to handle it, never to one whose official it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import triage_cards
from bot.conversation import Flow, Form
from bot.domain.member import Chat
from bot.domain.tip import Outcome, TipLine, short_name
from bot.domain.triage import Act, is_kept_from, may_learn
from bot.domain.unit import Unit
from bot.storage.members import chats_of_units
from bot.storage.outbox import Parcel, Priority
from bot.storage.triage import find_standing, forward_to
from bot.talk.ask import Ask
from bot.talk.step import Name, Option, Phrase
from bot.turn import Turn, begin
from handlers.communes import commune_name
from handlers.triage import end, permitted


@dataclass(frozen=True, slots=True)
class ForwardGiven:
    """The tip, the units that may learn of it, and the chats in which only such units speak."""

    tip: str
    units: Sequence[Unit]
    chats: Mapping[str, Sequence[Chat]]


async def forward_tip(ask: Ask, given: ForwardGiven) -> str:
    """Which unit, and whether that is meant; returns its code."""
    names = {unit.code: unit.name for unit in given.units}
    code = await ask.pick("unit", [Option(unit.code, Name(unit.name), unit.aliases) for unit in given.units])
    values: dict[str, str | int | Phrase] = {"name": short_name(given.tip), "unit": names.get(code, code)}
    sure = Phrase("triage-sure", values | {"count": len(given.chats.get(code, ()))})
    await ask.confirm("sure", sure, yes=Phrase("triage-send"))
    return code


async def _given(turn: Turn, form: Form) -> ForwardGiven:
    tip, units = str(form.about["tip"]), turn.house.programme.units
    standing = await find_standing(turn.work, tip)
    if standing is None:
        return ForwardGiven(tip, (), {})
    line, chats = standing.line, await chats_of_units(turn.work)
    fit = {unit: [chat for chat in some if _may_learn(turn, line, chat)] for unit, some in chats.items()}
    return ForwardGiven(tip, may_learn(line, units), fit)


def _may_learn(turn: Turn, line: TipLine, chat: Chat) -> bool:
    """A chat may be that of several units: none of them must be one that the tip is kept from."""
    return not any(is_kept_from(line, unit, turn.house.programme.units) for unit in chat.units)


async def _forward(turn: Turn, given: ForwardGiven, code: str) -> None:
    standing = await permitted(turn, given.tip, Act.FORWARD)
    if standing is None or code not in {unit.code for unit in given.units}:
        return
    await forward_to(turn.work, given.tip, code)
    await end(turn, standing, Outcome.FORWARDED, f" unit:{code}")
    chats = given.chats.get(code, ())
    for chat in chats:
        said = triage_cards.tip_forwarded(chat.language, standing.line, commune_name(turn, standing.line.commune))
        turn.post(Parcel(chat.channel, chat.address, said), Priority.TIP)
    name = turn.house.programme.unit_name(code)
    turn.tell("triage-forwarded", name=short_name(given.tip), unit=name, count=len(chats))


FORWARD = Flow(_given, lambda given: forward_tip(Ask("triage"), given), _forward)


async def begin_forward(turn: Turn, tip: str) -> None:
    """Asks to which unit."""
    if await permitted(turn, tip, Act.FORWARD):
        begin(turn, "triage", {"tip": tip})
