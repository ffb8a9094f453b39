"""What a test does as a person: write, send, share, press, block, add the bot to a group, and look at the screen."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.loopback.files import content_of
from tests.loopback.members import bot_hears, tell_membership
from tests.loopback.seen import Seen, data_of, seen_of
from tests.loopback.world import PATIENCE, Chat, Json, Query, World

__all__ = ["Group", "Person", "Seen"]

OTHERS: Json = {
    "dice": {"emoji": "🎲", "value": 4},
    "sticker": {
        "file_id": "CAAC0",
        "file_unique_id": "AgAD0",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "poll": {
        "id": "5",
        "question": "?",
        "options": [{"persistent_id": "1", "text": "A", "voter_count": 0}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    },
}


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
        tell_membership(self.world, self.chat, by.user, old, status)


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
        return self._sends({"text": text}, in_, reply_to)

    async def sends(
        self,
        kind: str,
        content: bytes = b"content",
        caption: str = "",
        *,
        name: str = "",
        in_: Group | None = None,
        reply_to: Seen | None = None,
    ) -> Seen:
        """Sends a file: photo, document (with its `name`), video, video_note, animation, voice or audio."""
        file = content_of(self.world, kind, self.world.keep_file(content, name))
        return self._sends(file | ({"caption": caption} if caption else {}), in_, reply_to)

    async def sends_album(
        self,
        items: Sequence[tuple[str, bytes]],
        caption: str = "",
        *,
        captioned: int = 0,
        first: int = 0,
        in_: Group | None = None,
        reply_to: Seen | None = None,
    ) -> list[Seen]:
        """Sends photos, videos, documents or audios as one album; the caption stands on item `captioned`.

        `first`: so many arrive and are fetched by the bot before the others arrive.
        """
        group = str(13_000_000_000 + self.world.tick)
        seen = []
        for number, (kind, content) in enumerate(items):
            if number and number == first:
                newest = self.world.updates.next_id - 1
                assert await self.world.until(lambda: self.world.updates.fetched >= newest), "nobody fetched the first"  # noqa: B023
            file = content_of(self.world, kind, self.world.keep_file(content))
            words = {"caption": caption} if caption and number == captioned else {}
            seen.append(self._sends(file | words | {"media_group_id": group}, in_, reply_to))
        return seen

    async def shares_position(self, latitude: float, longitude: float, *, in_: Group | None = None) -> Seen:
        """Shares a point on the map."""
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}}, in_)

    async def shares_venue(self, latitude: float, longitude: float, title: str, address: str) -> Seen:
        """Shares a place that has a name; its point stands in the message twice."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._sends({"location": place, "venue": {"location": place, "title": title, "address": address}})

    async def shares_contact(self, phone_number: str, first_name: str) -> Seen:
        """Shares somebody's number."""
        return self._sends({"contact": {"phone_number": phone_number, "first_name": first_name}})

    async def sends_other(self, kind: str) -> Seen:
        """Sends a sticker, a poll or dice."""
        return self._sends({kind: OTHERS[kind]})

    def _sends(self, content: Json, in_: Group | None = None, reply_to: Seen | None = None) -> Seen:
        chat = self._chat(in_)
        chat.is_open = True
        if reply_to is not None and (answered := chat.messages.get(reply_to.id)):
            content["reply_to_message"] = {k: v for k, v in answered.items() if k != "reply_to_message"}
        message = self.world.new_message(chat, self.user, content)
        self._acted(chat)
        if bot_hears(self.world, chat, message):
            self.world.updates.add("message", message)
        return seen_of(chat, message)

    async def starts(self, payload: str = "") -> Seen:
        """Opens the bot by its link."""
        return await self.writes(f"/start {payload}".strip())

    async def changes(self, mine: Seen, text: str) -> None:
        """Edits an own message, its text or its caption."""
        chat = mine.chat or self.chat
        message = chat.messages[mine.id]
        message |= {"text" if "text" in message else "caption": text, "edit_date": int(self.world.now())}
        self.world.touched(chat, mine.id)
        self.world.updates.add("edited_message", message)

    async def presses(self, seen: Seen, button: str) -> str:
        """Presses a button by its label or data, also one that has gone since it was seen. Returns the query's id."""
        chat = seen.chat or self.chat
        data = data_of(seen, button)
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
        return tuple(seen_of(chat, message) for message in chat.messages.values())

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
        seen = [seen_of(chat, one) for one in chat.messages.values() if chat.changes[one["message_id"]] > since]
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
        tell_membership(self.world, self.chat, self.user, old, status)
