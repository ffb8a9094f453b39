"""Who sent which tip is not to be told from the order in which things lie in a seized data folder."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from assembly.web import web_channel
from bot import chance, tip_cards
from bot.chance import Chance
from bot.channels.channel import Attachment
from bot.domain.member import Chat, ChatKind
from bot.domain.tip import TipKind, TipLine, hour_of
from bot.storage import outbox, tables, web_rooms
from bot.storage.database import Database
from bot.storage.files import Files
from bot.storage.members import put_chat
from bot.storage.outbox import Parcel
from bot.storage.tip_parts import send_parts
from bot.storage.tips import sealed_tips
from bot.storage.web_rooms import WebRooms
from handlers import receipt, tip_filing
from scheduler import retention
from tests.marks import PHOTO, voice
from tests.matching import Evening, Places, bound, shelves, strength, traces
from tests.talking import Installation

BEGIN = datetime(2026, 2, 27, 11, 45, tzinfo=UTC)  # 18:45 in Lào Cai: of each hour's tips some were begun before it
MANY, SOME, FEW = 200, 100, 60
EVERY = {MANY: 1.5, SOME: 3.0, FEW: 3.0}  # minutes
AT_ONCE = 6  # people in the middle of a tip: so at every full hour
SOON, LATE = (2, 9), (700, 740)
"""The notices' delays in minutes: as configured, so that all have gone; and so long that all still wait."""
DESK = "room:desk"
KINDS = {"Mua bán": TipKind.SELLING, "Tụ tập sử dụng": TipKind.USING, "Trên mạng": TipKind.ONLINE,
         "Thuốc lá, đồ ăn có ma túy": TipKind.DISGUISED, "Trồng cây có ma túy": TipKind.GROWING}  # fmt: skip
FILES = ((), (voice(),), (PHOTO,), (PHOTO,), (PHOTO, voice(), PHOTO), (PHOTO,))
"""What comes with a tip, in turn."""


@dataclass
class Province(Installation):
    """Citizens on the script channel, the desk in a room on the web."""

    kept: set[str] = field(default_factory=set)

    async def connect(self, opened):
        rooms = WebRooms(opened.database, opened.keyring.rooms, self.clock)
        return [self.script, web_channel(opened, rooms, None)], str

    async def open(self) -> None:
        await self.found()
        async with self.parts.opened.database.work() as work:
            await put_chat(work, Chat("desk", "web", DESK, ChatKind.TRIAGE, "Ban điều phối", frozenset()))

    async def settle(self) -> None:
        """The answers are delivered; the bell is rung as time passes."""
        await self.parts.delivery.settle()

    async def pass_time(self, **by: float) -> None:
        await super().pass_time(**by)
        await super().settle()

    async def begin(self, who: str, kind: str, commune: str, files) -> None:
        """Tells a tip until its files are sent."""
        await self.hear(who, choice="tip:vi", ref=f"r{who}")
        for label in ("Tiếp tục ở đây", kind):
            await self.press(who, label)
        await self.hear(who, commune)
        if any(button.label == commune for row in self.last(who).rows for button in row):
            await self.press(who, commune)
        await self.hear(who, "Có người lạ hay đứng ở đầu ngõ ban đêm.")
        for label in ("Đã lâu", "Không muốn nói", "Không biết", "Không gấp"):
            await self.press(who, label)
        await self.send(who, files)

    async def send(self, who: str, files) -> None:
        for content in files:
            ref = f"file-{len(self.script.files)}"
            self.script.files[ref] = content
            await self.hear(who, files=(Attachment(ref=ref, sort="file", size=len(content)),), ref=ref)

    async def file(self, who: str, files) -> str:
        """Sends it off; the receipt."""
        for label in ("Xong" if files else "Không có", "Chỉ khi tôi mở lại bằng mã", "Gửi"):
            await self.press(who, label)
        shown = re.findall(r"\d{4} \d{4} \d{4} \d{4}", "".join(said.text for said in self.said(who)))
        return shown[-1]

    async def add(self, who: str, receipt: str, files) -> None:
        """Somebody comes back with a receipt and adds words and files."""
        await self.hear(who, receipt)
        await self.press(who, "Bổ sung")
        await self.hear(who, "Họ vẫn còn đứng đó, thêm một người nữa.")
        await self.send(who, files)
        for label in ("Xong" if files else "Không có", "Gửi"):
            await self.press(who, label)

    async def new_parts(self, tip: str = "") -> tuple[str, frozenset[str]]:
        """The tip that was filed just now, or was added to, and the ids of its new parts."""
        async with self.parts.opened.database.read() as work:
            tips = {row.id for row in await work.do(select(tables.tip.c.id))}
            whose = tip or next(iter(tips - self.kept))
            mine = tables.tip_part.c.tip == whose
            parts = {row.id for row in await work.do(select(tables.tip_part.c.id).where(mine))}
        fresh = frozenset(parts - self.kept)
        self.kept |= fresh | {whose}
        return whose, fresh

    async def lines(self) -> dict[str, TipLine]:
        async with self.parts.opened.database.read() as work:
            return {line.id: line async for line, _key, _body in sealed_tips(work, "reader")}


@dataclass
class Truth:
    """What happened, in order: tip, hour, its new parts, how many messages were heard."""

    rows: list[tuple[str, int, frozenset[str], int]] = field(default_factory=list)

    def evening(self, lengths, *, is_telling: bool) -> Evening:
        return Evening(
            [row[0] for row in self.rows],
            {row[0]: row[1] for row in self.rows},
            lengths,
            {row[0]: row[2] for row in self.rows},
            {row[0]: row[3] for row in self.rows},
            is_telling,
        )


def evening(folder, monkeypatch, seed: int, delay, many: int = FEW) -> list[tuple[dict[str, Places], Evening]]:
    """So many people tell a tip, one begun after another, and some add to theirs; the data folder is seized at the next
    full hour after that. The traces of the telling, and of the adding.
    """
    monkeypatch.setattr(chance._system, "_source", Chance.seeded_for_tests(seed)._source)
    chosen = Chance.seeded_for_tests(seed + 1)
    telling, adding = Truth(), Truth()

    async def main():
        province = Province(folder / str(seed), delay=delay)
        province.folder.mkdir()
        province.clock.instant = BEGIN
        await province.open()
        names = {unit.code: unit.name for unit in province.parts.house.programme.communes}
        open_tips, receipts = deque(), deque()
        for number in range(many + AT_ONCE):
            if number < many:
                drawn = [sorted(one)[chosen.token(1)[0] % len(one)] for one in (KINDS, names.values())]
                files = FILES[number % len(FILES)]
                await province.begin(f"citizen-{number}", *drawn, files)
                open_tips.append((f"citizen-{number}", files))
            if number >= AT_ONCE:
                who, files = open_tips.popleft()
                receipt = await province.file(who, files)
                tip, parts = await province.new_parts()
                telling.rows.append((tip, hour(province), parts, len(province.said(who))))
                receipts.append((tip, receipt))
            if number % 3 == 2 and receipts:
                tip, receipt = receipts.popleft() if chosen.token(1)[0] % 2 else receipts.pop()
                who, files = f"again-{number}", FILES[(number // 3) % len(FILES)]
                await province.add(who, receipt, files)
                _, parts = await province.new_parts(tip)
                adding.rows.append((tip, hour(province), parts, len(province.said(who))))
            await province.pass_time(minutes=EVERY[many])
        assert len(telling.rows) == many
        await province.pass_time(minutes=10)
        province.clock.instant = hour_of(province.clock.instant)
        await province.pass_time(hours=1)
        files = shelves(province.config.data_folder / "files")
        shutil.copytree(province.config.data_folder, folder / f"seized-{seed}")
        lengths = {one: _length(line, names) for one, line in (await province.lines()).items()}
        await province.stop()
        return files, lengths

    files, lengths = asyncio.run(main())
    assert len(files) > many / 2
    truths = [telling.evening(lengths, is_telling=True), adding.evening({}, is_telling=False)]
    return [(traces(folder / f"seized-{seed}", files, truth), truth) for truth in truths]


def hour(province: Province) -> int:
    return int(hour_of(province.clock.instant).timestamp())


def _length(line: TipLine, names) -> int:
    """Of the notice as everybody who has the code can word it: kind, commune and urgency stand in the tip's row."""
    return len(msgspec.json.encode(Parcel("web", DESK, tip_cards.tip_news("vi", line, names[line.commune]))))


def strengths(evenings) -> dict[str, float]:
    """Of each trace, over all evenings that have it."""
    found = defaultdict(list)
    for places, truth in evenings:
        for name, trace in places.items():
            found[f"{name}{'' if truth.is_telling else ', added'}"].append(strength(trace, truth))
    return {name: sum(some) / len(some) ** 0.5 for name, some in found.items()}


def told(found: dict[str, float]) -> dict[str, float]:
    """The traces that tell more than chance does."""
    return {name: round(one, 1) for name, one in found.items() if abs(one) > bound(len(found))}


def test_an_evening_tells_no_order(tmp_path, monkeypatch):
    """After an evening of two hundred tips no trace in the data folder orders those of an hour better than chance does,
    nor what was added to them: no row, no page, no size, no file's times, and no count of messages.

    The bound: Spearman's rho of every trace with the truth, over the hours of two evenings, so that all traces
    together stay within it with 99.9 % if there is nothing but chance.
    """
    evenings = [*evening(tmp_path, monkeypatch, 1, SOON, MANY), *evening(tmp_path, monkeypatch, 2, LATE)]
    found = strengths(evenings)
    assert {"rows of tip", "first id in tinbao.sqlite", "last body's end in tinbao.sqlite"} <= set(found)
    assert {"id of outbox by length", "number of web_message by length", "rows of trace by count"} <= set(found)
    assert {"st_mtime_ns of files", "st_ino of files, added", "hour of tip_part", "hour of tip_part, added"} <= set(
        found
    )
    assert told(found) == {}


def numbered(patch):
    numbers = count()
    patch.setattr(tip_filing.chance, "name", lambda: f"{next(numbers):026}")


def untidied(patch):
    async def tidy(_database):
        """Leaves everything where it lies."""

    patch.setattr(Database, "tidy", tidy)


def unpadded(patch):
    for room in (outbox, web_rooms):
        patch.setattr(room, "padded", lambda content, *_: content)
        patch.setattr(room, "unpadded", lambda content, *_: content)


def moved_not_copied(patch):
    patch.setattr(Files, "_place", lambda files, name: (files._new / name).rename(files._folder / name))
    patch.setattr(Path, "unlink", lambda *_, **__: None)


def of_the_hour_they_came(patch):
    async def sent(work, tip, ids, _now):
        return await send_parts(work, tip, ids)

    patch.setattr(tip_filing, "send_parts", sent)
    patch.setattr(receipt, "send_parts", sent)


def placed_as_soon_as_they_came(patch):
    async def none(_work, _now):
        return set()

    patch.setattr(retention, "young_files", none)


PLANTED = [
    (numbered, SOON, "rows of tip"),
    (untidied, SOON, "last body's end in tinbao.sqlite"),
    (unpadded, SOON, "number of web_message by length"),
    (unpadded, LATE, "id of outbox by length"),
    (moved_not_copied, SOON, "st_mtime_ns of files"),
    (of_the_hour_they_came, SOON, "hour of tip_part"),
    (placed_as_soon_as_they_came, SOON, "st_mtime_ns of files"),
]


@pytest.mark.parametrize(("plant", "delay", "where"), PLANTED, ids=lambda one: getattr(one, "__name__", str(one)))
def test_a_planted_order_is_seen(tmp_path, monkeypatch, plant, delay, where):
    """The matching script sees an order where there is one: ids that count up, pages, lengths and files left as they
    fall, parts and files that tell the hour they came in instead of the one they were sent off in.
    """
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        many = SOME if plant is placed_as_soon_as_they_came else FEW  # a faint trace
        found = strengths(evening(tmp_path, monkeypatch, 7, delay, many))
    assert where in told(found)
