"""A coordinator broadcasts: what is written, to whom, a preview with counts; and the units say that they have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import cards, chance
from bot.channels.channel import Button, Said
from bot.conversation import Flow, Form
from bot.domain.member import Chat, Member
from bot.domain.notice import Notice
from bot.domain.programme import Programme
from bot.domain.unit import select
from bot.storage.audit import write_audit
from bot.storage.members import chats_by_id, chats_of_units
from bot.storage.notices import acknowledge, add_notice, find_notice, ledger, missing
from bot.storage.outbox import Parcel, Priority
from bot.storage.subscribers import Subscribers
from bot.talk.ask import Ask
from bot.talk.step import Name, Option, Phrase
from bot.turn import Turn, begin
from bot.words import say

_PICKED = "picked"
_WARNED = "warned"
_AUDIENCES = ("all", "level:commune", "level:province", _PICKED, _WARNED)
_MOST = 3500
_NAMED = 20


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """The units, the chats that speak for each, and how many citizens want the province's public warnings."""

    programme: Programme
    chats: Mapping[str, Sequence[Chat]]
    warned: int = 0

    def reach(self, audience: Sequence[str]) -> tuple[dict[str, Chat], list[str]]:
        """The chats of an audience by id, and the names of its units that have none."""
        units = select(audience, self.programme.units)
        chats = {chat.id: chat for unit in units for chat in self.chats.get(unit.code, ())}
        return chats, [unit.name for unit in units if not self.chats.get(unit.code)]


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    body: str
    audience: tuple[str, ...]


async def write_notice(ask: Ask, given: NoticeGiven) -> NoticeDraft:
    """What a coordinator is asked."""
    body = await ask.text("body", at_most=_MOST)
    chosen = await ask.choice("audience", [Option(a, Phrase(f"notice-to-{a.rpartition(':')[2]}")) for a in _AUDIENCES])
    audience: tuple[str, ...] = (chosen,)
    if chosen == _WARNED:
        sure = Phrase("notice-sure-warned", {"count": given.warned, "body": body})
        await ask.confirm("sure", sure, yes=Phrase("notice-send"))
        return NoticeDraft(body, audience)
    if chosen == _PICKED:
        units = [Option(unit.code, Name(unit.name), unit.aliases) for unit in given.programme.units]
        audience = await ask.several("units", units)
    chats, without = given.reach(audience)
    counts: dict[str, str | int | Phrase] = {"chats": len(chats), "without": len(without), "body": body}
    counts["names"] = ", ".join(without[:_NAMED]) + ("…" if len(without) > _NAMED else "")
    await ask.confirm("sure", Phrase("notice-sure", counts), yes=Phrase("notice-send"))
    return NoticeDraft(body, audience)


async def _given(turn: Turn, _form: Form) -> NoticeGiven:
    warned = await turn.house.room(Subscribers).count(turn.work)
    return NoticeGiven(turn.house.programme, await chats_of_units(turn.work), warned)


async def _send(turn: Turn, given: NoticeGiven, draft: NoticeDraft) -> None:
    """Queues the notice once for each chat, and shows the coordinator how far it has come."""
    if turn.member is None or not turn.member.may_coordinate:
        turn.tell("house-not-yours")
        return
    if draft.audience == (_WARNED,):
        await _warn(turn, turn.member, draft.body)
        return
    chats, _ = given.reach(draft.audience)
    if not chats:
        turn.tell("notice-nobody")
        return
    notice = Notice(chance.name(), turn.member.id, draft.body, draft.audience, turn.now)
    await add_notice(turn.work, notice, chats)
    await write_audit(turn.work, turn.now, turn.member.id, "notice.send", f"notice:{notice.id} {len(chats)}")
    for chat in chats.values():
        said = cards.notice(chat.language, notice.id, notice.body)
        parcel = Parcel(chat.channel, chat.address, said, about=f"notice:{notice.id}:{chat.id}")
        turn.post(parcel, Priority.NOTICE, once=f"notice:{notice.id}:{chat.id}")
    turn.say(cards.notice_board(turn.language, notice.id, await ledger(turn.work, notice.id)))


async def _warn(turn: Turn, member: Member, body: str) -> None:
    """Queues a public warning for every citizen who wants them; of who got it nothing is kept."""
    citizens = await turn.house.room(Subscribers).all(turn.work)
    await write_audit(turn.work, turn.now, member.id, "warning.send", f"citizens:{len(citizens)}")
    for citizen in citizens:
        stop = Button(say(citizen.language, "warnings-stop"), "unsubscribe:")
        said = Said(body, head=say(citizen.language, "warnings-head"), rows=((stop,),))
        turn.post(Parcel(citizen.channel, citizen.chat, said), Priority.NOTICE)
    turn.tell("notice-warned", count=len(citizens))


WRITE_NOTICE = Flow(_given, lambda given: write_notice(Ask("notice"), given), _send)


# --- the acts of the dispatch table ----------------------------------------------------------------------------------


async def begin_notice(turn: Turn, text: str) -> None:
    """Begins a notice; what follows the command is its text already."""
    begin(turn, "notice", known={"body": text} if text else {})


async def received(turn: Turn, id_: str) -> None:
    """A unit says that it has the notice."""
    if turn.place is None:
        turn.tell("house-not-yours")
        return
    by = turn.member.id if turn.member else None
    fresh = await acknowledge(turn.work, id_, turn.place.id, by, turn.now)
    if fresh is None:
        turn.tell("house-not-yours")
    elif not fresh:
        turn.tell("notice-received-before")
    else:
        turn.tell("notice-received", at=cards.moment(turn.language, turn.now, turn.house.programme.zone))


async def show_missing(turn: Turn, id_: str) -> None:
    """Who has not said so yet."""
    if await find_notice(turn.work, id_) is None:
        turn.tell("house-not-yours")
        return
    chats = await chats_by_id(turn.work, await missing(turn.work, id_))
    names = sorted(chat.title for chat in chats.values())
    if not names:
        turn.tell("notice-all-received")
        return
    shown = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    turn.tell("notice-missing", count=len(names), names=shown)
