"""A coordinator takes a tip, checks it, closes it, gives it back: what the buttons of its card do.

Every act reads how the tip stands under a lock, so that of two who press at once the second is told what changed.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot import triage_cards
from bot.channels.channel import Said
from bot.desk import Desk
from bot.domain.shut_out import ShutOut
from bot.domain.tip import Outcome, TipState, short_name
from bot.domain.triage import ASKED, Act, Standing, is_kept_from
from bot.storage.audit import write_audit
from bot.storage.outbox import Parcel, Priority
from bot.storage.triage import find_standing
from bot.turn import Turn, begin
from handlers.desk_cards import show_everywhere, stands

_LONGEST_ID = 32


# --- may this be done now? -------------------------------------------------------------------------------------------


async def known(turn: Turn, tip: str) -> Standing | None:
    """How the tip stands; None after saying that there is none, also where this member's unit must not learn of it."""
    plain = tip.isascii() and tip.replace("-", "").isalnum() and len(tip) <= _LONGEST_ID
    found = await find_standing(turn.work, tip, lock=True) if plain else None
    unit = turn.member.unit if turn.member else None
    if found is None or (unit and is_kept_from(found.line, unit, turn.house.programme.units)):
        turn.tell("triage-no-such")
        return None
    return found


async def permitted(turn: Turn, tip: str, act: Act) -> Standing | None:
    """How the tip stands, where this member may do this now; None after saying how it stands instead."""
    if turn.member is None or not turn.member.may_coordinate:
        turn.tell("house-not-yours")
        return None
    standing = await known(turn, tip)
    if standing is None or standing.may(turn.member, act):
        return standing
    await not_now(turn, standing)
    return None


async def not_now(turn: Turn, standing: Standing) -> None:
    """Says how the tip stands, and sees to it that its cards do too: an old one was pressed."""
    turn.tell("triage-not-now", name=short_name(standing.line.id), stands=stands(turn, standing))
    await show_everywhere(turn, standing.line.id)


# --- what is done ----------------------------------------------------------------------------------------------------


async def take(turn: Turn, tip: str) -> None:
    """The tip is this coordinator's, if nobody was before them."""
    standing = await permitted(turn, tip, Act.TAKE)
    if standing is None or turn.member is None:
        return
    if await turn.house.room(Desk).take(turn.work, tip, turn.member.id, turn.now) is None:
        await not_now(turn, standing)
        return
    await _done(turn, tip, Act.TAKE)


async def check(turn: Turn, tip: str) -> None:
    """It is being looked into."""
    if await permitted(turn, tip, Act.CHECK):
        await _move(turn, tip, TipState.CHECKING, Act.CHECK)


async def give_back(turn: Turn, tip: str) -> None:
    """Anybody may take it again."""
    if await permitted(turn, tip, Act.RETURN):
        await _move(turn, tip, TipState.RECEIVED, Act.RETURN)


async def reopen(turn: Turn, tip: str) -> None:
    """What was closed goes on, in this coordinator's hands; whoever was shut out for it is let in again."""
    if turn.member and await permitted(turn, tip, Act.REOPEN):
        turn.house.room(ShutOut).let_in(tip)
        await _move(turn, tip, TipState.CHECKING, Act.REOPEN, turn.member.id)


async def spam(turn: Turn, tip: str) -> None:
    if standing := await permitted(turn, tip, Act.SPAM):
        await end(turn, standing, Outcome.SPAM)


async def close(turn: Turn, rest: str) -> None:
    """Asks with which outcome, or closes it with one. `rest`: the tip, and after a colon the outcome."""
    tip, _, outcome = rest.partition(":")
    standing = await permitted(turn, tip, Act.CLOSE)
    if standing is None:
        return
    if not outcome:
        turn.say(triage_cards.outcomes(turn.language, standing.line))
    elif outcome not in ASKED:
        turn.tell("house-old-button")
    elif outcome == Outcome.FORWARDED:
        begin(turn, "triage", {"tip": tip})
    else:
        await end(turn, standing, Outcome(outcome))
        await cover(turn, tip)


async def end(turn: Turn, standing: Standing, outcome: Outcome, about: str = "") -> None:
    """Closes the tip. Whoever sent spam is shut out until midnight; of others nobody has to know any more."""
    assert turn.member is not None
    tip, senders = standing.line.id, turn.house.room(ShutOut)
    if outcome is Outcome.SPAM:
        senders.shut_out(tip, _midnight(turn), turn.now)
    else:
        senders.forget(tip)
    await turn.house.room(Desk).move(turn.work, tip, TipState.CLOSED, turn.now, outcome, turn.member.id)
    await _done(turn, tip, Act.CLOSE, f" {outcome}{about}")


async def cover(turn: Turn, tip: str) -> None:
    """The question that was answered becomes its answer, and loses its buttons."""
    standing = await find_standing(turn.work, tip)
    if standing and turn.heard.reply_to and turn.can.edit:
        said = Said(turn.word("triage-answered", name=short_name(tip), stands=stands(turn, standing)))
        parcel = Parcel(turn.heard.channel, turn.heard.chat, said, act="edit", ref=turn.heard.reply_to)
        turn.post(parcel, Priority.ANSWER)


async def _move(turn: Turn, tip: str, to: TipState, act: Act, by: str | None = None) -> None:
    await turn.house.room(Desk).move(turn.work, tip, to, turn.now, by=by)
    await _done(turn, tip, act)


async def _done(turn: Turn, tip: str, act: Act, about: str = "") -> None:
    """Writes down who did it, and shows it wherever the tip's card stands."""
    assert turn.member is not None
    await write_audit(turn.work, turn.now, turn.member.id, f"tip.{act}", f"tip:{short_name(tip)}{about}")
    await show_everywhere(turn, tip)


def _midnight(turn: Turn) -> datetime:
    """The end of the day, in the province."""
    tomorrow = turn.now.astimezone(turn.house.programme.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), turn.house.programme.zone)
