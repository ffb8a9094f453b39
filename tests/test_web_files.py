"""Files over the web: what a page takes, holds in memory for one turn, never puts on disk, and never names."""

from __future__ import annotations

import asyncio
import html
import logging
import re
import tempfile
from pathlib import Path

import pytest
from playwright.async_api import expect
from test_web import House, at_house, messages
from test_web_script import in_browser, open_page

from bot.channels.channel import Button, Refused, Said, Takes, TooBig
from bot.channels.web import bodies
from bot.channels.web.bodies import BIG_AT_ONCE, FILE_LIMIT

NAME = "canary-nguyen-van-a.jpg"
QUESTION = Said("Bạn có ảnh, video hay giấy tờ gì không?", takes=Takes(files=10, voice=True))
SPOKEN = Said("Kể cho chúng tôi", takes=Takes(voice=True))


class Asks(House):
    """A house that asks for files, and looks at what it is handed while its turn is done."""

    def __init__(self, web, client):
        super().__init__(web, client)
        self.next, self.contents, self.refs = QUESTION, [], []

    async def hear(self, heard):
        for one in heard.files:
            self.contents.append(await self.web.download(one.ref, FILE_LIMIT))
            self.refs.append(one.ref)
        await super().hear(heard)
        await self.web.say(heard.chat, self.next)


def asks(monkeypatch, folder, tell, **more):
    monkeypatch.setattr("test_web.House", Asks)
    at_house(folder, tell, **more)


async def send(house, *files, key="k" * 20, field="file", **fields):
    """One form with `files`: (name, bytes, type)."""
    told = [("key", (None, key)), *[(name, (None, value)) for name, value in fields.items()]]
    return await house.client.post("/say", files=[*told, *[(field, one) for one in files]])


def photo(size=1_000, name=NAME):
    return (name, b"\xff\xd8" + bytes(size - 2), "image/jpeg")


def shown(page):
    return [html.unescape(one) for one in re.findall(r'class="text">([^<]*)', messages(page))]


def test_a_form_s_files_are_one_answer(tmp_path, monkeypatch):
    """Files and words of one form are heard together, in order, by sort and size; nobody hears a name of theirs."""

    async def tell(house):
        await house.start()
        files = [photo(), ("b.mp4", b"v" * 7, "video/mp4"), ("c.ogg", b"s" * 5, "audio/ogg; codecs=opus"),
                 ("d.pdf", b"p" * 3, "application/pdf"), ("e", b"?", "")]  # fmt: skip
        assert (await send(house, *files, text="xem ảnh")).status_code == 303
        heard = house.heard[-1]
        assert heard.text == "xem ảnh"
        assert [(one.sort, one.size) for one in heard.files] == [
            ("photo", 1_000), ("video", 7), ("sound", 5), ("file", 3), ("file", 1),
        ]  # fmt: skip
        assert house.contents == [content for _, content, _ in files]
        assert len(set(house.refs)) == 5
        page = (await house.get("/")).text
        assert "xem ảnh\n5 tệp" in shown(page)
        assert "canary" not in page + repr(heard)
        own = [one for one in await house.web.store.read(heard.chat) if one.ref == heard.ref]
        assert [(one.ours, one.said.text) for one in own] == [(False, "xem ảnh\n5 tệp")]

    asks(monkeypatch, tmp_path, tell)


def test_files_are_held_for_their_turn_only(tmp_path, monkeypatch):
    """A file is handed out while its turn is done, within the size asked for, and gone when it ended or failed."""

    async def tell(house):
        await house.start()
        seen = []

        async def look(heard):
            (one,) = heard.files
            seen.append(one.ref)
            with pytest.raises(TooBig):
                await house.web.download(one.ref, 999)
            assert len(await house.web.download(one.ref, 1_000)) == 1_000
            if house.fails:
                raise RuntimeError

        house.web._hear = look
        for fails, status in ((False, 303), (True, 503)):
            house.fails = fails
            assert (await send(house, photo(), key=f"k{fails}" * 5)).status_code == status
            with pytest.raises(Refused):
                await house.web.download(seen[-1], FILE_LIMIT)
        assert len(house.web.held) == 0
        assert len(seen) == 2

    asks(monkeypatch, tmp_path, tell)


def test_the_question_says_what_it_takes(tmp_path, monkeypatch):
    """Where the newest question takes files the form has an input for them and says the limits and the seal."""

    async def tell(house):
        await house.start()
        page = (await house.get("/")).text
        assert re.search(r'<input type="file" name="file"[^>]* multiple', page)
        assert "Còn gửi được 10 tệp, mỗi tệp tối đa 20 MB" in page
        assert "Niêm phong khi tới máy chủ." in page
        assert not re.search(r"<textarea[^>]* required", page)
        house.next = SPOKEN
        await send(house, text="tiếp", key="l" * 20)
        page = (await house.get("/")).text
        assert re.search(r'<input type="file" name="file"[^>]* accept="audio/\*"(?![^>]* multiple)', page)
        house.next = Said("Ở xã nào?", takes=Takes(place=True))
        await send(house, text="tiếp", key="m" * 20)
        page = (await house.get("/")).text
        assert 'type="file"' not in page
        assert re.search(r"<textarea[^>]* required", page)

    asks(monkeypatch, tmp_path, tell)


def test_officers_rooms_take_no_files(tmp_path, monkeypatch):
    """A unit's room has no file input, whatever stands in it, and a file sent there is refused with a sentence."""

    async def tell(house):
        await house.web.say("room:so-y-te", QUESTION)
        assert 'type="file"' not in (await house.get("/r/binh")).text
        told = [("key", (None, "k" * 20)), ("file", photo())]
        answer = await house.client.post("/r/binh/say", files=told)
        assert answer.status_code == 422
        assert "không nhận tệp" in answer.text
        assert not house.heard

    asks(monkeypatch, tmp_path, tell)


def test_an_empty_input_is_no_file(tmp_path, monkeypatch):
    """A form whose file input was left empty is words alone; with neither words nor file it says nothing."""

    async def tell(house):
        await house.start()
        empty = ("", b"", "application/octet-stream")
        assert (await send(house, empty, text="không có")).status_code == 303
        assert house.heard[-1].files == ()
        answer = await send(house, empty, text="", key="l" * 20)
        assert (answer.status_code, "Bạn chưa viết gì" in answer.text) == (422, True)
        answer = await send(house, ("a.jpg", b"", "image/jpeg"), text="giữ", key="m" * 20)
        assert (answer.status_code, "0 byte" in answer.text, ">giữ</textarea>" in answer.text) == (422, True, True)

    asks(monkeypatch, tmp_path, tell)


def test_each_limit_says_what_it_is(tmp_path, monkeypatch):
    """20 MB are taken; a byte more, more in all, too many files, or files nobody asked for get a clear sentence, keep
    what was written, and leave nothing in the room.
    """

    async def tell(house):
        await house.start()
        assert (await send(house, photo(FILE_LIMIT))).status_code == 303
        assert house.heard[-1].files[0].size == FILE_LIMIT
        before = len(await house.web.store.read(house.heard[0].chat))
        answer = await send(house, photo(FILE_LIMIT + 1), text="giữ lại", key="a" * 20)
        assert (answer.status_code, "lớn hơn 20 MB" in answer.text, ">giữ lại</textarea>" in answer.text) == (
            413,
            True,
            True,
        )
        answer = await send(house, photo(FILE_LIMIT), photo(FILE_LIMIT), key="b" * 20)
        assert (answer.status_code, "quá 20 MB" in answer.text) == (413, True)
        assert shown(answer.text)[-1] == QUESTION.text
        answer = await send(house, *[photo(9)] * 11, text="giữ", key="c" * 20)
        assert (answer.status_code, "chỉ nhận thêm 10 tệp" in answer.text, ">giữ</textarea>" in answer.text) == (
            422,
            True,
            True,
        )
        assert len(await house.web.store.read(house.heard[0].chat)) == before
        house.next = SPOKEN
        await send(house, text="tiếp", key="d" * 20)
        assert (await send(house, photo(), photo(), key="e" * 20)).status_code == 422
        house.next = Said("Xong.")
        await send(house, text="tiếp", key="f" * 20)
        answer = await send(house, photo(9), key="g" * 20)
        assert (answer.status_code, "không nhận tệp" in answer.text) == (422, True)
        assert (await send(house, photo(100_000), key="h" * 20)).status_code == 413
        assert (await send(house, photo(9), key="i" * 20, field="other")).status_code == 400

    asks(monkeypatch, tmp_path, tell)


def test_files_of_a_form_sent_twice_are_heard_once(tmp_path, monkeypatch):
    """A double press hands on its files once."""

    async def tell(house):
        await house.start()
        one = photo()
        answers = await asyncio.gather(send(house, one), send(house, one))
        assert [answer.status_code for answer in answers] == [303, 303]
        assert house.contents == [one[1]]

    asks(monkeypatch, tmp_path, tell)


class Slow:
    """An upload that comes as told: the head of a form at once, then as much as `more` asks for."""

    def __init__(self, house, mark):
        self.house, self.mark = house, mark
        self.go, self.sent, self.task = asyncio.Event(), asyncio.Event(), None

    async def body(self):
        yield b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\n' + self.mark * 20 + b"\r\n"
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\nContent-Type: image/jpeg\r\n\r\n'
        yield b"canary-bytes" * 200_000
        self.sent.set()
        await self.go.wait()
        yield b"\r\n--x--\r\n"

    def start(self):
        headers = {"content-type": "multipart/form-data; boundary=x"}
        self.task = asyncio.create_task(self.house.client.post("/say", content=self.body(), headers=headers))

    async def is_inside(self, count):
        """Waits until so many big bodies are in the server's memory."""
        await self.sent.wait()
        async with asyncio.timeout(20):
            while len(self.house.web.rooms._gate.inside) < count:
                await asyncio.sleep(0.01)


def opened_files():
    return {str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()}


def test_no_file_touches_the_disk(tmp_path, monkeypatch):
    """While 2.4 MB of an upload have arrived, and after, no temporary file is open and none was left."""

    async def tell(house):
        await house.start()
        folder = Path(tempfile.gettempdir())
        files, before = set(folder.iterdir()), opened_files()
        slow = Slow(house, b"k")
        slow.start()
        await slow.is_inside(1)
        await asyncio.sleep(0.2)
        new = {one for one in opened_files() - before if not one.startswith(("socket:", str(tmp_path)))}
        assert not [one for one in new if "tmp" in one or "deleted" in one]
        slow.go.set()
        assert (await slow.task).status_code == 303
        assert house.heard[-1].files[0].size == 2_400_000
        assert set(folder.iterdir()) <= files
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"canary-bytes" in path.read_bytes()]

    asks(monkeypatch, tmp_path, tell, served=True)


def test_a_fifth_big_upload_is_told_to_come_later(tmp_path, monkeypatch):
    """Four big uploads are in memory at once; a fifth gets a sentence, words pass, and later it works."""

    async def tell(house):
        await house.start()
        slow = [Slow(house, mark) for mark in (b"a", b"b", b"c", b"d")]
        for one in slow:
            one.start()
        await slow[-1].is_inside(BIG_AT_ONCE)
        answer = await send(house, photo(100_000))
        assert (answer.status_code, "gửi lại sau một phút" in answer.text) == (503, True)
        assert (await send(house, photo(1_000), text="nhỏ")).status_code == 303
        for one in slow:
            one.go.set()
        assert [(await one.task).status_code for one in slow] == [303] * 4
        assert (await send(house, photo(100_000), key="z" * 20)).status_code == 303
        assert not house.web.rooms._gate.inside

    asks(monkeypatch, tmp_path, tell, served=True)


def test_a_slow_upload_gives_way(tmp_path, monkeypatch):
    """An upload that has been arriving for long makes room for one that waits; one that stands still is ended."""

    async def tell(house):
        await house.start()
        slow = [Slow(house, mark) for mark in (b"a", b"b", b"c", b"d")]
        for one in slow:
            one.start()
        await slow[-1].is_inside(BIG_AT_ONCE)
        monkeypatch.setattr(bodies, "_TURN", 0.0)
        assert (await send(house, photo(100_000))).status_code == 303
        for one in slow[1:]:
            one.go.set()
        ended = sorted([(await one.task).status_code for one in slow[1:]])
        slow[0].go.set()
        ended.append((await slow[0].task).status_code)
        assert sorted(ended) == [303, 303, 303, 408]
        monkeypatch.setattr(bodies, "_GRACE", 1.0)
        monkeypatch.setattr(bodies, "_SLOWEST", 1e9)
        still = Slow(house, b"e")
        still.start()
        await still.is_inside(1)
        async with asyncio.timeout(20):
            while house.web.rooms._gate.inside:
                await asyncio.sleep(0.01)
        still.go.set()
        assert (await still.task).status_code == 408
        assert not house.web.rooms._gate.inside

    asks(monkeypatch, tmp_path, tell, served=True)


def test_an_upload_broken_off_leaves_nothing(tmp_path, monkeypatch):
    """Who closes the page amid an upload leaves no bytes, no place taken and no word in the room."""

    async def tell(house):
        await house.start()
        slow = Slow(house, b"a")
        slow.start()
        await slow.is_inside(1)
        slow.task.cancel()
        await asyncio.gather(slow.task, return_exceptions=True)
        async with asyncio.timeout(20):
            while house.web.rooms._gate.inside:
                await asyncio.sleep(0.01)
        assert len(house.web.held) == 0
        assert len(house.heard) == 1

    asks(monkeypatch, tmp_path, tell, served=True)


def test_names_stay_out_of_logs(tmp_path, monkeypatch, caplog):
    """At DEBUG, through a broken form and a failing turn too, no log line holds a file's name."""
    caplog.set_level(logging.DEBUG)

    async def tell(house):
        await house.start()
        await send(house, photo())
        house.fails = True
        assert (await send(house, photo(), key="l" * 20)).status_code == 503
        assert (await send(house, *[photo()] * 20, key="m" * 20)).status_code == 400

    asks(monkeypatch, tmp_path, tell)
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert any("a turn failed" in one for one in ours)
    assert "canary" not in "".join(ours)


def test_files_go_without_javascript(tmp_path, monkeypatch):
    """With JavaScript off, words and several files are one answer, and the page that follows says how many."""
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8a")
    (tmp_path / "b.ogg").write_bytes(b"OggS")

    async def tell(house, browser, address):
        complaints = []
        page = await open_page(
            browser, address, complaints, java_script_enabled=False, viewport={"width": 360, "height": 740}
        )
        await page.click("button.main")
        await expect(page.locator(".on-arrival")).to_be_visible()
        await page.set_input_files("#file", [tmp_path / "a.jpg", tmp_path / "b.ogg"])
        await page.click("button.main")
        await expect(page.locator(".mine").last).to_contain_text("2 tệp")
        await page.fill("#text", "thêm một")
        await page.set_input_files("#file", [tmp_path / "a.jpg"])
        await page.click("button.main")
        await expect(page.locator(".mine").last).to_contain_text("thêm một 1 tệp")
        assert [[one.sort for one in heard.files] for heard in house.heard] == [[], ["photo", "sound"], ["photo"]]
        assert house.contents == [b"\xff\xd8a", b"OggS", b"\xff\xd8a"]
        assert not complaints

    monkeypatch.setattr("test_web.House", Asks)
    in_browser(tmp_path, tell)


def test_files_go_one_by_one_with_javascript(tmp_path, monkeypatch):
    """With JavaScript each file goes by itself, in order, the words with the first; what is not sent stays chosen."""
    for name in "abc":
        (tmp_path / f"{name}.pdf").write_bytes(name.encode() * 9)

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await page.set_input_files("#file", [tmp_path / f"{name}.pdf" for name in "abc"])
        await page.fill("#text", "ba tờ")
        await page.click("button.main")
        await expect(page.locator(".mine")).to_have_count(4)
        await expect(page.locator("#status")).to_have_text("")
        assert [(one.text, len(one.files)) for one in house.heard[1:]] == [("ba tờ", 1), ("", 1), ("", 1)]
        assert house.contents == [b"a" * 9, b"b" * 9, b"c" * 9]
        await expect(page.locator("#text")).to_have_value("")
        assert await page.evaluate("document.getElementById('file').files.length") == 0
        house.next = Said("Đủ rồi.", rows=((Button("Xong", "done"),),))
        await page.set_input_files("#file", [tmp_path / f"{name}.pdf" for name in "ab"])
        await page.click("button.main")
        await expect(page.locator("#problem")).to_contain_text("các tệp còn lại chưa được gửi")
        await expect(page.locator("#status")).to_have_text("")
        assert len(house.contents) == 4
        await expect(page.locator("#file")).to_have_count(0)

    monkeypatch.setattr("test_web.House", Asks)
    in_browser(tmp_path, tell)


def test_a_file_too_big_is_told_before_it_is_sent(tmp_path, monkeypatch):
    """With JavaScript a file over 20 MB is not sent at all; without a network what was chosen stays chosen."""
    (tmp_path / "big.mp4").write_bytes(bytes(FILE_LIMIT + 1))
    (tmp_path / "a.pdf").write_bytes(b"a")

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await page.set_input_files("#file", [tmp_path / "big.mp4"])
        await page.click("button.main")
        await expect(page.locator("#problem")).to_contain_text("lớn hơn 20 MB")
        await page.set_input_files("#file", [tmp_path / "a.pdf"])
        await page.context.set_offline(True)
        await page.click("button.main")
        await expect(page.locator("#problem")).to_contain_text("Chưa gửi được")
        await page.context.set_offline(False)
        await page.click("button.main")
        await expect(page.locator(".mine").last).to_contain_text("1 tệp")
        await expect(page.locator("#status")).to_have_text("")
        assert house.contents == [b"a"]

    monkeypatch.setattr("test_web.House", Asks)
    in_browser(tmp_path, tell)
