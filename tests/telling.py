"""A tip told on each channel by somebody all of whose marks are canaries, and what the machine keeps of it.

`Told` is an installation with one citizen at it; its subclasses are the channels: the script, the web over real HTTP,
Telegram against the loopback server. `say_all` tells the whole tip, `say_until` stops in the middle.
"""

from __future__ import annotations

import asyncio
import html
import logging
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import httpx
import msgspec
import structlog
from sqlalchemy import event

from assembly.web import web_channel
from bot.channels.channel import Heard
from bot.channels.telegram import Telegram
from bot.channels.web import listen, port_of
from bot.config import WebSection
from bot.domain.member import Chat, ChatKind
from bot.logs import set_up_logs
from bot.storage.members import put_chat
from bot.storage.settings import Offset
from bot.storage.web_rooms import WebRooms
from tests.canaries import Canaries
from tests.loopback.bot_api import BotApi
from tests.talking import Installation

SENDER, CHAT = "7402913586", "8391047265"
FIRST, LAST, USERNAME = "Zephyrina", "Quanglockhoa", "zephyrquang_88"
TOKEN = "c.Kx7Canary-token_of_the_cookie42"
ADDRESS, AGENT = "127.83.41.97", "Kestrelbrowser/9.7"
PLACES = ("Xyloquarz", "Thủy Nguyệt Đình", "0987123465")
WORDS = "Có người bán ma tuý ở quán {}, cạnh cầu {}, xin gọi {}.".format(*PLACES)

STEPS = (  # what the citizen does, and words of what is answered
    ("write", "/start", "Gửi tin báo"),
    ("press", "Gửi tin báo", "Trước khi bắt đầu"),
    ("press", "Tiếp tục ở đây", "Việc gì đang xảy ra?"),
    ("press", "Mua bán", "Ở xã, phường nào?"),
    ("press", "Không nhớ", "Kể cho chúng tôi"),
    ("write", WORDS, "Việc này xảy ra khi nào?"),
    ("press", "Mấy ngày gần đây", "Bạn có muốn chúng tôi"),
    ("press", "Có, ngay tại đây", "Xem lại giúp chúng tôi"),
    ("press", "Gửi", "Đã nhận. Cảm ơn bạn."),
    ("press", "Tôi đã chép", "Tốt rồi."),
)
ASKED_FOR_WORDS, SUMMARY, FILED = 5, 8, 9
"""So many steps lead to the question for words, to the summary, to the receipt."""
LIBRARIES = ("aiosqlite", "sqlalchemy", "aiogram", "aiohttp", "asyncio", "uvicorn", "starlette", "python_multipart",
             "apscheduler", "filelock")  # fmt: skip
OUR_BROWSER = ("httpx", "httpcore")
"""What the citizen's browser is made of here: in the same process, but no part of the server."""


class Faults:
    """Makes the database's `n`-th call from now on fail: a statement or a commit, as a failing disk does."""

    def __init__(self, told: Told, *, telling: bool = False) -> None:
        assert told.parts
        engine = told.parts.opened.database._engine.sync_engine
        self.left, self.hit, self.telling = 0, 0, telling
        for name in ("do_execute", "do_executemany"):
            event.listen(engine, name, lambda _cursor, statement, values, _context: self._call(statement, values))
        event.listen(engine, "commit", lambda _connection: self._call("COMMIT", ()))

    def arm(self, n: int) -> None:
        self.left = n

    def _call(self, statement: str, values: object) -> None:
        self.left -= 1
        if self.left == 0:
            self.hit += 1
            said = f" in {statement} with {values}" if self.telling else ""  # asyncpg's own errors quote values
            raise sqlite3.OperationalError(f"disk I/O error{said}")


@dataclass
class Told(Installation):
    """An installation and one citizen."""

    marks: dict[str, str] = field(default_factory=dict)
    patience: float = 20.0  # seconds that the citizen waits for an answer
    instead: ClassVar[dict[str, str]] = {}  # what is pressed where a channel has no such button

    @property
    def canaries(self) -> Canaries:
        places = {f"the tip's words {n}": word for n, word in enumerate(PLACES, 1)}
        return Canaries(places | self.marks)

    async def open(self) -> None:
        await self.found()
        assert self.parts
        async with self.parts.opened.database.work() as work:
            await put_chat(work, Chat("desk", self.channel, self.desk, ChatKind.TRIAGE, "Ban điều phối", frozenset()))

    @property
    def desk(self) -> str:
        return "desk"

    async def write(self, text: str) -> None:
        raise NotImplementedError

    async def push(self, label: str) -> None:
        raise NotImplementedError

    async def sees(self, part: str) -> str:
        """The text of the newest message that holds the words. Raises AssertionError when none comes."""
        raise NotImplementedError

    async def step(self, number: int) -> str:
        act, what, answered = STEPS[number]
        what = self.instead.get(what, what)
        await (self.write(what) if act == "write" else self.push(what))
        return await self.sees(answered)

    async def say_until(self, steps: int) -> None:
        for number in range(steps):
            self.learn(await self.step(number))

    async def say_all(self) -> None:
        await self.say_until(len(STEPS))

    def learn(self, text: str) -> None:
        """A receipt that is shown is a canary from then on."""
        if found := re.search(r"\b\d{4} \d{4} \d{4} \d{4}\b", text):
            self.marks |= {f"receipt {found[0]}": found[0], f"receipt {found[0]}.": found[0].replace(" ", "")}

    @property
    def data(self) -> Path:
        return self.config.data_folder

    async def lose_power(self) -> None:
        """Everything ends as it lies on the disk now, is built anew, and goes on."""
        cut = self.as_seized(self.folder / "cut")
        await self.end()
        shutil.rmtree(self.data)
        cut.rename(self.data)
        await self.begin()

    async def begin(self) -> None:
        await self.start()

    async def end(self) -> None:
        await self.stop()

    async def leave(self) -> None:
        """Ends, and lets go of what the platform was."""
        await self.end()

    def as_seized(self, to: Path) -> Path:
        """The data folder as it lies on the disk at this moment: what a thief or a power cut leaves."""
        return Path(shutil.copytree(self.data, to))


@dataclass
class OnScript(Told):
    """Sender and chat have different ids, and a key holds both."""

    marks: dict[str, str] = field(default_factory=lambda: {"sender": SENDER, "chat": CHAT, "name": FIRST, "last": LAST})
    number: int = 0

    async def write(self, text: str) -> None:
        await self.speak(text=text)

    async def push(self, label: str) -> None:
        ref, choice = self.button(CHAT, label)
        await self.speak(choice=choice, reply_to=ref)

    async def speak(self, *, settle: bool = True, **what: str) -> None:
        self.number += 1
        key, name = f"{SENDER}/{CHAT}/{self.number}", f"{FIRST} {LAST}"
        assert self.parts
        await self.parts.turns.hear(Heard(channel="script", chat=CHAT, sender=SENDER, key=key, name=name, **what))
        if settle:
            await self.settle()

    async def sees(self, part: str) -> str:
        texts = [f"{said.head}\n{said.text}\n{said.rows}" for said in self.said(CHAT)]
        found = [text for text in texts[-3:] if part in text]
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

    marks: dict[str, str] = field(
        default_factory=lambda: {"cookie": TOKEN, "address": ADDRESS, "browser": AGENT, "token": TOKEN[2:]}
    )
    channel: str = "web"
    port: int = 0
    instead: ClassVar[dict[str, str]] = {"Có, ngay tại đây": "Chỉ khi tôi mở lại bằng mã"}

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

    async def post(self, **fields: str) -> None:
        async with self.browser() as browser:
            page = (await browser.get("/")).text
            key = re.findall(r'name="key" value="([^"]*)"', page)[-1]
            sent = {"key": key, **fields, **({} if "<article" in page else {"fresh": TOKEN})}
            await browser.post("/say", files={name: (None, value) for name, value in sent.items()})

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(local_address=ADDRESS),
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"tb": TOKEN},
            headers={"User-Agent": AGENT, "X-Forwarded-For": ADDRESS},
            timeout=20,
        )

    async def write(self, text: str) -> None:
        await self.post(text=text)

    async def push(self, label: str) -> None:
        page = await self.page()
        choice = re.findall(rf'name="choice" value="([^"]*)">{re.escape(label)}</button>', page)[-1]
        await self.post(choice=html.unescape(choice))

    async def page(self) -> str:
        async with self.browser() as browser:
            return (await browser.get("/")).text

    async def sees(self, part: str) -> str:
        for _ in range(int(self.patience / 0.05)):
            articles = (await self.page()).split("<article")
            found = [one for one in articles[-3:] if part in html.unescape(one)]
            if found:
                return found[-1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{part!r} was not seen")


@dataclass
class OnTelegram(Running):
    """An account with all its names."""

    marks: dict[str, str] = field(
        default_factory=lambda: {"sender": SENDER, "name": FIRST, "last": LAST, "username": USERNAME}
    )
    channel: str = "telegram"
    server: BotApi = field(default_factory=BotApi)

    @property
    def desk(self) -> str:
        return str(self.group_of_the_desk.id)

    async def open(self) -> None:
        await self.server.start()
        self.person = self.server.person(int(SENDER), FIRST, last_name=LAST, username=USERNAME, language_code="vi")
        self.group_of_the_desk = self.server.group("Ban điều phối")
        await super().open()

    async def connect(self, opened):  # type: ignore[no-untyped-def]
        offsets = Offset(opened.database, "telegram")
        return [Telegram(self.server.token, self.server.url, offsets=offsets, poll=5, pause=0.01)], str

    async def write(self, text: str) -> None:
        await self.person.writes(text)

    async def push(self, label: str) -> None:
        newest = [seen for seen in self.person.screen() if any(label in row for row in seen.buttons)][-1]
        await self.person.presses(newest, label)

    async def sees(self, part: str) -> str:
        def is_there() -> bool:
            return any(part in f"{seen.text}{seen.buttons}" for seen in self.person.screen()[-3:] if seen.from_bot)

        assert await self.server.until(is_there, self.patience), f"{part!r} was not seen"
        return self.person.screen()[-1].text

    async def leave(self) -> None:
        await super().leave()
        await self.server.stop()


CHANNELS = {"script": OnScript, "web": OnWeb, "telegram": OnTelegram}


@contextmanager
def written_down(folder: Path) -> Iterator[Path]:
    """All that is logged at DEBUG and all that comes on standard error, as files in the folder.

    `stderr.txt` is what the house's own set-up writes, `operator.log` what a handler catches that an operator added.
    """
    folder.mkdir()
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    before, levels = list(root.handlers), {name: logging.getLogger(name).level for name in (*LIBRARIES, *OUR_BROWSER)}
    stderr, descriptor = sys.stderr, os.dup(2)
    with (folder / "stderr.txt").open("w", encoding="utf-8", buffering=1) as written:
        sys.stderr = written
        os.dup2(written.fileno(), 2)
        set_up_logs("debug")
        handler = logging.FileHandler(folder / "operator.log")
        root.addHandler(handler)
        for name in LIBRARIES:
            logging.getLogger(name).setLevel(logging.DEBUG)
        for name in OUR_BROWSER:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            yield folder
        finally:
            os.dup2(descriptor, 2)
            os.close(descriptor)
            sys.stderr = stderr
            handler.close()
            root.handlers[:] = before
            logging.setLogRecordFactory(factory)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            structlog.reset_defaults()
