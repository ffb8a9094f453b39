"""The platforms that a transcript can be played on: the script channel, and Telegram's loopback server."""

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
from bot.channels.channel import Capabilities, Channel, Said
from bot.channels.script import Script
from bot.config import Config, TelegramSection
from bot.domain.member import Role
from bot.storage.members import subjects
from tests.loopback.bot_api import BotApi
from tests.loopback.people import Group, Person, Seen
from tests.loopback.world import TOKEN
from tests.talking import Installation
from tests.transcript import Message, Scene

AS_TELEGRAM = Capabilities(
    buttons=True, edit=True, erase=True, groups=True, text_limit=4096, groups_hear_replies_only=True
)
LINK = "https://t.me/tinbao_bot"


# --- who is there ----------------------------------------------------------------------------------------------------


async def furnish(installation: Installation, scene: Scene, address: Callable[[str], str]) -> None:
    """Puts the scene's members, groups and waiting codes into the database."""
    for who, said in scene.people.items():
        role, unit = _role(installation, said)
        if role is not None:
            await installation.member(who, role, unit, sender=address(who))
    for title, said in scene.groups.items():
        whose = said.removeprefix("group").removeprefix(" of ")
        if whose:
            units = () if whose == "coordinators" else (_unit(installation, whose),)
            await installation.group(title, *units, address=address(title))
    for code, said in scene.codes.items():
        role, unit = _role(installation, said)
        await installation.invite(code, role=role, unit=unit)


def _role(installation: Installation, said: str) -> tuple[Role | None, str | None]:
    role, _, unit = said.removesuffix(", en").partition(" of ")
    if role in {"citizen", "nobody yet"}:
        return None, None
    return Role(role), _unit(installation, unit) if unit else None


def _unit(installation: Installation, name: str) -> str:
    assert installation.parts
    units = installation.parts.house.programme.units
    codes = {unit.name: unit.code for unit in units}
    return codes[name]


def _language(scene: Scene, who: str) -> str:
    return "en" if scene.people.get(who, "").endswith(", en") else "vi"


async def move_clock(installation: Installation, to: datetime) -> None:
    """Moves the clock, ringing at every instant on the way at which something is due."""
    assert installation.parts
    while (due := await installation.parts.reminders.next_at()) is not None and due <= to:
        assert due > installation.clock.instant, "the bell rang and what was due is still due"
        installation.clock.instant = due
        await installation.settle()
    installation.clock.instant = to
    await installation.settle()


async def last_about_something(installation: Installation, chat: str, refs: Sequence[str]) -> str:
    """The newest of these messages that has a subject."""
    assert installation.parts
    async with installation.parts.opened.database.work() as work:
        known = await subjects(work, [(installation.channel, chat, ref) for ref in refs])
    return next(ref for ref in reversed(refs) if (installation.channel, chat, ref) in known)


# --- the script channel ----------------------------------------------------------------------------------------------


@dataclass
class ScriptStage:
    """The script channel, which can do what Telegram can."""

    folder: Path
    installation: Installation = field(init=False)
    scene: Scene = field(init=False)
    _looked: dict[str, dict[str, Said]] = field(default_factory=dict)

    async def open(self, scene: Scene) -> None:
        self.scene = scene
        self.installation = Installation(self.folder, script=Script(can=AS_TELEGRAM), link=LINK)
        self.installation.clock.instant = scene.at
        await self.installation.found()
        await furnish(self.installation, scene, str)
        await self.installation.settle()

    async def write(self, who: str, text: str, where: str, *, times: int = 1) -> None:
        newest = self._newest(where) if where else None
        reply_to = newest[0] if newest and newest[1].await_text and not newest[1].rows else ""
        is_heard = not where or reply_to or text.startswith("/")
        if is_heard:
            start = text.removeprefix("/start").strip() if text.startswith("/start") else ""
            await self._hear(who, where, times, text="/start" if start else text, start=start, reply_to=reply_to)

    async def press(self, who: str, label: str, where: str, *, times: int = 1) -> None:
        ref, choice = self.installation.button(where or who, label)
        await self._hear(who, where, times, choice=choice, reply_to=ref)

    async def reply(self, who: str, text: str, where: str) -> None:
        refs = list(self.installation.script.chats.get(where or who, {}))
        ref = await last_about_something(self.installation, where or who, refs)
        await self._hear(who, where, 1, text=text, reply_to=ref)

    async def bring(self, who: str, where: str) -> None:
        await self._hear(who, where, 1, text="/start")

    async def _hear(self, who: str, where: str, times: int, **what: str) -> None:
        self.installation._keys += 1
        key = f"k{self.installation._keys}"
        for _ in range(times):
            language = _language(self.scene, who)
            await self.installation.hear(
                who, chat=where, key=key, name=who, language=language, chat_title=where, **what
            )

    def _newest(self, chat: str) -> tuple[str, Said] | None:
        messages = self.installation.script.chats.get(chat, {})
        return list(messages.items())[-1] if messages else None

    async def move(self, to: datetime) -> None:
        await move_clock(self.installation, to)

    async def restart(self) -> None:
        await self.installation.restart()

    def news(self, chat: str) -> list[Message]:
        before = self._looked.get(chat, {})
        now = self._looked[chat] = dict(self.installation.script.chats.get(chat, {}))
        return [_message(said, ref in before) for ref, said in now.items() if before.get(ref) != said]

    async def close(self) -> None:
        await self.installation.stop()


def _message(said: Said, changed: bool) -> Message:
    labels = tuple(button.label for row in said.rows for button in row)
    return Message(f"{said.head}\n{said.text}", labels, changed)


# --- Telegram --------------------------------------------------------------------------------------------------------


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
            self.people[who] = self.server.person(number, who, language_code=_language(scene, who))
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
