"""What we say, as Telegram's messages: HTML that never breaks, buttons, and the places where a long text is cut."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import urlsplit

import msgspec
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)

from bot.channels.channel import Button, Said
from bot.channels.split import split

TEXT_LIMIT = 4096  # UTF-16 code units, after Telegram has read the HTML
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_Markup: TypeAlias = InlineKeyboardMarkup | ForceReply | None


def messages(chat: int, said: Said, answers: int | None) -> list[SendMessage]:
    """The messages to send, in order; buttons stand under the last. `answers`: the message it answers, in a group."""
    said = _with_addresses(said)
    *texts, last = _texts(said)
    markup, reply = _under(chat, said, answers)
    sent = [_message(chat, text, said) for text in texts]
    return [*sent, _message(chat, last, said, markup, reply)]


def _message(
    chat: int, text: str, said: Said, markup: _Markup = None, reply: ReplyParameters | None = None
) -> SendMessage:
    return SendMessage(
        chat_id=chat,
        text=text,
        parse_mode="HTML",
        link_preview_options=_NO_PREVIEW,
        protect_content=said.protect or None,
        reply_markup=markup,
        reply_parameters=reply,
    )


def edited(chat: int, ref: int, said: Said) -> EditMessageText:
    """The same in a message's place; what is too long for one message ends with an ellipsis."""
    said = _with_addresses(said)
    texts = _texts(said, TEXT_LIMIT - 2)
    text = texts[0] if len(texts) == 1 else f"{texts[0]} …"
    keyboard = _keyboard(said.rows)
    return EditMessageText(
        chat_id=chat,
        message_id=ref,
        text=text,
        parse_mode="HTML",
        link_preview_options=_NO_PREVIEW,
        reply_markup=keyboard,
    )


def _texts(said: Said, limit: int = TEXT_LIMIT) -> list[str]:
    """Pieces of HTML, at least one. The head stands bold above the first."""
    head, text = _printable(said.head), _printable(said.text)
    pieces = split(f"{head}\n{text}", limit) or [""]
    return list(_marked_up(pieces, head))


def _marked_up(pieces: list[str], head: str) -> Iterator[str]:
    first = pieces[0]
    if head and first.startswith(head):
        yield f"<b>{html.escape(head, quote=False)}</b>{html.escape(first[len(head) :], quote=False)}"
    else:
        yield html.escape(first, quote=False)
    for piece in pieces[1:]:
        yield html.escape(piece, quote=False)


def _printable(text: str) -> str:
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text)).strip()


def _under(chat: int, said: Said, answers: int | None) -> tuple[_Markup, ReplyParameters | None]:
    """What stands under a message: buttons; or in a group, where we hear replies only, the wish for one.

    Telegram shows a selective wish to the author of the message it replies to. Of somebody who pressed a button and
    never wrote there is none: then every member gets the reply box, and who answers first is heard.
    """
    if said.rows or not said.await_text or chat >= 0:
        return _keyboard(said.rows), None
    if answers is None:
        return ForceReply(force_reply=True), None
    reply = ReplyParameters(message_id=answers, allow_sending_without_reply=True)
    return ForceReply(force_reply=True, selective=True), reply


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    keys = [[_key(one) for one in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=keys)


def _key(button: Button) -> InlineKeyboardButton:
    label = _printable(button.label)
    if button.link:
        return InlineKeyboardButton(text=label, url=button.link)
    return InlineKeyboardButton(text=label, callback_data=button.choice)


def _with_addresses(said: Said) -> Said:
    """The same, with the links that Telegram refuses as buttons written out: one of them would refuse the message."""
    refused = [one for row in said.rows for one in row if one.link and not _may_be_pressed(one.link)]
    if not refused:
        return said
    rows = [tuple(one for one in row if one not in refused) for row in said.rows]
    text = "\n\n".join((said.text, *(f"{one.label}: {one.link}" for one in refused)))
    return msgspec.structs.replace(said, text=text, rows=tuple(row for row in rows if row))


def _may_be_pressed(link: str) -> bool:
    """BUTTON_URL_INVALID where the host has no dot, as "localhost" (rubenlagus/TelegramBots#302)."""
    try:
        address = urlsplit(link)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and "." in (address.hostname or "")
