"""Members, the chats of units, and the codes with which both come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, or_, select, tuple_, update

from bot.domain.member import Chat, ChatKind, Member, Role
from bot.storage import tables
from bot.storage.database import Work

Address = tuple[str, str]
"""A channel, and the platform's id on it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code lets in: a member (with a role, of a unit) or a chat (of a unit; the triage chat has none)."""

    kind: str
    role: Role | None
    unit: str | None
    expires_at: datetime
    used_at: datetime | None


async def add_member(work: Work, member: Member) -> None:
    values = {
        "id": member.id,
        "name": member.name,
        "role": member.role.value,
        "unit": member.unit,
        "language": member.language,
    }
    await work.put(tables.member, [values])


async def bind_member(work: Work, member: str, where: Address, private_chat: str | None = None) -> None:
    """The person who writes from this address is this member from now on."""
    channel, sender = where
    row = {"channel": channel, "sender": sender, "member": member, "private_chat": private_chat}
    await work.put(tables.member_address, [row])


async def members_at(work: Work, addresses: Iterable[Address]) -> dict[Address, Member]:
    """Who of the addresses is a member."""
    wanted = list(set(addresses))
    if not wanted:
        return {}
    place, person = tables.member_address, tables.member
    found = await work.do(
        select(place.c.channel, place.c.sender, person)
        .join(person, person.c.id == place.c.member)
        .where(tuple_(place.c.channel, place.c.sender).in_(wanted), person.c.left_at.is_(None))
    )
    return {(row.channel, row.sender): _member(row) for row in found}


async def all_members(work: Work) -> dict[str, Member]:
    found = await work.do(select(tables.member))
    return {row.id: _member(row) for row in found}


def _member(row: Any) -> Member:
    return Member(row.id, row.name, Role(row.role), row.unit, row.language)


async def put_chat(work: Work, chat: Chat) -> Chat:
    """Keeps a chat and its units. A chat known by its address keeps its id; its units are added to."""
    known = (await chats_at(work, [(chat.channel, chat.address)])).get((chat.channel, chat.address))
    kept = known.id if known else chat.id
    row = {
        "id": kept,
        "channel": chat.channel,
        "address": chat.address,
        "kind": chat.kind.value,
        "title": chat.title,
        "language": chat.language,
        "lost_at": None,
    }
    await work.put(tables.chat, [row])
    await work.put(tables.chat_unit, [{"chat": kept, "unit": unit} for unit in sorted(chat.units)])
    return next(iter((await chats_by_id(work, [kept])).values()))


async def chats_at(work: Work, addresses: Iterable[Address]) -> dict[Address, Chat]:
    """Which of the addresses are chats that the house knows."""
    wanted = list(set(addresses))
    if not wanted:
        return {}
    chats = await _chats(work, tuple_(tables.chat.c.channel, tables.chat.c.address).in_(wanted))
    return {(chat.channel, chat.address): chat for chat in chats}


async def chats_by_id(work: Work, ids: Sequence[str]) -> dict[str, Chat]:
    return {chat.id: chat for chat in await _chats(work, tables.chat.c.id.in_(ids))}


async def chats_of_kind(work: Work, kind: ChatKind) -> tuple[Chat, ...]:
    """All chats of a kind that have not been lost."""
    return await _chats(work, and_(tables.chat.c.kind == kind.value, tables.chat.c.lost_at.is_(None)))


async def chats_of_units(work: Work) -> Mapping[str, tuple[Chat, ...]]:
    """By unit: the chats that speak for it and have not been lost."""
    chats: dict[str, list[Chat]] = {}
    for chat in await chats_of_kind(work, ChatKind.UNIT):
        for unit in chat.units:
            chats.setdefault(unit, []).append(chat)
    return {unit: tuple(found) for unit, found in chats.items()}


async def _chats(work: Work, where: object) -> tuple[Chat, ...]:
    chat, of = tables.chat, tables.chat_unit
    found = (
        await work.do(
            select(chat, of.c.unit)
            .outerjoin(of, of.c.chat == chat.c.id)
            .where(where)  # type: ignore[arg-type]
            .order_by(chat.c.id)
        )
    ).all()
    units: dict[str, set[str]] = {}
    for row in found:
        units.setdefault(row.id, set()).update({row.unit} - {None})
    rows = {row.id: row for row in found}
    return tuple(
        Chat(
            row.id,
            row.channel,
            row.address,
            ChatKind(row.kind),
            row.title,
            frozenset(units[row.id]),
            row.lost_at is not None,
            row.language,
        )
        for row in rows.values()
    )


async def lose_chat(work: Work, where: Address, now: datetime) -> Chat | None:
    """Marks the chat lost. Returns it the first time only, so that a coordinator is told once."""
    chat = (await chats_at(work, [where])).get(where)
    if chat is None or chat.lost:
        return None
    await work.do(update(tables.chat).where(tables.chat.c.id == chat.id).values(lost_at=now))
    return chat


async def move_chat(work: Work, where: Address, address: str) -> None:
    """A group has a new address; what stood under the old one stands under the new one."""
    channel, old = where
    taken = await chats_at(work, [(channel, address)])
    if not taken:
        chat = tables.chat
        await work.do(
            update(chat).where(chat.c.channel == channel, chat.c.address == old).values(address=address, lost_at=None)
        )
    ref, newer = tables.said_ref, tables.said_ref.alias()
    stood = (ref.c.channel == channel) & (ref.c.address == old)
    there = select(newer.c.ref).where(newer.c.channel == channel, newer.c.address == address)
    await work.do(delete(ref).where(stood, ref.c.ref.in_(there)))  # the platform counts anew in the new chat
    await work.do(update(ref).where(stood).values(address=address))


async def add_invitation(work: Work, code: bytes, invitation: Invitation) -> None:
    """Keeps an invitation under the keyed hash of its code."""
    row = {
        "code": code,
        "kind": invitation.kind,
        "role": invitation.role.value if invitation.role else None,
        "unit": invitation.unit,
        "expires_at": invitation.expires_at,
        "used_at": None,
    }
    await work.put(tables.invitation, [row])


async def find_invitation(work: Work, code: bytes) -> Invitation | None:
    row = (await work.do(select(tables.invitation).where(tables.invitation.c.code == code))).first()
    if row is None:
        return None
    return Invitation(row.kind, Role(row.role) if row.role else None, row.unit, row.expires_at, row.used_at)


async def use_invitation(work: Work, code: bytes, now: datetime) -> bool:
    """Marks it used; False when somebody else was first."""
    table = tables.invitation
    used = await work.do(update(table).where(table.c.code == code, table.c.used_at.is_(None)).values(used_at=now))
    return used.rowcount == 1


async def put_door(work: Work, secret: bytes, member: str, chat: str) -> None:
    """A personal link: who knows the secret speaks as the member in the chat."""
    await work.put(tables.door, [{"secret": secret, "member": member, "chat": chat}])


async def open_door(work: Work, secret: bytes) -> tuple[Member, Chat] | None:
    row = (await work.do(select(tables.door).where(tables.door.c.secret == secret))).first()
    if row is None:
        return None
    found = await work.do(select(tables.member).where(tables.member.c.id == row.member))
    person = found.first()
    chats = await chats_by_id(work, [row.chat])
    if person is None or person.left_at is not None or not chats:
        return None
    return _member(person), chats[row.chat]


async def keep_refs(work: Work, refs: Sequence[tuple[str, str, str, str]]) -> None:
    """Keeps which message is about what: rows of (channel, address, ref, subject)."""
    names = ("channel", "address", "ref", "subject")
    await work.put(tables.said_ref, [dict(zip(names, row, strict=True)) for row in refs])


async def subjects(work: Work, refs: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
    """What the messages at (channel, address, ref) are about."""
    wanted = list(set(refs))
    if not wanted:
        return {}
    table = tables.said_ref
    clauses = [and_(table.c.channel == one, table.c.address == two, table.c.ref == three) for one, two, three in wanted]
    found = await work.do(select(table).where(or_(*clauses)))
    return {(row.channel, row.address, row.ref): row.subject for row in found}


async def refs_about(work: Work, subject: str) -> list[tuple[str, str, str]]:
    """Where messages about the subject stand: (channel, address, ref)."""
    found = await work.do(select(tables.said_ref).where(tables.said_ref.c.subject == subject))
    return [(row.channel, row.address, row.ref) for row in found]


async def furnish_rooms(work: Work, channel: str, rooms: Sequence[tuple[Member, Chat, bytes]]) -> None:
    """Makes rooms in bulk: for each its chat, one member who speaks there, and the hash of the link that leads in."""
    people = [
        {"id": m.id, "name": m.name, "role": m.role.value, "unit": m.unit, "language": m.language} for m, _, _ in rooms
    ]
    places = [{"channel": channel, "sender": m.id, "member": m.id, "private_chat": None} for m, _, _ in rooms]
    chats = [
        {
            "id": chat.id,
            "channel": chat.channel,
            "address": chat.address,
            "kind": chat.kind.value,
            "title": chat.title,
            "language": chat.language,
            "lost_at": None,
        }
        for _, chat, _ in rooms
    ]
    await work.put(tables.member, people)
    await work.put(tables.member_address, places)
    await work.put(tables.chat, chats)
    await work.put(tables.chat_unit, [{"chat": c.id, "unit": u} for _, c, _ in rooms for u in sorted(c.units)])
    await work.put(tables.door, [{"secret": key, "member": m.id, "chat": c.id} for m, c, key in rooms])
