"""The script channel as a stage for transcripts, and what every stage needs: who is there, and a clock that moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels.channel import Attachment, Capabilities, Said, Sort
from bot.channels.script import Script
from bot.domain.member import Role
from bot.storage.members import subjects
from tests.talking import Installation
from tests.transcript import Message, Scene

AS_TELEGRAM = Capabilities(
    buttons=True,
    edit=True,
    erase=True,
    groups=True,
    text_limit=4096,
    files_in=True,
    location=True,
    groups_hear_replies_only=True,
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


def language_of(scene: Scene, who: str) -> str:
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

    async def send_file(self, who: str, content: bytes, sort: Sort, caption: str = "", where: str = "") -> None:
        await self.send_album(who, [(content, sort)], caption, where)

    async def send_album(
        self, who: str, items: Sequence[tuple[bytes, Sort]], caption: str = "", where: str = ""
    ) -> None:
        files = self.installation.script.files
        refs = [f"f{len(files) + number}" for number in range(len(items))]
        files |= {ref: content for ref, (content, _) in zip(refs, items, strict=True)}
        attached = [Attachment(ref=ref, sort=sort) for ref, (_, sort) in zip(refs, items, strict=True)]
        await self._hear(who, where, 1, text=caption, files=tuple(attached))

    async def share_position(self, who: str, latitude: float, longitude: float, where: str = "") -> None:
        await self._hear(who, where, 1, position=(latitude, longitude))

    async def bring(self, who: str, where: str) -> None:
        await self._hear(who, where, 1, text="/start")

    async def _hear(self, who: str, where: str, times: int, **what: Any) -> None:
        self.installation._keys += 1
        key = f"k{self.installation._keys}"
        for _ in range(times):
            language = language_of(self.scene, who)
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
