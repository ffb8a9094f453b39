"""Who is what in a chat, and what the bot is told of it."""

from __future__ import annotations

from tests.loopback.spec import bot_api
from tests.loopback.world import Chat, Json, World


def member_of(user: Json, status: str) -> Json:
    """The ChatMember object."""
    member: Json = {"status": status, "user": user}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= _rights("can_manage_chat", "can_delete_messages")
    return member


def _rights(*given: str) -> Json:
    """All rights that an administrator's object must name."""
    fields = bot_api().types["ChatMemberAdministrator"].fields
    return {name: name in given for name, field in fields.items() if field.required and field.types == ("Boolean",)}


def tell_membership(world: World, chat: Chat, by: Json, old: str, new: str) -> None:
    """The bot learns that somebody made it something else in a chat."""
    change = {
        "chat": chat.shown(),
        "from": by,
        "date": int(world.now()),
        "old_chat_member": member_of(world.bot, old),
        "new_chat_member": member_of(world.bot, new),
    }
    world.updates.add("my_chat_member", change)


def bot_hears(world: World, chat: Chat, message: Json) -> bool:
    """Privacy mode: in groups the bot hears commands to it, replies to it and where it is named."""
    if chat.is_private or chat.bot_status == "administrator":
        return chat.bot_status != "kicked"
    if chat.bot_status != "member":
        return False
    return not world.privacy or _is_for_bot(world, message)


def _is_for_bot(world: World, message: Json) -> bool:
    me = f"@{world.bot['username']}".lower()
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot["id"]:
        return True
    text = str(message.get("text") or message.get("caption") or "")
    entities = message.get("entities") or message.get("caption_entities") or []
    words = [_words(text, one).lower() for one in entities]
    return any(word == me or (word.startswith("/") and ("@" not in word or word.endswith(me))) for word in words)


def _words(text: str, entity: Json) -> str:
    raw = text.encode("utf-16-le")
    return raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
