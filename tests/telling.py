"""A tip told by somebody all of whose marks are canaries, the talk that follows, and what the machine keeps of both.

`Told` is an installation with one citizen at it; tests/telling_channels.py has the channels. `say_until` stops in the
middle, `say_all` tells the whole tip; `talk` comes back with the receipt from another account.
"""

from __future__ import annotations

import pickle
import re
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, NamedTuple

import msgspec

from assembly.reading import read_tips
from bot import chance
from bot.desk import Desk
from bot.domain.limits import Attempts, Limit, Quota
from bot.domain.member import Chat, ChatKind
from bot.domain.tip import TipLine
from bot.intake import RECEIPT, Intake
from bot.storage.contents import Header, pack
from bot.storage.members import put_chat
from bot.storage.seal import seal_tip
from bot.storage.tip_parts import Part, count_parts
from bot.storage.tips import active_readers, find_tip, sealed_tips
from handlers.receipt import Doorkeeper
from handlers.tip_filing import TipLimits
from tests.canaries import Canaries, Finds
from tests.marks import (
    ADDED,
    ASKED,
    CAPTION,
    COMMUNE,
    EDITED,
    HIDDEN,
    NAME,
    OTHER,
    PHOTO,
    PLACED,
    SMALL,
    SPOKEN,
    TELLER,
    WORDS,
    Account,
    Marks,
    seen,
    voice,
)
from tests.talking import Installation


class Step(NamedTuple):
    """What the citizen does, with what, and words of what is answered."""

    act: str
    what: str
    answered: str


STEPS = (
    Step("write", "/start", "Gửi tin báo"),
    Step("press", "Gửi tin báo", "Trước khi bắt đầu"),
    Step("press", "Tiếp tục ở đây", "Việc gì đang xảy ra?"),
    Step("press", "Mua bán", "Ở xã, phường nào?"),
    Step("place", "bac ha", "Chọn một dòng"),
    Step("press", COMMUNE, "Kể cho chúng tôi"),
    Step("write", WORDS, "Việc này xảy ra khi nào?"),
    Step("change", EDITED, "Việc này xảy ra khi nào?"),
    Step("contact", "", "không nhận loại này"),
    Step("press", "Mấy ngày gần đây", "Vì sao bạn biết?"),
    Step("press", "Tận mắt thấy", "liên quan đến cán bộ"),
    Step("press", "Không", "gấp đến đâu?"),
    Step("press", "Trong vài ngày", "Có ảnh, video hay ghi âm không?"),
    Step("send", "photo", "Đã nhận 1 tệp"),
    Step("send", "voice", "Đã nhận 2 tệp"),
    Step("press", "Xong", "Bạn có muốn chúng tôi"),
    Step("press", "Có, ngay tại đây", "Xem lại giúp chúng tôi"),
    Step("press", "Gửi", "Đã nhận. Cảm ơn bạn."),
    Step("press", "Tôi đã chép", "Tốt rồi."),
)
TALK = (
    Step("write", "the receipt", "Fenstermoor"),
    Step("press", "Trả lời", "Bạn viết hoặc nói"),
    Step("write", ADDED, "gửi kèm không?"),
    Step("send", "small", "Đã nhận 1 tệp"),
    Step("press", "Xong", "Gửi phần này"),
    Step("press", "Gửi", "Đã nhận phần bổ sung."),
)
WARNED = (Step("write", "/canhbao", "Nhận cảnh báo"), Step("press", "Nhận cảnh báo", "Từ giờ bạn nhận"))
FORGOTTEN = Step("write", "/quentoi", "Đường liên lạc với bạn đã được xóa")


def _after(answered: str) -> int:
    return next(number for number, step in enumerate(STEPS, 1) if answered in step.answered)


ASKED_FOR_WORDS, STAGED, SUMMARY, FILED = (
    _after(words) for words in ("Kể cho", "Đã nhận 2 tệp", "Xem lại", "Đã nhận. Cảm ơn")
)
"""So many steps lead to the question for words, to where two files wait to be sent off, to the summary, to the
receipt.
"""
FILES = {"photo": (PHOTO, NAME), "small": (SMALL, NAME), "voice": (voice(), "ghi-am-Krombolzky.ogg")}


@dataclass
class Told(Installation):
    """An installation and one citizen."""

    account: Account = TELLER
    marks: Marks = field(default_factory=dict)
    receipt: str = ""
    patience: float = 20.0  # seconds that the citizen waits for an answer
    looks_back: int = 3  # messages, of the newest, in which the answer is looked for
    instead: ClassVar[dict[str, str]] = {}  # what is pressed where a channel has no such button
    lacks: ClassVar[frozenset[str]] = frozenset()  # what can't be done on a channel

    @property
    def canaries(self) -> Canaries:
        photos = seen({"the photo": PHOTO, "the small photo": SMALL})
        told: Marks = {**SPOKEN, **PLACED, **HIDDEN, **photos, **self.account.marks(self.channel), **self.marks}
        return Canaries(told)

    async def open(self) -> None:
        await self.found()
        assert self.parts
        async with self.parts.opened.database.work() as work:
            await put_chat(work, Chat("desk", self.channel, self.desk, ChatKind.TRIAGE, "Ban điều phối", frozenset()))

    @property
    def desk(self) -> str:
        return "desk"

    # --- what the citizen does ---------------------------------------------------------------------------------------

    async def write(self, text: str) -> None:
        raise NotImplementedError

    async def push(self, label: str) -> None:
        raise NotImplementedError

    async def send(self, content: bytes, name: str, caption: str) -> None:
        raise NotImplementedError

    async def place(self, typed: str) -> None:
        """Shares a position; where that can't be done, types a name."""
        await self.write(typed)

    async def change(self, text: str) -> None:
        """Edits what was written last."""

    async def contact(self, _text: str) -> None:
        """Shares the own telephone number."""

    async def sees(self, part: str) -> str:
        """The text of the newest message that holds the words. Raises AssertionError when none comes."""
        raise NotImplementedError

    async def do(self, step: Step) -> str:
        """One step; the answer. The clock goes on meanwhile, as slowly as nobody is stopped for."""
        act, what, answered = step
        if act in self.lacks:
            return ""
        self.clock.instant += timedelta(seconds=2)
        what = self.receipt if what == "the receipt" else self.instead.get(what, what)
        if act == "send":
            await self.send(*FILES[what], caption=CAPTION)
        else:
            await {"press": self.push}.get(act, getattr(self, act, self.write))(what)
        return await self.sees(answered)

    async def step(self, number: int) -> str:
        return await self.do(STEPS[number])

    async def say_until(self, steps: int) -> None:
        for number in range(steps):
            self.learn(await self.step(number))

    async def say_all(self) -> None:
        await self.say_until(len(STEPS))

    async def talk(self) -> None:
        """The desk asks; the person comes back from another account and answers."""
        await self.desk_writes()
        await self.become(OTHER)
        for step in TALK:
            await self.do(step)

    async def become(self, account: Account) -> None:
        """The same person with another account; the marks of the one before stay canaries."""
        self.marks |= {f"{name}, before": mark for name, mark in self.account.marks(self.channel).items()}
        self.account = account

    def learn(self, text: str) -> None:
        """A receipt that is shown is a canary from then on, and so is the name of the conversation's traces."""
        if found := re.search(r"\b\d{4} \d{4} \d{4} \d{4}\b", text):
            self.receipt = found[0]
            self.marks |= {f"receipt {found[0]}": found[0], f"receipt {found[0]}.": found[0].replace(" ", "")}
        if found := re.search(r"wipe:vi:([a-z2-7]{26})", text):
            self.marks["trace"] = found[1]

    # --- what the desk does ------------------------------------------------------------------------------------------

    async def newest_tip(self) -> TipLine:
        assert self.parts
        async with self.parts.opened.database.read() as work:
            return [line async for line, _key, _body in sealed_tips(work, "reader")][-1]

    async def desk_writes(self, text: str = ASKED) -> None:
        """As a reader's own machine does: sealed before it comes to the server."""
        assert self.parts
        line, house = await self.newest_tip(), self.parts.house
        async with self.parts.opened.database.work() as work:
            found = await find_tip(work, line.id)
            assert found
            readers = {one.id: one.public for one in (await active_readers(work)).values()} | {RECEIPT: found[1]}
            name, content = chance.name(), pack(Header("words", number=await count_parts(work, line.id)), text.encode())
            sealed = seal_tip(content, readers, f"{line.id}/{name}".encode())
            key = sealed.keys.pop(RECEIPT)
            message = Part(name, line.id, "desk", self.clock.now(), sealed.keys, body=sealed.body, receipt_key=key)
            await house.room(Desk).write(work, message, self.clock.now())
        self.parts.delivery.wake()

    async def read_copy(self) -> Finds:
        """What a reader's copy holds that it must not: a position, metadata, a file's name, or who told it."""
        assert self.parts
        unwanted = {**PLACED, **HIDDEN, "a file's name": SPOKEN["a file's name"], **self.account.marks(self.channel)}
        canaries = Canaries({**unwanted, **self.marks})
        finds: Finds = set()
        for tip in await read_tips(self.parts.opened, (self.folder / "reader.key").read_text(), str):
            finds |= canaries.search(msgspec.json.encode((tip.draft, tip.place)), "the reader's copy")
            for part in tip.parts:
                finds |= canaries.search(msgspec.json.encode(part.header), "the reader's copy of a header")
                finds |= canaries.search(part.content, f"the reader's copy of a {part.header.sort}")
        return finds

    # --- what is kept ------------------------------------------------------------------------------------------------

    def held_by_limits(self) -> Finds:
        """What the limits hold in memory: they have no need to know anybody."""
        assert self.parts
        house = self.parts.house
        held = (
            self.parts.turns._pace,
            house.room(TipLimits).tips,
            house.room(Doorkeeper)._attempts,
            house.room(Intake)._limits,
        )
        return self.canaries.search(b"".join(map(pickle.dumps, held)), "the limits' memory")

    def unlimited(self) -> None:
        """For who does things again and again because they are made to fail."""
        assert self.parts
        rooms = self.parts.house.rooms
        assert isinstance(rooms, dict)
        rooms[TipLimits] = TipLimits(Quota(Limit.TIPS, 1_000, timedelta(hours=1)))
        self.parts.house.room(Doorkeeper)._attempts = Attempts()

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
