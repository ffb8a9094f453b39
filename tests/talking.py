"""What tests speak with: an installation in a folder, on the script channel, built anew whenever the script says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assembly.parts import Opened, Parts, create_keys, open_storage, put_together
from assembly.plans import load_plan
from bot.channels.channel import Channel, Heard, Said
from bot.channels.script import Script
from bot.clock import StoppedClock
from bot.config import Config, DatabaseSection, TipsSection
from bot.domain.member import Chat, ChatKind, Member, Role
from bot.storage.key_file import make_reader_key
from bot.storage.members import Invitation, add_invitation, add_member, bind_member, put_chat
from bot.storage.tips import ReaderKey, add_reader
from bot.storage.web_rooms import WebRooms
from handlers.join import code_key

BEGIN = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)  # 08:00 in Lào Cai
PLAN = Path(__file__).parent.parent / "plans/lao-cai-2026.toml"
WEB = "https://tinbao.example"


@dataclass
class Installation:
    """Everything is on disk in `folder` but what the platform keeps: the messages in the script's chats."""

    folder: Path
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(BEGIN))
    script: Script = field(default_factory=Script)
    parts: Parts | None = None
    delay: tuple[int, int] = (0, 0)
    url: str = ""
    readers: bool = True
    channel: str = "script"
    link: str = ""
    _keys: int = 0

    @property
    def config(self) -> Config:
        tips = TipsSection(notice_delay=self.delay)
        return Config(data="data", home=self.folder, tips=tips, database=DatabaseSection(url=self.url))

    async def found(self) -> None:
        """Makes the installation: keys, units, the plan, a reader."""
        create_keys(self.config.data_folder)
        opened = await open_storage(self.config, self.clock)
        await load_plan(opened, PLAN)
        if self.readers:
            await self._add_reader(opened)
        await opened.close()
        await self.start()

    async def _add_reader(self, opened: Opened) -> None:
        key = make_reader_key("test")
        (self.folder / "reader.key").write_text(key.text(None))
        async with opened.database.work() as work:
            await add_reader(work, ReaderKey("reader", "test", key.known.public))

    async def connect(self, opened: Opened) -> tuple[Sequence[Channel], Callable[[], str]]:
        """The channels it speaks on, and what makes the bot's link."""
        return [self.script], lambda: self.link

    async def start(self) -> None:
        opened = await open_storage(self.config, self.clock, alone=True)
        rooms = WebRooms(opened.database, opened.keyring.rooms, self.clock)
        channels, link = await self.connect(opened)
        self.parts = await put_together(opened, rooms, channels, web_address=WEB, public_address=WEB, bot_link=link)

    async def stop(self) -> None:
        assert self.parts
        await self.parts.close()
        self.parts = None

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def settle(self) -> None:
        assert self.parts
        await self.parts.delivery.settle()
        await self.parts.clockwork.ring()
        await self.parts.delivery.settle()

    async def pass_time(self, **by: float) -> None:
        self.clock.instant += timedelta(**by)
        await self.settle()

    async def hear(
        self, who: str, text: str = "", *, chat: str = "", choice: str = "", reply_to: str = "", **more: Any
    ) -> None:
        self._keys += 1
        heard = Heard(
            channel="script",
            chat=chat or who,
            sender=who,
            key=more.pop("key", f"k{self._keys}"),
            private=not chat,
            text=text,
            choice=choice,
            reply_to=reply_to,
            **more,
        )
        assert self.parts
        await self.parts.turns.hear(heard)
        await self.settle()

    def last(self, chat: str) -> Said:
        return list(self.script.chats.get(chat, {"": Said("")}).values())[-1]

    def said(self, chat: str) -> list[Said]:
        return list(self.script.chats.get(chat, {}).values())

    def button(self, chat: str, label: str, ref: str = "") -> tuple[str, str]:
        """The ref and the data of the button with this label on the newest message that has one, or on `ref`."""
        messages = self.script.chats.get(chat, {})
        for number, said in [(ref, messages[ref])] if ref else reversed(list(messages.items())):
            for row in said.rows:
                for button in row:
                    if button.label == label:
                        return number, button.choice
        raise AssertionError(f"no button {label!r}: {[b.label for s in messages.values() for r in s.rows for b in r]}")

    async def press(self, who: str, label: str, *, chat: str = "", ref: str = "") -> None:
        """Presses the button with this label under the newest message that has one, or under the message `ref`."""
        number, choice = self.button(chat or who, label, ref)
        await self.hear(who, chat=chat, choice=choice, reply_to=number)

    async def member(self, who: str, role: Role = Role.OFFICER, unit: str | None = None, *, sender: str = "") -> None:
        """Makes somebody a member, who writes from `sender`."""
        assert self.parts
        async with self.parts.opened.database.work() as work:
            await add_member(work, Member(f"m-{who}", who, role, unit))
            await bind_member(work, f"m-{who}", (self.channel, sender or who), sender or who)

    async def group(self, title: str, *units: str, address: str = "") -> None:
        """Binds a group to units; to none: it is the coordinators' desk."""
        assert self.parts
        kind = ChatKind.UNIT if units else ChatKind.TRIAGE
        async with self.parts.opened.database.work() as work:
            await put_chat(work, Chat(f"c-{title}", self.channel, address or title, kind, title, frozenset(units)))

    async def invite(
        self, code: str, kind: str = "member", role: Role | None = Role.OFFICER, unit: str | None = None
    ) -> None:
        """Keeps an invitation with a known code, good for a week."""
        assert self.parts
        until = self.clock.now() + timedelta(days=7)
        async with self.parts.opened.database.work() as work:
            key = code_key(self.parts.opened.keyring, code)
            await add_invitation(work, key, Invitation(kind, role, unit, until, None))
