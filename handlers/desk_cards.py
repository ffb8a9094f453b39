"""What the desk hears of tips: their cards, wherever these stand, and what is added to a tip."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from bot import chance, triage_cards
from bot.channels.channel import Said
from bot.domain.member import ChatKind
from bot.domain.shut_out import ShutOut
from bot.domain.tip import TipLine, Urgency
from bot.domain.triage import Standing, kept_from
from bot.storage.members import Address, chats_at, chats_of_kind, members_at, refs_about
from bot.storage.outbox import Parcel, Priority
from bot.storage.triage import Hidden, find_standing, young_tips
from bot.turn import Turn
from handlers.communes import commune_name

SUBJECT = "tip:"


def subject_of(turn: Turn, tip: str) -> str:
    """What a card is about. Where messages stand is kept in the order they were sent, so this leads to no tip for who
    does not hold the installation's key.
    """
    return SUBJECT + turn.house.keyring.vault("tip-cards").pseudonym(tip)[:16].hex()


def stands(turn: Turn, standing: Standing, language: str = "") -> str:
    """Where the tip stands, in words: with whom, since when."""
    programme = turn.house.programme
    unit = programme.unit_name(standing.unit) if standing.unit else ""
    return triage_cards.standing_line(language or turn.language, standing, unit, programme.zone)


def card(turn: Turn, standing: Standing, language: str = "") -> Said:
    """The tip as the desk sees it, with what can be done now."""
    language = language or turn.language
    place, subject = commune_name(turn, standing.line.commune), subject_of(turn, standing.line.id)
    return triage_cards.tip_card(language, standing, place, stands(turn, standing, language), subject)


async def announce(turn: Turn, line: TipLine) -> None:
    """A new tip: to all triage chats, in their language. At once when it is urgent; else after a random few minutes, so
    that the time of the notice tells nothing. Nobody is called for one of a blocked sender.
    """
    if line.blocked:
        return
    after = timedelta() if line.urgency is Urgency.NOW else chance.minutes(*turn.house.notice_delay)
    subject = subject_of(turn, line.id)
    for desk in await chats_of_kind(turn.work, ChatKind.TRIAGE):
        parcel = Parcel(desk.channel, desk.address, card(turn, Standing(line), desk.language))
        turn.post(parcel, Priority.TIP, after=after, once=f"{subject}:{desk.id}")


async def tell_the_desk(turn: Turn, line: TipLine, said: Callable[[str], Said]) -> None:
    """Says something about a tip to all triage chats, in their language, after a random few minutes. Nobody is called
    for a sender who is shut out.
    """
    if line.blocked or turn.house.room(ShutOut).is_shut_out(turn.sender_day, turn.now):
        return
    after = chance.minutes(*turn.house.notice_delay)
    for desk in await chats_of_kind(turn.work, ChatKind.TRIAGE):
        turn.post(Parcel(desk.channel, desk.address, said(desk.language)), Priority.TIP, after=after)


async def show_everywhere(turn: Turn, tip: str) -> None:
    """Every card of the tip shows how it stands now, those too that still wait to be sent."""
    standing = await find_standing(turn.work, tip)
    assert standing is not None
    subject = subject_of(turn, tip)
    refs = await refs_about(turn.work, subject)
    spoken = await _languages(turn, {(channel, address) for channel, address, _ in refs})
    for channel, address, ref in refs:
        said = card(turn, standing, spoken[channel, address])
        if channel in turn.house.can and turn.house.can[channel].edit:
            parcel = Parcel(channel, address, said, act="edit", ref=ref)
            turn.post(parcel, Priority.ANSWER, once=_place(turn, subject, channel, address, ref))
    for desk in await chats_of_kind(turn.work, ChatKind.TRIAGE):
        waiting = Parcel(desk.channel, desk.address, card(turn, standing, desk.language))
        await turn.house.outbox.replace(turn.work, f"{subject}:{desk.id}", waiting)
    if not turn.can.edit:
        turn.say(card(turn, standing))


async def hidden_from(turn: Turn) -> Hidden:
    """What this member must not learn of; and tips whose notice still waits its random minutes: a list that is looked
    at again and again would tell when they came.
    """
    unit = turn.member.unit if turn.member else None
    communes = kept_from(unit, turn.house.programme.units) if unit else frozenset[str]()
    waiting = {key.rpartition(":")[0] for key in await turn.house.outbox.waiting(turn.work, SUBJECT)}
    if not waiting:
        return Hidden(communes)
    young = await young_tips(turn.work, turn.now - timedelta(hours=1))
    return Hidden(communes, [tip for tip in young if subject_of(turn, tip) in waiting])


def _place(turn: Turn, *where: str) -> str:
    """A key for the one message there: of two edits that wait, the later is sent."""
    return "card:" + turn.house.keyring.vault("tip-cards").pseudonym(*where).hex()


async def _languages(turn: Turn, where: Iterable[Address]) -> dict[Address, str]:
    """What is spoken at these addresses: in a group its language, in private the member's."""
    places = set(where)
    chats = await chats_at(turn.work, places)
    people = await members_at(turn.work, places - set(chats))
    spoken = {at: chat.language for at, chat in chats.items()} | {at: one.language for at, one in people.items()}
    return {at: spoken.get(at, turn.language) for at in places}
