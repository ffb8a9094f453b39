"""A town on the script channel: citizens whose own messages stand in their chats too, and a desk that writes."""

from __future__ import annotations

import asyncio
import atexit
import re
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assembly.reading import ReadTip, read_tips
from bot import chance
from bot.channels.channel import Attachment, Heard, Said, Sort
from bot.desk import Desk
from bot.domain.tip import Outcome, TipLine, TipState
from bot.intake import RECEIPT
from bot.storage import tables
from bot.storage.contents import Header, pack
from bot.storage.outbox import Parcel
from bot.storage.seal import seal_tip
from bot.storage.tip_parts import Part
from bot.storage.tips import active_readers, find_tip
from bot.words import say
from tests.talking import Installation

WORDS = "nha nuoi ga dau thon 3 toi nao cung co xe may la den"


def w(sentence: str, **values: Any) -> str:
    """A sentence as a citizen reads it."""
    return say("vi", sentence, values)


def hours(count: int) -> str:
    return w("since-hours", hours=count)


HERE, BY_RECEIPT, NOT = w("tip-back-here"), w("tip-back-receipt"), w("tip-back-skip")
NEWS, NOTHING = w("talk-new"), w("receipt-opens-nothing")


@dataclass
class Town(Installation):
    """What a citizen writes stands in their chat under a ref that begins with "u", as on a platform."""

    written: int = 0
    marks: dict[str, set[str]] = field(default_factory=dict)

    async def hear(self, who: str, text: str = "", *, chat: str = "", choice: str = "", **more: Any) -> None:
        if not choice:
            self.written += 1
            more.setdefault("ref", f"u{self.written}")
            self.script.chats.setdefault(chat or who, {})[more["ref"]] = Said(text or "(…)")
        await super().hear(who, text, chat=chat, choice=choice, **more)

    async def send(self, who: str, *files: bytes, sort: Sort = "photo", text: str = "") -> None:
        """Sends files in one message."""
        refs = [f"f{len(self.script.files) + n}" for n in range(len(files))]
        self.script.files |= dict(zip(refs, files, strict=True))
        await self.hear(who, text, files=tuple(Attachment(ref=ref, sort=sort) for ref in refs))

    def ours(self, chat: str) -> list[Said]:
        """What we have said that still stands there."""
        return [said for ref, said in self.script.chats.get(chat, {}).items() if not ref.startswith("u")]

    def news(self, chat: str) -> list[str]:
        """What was said there since this was last asked."""
        seen = self.marks.setdefault(chat, set())
        new = {ref: said for ref, said in self.script.chats.get(chat, {}).items() if ref not in seen}
        seen |= set(new)
        return [f"{said.head}\n{said.text}".strip() for ref, said in new.items() if not ref.startswith("u")]

    async def answer(self, who: str, text: str = "", **more: Any) -> list[str]:
        """What is answered to these words."""
        self.news(who)
        await self.hear(who, text, **more)
        return self.news(who)

    async def pressed(self, who: str, label: str) -> list[str]:
        self.news(who)
        await self.press(who, label)
        return self.news(who)

    async def until_summary(self, who: str, **more: Any) -> None:
        """Tells a whole tip, all but sending it."""
        await self.hear(who, "/tin")
        await self.answer_all(who, **more)

    async def answer_all(
        self, who: str, *, what: str = WORDS, back: str = BY_RECEIPT, files: tuple[bytes, ...] = (), voice: bytes = b""
    ) -> None:
        """Answers all questions of a tip that was begun, up to its summary."""
        for label in ("tip-go", "tip-kind-selling", "tip-place-skip"):
            await self.press(who, w(label))
        await (self.send(who, voice, sort="sound") if voice else self.hear(who, what))
        for about in ("happened", "known", "official", "urgency"):
            await self.press(who, w(f"tip-{about}-skip"))
        if files:
            await self.send(who, *files)
        await self.press(who, w("ask-done" if files else "tip-evidence-skip"))
        await self.press(who, back)

    async def tell(self, who: str, **more: Any) -> str:
        """Tells and sends a tip; returns its receipt as it is shown."""
        await self.until_summary(who, **more)
        await self.press(who, w("tip-send"))
        return receipt_in(self.ours(who)[-1].text)

    # --- the desk ---

    def room(self, kind: type[Any]) -> Any:
        assert self.parts
        return self.parts.house.room(kind)

    def work(self) -> Any:
        assert self.parts
        return self.parts.opened.database.work()

    async def rows(self, table: Any) -> list[Any]:
        async with self.work() as work:
            return list((await work.do(select(table))).all())

    async def tips(self) -> list[str]:
        return [row.id for row in await self.rows(tables.tip)]

    async def write_to(self, tip: str, text: str, number: int = 1) -> None:
        """Writes to a citizen as the desk's browser will: sealed to readers and receipt before it comes here."""
        async with self.work() as work:
            found = await find_tip(work, tip)
            readers = {one.id: one.public for one in (await active_readers(work)).values()}
            name, content = chance.name(), pack(Header("words", where="browser", number=number), text.encode())
            public = found[1] if found else b"\x09" + bytes(31)
            sealed = seal_tip(content, readers | {RECEIPT: public}, f"{tip}/{name}".encode())
            keys: Mapping[str, bytes] = {who: key for who, key in sealed.keys.items() if who != RECEIPT}
            part = Part(name, tip, "desk", self.clock.now(), keys, body=sealed.body, receipt_key=sealed.keys[RECEIPT])
            await self.room(Desk).write(work, part, self.clock.now())
        await self.settle()

    async def move(self, tip: str, to: TipState, outcome: Outcome = Outcome.OPEN) -> TipLine:
        async with self.work() as work:
            line = await self.room(Desk).move(work, tip, to, self.clock.now(), outcome)
        await self.settle()
        return line

    async def read(self) -> list[ReadTip]:
        """What a reader reads, with the key that is not here."""
        assert self.parts
        return await read_tips(self.parts.opened, (self.folder / "reader.key").read_text(), lambda: "")

    # --- what is on its way ---

    async def heard_only(self, who: str, text: str = "", **more: Any) -> None:
        """The turn is done; what it says waits in the outbox."""
        self.written += 1
        heard = Heard(channel="script", chat=who, sender=who, key=f"h{self.written}", text=text, **more)
        assert self.parts
        await self.parts.turns.hear(heard)

    async def waiting(self) -> list[tuple[Parcel, float]]:
        """What waits in the outbox, and for how many seconds it is held back."""
        assert self.parts
        rows = sorted(await self.rows(tables.outbox), key=lambda row: row.id)
        now = self.clock.now()
        return [(self.parts.house.outbox._open(row.sealed), (row.not_before - now).total_seconds()) for row in rows]


def receipt_in(text: str) -> str:
    found = re.search(r"\b\d{4} \d{4} \d{4} \d{4}\b", text)
    assert found, f"no receipt in {text[:80]!r}"
    return found[0]


@cache
def founded() -> Path:
    """A town in which the first bell has rung: what units owe is written down once, which takes longest."""
    folder = Path(tempfile.mkdtemp(prefix="tinbao-town-"))
    atexit.register(shutil.rmtree, folder)

    async def found() -> None:
        town = Town(folder)
        await town.found()
        await town.group("desk")
        await town.settle()
        await town.stop()

    asyncio.run(found())
    return folder


def story(folder: Path, tell: Callable[[Town], Coroutine[Any, Any, None]]) -> None:
    """Plays it in a town of its own, which has a reader and a desk."""
    shutil.copytree(founded(), folder, dirs_exist_ok=True)

    async def main() -> None:
        town = Town(folder)
        await town.start()
        try:
            await tell(town)
        finally:
            await town.stop()

    asyncio.run(main())
