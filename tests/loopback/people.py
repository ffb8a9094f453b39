"""What a test does as a person: write, press, block, add the bot to a group, and look at the screen."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.spec import bot_api
from tests.loopback.world import PATIENCE, Chat, Json, Query, World


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it. `buttons` are labels, row by row; `choices` their data, in the same shape."""

    id: int
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    from_bot: bool = True
    sender: str = ""
    forces_reply: bool = False
    chat: Chat | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        rows = "".join("\n    " + " ".join(f"[{label}]" for label in row) for row in self.buttons)
        return f"  {self.sender}: {self.text}{rows}"


@dataclass(eq=False)
class Group:
    """A group, with what people do to it."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def title(self) -> str:
        return str(self.chat.names["title"])

    async def gets(self, person: Person) -> None:
        """The person joins."""
        self.chat.users[person.id] = person.user
        self._service(person.user, {"new_chat_members": [person.user]})

    async def loses(self, person: Person) -> None:
        """The person leaves."""
        self.chat.users.pop(person.id, None)
        self._service(person.user, {"left_chat_member": person.user})

    async def adds_bot(self, by: Person, status: str = "member") -> None:
        """Somebody brings the bot in (or makes it an administrator)."""
        was_in = self.chat.bot_status in {"member", "administrator"}
        self._turns(by, status)
        if not was_in:
            self._service(by.user, {"new_chat_members": [self.world.bot]})

    async def kicks_bot(self, by: Person) -> None:
        """Somebody throws the bot out."""
        self._turns(by, "kicked")

    async def is_deleted(self) -> None:
        """The group is no more."""
        self.chat.is_deleted = True

    async def moves(self) -> Group:
        """The group becomes a supergroup: both service messages come, and the old id is refused from now on."""
        old, somebody = self.chat, next(iter(self.chat.users.values()))
        new = Chat(-1_000_000_000_000 + old.id, "supergroup", dict(old.names), dict(old.users))
        new.bot_status = old.bot_status
        self.world.chats[new.id] = new
        self._service(somebody, {"migrate_to_chat_id": new.id})
        old.moved_to = new.id
        self.chat = new
        self._service(somebody, {"migrate_from_chat_id": old.id})
        return self

    def _service(self, by: Json, content: Json) -> None:
        message = self.world.new_message(self.chat, by, content)
        if self.chat.bot_status in {"member", "administrator"}:
            self.world.updates.add("message", message)

    def _turns(self, by: Person, status: str) -> None:
        old, self.chat.bot_status = self.chat.bot_status, status
        _membership(self.world, self.chat, by, old, status)


@dataclass(eq=False)
class Person:
    """Somebody with an account."""

    world: World
    user: Json
    acts: dict[int, int] = field(default_factory=dict)  # chat id -> the world's tick of what the person did last there
    alerts: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    async def writes(self, text: str, *, in_: Group | None = None, reply_to: Seen | None = None) -> Seen:
        """Sends a text, privately or in a group."""
        chat = self._chat(in_)
        chat.is_open = True
        content: Json = {"text": text}
        if reply_to is not None and (answered := chat.messages.get(reply_to.id)):
            content["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        message = self.world.new_message(chat, self.user, content)
        self._acted(chat)
        if self._bot_hears(chat, message):
            self.world.updates.add("message", message)
        return _seen(chat, message)

    async def starts(self, payload: str = "") -> Seen:
        """Opens the bot by its link."""
        return await self.writes(f"/start {payload}".strip())

    async def changes(self, mine: Seen, text: str) -> None:
        """Edits an own message."""
        chat = mine.chat or self.chat
        message = chat.messages[mine.id]
        message |= {"text": text, "edit_date": int(self.world.now())}
        self.world.touched(chat, mine.id)
        self.world.updates.add("edited_message", message)

    async def presses(self, seen: Seen, button: str) -> str:
        """Presses a button by its label or data, also one that has gone since it was seen. Returns the query's id."""
        chat = seen.chat or self.chat
        data = _data_of(seen, button)
        number = str(10_000_000 + len(self.world.queries))
        self.world.queries[number] = Query(chat, self.id, self.world.now())
        self._acted(chat)
        query = {
            "id": number,
            "from": self.user,
            "message": chat.messages.get(seen.id) or {"chat": chat.shown(), "message_id": seen.id, "date": 0},
            "chat_instance": str(zlib.crc32(str(chat.id).encode()) * 1_000_003),
            "data": data,
        }
        self.world.updates.add("callback_query", query)
        return number

    async def blocks(self) -> None:
        """Stops the bot."""
        self._turns("kicked")

    async def unblocks(self) -> None:
        """Lets the bot in again."""
        self._turns("member")

    async def vanishes(self) -> None:
        """Deletes the account."""
        self.chat.is_deleted = True

    def screen(self, in_: Group | None = None) -> tuple[Seen, ...]:
        """The chat as it looks now: edits made, deleted messages gone."""
        chat = self._chat(in_)
        return tuple(_seen(chat, message) for message in chat.messages.values())

    async def sees(self, part: str, in_: Group | None = None, *, ever: bool = False, within: float = PATIENCE) -> Seen:
        """Waits for a message of the bot that holds the words and came or changed since the person's last act here.

        `ever`: since the beginning. Raises AssertionError with the screen.
        """
        chat = self._chat(in_)
        found: list[Seen] = []

        def is_there() -> bool:
            found[:] = self._matching(chat, part, 0 if ever else self.acts.get(chat.id, 0))
            return bool(found)

        if not await self.world.until(is_there, within):
            screen = "\n".join(map(str, self.screen(in_)))
            raise AssertionError(f"{part!r} was not seen. The screen:\n{screen}")
        return found[-1]

    def _matching(self, chat: Chat, part: str, since: int) -> list[Seen]:
        seen = [_seen(chat, one) for one in chat.messages.values() if chat.changes[one["message_id"]] > since]
        return [one for one in seen if one.from_bot and part in one.text]

    def _chat(self, group: Group | None) -> Chat:
        if group is None:
            return self.chat
        assert self.id in group.chat.users, f"{self.user['first_name']} is not a member of {group.title}"
        return group.chat

    def _acted(self, chat: Chat) -> None:
        self.acts[chat.id] = self.world.tick

    def _turns(self, status: str) -> None:
        old, self.chat.bot_status = self.chat.bot_status, status
        _membership(self.world, self.chat, self, old, status)

    def _bot_hears(self, chat: Chat, message: Json) -> bool:
        """Privacy mode: in groups the bot hears commands to it, replies to it and where it is named."""
        if chat.is_private or chat.bot_status == "administrator":
            return chat.bot_status != "kicked"
        if chat.bot_status != "member":
            return False
        return not self.world.privacy or _is_for_bot(self.world, message)


def _is_for_bot(world: World, message: Json) -> bool:
    me = f"@{world.bot['username']}".lower()
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot["id"]:
        return True
    words = [_words(message["text"], one).lower() for one in message.get("entities", [])]
    return any(word == me or (word.startswith("/") and ("@" not in word or word.endswith(me))) for word in words)


def _words(text: str, entity: Json) -> str:
    raw = text.encode("utf-16-le")
    return raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")


def _membership(world: World, chat: Chat, by: Person, old: str, new: str) -> None:
    change = {
        "chat": chat.shown(),
        "from": by.user,
        "date": int(world.now()),
        "old_chat_member": member_of(world.bot, old),
        "new_chat_member": member_of(world.bot, new),
    }
    world.updates.add("my_chat_member", change)


def _rights(*given: str) -> Json:
    """All rights that an administrator's object must name."""
    fields = bot_api().types["ChatMemberAdministrator"].fields
    return {name: name in given for name, field in fields.items() if field.required and field.types == ("Boolean",)}


def member_of(user: Json, status: str) -> Json:
    """The ChatMember object."""
    member: Json = {"status": status, "user": user}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= _rights("can_manage_chat", "can_delete_messages")
    return member


def _data_of(seen: Seen, button: str) -> str:
    for labels, choices in zip(seen.buttons, seen.choices, strict=True):
        for label, choice in zip(labels, choices, strict=True):
            if button in {label, choice}:
                return choice
    raise AssertionError(f"there is no button {button!r} on:\n{seen}")


def _seen(chat: Chat, message: Json) -> Seen:
    rows: Sequence[Sequence[Json]] = message.get("reply_markup", {}).get("inline_keyboard", ())
    sender: dict[str, Any] = message.get("from", {})
    return Seen(
        id=message["message_id"],
        text=str(message.get("text") or message.get("caption") or ""),
        buttons=tuple(tuple(button["text"] for button in row) for row in rows),
        choices=tuple(tuple(button.get("callback_data", "") for button in row) for row in rows),
        from_bot=sender.get("is_bot", False),
        sender=sender.get("first_name", ""),
        forces_reply=message["message_id"] in chat.asking,
        chat=chat,
    )
