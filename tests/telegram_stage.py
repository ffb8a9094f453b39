"""Telegram as a stage for transcripts: the loopback server, groups with privacy mode on, inline buttons, replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from assembly.parts import Opened
from assembly.telegram import telegram_channel
from bot.channels.channel import Channel, Sort
from bot.config import Config, TelegramSection
from tests.loopback.bot_api import BotApi
from tests.loopback.people import Group, Person, Seen
from tests.loopback.world import TOKEN
from tests.stages import furnish, language_of, last_about_something, move_clock
from tests.talking import Installation
from tests.transcript import Message, Scene

SENT_AS: dict[Sort, str] = {"photo": "photo", "video": "video", "sound": "voice", "file": "document"}


@dataclass
class OnTelegram(Installation):
    """An installation that polls a server."""

    channel: str = "telegram"
    api: str = ""

    @property
    def config(self) -> Config:
        telegram = TelegramSection(enabled=True, token_file="token", api=self.api)
        known = super().config
        return msgspec.structs.replace(known, telegram=telegram)

    async def connect(self, opened: Opened) -> tuple[Sequence[Channel], Callable[[], str]]:
        (self.folder / "token").write_text(TOKEN)
        telegram, link = await telegram_channel(opened)
        return [telegram], link


@dataclass
class TelegramStage:
    """Telegram's loopback server: private chats, groups with privacy mode on, inline buttons, replies."""

    folder: Path
    server: BotApi = field(default_factory=BotApi)
    installation: OnTelegram = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    _looked: dict[str, int] = field(default_factory=dict)
    _known: set[tuple[str, int]] = field(default_factory=set)
    _hearing: asyncio.Task[Any] | None = None

    async def open(self, scene: Scene) -> None:
        await self.server.start()
        self._meet(scene)
        self.installation = OnTelegram(self.folder, api=self.server.url)
        self.installation.clock.instant = scene.at
        await self.installation.found()
        await furnish(self.installation, scene, self._address)
        await self._listen()

    def _meet(self, scene: Scene) -> None:
        for number, who in enumerate(scene.people, 7001):
            self.people[who] = self.server.person(number, who, language_code=language_of(scene, who))
            self.people[who].chat.is_open = True
        for title, said in scene.groups.items():
            there = [
                who for who in scene.people if any(line.who == who and line.where == title for line in scene.lines)
            ]
            status = "left" if said == "group" else "member"
            self.groups[title] = self.server.group(title, [self.people[who] for who in there], bot=status)

    def _address(self, name: str) -> str:
        return str(self.people[name].id if name in self.people else self.groups[name].id)

    async def _listen(self) -> None:
        parts = self.installation.parts
        assert parts
        self._hearing = asyncio.create_task(parts.channels["telegram"].run(parts.turns.hear))
        await self._quiet()

    async def _quiet(self) -> None:
        """Everything that was sent to the bot has been handled and confirmed, and every pressed button answered."""
        hearing = self._hearing
        assert hearing is not None

        def is_quiet() -> bool:
            answered = all(query.answer is not None for query in self.server.queries.values())
            return hearing.done() or (not len(self.server.updates) and self.server.updates.is_polled and answered)

        assert await self.server.until(is_quiet), "the bot has not taken all updates"
        if hearing.done():
            hearing.result()
        await self.installation.settle()
        assert not self.server.complaints, self.server.complaints

    async def write(self, who: str, text: str, where: str, *, times: int = 1) -> None:
        newest = self._of_bot(where)[-1:] if where else []
        asked = newest[0] if newest and newest[0].forces_reply else None
        await self._twice(times, self.people[who].writes(text, in_=self.groups.get(where), reply_to=asked))

    async def press(self, who: str, label: str, where: str, *, times: int = 1) -> None:
        screen = self.people[who].screen(self.groups.get(where))
        seen = next(one for one in reversed(screen) if any(label in row for row in one.buttons))
        await self._twice(times, self.people[who].presses(seen, label))

    async def _twice(self, times: int, act: Any) -> None:
        number = self.server.updates.next_id
        await act
        update = self.server.updates._kept[-1][1] if len(self.server.updates) else b""
        await self._quiet()
        for _ in range(1, times):
            self.server.updates.again(update, number)
            await self._quiet()

    async def reply(self, who: str, text: str, where: str) -> None:
        chat = self._address(where or who)
        screen = {str(seen.id): seen for seen in self._of_bot(where, who)}
        ref = await last_about_something(self.installation, chat, list(screen))
        await self.people[who].writes(text, in_=self.groups.get(where), reply_to=screen[ref])
        await self._quiet()

    async def send_file(self, who: str, content: bytes, sort: Sort, caption: str = "", where: str = "") -> None:
        await self.people[who].sends(SENT_AS[sort], content, caption, in_=self.groups.get(where))
        await self._quiet()

    async def send_album(
        self, who: str, items: Sequence[tuple[bytes, Sort]], caption: str = "", where: str = "", *, first: int = 0
    ) -> None:
        """`first`: so many of them come in an earlier poll than the others."""
        album = [(SENT_AS[sort], content) for content, sort in items]
        await self.people[who].sends_album(album, caption, first=first, in_=self.groups.get(where))
        await self._quiet()

    async def share_position(self, who: str, latitude: float, longitude: float, where: str = "") -> None:
        await self.people[who].shares_position(latitude, longitude, in_=self.groups.get(where))
        await self._quiet()

    async def bring(self, who: str, where: str) -> None:
        await self.groups[where].adds_bot(self.people[who])
        await self._quiet()

    def _of_bot(self, where: str, who: str = "") -> list[Seen]:
        if who and not where:
            return [seen for seen in self.people[who].screen() if seen.from_bot]
        group = self.groups[where]
        anybody = next(iter(group.chat.users))
        screen = Person(self.server, group.chat.users[anybody]).screen(group)
        return [seen for seen in screen if seen.from_bot]

    async def move(self, to: datetime) -> None:
        self.server.moves((to - self.installation.clock.instant).total_seconds())
        await move_clock(self.installation, to)

    async def restart(self) -> None:
        await self._hush()
        await self.installation.restart()
        await self._listen()

    async def _hush(self) -> None:
        if self._hearing is not None:
            self._hearing.cancel()
            with suppress(asyncio.CancelledError):
                await self._hearing

    def news(self, chat: str) -> list[Message]:
        place = self.people[chat].chat if chat in self.people else self.groups[chat].chat
        since, self._looked[chat] = self._looked.get(chat, 0), self.server.tick
        found = []
        for number, message in place.messages.items():
            if message["from"]["is_bot"] and place.changes[number] > since:
                found.append(_as_seen(message, (chat, number) in self._known))
                self._known.add((chat, number))
        return found

    async def close(self) -> None:
        await self._hush()
        await self.installation.stop()
        await self.server.stop()


def _as_seen(message: dict[str, Any], changed: bool) -> Message:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return Message(str(message.get("text", "")), tuple(key["text"] for row in rows for key in row), changed)
