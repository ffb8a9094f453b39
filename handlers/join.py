"""How members and chats come in: a code, typed or behind a link, that was made for one unit and works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import chance
from bot.conversation import Flow, Form
from bot.domain.member import Chat, ChatKind, Member, Role
from bot.domain.plain import clean
from bot.domain.programme import Programme
from bot.storage.audit import write_audit
from bot.storage.database import Work
from bot.storage.keys import Keyring
from bot.storage.members import (
    Invitation,
    add_invitation,
    add_member,
    bind_member,
    find_invitation,
    put_chat,
    put_door,
    use_invitation,
)
from bot.storage.web_rooms import UNIT_ROOM
from bot.talk.ask import Ask
from bot.talk.step import Name, Option, Phrase
from bot.turn import Turn, begin
from handlers.work import tell_what_is_near

CODE_LENGTH = 10
LASTS = timedelta(days=7)
_DESK = "desk"
_WEB = "web"


def code_key(keyring: Keyring, code: str) -> bytes:
    """Under what a code is kept: a keyed hash, so that the database gives none away."""
    return keyring.members.pseudonym("invitation", code.strip().upper().replace("-", ""))


def door_key(keyring: Keyring, secret: str) -> bytes:
    """Under what the secret of a personal link is kept: a keyed hash, so that the database opens no door."""
    return keyring.members.pseudonym("door", secret)


# --- a coordinator makes codes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InviteGiven:
    """The units, and what somebody can be let into: rooms on the web only where there is a web page."""

    programme: Programme
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InviteDraft:
    """What is made: an invitation of a "member", of a "chat", or a "room" on the web for the person called `name`."""

    kind: str
    unit: str | None
    name: str = ""


async def invite_flow(ask: Ask, given: InviteGiven) -> InviteDraft:
    """For whom: a unit, or the coordinators' desk; and what for."""
    kind = await ask.choice("kind", [Option(kind, Phrase(f"invite-kind-{kind}")) for kind in given.kinds])
    units = [Option(unit.code, Name(unit.name), unit.aliases) for unit in given.programme.units]
    unit = await ask.pick("unit", [Option(_DESK, Phrase("invite-desk")), *units])
    name = await ask.text("name", at_most=80) if kind == "room" else ""
    return InviteDraft(kind, None if unit == _DESK else unit, name)


async def _given(turn: Turn, _form: Form) -> InviteGiven:
    return InviteGiven(
        turn.house.programme, ("member", "chat", "room") if _WEB in turn.house.can else ("member", "chat")
    )


async def _make(turn: Turn, given: InviteGiven, draft: InviteDraft) -> None:
    if turn.member is None or not turn.member.may_coordinate:
        turn.tell("house-not-yours")
        return
    programme, kind, of_unit = given.programme, draft.kind, draft.unit
    await write_audit(turn.work, turn.now, turn.member.id, "invite", f"{kind} {of_unit or _DESK}")
    if kind == "room":
        await _make_room(turn, programme, draft)
        return
    role = None if kind == "chat" else Role.COORDINATOR if of_unit is None else Role.OFFICER
    code = chance.code(CODE_LENGTH)
    invitation = Invitation(kind, role, of_unit, turn.now + LASTS, None)
    await add_invitation(turn.work, code_key(turn.house.keyring, code), invitation)
    name = programme.unit_name(of_unit) if of_unit else turn.word("invite-desk")
    link = turn.house.bot_link()
    where = f"{link}?start={code}" if link and kind == "member" else ""
    sentence = "invite-made-chat" if kind == "chat" else "invite-made-link" if where else "invite-made-member"
    turn.tell(sentence, unit=name, code=code, link=where, days=LASTS.days)


async def _make_room(turn: Turn, programme: Programme, draft: InviteDraft) -> None:
    name = programme.unit_name(draft.unit) if draft.unit else turn.word("invite-desk")
    role = Role.OFFICER if draft.unit else Role.COORDINATOR
    member = Member(chance.name(), draft.name, role, draft.unit)
    secret = await open_room(turn.work, turn.house.keyring, member, name)
    turn.tell("invite-made-room", unit=name, name=draft.name, link=f"{turn.house.web_address}/r/{secret}")


async def open_room(work: Work, keyring: Keyring, member: Member, title: str) -> str:
    """A room on the web for a new member: the secret of the personal link with which they speak there."""
    secret = chance.token(20).hex()
    kind = ChatKind.UNIT if member.unit else ChatKind.TRIAGE
    units = frozenset({member.unit} if member.unit else ())
    chat = await put_chat(work, Chat(chance.name(), _WEB, UNIT_ROOM + (member.unit or _DESK), kind, title, units))
    await add_member(work, member)
    await bind_member(work, member.id, (_WEB, member.id))
    await put_door(work, door_key(keyring, secret), member.id, chat.id)
    return secret


INVITE = Flow(_given, lambda given: invite_flow(Ask("invite"), given), _make)


async def begin_invite(turn: Turn, _rest: str) -> None:
    """Codes and links are shown only in private or at the desk: whoever reads one can use it."""
    at_desk = turn.place is not None and turn.place.kind is ChatKind.TRIAGE
    if turn.heard.private or at_desk:
        begin(turn, "invite")
    else:
        turn.tell("invite-in-private")


# --- somebody uses one -----------------------------------------------------------------------------------------------


async def _used(turn: Turn, code: str, kind: str) -> Invitation | None:
    """The invitation behind the code, used up now; None after saying what is wrong with it."""
    found = await find_invitation(turn.work, code_key(turn.house.keyring, code))
    if found is None:
        turn.tell("join-unknown")
    elif found.kind != kind:
        turn.tell("join-for-chat" if found.kind == "chat" else "join-for-member")
    elif found.used_at is not None:
        turn.tell("join-used")
    elif found.expires_at < turn.now:
        turn.tell("join-expired")
    elif kind == "member" and turn.member is not None:
        turn.tell("join-already", name=turn.member.name)
    elif kind == "chat" and turn.place is not None and (turn.place.kind is ChatKind.UNIT) != bool(found.unit):
        turn.tell("bind-other-kind")
    elif not await use_invitation(turn.work, code_key(turn.house.keyring, code), turn.now):
        turn.tell("join-used")  # somebody else was faster
    else:
        return found
    return None


async def join(turn: Turn, code: str) -> None:
    """A person comes in with an invitation, in their private chat on a platform that knows who they are.

    On the web nobody joins so: the address there is a citizen's secret, which is never kept in clear.
    """
    if not turn.can.identity:
        turn.tell("join-not-here")
        return
    invitation = await _used(turn, code, "member")
    if invitation is None:
        return
    assert invitation.role is not None
    name = clean(turn.heard.name)[:80] or turn.word("join-nameless")
    turn.member = member = Member(chance.name(), name, invitation.role, invitation.unit)
    turn.language = member.language
    await add_member(turn.work, member)
    await bind_member(turn.work, member.id, (turn.heard.channel, turn.heard.sender), turn.heard.chat)
    await write_audit(turn.work, turn.now, member.id, "join", f"{member.role} {member.unit or _DESK}")
    if member.may_coordinate:
        turn.tell("join-welcome-coordinator", name=member.name)
    else:
        turn.tell("join-welcome", name=member.name, unit=turn.house.programme.unit_name(member.unit or ""))


async def bind(turn: Turn, code: str) -> None:
    """A group becomes the chat of a unit, or the coordinators' desk; one is never made into the other."""
    if not code:
        turn.tell("bind-how")
        return
    invitation = await _used(turn, code, "chat")
    if invitation is None:
        return
    programme = turn.house.programme
    name = programme.unit_name(invitation.unit) if invitation.unit else turn.word("invite-desk")
    kind = ChatKind.UNIT if invitation.unit else ChatKind.TRIAGE
    units = frozenset({invitation.unit} if invitation.unit else ())
    title = clean(turn.heard.chat_title)[:80] or name
    turn.place = await put_chat(turn.work, Chat(chance.name(), turn.heard.channel, turn.heard.chat, kind, title, units))
    who = turn.member.id if turn.member else "code"
    await write_audit(turn.work, turn.now, who, "bind", f"{turn.place.id} {invitation.unit or _DESK}")
    turn.tell("bind-done" if invitation.unit else "bind-done-desk", unit=name)
    await tell_what_is_near(turn)
