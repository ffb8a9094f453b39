"""What the methods do, beside sending: changing, deleting, answering, asking about chats."""

from __future__ import annotations

from tests.loopback.members import member_of
from tests.loopback.sending import caption_of, chat_of, keep_pace, keyboard_of, method, text_of
from tests.loopback.world import DAY, QUERY_LIFE, Chat, Json, World, bad_request

ERASE_LIMIT, ERASE_WITHIN = 100, 2 * DAY
ANSWER_LIMIT = 200
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _own(world: World, params: Json, what: str) -> tuple[Chat, Json]:
    chat = chat_of(world, params)
    message = chat.messages.get(params.get("message_id", 0))
    if message is None:
        raise bad_request(f"message to {what} not found")
    return chat, message


def _edit(world: World, params: Json, content: Json, *, dropped: tuple[str, ...]) -> Json:
    chat, message = _own(world, params, "edit")
    if message["from"]["id"] != world.bot["id"]:
        raise bad_request("message can't be edited")
    fresh = {k: v for k, v in message.items() if k not in {*dropped, "reply_markup", "edit_date"}}
    fresh |= content | keyboard_of(params)
    if fresh == {k: v for k, v in message.items() if k != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    keep_pace(world, chat)
    fresh["edit_date"] = int(world.now())
    chat.messages[message["message_id"]] = fresh
    world.touched(chat, message["message_id"])
    return fresh


@method("editMessageText")
def edit_message_text(world: World, params: Json) -> Json:
    _, message = _own(world, params, "edit")
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, params, text_of(params), dropped=("text", "entities"))


@method("editMessageCaption")
def edit_message_caption(world: World, params: Json) -> Json:
    return _edit(world, params, caption_of(params), dropped=("caption", "caption_entities"))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Json) -> Json:
    return _edit(world, params, {}, dropped=())


def _may_delete(world: World, chat: Chat, message: Json) -> bool:
    """Its own anywhere, those of others in private chats, or with the right; none older than 48 hours."""
    mine = message["from"]["id"] == world.bot["id"]
    allowed = mine or chat.is_private or chat.bot_status == "administrator"
    return bool(allowed and world.now() - message["date"] < ERASE_WITHIN)


def _delete(world: World, chat: Chat, number: int) -> None:
    del chat.messages[number]
    world.touched(chat, number)


@method("deleteMessage")
def delete_message(world: World, params: Json) -> bool:
    chat, message = _own(world, params, "delete")
    if not _may_delete(world, chat, message):
        raise bad_request("message can't be deleted")
    _delete(world, chat, message["message_id"])
    return True


@method("deleteMessages")
def delete_messages(world: World, params: Json) -> bool:
    """Unknown ones are skipped; one that can't be deleted refuses the whole call."""
    chat = chat_of(world, params)
    numbers = params.get("message_ids") or []
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > ERASE_LIMIT:
        raise bad_request("Too many message identifiers specified")
    known = [number for number in dict.fromkeys(numbers) if number in chat.messages]
    if not all(_may_delete(world, chat, chat.messages[number]) for number in known):
        raise bad_request("message can't be deleted")
    for number in known:
        _delete(world, chat, number)
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Json) -> bool:
    query = world.queries.get(params["callback_query_id"])
    if query is None or world.now() - query.at > QUERY_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.get("text") or "") > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = params
    world.woke()
    return True


# the bot and its chats


@method("getMe")
def get_me(world: World, params: Json) -> Json:
    rights = {"can_join_groups": True, "can_read_all_group_messages": not world.privacy}
    return world.bot | rights | {"supports_inline_queries": False, "can_connect_to_business": False}


@method("getChat")
def get_chat(world: World, params: Json) -> Json:
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return chat_of(world, params).shown() | full


@method("getChatMember")
def get_chat_member(world: World, params: Json) -> Json:
    chat, number = chat_of(world, params), params["user_id"]
    if number == world.bot["id"]:
        return member_of(world.bot, chat.bot_status)
    if number not in chat.users:
        raise bad_request("user not found")
    return member_of(chat.users[number], "member")


@method("getChatMemberCount")
def get_chat_member_count(world: World, params: Json) -> int:
    return len(chat_of(world, params).users) + 1


@method("getChatAdministrators")
def get_chat_administrators(world: World, params: Json) -> list[Json]:
    chat = chat_of(world, params)
    return [member_of(world.bot, chat.bot_status)] if chat.bot_status == "administrator" else []


@method("leaveChat")
def leave_chat(world: World, params: Json) -> bool:
    chat = chat_of(world, params)
    if chat.is_private:
        raise bad_request("chat not found")
    chat.bot_status = "left"
    return True


@method("sendChatAction")
def send_chat_action(world: World, params: Json) -> bool:
    chat_of(world, params)
    return True
