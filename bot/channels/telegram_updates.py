"""Telegram's updates, read lean: only what the house needs, each by itself, so that a bad one spoils no other."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bot.channels.channel import Heard

KINDS = ("message", "callback_query", "my_chat_member")
TEXT_LIMIT = 4096
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|\Z)")
_NAMED = re.compile(r"(?<!\w)@(\w+)")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")  # what a link may carry: core.telegram.org/bots/features#deep-linking
_FIRST_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)  # a half character and a thousand brackets too
_OUT = frozenset({"left", "kicked"})
_IN = frozenset({"member", "administrator"})


class Unreadable(ValueError):
    """An answer of Telegram is not what its documentation promises."""


class _User(msgspec.Struct):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class _Chat(msgspec.Struct):
    id: int
    type: str
    title: str = ""


class _Answered(msgspec.Struct):
    message_id: int
    sender: _User | None = msgspec.field(default=None, name="from")


class _Message(msgspec.Struct):
    message_id: int
    chat: _Chat
    sender: _User | None = msgspec.field(default=None, name="from")
    sender_chat: _Chat | None = None
    text: str = ""
    caption: str = ""
    reply_to_message: _Answered | None = None
    migrate_to_chat_id: int = 0
    # that it holds one of these is all we read of them here
    photo: msgspec.Raw = msgspec.Raw()
    document: msgspec.Raw = msgspec.Raw()
    video: msgspec.Raw = msgspec.Raw()
    voice: msgspec.Raw = msgspec.Raw()
    audio: msgspec.Raw = msgspec.Raw()
    video_note: msgspec.Raw = msgspec.Raw()
    sticker: msgspec.Raw = msgspec.Raw()
    animation: msgspec.Raw = msgspec.Raw()
    location: msgspec.Raw = msgspec.Raw()
    contact: msgspec.Raw = msgspec.Raw()

    @property
    def words(self) -> str:
        return self.text or self.caption

    def has_attachment(self) -> bool:
        """Whether more than words was sent; a service message has neither."""
        files = (self.photo, self.document, self.video, self.voice, self.audio, self.video_note)
        others = (self.sticker, self.animation, self.location, self.contact)
        return any(map(bytes, files + others))


class _Pressed(msgspec.Struct):
    id: str
    sender: _User = msgspec.field(name="from")
    data: str = ""
    message: _Message | None = None


class _Member(msgspec.Struct):
    status: str


class _Membership(msgspec.Struct):
    chat: _Chat
    sender: _User = msgspec.field(name="from")
    old_chat_member: _Member
    new_chat_member: _Member


class Update(msgspec.Struct):
    """One update. At most one of the three is there; of other kinds none."""

    update_id: int
    message: _Message | None = None
    callback_query: _Pressed | None = None
    my_chat_member: _Membership | None = None


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


def read_batch(body: bytes) -> list[Update | int | None]:
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


def read_update(raw: msgspec.Raw) -> Update | int | None:
    """The update; only its number when the rest can't be read; None when not even that can."""
    try:
        return _read_update(raw)
    except UNREADABLE:
        pass
    try:
        return _read_number(raw).update_id
    except UNREADABLE:
        return None


def heard_in(update: Update, me: int, username: str) -> Heard | None:
    """What the house is told of an update; None when it is nothing for us. `me` and `username` are the bot's own."""
    if update.message is not None:
        return _heard_message(update.update_id, update.message, me, username)
    if update.callback_query is not None:
        return _heard_press(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _heard_membership(update.update_id, update.my_chat_member)
    return None


def _heard_message(number: int, message: _Message, me: int, username: str) -> Heard | None:
    if message.migrate_to_chat_id:
        return _heard(number, message.chat, message.sender, moved_to=str(message.migrate_to_chat_id))
    if message.sender is None or message.sender.is_bot or message.sender_chat or message.chat.type == "channel":
        return None
    attached = message.has_attachment()
    if not message.words and not attached:
        return None
    command = _COMMAND.match(message.text)
    if command and command[2] and command[2].lower() != username.lower():
        return None
    if message.chat.type != "private" and not command and not _is_for_us(message, me, username):
        return None
    text, start = _words(message.words, command)
    reply_to = str(message.reply_to_message.message_id) if message.reply_to_message else ""
    said = {"text": text[:TEXT_LIMIT], "start": start, "reply_to": reply_to}
    return _heard(number, message.chat, message.sender, attached=attached, **said)


def _is_for_us(message: _Message, me: int, username: str) -> bool:
    """Whether it replies to the bot or names it. Telegram's privacy mode sees to that, but not for administrators."""
    answered = message.reply_to_message
    if answered is not None and answered.sender is not None and answered.sender.id == me:
        return True
    named = (name.lower() for name in _NAMED.findall(message.words))
    return bool(username) and username.lower() in named


def _words(text: str, command: re.Match[str] | None) -> tuple[str, str]:
    """The text as the house knows it ("/cmd args", without the bot's name), and what came with a link."""
    if command is None:
        return text, ""
    rest = text[command.end() :].strip()
    if command[1] == "start" and (not rest or _PAYLOAD.match(rest)):
        return "/start", rest
    return f"/{command[1]} {rest}".rstrip(), ""


def _heard_press(number: int, pressed: _Pressed) -> Heard | None:
    if pressed.message is None or not pressed.data:
        return None
    reply_to = str(pressed.message.message_id)
    return _heard(number, pressed.message.chat, pressed.sender, choice=pressed.data, reply_to=reply_to)


def _heard_membership(number: int, change: _Membership) -> Heard | None:
    """The bot was brought into a group: as if somebody had said /start there."""
    came = change.old_chat_member.status in _OUT and change.new_chat_member.status in _IN
    if not came or change.chat.type not in {"group", "supergroup"}:
        return None
    return _heard(number, change.chat, change.sender, text="/start")


def _heard(number: int, chat: _Chat, sender: _User | None, *, attached: bool = False, **what: str) -> Heard:
    who = sender or _User(0)
    return Heard(
        channel="telegram",
        chat=str(chat.id),
        sender=str(who.id),
        key=f"u{number}",
        private=chat.type == "private",
        name=f"{who.first_name} {who.last_name}".strip(),
        language=who.language_code,
        chat_title=chat.title,
        attached=attached,
        **what,
    )
