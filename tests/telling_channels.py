"""Where a tip is told: on the script, on the web over real HTTP, on Telegram against the loopback server."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import httpx
import msgspec

from assembly.web import web_channel
from bot.channels.channel import Attachment, Heard
from bot.channels.telegram import Telegram
from bot.channels.web import listen, port_of
from bot.config import WebSection
from bot.storage.settings import Offset
from bot.storage.web_rooms import WebRooms
from tests.loopback.bot_api import BotApi
from tests.loopback.people import Person, Seen
from tests.marks import OTHER, POSITION, TELLER, Account
from tests.telling import Told

OFTEN = 0.05  # seconds between two looks at a page


@dataclass
class OnScript(Told):
    """Sender and chat have different ids, and a key holds both."""

    number: int = 0
    lacks: ClassVar[frozenset[str]] = frozenset({"change", "contact"})

    async def write(self, text: str) -> None:
        await self.speak(text=text)

    async def push(self, label: str) -> None:
        ref, choice = self.button(self.account.chat, label)
        await self.speak(choice=choice, reply_to=ref)

    async def send(self, content: bytes, name: str, caption: str) -> None:
        self.script.files[name] = content
        await self.speak(text=caption, files=(Attachment(ref=name, sort="file", size=len(content)),))

    async def place(self, _typed: str) -> None:
        await self.speak(position=POSITION)

    async def speak(self, *, settle: bool = True, **what: object) -> None:
        self.number += 1
        who = self.account
        heard = Heard(
            channel="script",
            chat=who.chat,
            sender=who.sender,
            key=f"{who.sender}/{who.chat}/{self.number}",
            name=f"{who.first} {who.last}",
            ref=who.number(self.number),
            **what,  # type: ignore[arg-type]
        )
        assert self.parts
        await self.parts.turns.hear(heard)
        if settle:
            await self.settle()

    async def sees(self, part: str) -> str:
        texts = [f"{said.head}\n{said.text}\n{said.rows}" for said in self.said(self.account.chat)]
        found = [text for text in texts[-self.looks_back :] if part in text]
        assert found, f"{part!r} was not said; {texts[-1][:60]!r} was"
        return found[-1]


@dataclass
class Running(Told):
    """Heard and delivered as in `tinbao run`."""

    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        assert self.parts
        await self.parts.clockwork.ring()
        works = [self.parts.delivery.run(), *(one.run(self.parts.turns.hear) for one in self.parts.channels.values())]
        self.tasks = [asyncio.create_task(work) for work in works]

    async def open(self) -> None:
        await super().open()
        await self.run()

    async def begin(self) -> None:
        await super().begin()
        await self.run()

    async def settle(self) -> None:
        """The bell; delivery runs by itself."""
        assert self.parts
        await self.parts.clockwork.ring()

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.stop()


@dataclass
class OnWeb(Running):
    """A browser that sends its own cookie, from an address of its own (all of 127.0.0.0/8 is this machine)."""

    channel: str = "web"
    port: int = 0
    refused: int = 0  # forms that were answered with "not taken", and sent again
    instead: ClassVar[dict[str, str]] = {"Có, ngay tại đây": "Chỉ khi tôi mở lại bằng mã"}
    lacks: ClassVar[frozenset[str]] = frozenset({"change", "contact"})

    @property
    def config(self):  # type: ignore[no-untyped-def]
        return msgspec.structs.replace(super().config, web=WebSection(secure=False))

    @property
    def desk(self) -> str:
        return "room:desk"

    async def connect(self, opened):  # type: ignore[no-untyped-def]
        listener = listen("127.0.0.1", 0)
        self.port = port_of(listener)
        rooms = WebRooms(opened.database, opened.keyring.rooms, self.clock)
        return [web_channel(opened, rooms, listener)], str

    async def post(self, *files: tuple[str, bytes], **fields: str) -> None:
        """Sends a form, once more while the page says that it was not taken."""
        async with self.browser() as browser:
            for _ in range(60):
                page = (await browser.get("/")).text
                key = re.findall(r'name="key" value="([^"]*)"', page)[-1]
                fresh = {} if "<article" in page else {"fresh": self.account.token}
                parts: list[tuple[str, object]] = [(name, (None, value)) for name, value in
                                                   {"key": key, **fields, **fresh}.items()]  # fmt: skip
                parts += [("file", (name, content)) for name, content in files]
                if (await browser.post("/say", files=parts)).status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return
                self.refused += 1

    def browser(self) -> httpx.AsyncClient:
        who = self.account
        return httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(local_address=who.address, verify=False),
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"tb": who.token},
            headers={"User-Agent": who.agent, "X-Forwarded-For": who.address},
            timeout=20,
        )

    async def write(self, text: str) -> None:
        await self.post(text=text)

    async def push(self, label: str) -> None:
        for _ in range(int(self.patience / OFTEN)):
            choices = re.findall(rf'name="choice" value="([^"]*)">{re.escape(label)}</button>', await self.page())
            if choices:
                await self.post(choice=html.unescape(choices[-1]))
                return
            await asyncio.sleep(OFTEN)
        raise AssertionError(f"there is no button {label!r}")

    async def send(self, content: bytes, name: str, caption: str) -> None:
        await self.post((name, content), text=caption)

    async def page(self) -> str:
        async with self.browser() as browser:
            return (await browser.get("/")).text

    async def sees(self, part: str) -> str:
        for _ in range(int(self.patience / OFTEN)):
            articles = (await self.page()).split("<article")
            found = [one for one in articles[-self.looks_back :] if part in html.unescape(one)]
            if found:
                return found[-1]
            await asyncio.sleep(OFTEN)
            self.clock.instant += timedelta(seconds=1)
        raise AssertionError(f"{part!r} was not seen")


@dataclass
class OnTelegram(Running):
    """Accounts with all their names."""

    channel: str = "telegram"
    server: BotApi = field(default_factory=BotApi)
    last: Seen | None = None
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def desk(self) -> str:
        return str(self.group_of_the_desk.id)

    @property
    def person(self) -> Person:
        return self.people[self.account.sender]

    async def open(self) -> None:
        self.marks["the bot's token"] = self.server.token.partition(":")[2]
        await self.server.start()
        for who in (TELLER, OTHER):
            more = {"last_name": who.last, "username": who.username, "language_code": "vi"}
            self.people[who.sender] = self.server.person(int(who.sender), who.first, **more)
        self.group_of_the_desk = self.server.group("Ban điều phối")
        await super().open()

    async def connect(self, opened):  # type: ignore[no-untyped-def]
        offsets = Offset(opened.database, "telegram")
        return [Telegram(self.server.token, self.server.url, offsets=offsets, poll=5, pause=0.01)], str

    async def write(self, text: str) -> None:
        self.last = await self.person.writes(text)

    async def push(self, label: str) -> None:
        def there() -> list[Seen]:
            return [seen for seen in self.person.screen() if any(label in row for row in seen.buttons)]

        assert await self.server.until(lambda: bool(there()), self.patience), f"there is no button {label!r}"
        await self.person.presses(there()[-1], label)

    async def send(self, content: bytes, name: str, caption: str) -> None:
        """As a file, which keeps its name; what is recorded has none."""
        kind = "voice" if name.endswith(".ogg") else "document"
        await self.person.sends(kind, content, caption, name=name)

    async def place(self, _typed: str) -> None:
        await self.person.shares_position(*POSITION)

    async def change(self, text: str) -> None:
        assert self.last
        await self.person.changes(self.last, text)

    async def contact(self, _text: str) -> None:
        await self.person.shares_contact(self.account.phone, self.account.first)

    async def sees(self, part: str) -> str:
        def there() -> list[str]:
            shown = [one for one in self.person.screen()[-self.looks_back :] if one.from_bot]
            texts = [f"{one.text}{one.buttons}{one.choices}" for one in shown]
            return [text for text in texts if part in text]

        for _ in range(max(1, int(self.patience))):
            if await self.server.until(lambda: bool(there()), 1.0):
                return there()[-1]
            self.clock.instant += timedelta(seconds=1)
        raise AssertionError(f"{part!r} was not seen")

    async def become(self, account: Account) -> None:
        await super().become(account)
        self.last = None

    async def leave(self) -> None:
        await super().leave()
        await self.server.stop()


CHANNELS: dict[str, type[Told]] = {"script": OnScript, "web": OnWeb, "telegram": OnTelegram}
