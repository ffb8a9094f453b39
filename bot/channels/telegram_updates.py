"""Telegram's updates, read lean: only what the house needs, each by itself, so that a bad one spoils no other."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import msgspec

KINDS = ("message", "callback_query", "my_chat_member")  # an edit reaches nobody: it is not asked for
_FIRST_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)  # a half character and a thousand brackets too


class Unreadable(ValueError):
    """An answer of Telegram is not what its documentation promises."""


class User(msgspec.Struct):
    """Somebody with an account."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class Chat(msgspec.Struct):
    """`type`: private, group, supergroup, channel."""

    id: int
    type: str
    title: str = ""


class Answered(msgspec.Struct):
    """The message that another replies to."""

    message_id: int
    sender: User | None = msgspec.field(default=None, name="from")


class Something(msgspec.Struct):
    """That it was sent is all we know of it: what it holds (a phone number, a name, an address) is not read."""


class File(msgspec.Struct):
    """A file of any kind. The name that its sender gave it is not read: it may name a person."""

    file_id: str
    file_size: int = 0  # bytes; 0 where Telegram does not say
    width: int = 0  # pixels, of pictures
    height: int = 0


class Location(msgspec.Struct):
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


class Message(msgspec.Struct):
    """A message. Beside `animation` stands the same as `document`, beside `venue` its `location`."""

    message_id: int
    chat: Chat
    sender: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    text: str = ""
    caption: str = ""
    reply_to_message: Answered | None = None
    migrate_to_chat_id: int = 0
    media_group_id: str = ""
    photo: list[File] = []  # the same picture in several sizes
    document: File | None = None
    video: File | None = None
    video_note: File | None = None
    animation: File | None = None
    voice: File | None = None
    audio: File | None = None
    location: Location | None = None
    live_photo: Something | None = None  # beside it stands `photo`
    sticker: Something | None = None
    contact: Something | None = None
    poll: Something | None = None
    dice: Something | None = None
    game: Something | None = None
    story: Something | None = None
    checklist: Something | None = None
    paid_media: Something | None = None

    @property
    def words(self) -> str:
        return self.text or self.caption

    def holds_others(self) -> bool:
        """Whether something came along that nobody takes; a service message has nothing of the kind."""
        some = (self.live_photo, self.sticker, self.contact, self.poll, self.dice, self.game, self.story)
        return any(one is not None for one in (*some, self.checklist, self.paid_media))


class Pressed(msgspec.Struct):
    """A pressed button."""

    id: str
    sender: User = msgspec.field(name="from")
    data: str = ""
    message: Message | None = None


class Member(msgspec.Struct):
    """`status`: member, administrator, left, kicked or another."""

    status: str


class Membership(msgspec.Struct):
    """What the bot itself is in a chat, before and now."""

    chat: Chat
    sender: User = msgspec.field(name="from")
    old_chat_member: Member
    new_chat_member: Member


class Update(msgspec.Struct):
    """One update. At most one of the three is there; of other kinds none."""

    update_id: int
    message: Message | None = None
    callback_query: Pressed | None = None
    my_chat_member: Membership | None = None


Read: TypeAlias = Update | int | None
"""An update as it could be read: only its number when the rest can't be read; None when not even that can."""


class _Numbered(msgspec.Struct):
    update_id: int


class _Batch(msgspec.Struct):
    ok: bool = False
    result: Any = None
    description: str = ""
    parameters: dict[str, int] = {}


class _RawBatch(msgspec.Struct):
    result: list[msgspec.Raw]


_read_update = msgspec.json.Decoder(Update).decode
_read_number = msgspec.json.Decoder(_Numbered).decode
_read_batch = msgspec.json.Decoder(_RawBatch).decode
_read_refusal = msgspec.json.Decoder(_Batch).decode


def read_batch(body: bytes) -> list[Read]:
    """The updates of a getUpdates answer, each read by itself. Raises Unreadable when they can't be told apart."""
    try:
        return [read_update(raw) for raw in _read_batch(body).result]
    except UNREADABLE:
        raise Unreadable from None


def read_first_number(body: bytes) -> int | None:
    """The number of the first update of an answer that can't be read; Telegram writes it first."""
    found = _FIRST_NUMBER.search(body)
    return int(found[1]) if found else None


def read_refusal(body: bytes) -> tuple[str, int]:
    """What getUpdates was refused with, and the seconds to wait (0: not told)."""
    try:
        refusal = _read_refusal(body)
    except msgspec.MsgspecError:
        return "", 0
    return refusal.description, refusal.parameters.get("retry_after", 0)


def read_update(raw: msgspec.Raw) -> Read:
    """One update, as far as it can be read."""
    try:
        return _read_update(raw)
    except UNREADABLE:
        pass
    try:
        return _read_number(raw).update_id
    except UNREADABLE:
        return None
