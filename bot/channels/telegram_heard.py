"""What the house is told of Telegram's updates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.channels.channel import Attachment, Heard, Sort
from bot.channels.telegram_updates import Chat, File, Location, Membership, Message, Pressed, Update, User

TEXT_LIMIT = 4096
DOWNLOAD_LIMIT = 20_000_000  # bytes; what is bigger Telegram hands to no bot
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?=\s|\Z)")
_NAMED = re.compile(r"(?<!\w)@(\w+)")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")  # what a link may carry: core.telegram.org/bots/features#deep-linking
_OUT = frozenset({"left", "kicked"})
_IN = frozenset({"member", "administrator"})


def heard_in(updates: Sequence[Update], me: int, username: str) -> Heard | None:
    """What the house is told of an update, or of an album's updates; None when it is nothing for us.

    `me` and `username` are the bot's own. An album has the key of its first update, the files of all, the caption of
    whichever has one, and as its ref the numbers of all its messages, joined by ",".
    """
    first = updates[0]
    if first.message is not None:
        messages = [update.message for update in updates if update.message is not None]
        return _heard_message(first.update_id, messages, me, username)
    if first.callback_query is not None:
        return _heard_press(first.update_id, first.callback_query)
    if first.my_chat_member is not None:
        return _heard_membership(first.update_id, first.my_chat_member)
    return None


def _heard_message(number: int, messages: Sequence[Message], me: int, username: str) -> Heard | None:
    first = messages[0]
    if first.migrate_to_chat_id:
        return _heard(number, first.chat, first.sender, moved_to=str(first.migrate_to_chat_id))
    if first.sender is None or first.sender.is_bot or first.sender_chat or first.chat.type == "channel":
        return None
    command = _COMMAND.match(first.text)
    if command and command[2] and command[2].lower() != username.lower():
        return None
    is_for_us = bool(command) or first.chat.type == "private"
    if not is_for_us and not any(_is_for_us(message, me, username) for message in messages):
        return None
    return _heard_words(number, messages, command)


def _heard_words(number: int, messages: Sequence[Message], command: re.Match[str] | None) -> Heard | None:
    """Words, files, a position, or that there was something else; None of a service message, which has none of them."""
    first = messages[0]
    words = next((message.words for message in messages if message.words), "")
    files = tuple(file for message in messages for file in _files(message))
    position = _position(first.location)
    attached = not files and position is None and (first.holds_others() or first.location is not None)
    if not (words or files or position or attached):
        return None
    text, start = _words(words, command)
    what = {"text": text[:TEXT_LIMIT], "start": start, "files": files, "position": position, "attached": attached}
    ref = ",".join(str(message.message_id) for message in messages)
    reply_to = next((str(one.reply_to_message.message_id) for one in messages if one.reply_to_message), "")
    return _heard(number, first.chat, first.sender, ref=ref, reply_to=reply_to, **what)


def _files(message: Message) -> list[Attachment]:
    """What can be downloaded, by its kind. Of a message there is one at most; an animation comes as a file besides."""
    moving = message.video or message.video_note or message.animation
    spoken = message.voice or message.audio
    if message.photo:
        return [_attachment(_largest(message.photo), "photo")]
    if moving:
        return [_attachment(moving, "video")]
    if spoken:
        return [_attachment(spoken, "sound")]
    return [_attachment(message.document, "file")] if message.document else []


def _largest(sizes: Sequence[File]) -> File:
    """The picture as large as it can be downloaded."""
    some = [one for one in sizes if one.file_size <= DOWNLOAD_LIMIT] or sizes
    return max(some, key=lambda one: (one.width * one.height, one.file_size))


def _attachment(file: File, sort: Sort) -> Attachment:
    return Attachment(ref=file.file_id, sort=sort, size=file.file_size)


def _position(place: Location | None) -> tuple[float, float] | None:
    """Latitude and longitude, when they are on the globe."""
    if place is None or abs(place.latitude) > 90 or abs(place.longitude) > 180:  # noqa: PLR2004 - degrees
        return None
    return place.latitude, place.longitude


def _is_for_us(message: Message, me: int, username: str) -> bool:
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


def _heard_press(number: int, pressed: Pressed) -> Heard | None:
    if pressed.message is None or not pressed.data:
        return None
    reply_to = str(pressed.message.message_id)
    return _heard(number, pressed.message.chat, pressed.sender, choice=pressed.data, reply_to=reply_to)


def _heard_membership(number: int, change: Membership) -> Heard | None:
    """The bot was brought into a group: as if somebody had said /start there."""
    came = change.old_chat_member.status in _OUT and change.new_chat_member.status in _IN
    if not came or change.chat.type not in {"group", "supergroup"}:
        return None
    return _heard(number, change.chat, change.sender, text="/start")


def _heard(number: int, chat: Chat, sender: User | None, **what: Any) -> Heard:
    who = sender or User(0)
    return Heard(
        channel="telegram",
        chat=str(chat.id),
        sender=str(who.id),
        key=f"u{number}",
        private=chat.type == "private",
        name=f"{who.first_name} {who.last_name}".strip(),
        language=who.language_code,
        chat_title=chat.title,
        **what,
    )
