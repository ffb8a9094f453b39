"""What the server knows: the bot, the chats and their messages, the updates, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.loopback.entities import found_in
from tests.loopback.flood import Flood
from tests.loopback.updates import Updates

Json = dict[str, Any]
Check = Callable[[], object]
TOKEN = "4242424242:AAloopback-loopback-loopback-loopba"  # it opens nothing
START = 1_772_067_600  # 26/02/2026 08:00 in Viet Nam
DAY = 86_400
QUERY_LIFE = 900  # seconds in which a pressed button can be answered; the real figure is not published
PATIENCE = 20.0  # seconds a test waits for something that must come


class ApiError(Exception):
    """A refusal, as the bot sees it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: {why}")


@dataclass(eq=False)
class Chat:
    """One chat. `messages` are in the API's form, oldest first; what was deleted is not among them."""

    id: int
    kind: Literal["private", "group", "supergroup"]
    names: Json
    users: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    bot_status: str = "member"  # administrator, member, left, kicked; in a private chat member or kicked (blocked)
    is_open: bool = True  # a private chat is open once the person wrote
    is_deleted: bool = False  # the group; in a private chat: the account
    moved_to: int | None = None
    last_id: int = 0
    asking: set[int] = field(default_factory=set)  # messages that force a reply
    changes: dict[int, int] = field(default_factory=dict)  # message id -> the world's tick of its last change

    @property
    def is_private(self) -> bool:
        return self.kind == "private"

    def shown(self) -> Json:
        """The Chat object."""
        return {"id": self.id, "type": self.kind, **self.names}


@dataclass
class Query:
    """A pressed button that waits for its answer."""

    chat: Chat
    person: int
    at: float
    answer: Json | None = None


class World:
    """Everything but HTTP."""

    def __init__(self, token: str = TOKEN, username: str = "tinbao_bot", *, privacy: bool = True) -> None:
        self.token = token
        self.privacy = privacy
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Tin Báo",
            "username": username,
        }
        self.chats: dict[int, Chat] = {}
        self.updates = Updates(changed=self.woke)
        self._change: asyncio.Future[None] | None = None
        self.queries: dict[str, Query] = {}
        self.settings: Json = {"webhook": "", "commands": {}, "texts": {}}
        self.files: dict[str, tuple[str, bytes]] = {}  # file_id -> its name and what it holds
        self.complaints: list[str] = []
        self.calls: Counter[str] = Counter()
        self.flood: Flood | None = None
        self.watch: Callable[[str, Json, Any], None] | None = None
        self.tick = 0
        self._moved = 0.0
        self._last_id = 0

    # the clock

    def now(self) -> float:
        """Seconds since 1970, by the server's clock."""
        return START + time.monotonic() - _BEGAN + self._moved

    def moves(self, seconds: float) -> None:
        """Moves the server's clock."""
        self._moved += seconds

    # messages

    def chat(self, chat_id: int) -> Chat:
        """The chat of that number. Raises the error Telegram gives where the bot can't speak."""
        chat = self.chats.get(chat_id)
        if chat is None or not chat.is_open:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, why, migrate_to_chat_id=chat.moved_to)
        if why_not := _why_not(chat):
            raise ApiError(403, f"Forbidden: {why_not}")
        return chat

    def new_message(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Puts a message at the chat's end and returns it."""
        message: Json = {
            "message_id": self.next_id(chat),
            "from": sender,
            "chat": chat.shown(),
            "date": int(self.now()),
        }
        message.update(content)
        text_key = "text" if "text" in message else "caption"
        if text_key in message:
            place = "entities" if text_key == "text" else "caption_entities"
            if entities := found_in(message[text_key], content.get(place, [])):
                message[place] = entities
        chat.messages[message["message_id"]] = message
        self.touched(chat, message["message_id"])
        return message

    def keep_file(self, content: bytes, name: str = "") -> str:
        """Puts a file on the server and returns its file_id."""
        file_id = f"BQAC{len(self.files):08d}"
        self.files[file_id] = (name, content)
        return file_id

    def next_id(self, chat: Chat) -> int:
        """Numbers run through all chats of an account; a supergroup has its own."""
        if chat.kind == "supergroup":
            chat.last_id += 1
            return chat.last_id
        self._last_id += 1
        return self._last_id

    def touched(self, chat: Chat, message_id: int) -> None:
        """A message came, changed or went."""
        self.tick += 1
        chat.changes[message_id] = self.tick
        self.woke()

    # waiting

    def woke(self) -> None:
        if self._change is not None and not self._change.done():
            self._change.set_result(None)

    async def until(self, check: Check, within: float = PATIENCE) -> bool:
        """Whether `check` became true within that many seconds; looked at after each change."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while not check():
            if (left := end - loop.time()) <= 0:
                return False
            if self._change is None or self._change.done():
                self._change = loop.create_future()
            await asyncio.wait([self._change], timeout=min(left, 0.5))
        return True


_BEGAN = time.monotonic()


def _why_not(chat: Chat) -> str:
    if chat.is_private:
        if chat.is_deleted:
            return "user is deactivated"
        return "bot was blocked by the user" if chat.bot_status == "kicked" else ""
    if chat.is_deleted:
        return "the group chat was deleted"
    kind = "supergroup chat" if chat.kind == "supergroup" else "group chat"
    return {"kicked": f"bot was kicked from the {kind}", "left": f"bot is not a member of the {kind}"}.get(
        chat.bot_status, ""
    )
