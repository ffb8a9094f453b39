"""Who sent which tip is not to be told from the order in which things lie in a seized data folder."""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import msgspec
import pytest

from assembly.web import web_channel
from bot import cards, chance
from bot.chance import Chance
from bot.domain.member import Chat, ChatKind
from bot.domain.tip import TipKind, TipLine, Urgency, hour_of
from bot.storage import outbox, web_rooms
from bot.storage.database import Database
from bot.storage.members import put_chat
from bot.storage.outbox import Parcel
from bot.storage.tips import sealed_tips
from bot.storage.web_rooms import WebRooms
from handlers import tip
from tests.matching import Evening, Places, bound, strength, traces
from tests.talking import Installation

BEGIN = datetime(2026, 2, 27, 12, 0, tzinfo=UTC)  # 19:00 in Lào Cai
TIPS = 60
EVERY = 3  # minutes
SOON, LATE = (2, 9), (400, 440)
"""The notices' delays in minutes: as configured, so that all have gone; and so long that all still wait."""
DESK = "room:desk"
KINDS = {"Mua bán": TipKind.SELLING, "Tụ tập sử dụng": TipKind.USING, "Trên mạng": TipKind.ONLINE,
         "Thuốc lá, đồ ăn có ma túy": TipKind.DISGUISED, "Trồng cây có ma túy": TipKind.GROWING}  # fmt: skip
URGENCIES = {"Mấy ngày gần đây": Urgency.RECENT, "Đã lâu": Urgency.PAST, "Không rõ": Urgency.UNSAID}


@dataclass
class Province(Installation):
    """Citizens on the script channel, the desk in a room on the web."""

    async def connect(self, opened):
        rooms = WebRooms(opened.database, opened.keyring.rooms, self.clock)
        return [self.script, web_channel(opened, rooms, None)], str

    async def open(self) -> None:
        await self.found()
        async with self.parts.opened.database.work() as work:
            await put_chat(work, Chat("desk", "web", DESK, ChatKind.TRIAGE, "Ban điều phối", frozenset()))

    async def tell(self, who: str, kind: str, commune: str, urgency: str) -> None:
        await self.hear(who, choice="tip:vi")
        for label in ("Tiếp tục ở đây", kind):
            await self.press(who, label)
        await self.hear(who, commune)
        if any(button.label == commune for row in self.last(who).rows for button in row):
            await self.press(who, commune)
        await self.hear(who, "Có người lạ hay đứng ở đầu ngõ ban đêm.")
        for label in (urgency, "Không", "Gửi"):
            await self.press(who, label)

    async def tips(self) -> dict[str, TipLine]:
        return {line.id: line async for line in self._tips()}

    async def _tips(self):
        async with self.parts.opened.database.work() as work:
            async for line, _key, _body in sealed_tips(work, "reader"):
                yield line


def evening(folder, monkeypatch, seed: int, delay) -> tuple[dict[str, Places], Evening]:
    """Sixty people tell a tip each, one after another; the data folder is seized at the next full hour after that."""
    monkeypatch.setattr(chance._system, "_source", Chance.seeded_for_tests(seed)._source)
    chosen = Chance.seeded_for_tests(seed + 1)

    async def main() -> Evening:
        province = Province(folder / str(seed), delay=delay)
        province.folder.mkdir()
        province.clock.instant = BEGIN
        await province.open()
        known: dict[str, TipLine] = {}
        order = []
        names = {unit.code: unit.name for unit in province.parts.house.programme.communes}
        for number in range(TIPS):
            drawn = [sorted(one)[chosen.token(1)[0] % len(one)] for one in (KINDS, names.values(), URGENCIES)]
            await province.tell(f"citizen-{number}", *drawn)
            after = await province.tips()
            order += set(after) - set(known)
            known = after
            await province.pass_time(minutes=EVERY)
        assert len(order) == TIPS
        await province.pass_time(minutes=10)
        province.clock.instant = hour_of(province.clock.instant)
        await province.pass_time(hours=1)
        shutil.copytree(province.config.data_folder, folder / f"seized-{seed}")
        await province.stop()
        hours = {one: int(line.hour.timestamp()) for one, line in known.items()}
        return Evening(order, hours, {one: _length(line, names) for one, line in known.items()})

    truth = asyncio.run(main())
    return traces(folder / f"seized-{seed}", truth), truth


def _length(line: TipLine, names) -> int:
    """Of the notice as everybody who has the code can word it: kind, commune and urgency stand in the tip's row."""
    return len(msgspec.json.encode(Parcel("web", DESK, cards.tip_news("vi", line, names[line.commune]))))


def strengths(evenings) -> dict[str, float]:
    """Of each trace, over all evenings that have it."""
    found = defaultdict(list)
    for places, truth in evenings:
        for name, trace in places.items():
            found[name].append(strength(trace, truth))
    return {name: sum(some) / len(some) ** 0.5 for name, some in found.items()}


def told(found: dict[str, float]) -> dict[str, float]:
    """The traces that tell more than chance does."""
    return {name: round(one, 1) for name, one in found.items() if abs(one) > bound(len(found))}


def test_an_evening_tells_no_order(tmp_path, monkeypatch):
    """After an evening of sixty tips no trace in the data folder orders those of an hour better than chance does.

    The bound: Spearman's rho of every trace with the truth, over the hours of two evenings, so that all traces
    together stay within it with 99.9 % if there is nothing but chance.
    """
    found = strengths([evening(tmp_path, monkeypatch, seed, delay) for seed, delay in ((1, SOON), (2, LATE))])
    assert {"rows of tip", "first id in tinbao.sqlite", "last body's end in tinbao.sqlite"} <= set(found)
    assert {"id of outbox by length", "number of web_message by length"} <= set(found)
    assert told(found) == {}


def numbered(monkeypatch):
    numbers = count()
    monkeypatch.setattr(tip.chance, "name", lambda: f"{next(numbers):026}")


def untidied(monkeypatch):
    async def tidy(_database):
        """Leaves everything where it lies."""

    monkeypatch.setattr(Database, "tidy", tidy)


def unpadded(monkeypatch):
    for room in (outbox, web_rooms):
        monkeypatch.setattr(room, "padded", lambda content, *_: content)
        monkeypatch.setattr(room, "unpadded", lambda content, *_: content)


PLANTED = [
    (numbered, SOON, "rows of tip"),
    (untidied, SOON, "last body's end in tinbao.sqlite"),
    (unpadded, SOON, "number of web_message by length"),
    (unpadded, LATE, "id of outbox by length"),
]


@pytest.mark.parametrize(("plant", "delay", "where"), PLANTED, ids=lambda one: getattr(one, "__name__", str(one)))
def test_a_planted_order_is_seen(tmp_path, monkeypatch, plant, delay, where):
    """The matching script sees an order where there is one: ids that count up, pages and lengths left as they fall."""
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        found = strengths([evening(tmp_path, monkeypatch, 7, delay)])
    assert where in told(found)
