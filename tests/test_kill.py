"""A process that is killed: what was acknowledged has had its effect, once, and every conversation goes on."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded: the moments of the kills, nothing secret
import re
import sqlite3
from contextlib import closing

import httpx
import pytest
from browsing import PATIENCE, Person
from demo_process import DemoProcess, command

from tests.marks import PHOTO

CITIZENS, TIPS, KILLS = 6, 2, 8
SENDERS, PHOTOS, SENDER_KILLS = 4, 3, 6
REPORTING = ("so-y-te", "so-noi-vu", "so-giao-duc", "cong-an-tinh")


@pytest.fixture
def demo(tmp_path):
    running = DemoProcess(tmp_path / "demo")
    running.start()
    yield running
    assert running.stop() == 0
    assert running.log == ""


class Reaper:
    """Kills the process, at seeded moments, while people talk; starts it again on the same folder and port."""

    def __init__(self, demo: DemoProcess, seed: int) -> None:
        self._demo = demo
        self._chance = random.Random(seed)
        self.acknowledged = 0

    def count(self) -> None:
        self.acknowledged += 1

    async def reap(self, times: int, inputs: tuple[int, int]) -> None:
        """Kills it `times` times, each within milliseconds of an acknowledgement."""
        for _ in range(times):
            wanted = self.acknowledged + self._chance.randint(*inputs)
            while self.acknowledged < wanted:
                await asyncio.sleep(0.002)
            await asyncio.sleep(self._chance.random() * 0.03)
            await asyncio.to_thread(self._demo.kill)
            await asyncio.to_thread(self._demo.start)


def count(demo: DemoProcess, query: str) -> int:
    with closing(sqlite3.connect(demo.folder / "data/tinbao.sqlite")) as database:
        return database.execute(query).fetchone()[0]


async def tell(citizen: Person, what: str, begin: str) -> None:
    """A whole tip; each answer must lead to the very next question."""
    await citizen.press(begin, "Trước khi bắt đầu")
    await citizen.press("Tiếp tục ở đây", "Việc gì đang xảy ra?")
    await citizen.press("Mua bán", "Ở xã, phường nào?")
    await citizen.write("bac ha", "Chọn một dòng")
    await citizen.press("Xã Bắc Hà", "Kể cho chúng tôi")
    await citizen.write(what, "khi nào?")
    await citizen.press("Đã lâu", "Vì sao bạn biết?")
    await citizen.press("Tận mắt thấy", "cán bộ")
    await citizen.press("Không biết", "gấp đến đâu?")
    await citizen.press("Không gấp", "Có ảnh, video")
    await citizen.press("Không có", "hỏi thêm")
    await citizen.press("Chỉ khi tôi mở lại bằng mã", "Xem lại giúp chúng tôi", what)
    await citizen.press("Gửi", "Mã tin của bạn")
    await citizen.press("Tôi đã chép", "Tốt rồi")


async def be_a_citizen(citizen: Person) -> None:
    await citizen.write("/start", "Gọi 113")
    for number in range(TIPS):
        await tell(citizen, f"Điều {citizen.name} thấy lần {number}", "Gửi tin khác" if number else "Gửi tin báo")
    await citizen.close()


def test_what_citizens_were_told_is_sent_is_there_once_whenever_it_is_killed(demo):
    """Eight kills amid six conversations: each tip is filed once, and each answer leads to the next question."""
    reaper = Reaper(demo, seed=20260226)

    async def play():
        citizens = [
            Person(demo.address, "/chat", "/say", f"c.{'citizen' * 3}{n}", f"người-{n}".encode().hex(), reaper.count)
            for n in range(CITIZENS)
        ]
        await asyncio.gather(reaper.reap(KILLS, (8, 13)), *[be_a_citizen(citizen) for citizen in citizens])
        return [f"Điều {citizen.name} thấy lần {n}" for citizen in citizens for n in range(TIPS)]

    told = asyncio.run(play())
    assert count(demo, "select count(*) from tip") == len(told)
    read = command("tips", "read", "--key", demo.folder / "reader.key", "--data", demo.folder).stdout
    assert [read.count(what) for what in told] == [1] * len(told)


class Sender(Person):
    """Sends files too; `taken` counts those that were acknowledged."""

    taken = 0

    async def send_file(self, content: bytes) -> None:
        """One file, with one key, until it is acknowledged and the question stands again."""
        self.inputs += 1
        form = {"key": f"{self.name}-{self.inputs:016}", "text": ""}
        await self._until_answered(
            lambda: self.client.post(
                self.say_path, params={"fragment": "1"}, data=form, files={"file": ("a.jpg", content, "image/jpeg")}
            )
        )
        self.taken += 1
        self.acknowledged()
        await self.hears(f"Đã nhận {self.taken} tệp")


async def be_a_sender(citizen: Sender, what: str) -> None:
    await citizen.write("/start", "Gọi 113")
    await citizen.press("Gửi tin báo", "Trước khi bắt đầu")
    await citizen.press("Tiếp tục ở đây", "Việc gì đang xảy ra?")
    await citizen.press("Mua bán", "Ở xã, phường nào?")
    await citizen.press("Không nhớ", "Kể cho chúng tôi")
    await citizen.write(what, "khi nào?")
    for label, then in (
        ("Đã lâu", "Vì sao"),
        ("Tận mắt thấy", "cán bộ"),
        ("Không biết", "gấp"),
        ("Không gấp", "Có ảnh"),
    ):
        await citizen.press(label, then)
    for _ in range(PHOTOS):
        await citizen.send_file(PHOTO)
    await citizen.press("Xong", "hỏi thêm")
    await citizen.press("Không", "Xem lại")
    await citizen.press("Gửi", "Mã tin của bạn")
    await citizen.close()


async def tidied(demo: DemoProcess) -> None:
    """Two hours pass: what nobody refers to is swept."""
    async with httpx.AsyncClient(base_url=demo.address, timeout=60) as browser:
        for _ in range(2):
            assert (await browser.post("/demo/move", data={"to": "hour"})).status_code == 303
            await asyncio.sleep(1)


def test_files_that_were_acknowledged_are_there_whenever_it_is_killed(demo):
    """Kills amid uploads: each file that was acknowledged comes with its tip, once and whole; no row is without its
    file, and no file without a row is left after two hours.
    """
    reaper = Reaper(demo, seed=22112026)

    async def play():
        citizens = [
            Sender(demo.address, "/chat", "/say", f"c.{'sender' * 4}{n}", f"sender-{n}", reaper.count)
            for n in range(SENDERS)
        ]
        told = [be_a_sender(citizen, f"Điều người gửi {n} thấy") for n, citizen in enumerate(citizens)]
        await asyncio.gather(reaper.reap(SENDER_KILLS, (4, 7)), *told)
        await tidied(demo)

    asyncio.run(play())
    assert count(demo, "select count(*) from tip") == SENDERS
    assert count(demo, "select count(*) from tip_part where silent_at is null") == SENDERS * PHOTOS
    with closing(sqlite3.connect(demo.folder / "data/tinbao.sqlite")) as database:
        kept = {name for (name,) in database.execute("select file from tip_part where file is not null")}
        keyless = "select count(*) from tip_part where id not in (select part from tip_key)"
        assert database.execute(keyless).fetchone() == (0,)
    files = demo.folder / "data/files"
    assert {path.name for path in files.rglob("*") if path.is_file()} == kept
    assert len(kept) == SENDERS * PHOTOS
    read = command("tips", "read", "--key", demo.folder / "reader.key", "--data", demo.folder).stdout
    assert read.count("Điều người gửi") == SENDERS


async def be_an_officer(officer: Person, reports: int) -> None:
    """Reports the first `reports` of what the unit owes."""
    for number in range(reports):
        await officer.write("/viec", "Việc của")
        await officer.press("1", "1. Ai làm")
        await officer.press("Báo cáo", "bao nhiêu phần trăm")
        await officer.press("100", "Kết quả chính")
        await officer.write(f"Kết quả {number} của {officer.name}", "khó khăn")
        await officer.press("Không vướng gì", "Mức độ: 100", f"Kết quả {number}")
        await officer.press("Gửi", "Đã gửi lúc")
    await officer.close()


async def be_the_coordinator(desk: Person) -> int:
    """Sends a notice to all, sees it arrive everywhere, and returns in how many chats."""
    await desk.write("/thongbao", "Soạn thông báo")
    await desk.write("Họp lúc 8 giờ.", "Gửi cho ai?")
    preview = await desk.press("Tất cả", "Xem trước", "Họp lúc 8 giờ.")
    found = re.search(r"Gửi tới (\d+) nhóm", preview.text)
    assert found
    await desk.press("Gửi ngay")
    async with asyncio.timeout(PATIENCE):
        while not any(f"{found[1]}/{found[1]}" in one.text for one in await desk.messages()):
            await asyncio.sleep(0.1)
    await desk.close()
    return int(found[1])


async def enter(demo: DemoProcess, unit: str, reaper: Reaper) -> tuple[Person, Person]:
    """Who speaks in a unit's room, and in the coordinators'."""
    visitor = Person(demo.address, f"/?unit={unit}", "")
    page = (await visitor.client.get(f"/?unit={unit}")).text
    await visitor.close()
    doors = re.findall(r"/r/[0-9a-f]{32}", page)
    assert len(doors) == 2
    officer, desk = [Person(demo.address, door, f"{door}/say", "", unit, reaper.count) for door in doors]
    return officer, desk


def test_progress_is_recorded_once_and_a_notice_goes_out_once_whenever_it_is_killed(demo):
    """Kills amid reports and a broadcast: one row a report, one notice a unit; again only where a fate is unknown."""
    reaper = Reaper(demo, seed=26022026)
    reports = 2

    async def play():
        doors = [await enter(demo, unit, reaper) for unit in REPORTING]
        officers = [be_an_officer(officer, reports) for officer, _ in doors]
        desk = doors[0][1]
        desk.name = "desk"
        _, chats, *_ = await asyncio.gather(reaper.reap(3, (7, 12)), be_the_coordinator(desk), *officers)
        return chats, [await heard(unit) for unit in ("so-tu-phap", "dien-luc", "thue-tinh", "hai-quan")]

    async def heard(unit):
        officer, _ = await enter(demo, unit, reaper)
        notices = [one.text for one in await officer.messages() if "Họp lúc 8 giờ." in one.text]
        await officer.close()
        return notices

    chats, notices = asyncio.run(play())
    assert count(demo, "select count(*) from progress") == len(REPORTING) * reports
    assert count(demo, "select count(distinct assignment) from progress") == len(REPORTING) * reports
    assert count(demo, "select count(*) from notice") == 1
    assert count(demo, "select count(*) from notice_recipient") == chats
    for texts in notices:
        assert sum("(gửi lại)" not in text for text in texts) == 1


def test_the_first_thing_that_is_asked_is_answered_rightly(demo):
    """Whoever asks for a unit's work while the program starts is not told that there is none."""

    async def ask():
        officer, _ = await enter(demo, "so-y-te", Reaper(demo, 0))
        await officer.send(text="/viec")
        answers: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while not answers:
                said = [one.text for one in await officer.messages() if one.ours]
                answers = [text for text in said if "Nhắc việc ·" not in text]
        await officer.close()
        return answers

    assert "Việc của Sở Y tế" in asyncio.run(ask())[0]
