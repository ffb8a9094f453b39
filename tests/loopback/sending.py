"""The table of methods, each a function of the world and the call's parameters; and those that send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.loopback.entities import BrokenMarkup, Entity, parse_html, trimmed, utf16_length
from tests.loopback.world import ApiError, Chat, Json, World, bad_request

Method = Callable[[World, Json], Any]
METHODS: dict[str, Method] = {}
TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
CHOICE_LIMIT, MARKUP_LIMIT, BUTTONS_LIMIT = 64, 10_000, 100


def method(name: str) -> Callable[[Method], Method]:
    """Puts a function into the table of methods."""

    def put(function: Method) -> Method:
        METHODS[name] = function
        return function

    return put


# what a message is made of


def chat_of(world: World, params: Json) -> Chat:
    """The chat a call speaks to."""
    chat_id = params.get("chat_id")
    if chat_id is None or chat_id == "":
        raise bad_request("chat_id is empty")
    try:
        return world.chat(int(chat_id))
    except ValueError:
        raise bad_request("chat not found") from None


def words_of(params: Json, key: str, limit: int) -> tuple[str, list[Entity]]:
    """The text or caption after entity parsing, and its entities."""
    source = params.get(key) or ""
    mode = str(params.get("parse_mode") or "").lower()
    if mode in {"markdown", "markdownv2"}:
        raise ApiError(501, f"Not Implemented: {mode} is not read by this server")
    entities = list(params.get("entities" if key == "text" else "caption_entities") or [])
    if mode == "html":
        try:
            source, entities = parse_html(source)
        except BrokenMarkup as broken:
            raise bad_request(f"can't parse entities: {broken}") from None
    text, entities = trimmed("".join(one for one in source if one >= " " or one in "\n\t"), entities)
    if utf16_length(text) > limit:
        raise bad_request("message is too long" if key == "text" else "message caption is too long")
    return text, entities


def text_of(params: Json) -> Json:
    """`text` and `entities` of a Message."""
    text, entities = words_of(params, "text", TEXT_LIMIT)
    if not text:
        raise bad_request("message text is empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(params: Json) -> Json:
    """`caption` and `caption_entities` of a Message; nothing when there is none."""
    caption, entities = words_of(params, "caption", CAPTION_LIMIT)
    if not caption:
        return {}
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def keyboard_of(params: Json) -> Json:
    """`reply_markup` of a Message: only inline keyboards are shown there."""
    markup = params.get("reply_markup") or {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(map(len, rows)) > BUTTONS_LIMIT or len(str(rows)) > MARKUP_LIMIT:
        raise bad_request("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in button and "." not in (urlsplit(button["url"]).hostname or ""):
        raise bad_request("BUTTON_URL_INVALID")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= CHOICE_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")


def reply_of(chat: Chat, params: Json) -> Json:
    """`reply_to_message` of a Message."""
    reply = params.get("reply_parameters") or {}
    number = reply.get("message_id", params.get("reply_to_message_id"))
    if number is None:
        return {}
    answered = chat.messages.get(number)
    if answered is None:
        if reply.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in answered.items() if k != "reply_to_message"}}


def send(world: World, params: Json, make: Callable[[Json], Json]) -> Json:
    """Any send: finds the chat, keeps the pace, makes the content, puts the message there."""
    chat = chat_of(world, params)
    content = make(params) | keyboard_of(params) | reply_of(chat, params)
    if params.get("protect_content"):
        content["has_protected_content"] = True
    keep_pace(world, chat)
    message = world.new_message(chat, world.bot, content)
    if (params.get("reply_markup") or {}).get("force_reply"):
        chat.asking.add(message["message_id"])
    return message


def keep_pace(world: World, chat: Chat) -> None:
    """Raises 429 when the flood control, if any, says so."""
    if world.flood and (wait := world.flood.wait(chat.id, world.now())):
        raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


@method("sendMessage")
def send_message(world: World, params: Json) -> Json:
    return send(world, params, text_of)
