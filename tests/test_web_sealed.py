"""Answers that the browser seals: the server is handed nothing but sealed bytes, and takes none that were made up."""

from __future__ import annotations

import io
import json
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image
from playwright.async_api import expect
from test_web import House, at_house, messages
from test_web_script import in_browser, open_page

from bot.channels.channel import Button, Capabilities, Said, SealFor, Takes
from bot.channels.web.bodies import FILE_LIMIT
from bot.question import Asked, pose
from bot.storage.contents import Header, unpack
from bot.storage.seal import open_tip, seal_tip
from bot.talk.step import Files, Name, Text

LAN, MINH = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
READERS = {"lan": LAN.public_key().public_bytes_raw(), "minh": MINH.public_key().public_bytes_raw()}
TIP, PART = "0123456789abcdef" * 2, "abcdefghijklmnopqrstuvwxyz"
SEAL = SealFor(TIP, READERS)
ROWS = ((Button("Quay lại", "back", quiet=True),),)
QUESTION = Said("Kể cho chúng tôi", rows=ROWS, takes=Takes(files=10, voice=True, seal=SEAL))
CANARY = "canary: hai người bán thuốc lắc sau chợ"


class Seals(House):
    """A house whose question is sealed for two readers, and all bytes that reach the server."""

    def __init__(self, web, client):
        super().__init__(web, client)
        self.next, self.arrived, self.contents = QUESTION, bytearray(), []
        inner = web.app._app

        async def recorded(scope, receive, send):
            async def record():
                message = await receive()
                self.arrived += message.get("body", b"")
                return message

            await inner(scope, record, send)

        web.app._app = recorded

    async def hear(self, heard):
        self.contents.append([(one, await self.web.download(one.ref, one.size)) for one in heard.files])
        await super().hear(heard)
        await self.web.say(heard.chat, self.next)

    def opened(self, number=-1, private=LAN, reader="lan", tip=TIP):
        """Header and bytes of the parts that a message brought, for a reader."""
        return [
            unpack(open_tip(private, one.keys[reader], body, f"{tip}/{one.part}".encode()))
            for one, body in self.contents[number]
        ]


def sealing(monkeypatch, folder, tell, *, browser=True):
    monkeypatch.setattr("test_web.House", Seals)
    (in_browser if browser else at_house)(folder, tell)


def planted_jpeg():
    """A picture whose EXIF says where it was taken, by whom."""
    exif = Image.Exif()
    exif[0x013B], exif[0x010F] = "canary-artist", "canary-phone"
    exif.get_ifd(0x8825)[0x001D] = "canary-gps"
    packed = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(packed, "JPEG", exif=exif, comment=b"canary-comment")
    return packed.getvalue()


def test_words_are_sealed_in_the_page(tmp_path, monkeypatch):
    """What is typed reaches the server sealed only; both readers open it; the page that is open still shows it, the
    room only that it was sealed, and after a reload so does the page.
    """

    async def tell(house, browser, address):
        complaints = []
        page = await open_page(browser, address, complaints)
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await expect(page.locator(".on-arrival")).to_be_hidden()
        await page.fill("#text", CANARY)
        await page.press("#text", "Enter")
        await expect(page.locator(".mine").last).to_contain_text("Đã niêm phong trong trình duyệt của bạn: lời kể")
        await expect(page.locator(".mine .own")).to_contain_text(CANARY)
        await expect(page.locator("#text")).to_have_value("")
        ((one, _),) = house.contents[-1]
        assert (house.heard[-1].text, one.sort, len(one.part)) == ("", "words", 26)
        for private, reader in ((LAN, "lan"), (MINH, "minh")):
            ((header, content),) = house.opened(private=private, reader=reader)
            assert header == Header("words", "text/plain", cleaned=True, where="browser")
            assert content.decode() == CANARY
        await house.web.say(house.heard[-1].chat, Said("Cảm ơn."))
        await expect(page.locator(".ours").last).to_contain_text("Cảm ơn.")
        await expect(page.locator(".mine .own")).to_contain_text(CANARY)
        await page.reload()
        await expect(page.locator(".mine").last).to_contain_text("Đã niêm phong")
        await expect(page.locator(".own")).to_have_count(0)
        assert b"canary" not in house.arrived
        assert not complaints

    sealing(monkeypatch, tmp_path, tell)


def test_pictures_are_made_anew_and_sealed(tmp_path, monkeypatch):
    """A picture's metadata does not leave the page, its pixels reach the readers; another file goes as it is, marked
    so; names stay in the page; words go with the first file.
    """
    (tmp_path / "canary-name.jpg").write_bytes(planted_jpeg())
    (tmp_path / "canary-name.pdf").write_bytes(b"%PDF canary-inside")

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.fill("#text", CANARY)
        await page.set_input_files("#file", [tmp_path / "canary-name.jpg"])
        await expect(page.locator(".uncleaned")).to_be_hidden()
        await page.set_input_files("#file", [tmp_path / "canary-name.jpg", tmp_path / "canary-name.pdf"])
        await expect(page.locator(".uncleaned")).to_contain_text("tệp này không được làm sạch")
        await page.click("#say button.main")
        await expect(page.locator(".mine")).to_have_count(3)
        await expect(page.locator(".mine").nth(1)).to_contain_text("lời kể, 1 ảnh")
        await expect(page.locator(".uncleaned")).to_be_hidden()
        await expect(page.locator(".own").nth(0)).to_contain_text("Ảnh, đã làm sạch")
        await expect(page.locator(".own").nth(1)).to_contain_text("Tệp này không được làm sạch")
        words, (photo, pixels) = house.opened(1)
        assert words[1].decode() == CANARY
        assert photo == Header("photo", "image/jpeg", cleaned=True, where="browser")
        assert b"canary" not in pixels
        red, green, blue = Image.open(io.BytesIO(pixels)).convert("RGB").getpixel((20, 15))
        assert (red > 180, green < 60, blue < 60) == (True, True, True)
        ((pdf, inside),) = house.opened(2)
        assert pdf == Header("file", "application/pdf", where="browser")
        assert inside == b"%PDF canary-inside"
        assert b"canary" not in house.arrived
        assert "canary" not in repr(house.heard)

    sealing(monkeypatch, tmp_path, tell)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"canary-gps" * 20
NO_CANVAS = (
    "CanvasRenderingContext2D.prototype.getImageData = () => { throw new DOMException('no', 'SecurityError'); };"
)


def moving_gif():
    packed = io.BytesIO()
    Image.new("RGB", (9, 9)).save(packed, "GIF", comment=b"canary-comment")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "script"),
    [("a.gif", moving_gif(), ""), ("a.heic", HEIC, ""), ("a.heic.pdf", HEIC, ""), ("a.jpg", planted_jpeg(), NO_CANVAS),
     ("a", planted_jpeg(), NO_CANVAS)],
)  # fmt: skip
def test_a_picture_that_is_not_made_anew_is_left_to_the_server(tmp_path, monkeypatch, name, content, script):
    """A picture that this browser can't clean is not sealed with all it tells, whatever it is called: it goes as it is,
    so that the server cleans it, which the page says before and after; words beside it are sealed, another file too.
    """
    (tmp_path / name).write_bytes(content)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")

    async def tell(house, browser, address):
        context = await browser.new_context()
        await context.add_init_script(script)
        page = await context.new_page()
        await page.goto(address)
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.set_input_files("#file", [tmp_path / name])
        await expect(page.locator(".arriving")).to_contain_text("làm sạch và niêm phong khi tới máy chủ")
        await expect(page.locator(".uncleaned")).to_be_hidden()
        await page.set_input_files("#file", [tmp_path / name, tmp_path / "b.pdf"])
        await expect(page.locator(".uncleaned")).to_be_visible()
        await page.fill("#text", CANARY)
        await page.click("#say button.main")
        await expect(page.locator(".mine")).to_have_count(3)
        await expect(page.locator(".own").nth(0)).to_contain_text("Ảnh này được làm sạch và niêm phong khi tới máy chủ")
        await expect(page.locator(".own").nth(1)).to_contain_text("Tệp này không được làm sạch")
        await expect(page.locator(".arriving")).to_be_hidden()
        (words, _), (plain, inside) = house.contents[1]
        assert (words.sort, bool(words.part), plain.part, plain.keys) == ("words", True, "", {})
        assert inside == content
        assert house.opened(2)[0][1] == b"%PDF-1.7"
        assert CANARY.encode() not in house.arrived

    sealing(monkeypatch, tmp_path, tell)


def test_a_picture_with_too_many_pixels_is_refused_in_the_page(tmp_path, monkeypatch):
    """One that no telephone could unpack gets its own sentence, and nothing is sent."""
    head = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + (50_000).to_bytes(4, "big") * 2
    (tmp_path / "big.png").write_bytes(head + bytes(50))

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.set_input_files("#file", [tmp_path / "big.png"])
        await page.click("#say button.main")
        await expect(page.locator("#problem")).to_contain_text("hơn 100 triệu điểm ảnh")
        assert len(house.heard) == 1

    sealing(monkeypatch, tmp_path, tell)


async def say(page, words, count):
    """Types words, sends what is chosen, and waits until so many messages of one's own stand there."""
    await page.fill("#text", words)
    await page.click("#say button.main")
    await expect(page.locator(".mine")).to_have_count(count)
    await expect(page.locator("#status")).to_have_text("")


def test_where_files_are_asked_for_words_are_no_part(tmp_path, monkeypatch):
    """Words alone go as they are, so that the house can say that files are wanted; beside a file they go sealed within
    it; beside a picture that the server cleans, with it.
    """
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "a.gif").write_bytes(moving_gif())

    async def tell(house, browser, address):
        house.next = Said("Bạn có ảnh không?", takes=Takes(files=10, seal=SEAL))
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await say(page, "không có ảnh", 2)
        assert (house.heard[-1].text, house.heard[-1].files) == ("không có ảnh", ())
        await page.set_input_files("#file", [tmp_path / "a.pdf"])
        await say(page, CANARY, 3)
        assert house.heard[-1].text == ""
        assert house.opened() == [(Header("file", "application/pdf", where="browser", said=CANARY), b"%PDF-1.7")]
        await expect(page.locator(".own")).to_contain_text(CANARY)
        assert b"canary: " not in house.arrived
        await page.set_input_files("#file", [tmp_path / "a.gif"])
        await say(page, "ảnh động", 4)
        assert (house.heard[-1].text, [one.part for one in house.heard[-1].files]) == ("ảnh động", [""])

    sealing(monkeypatch, tmp_path, tell)


@pytest.mark.parametrize(("words", "is_sealed"), [("ngắn quá", 0), ("m" * 41, 0), ("ạ" * 40, 1), ("🚨" * 10, 1)])
def test_words_of_a_length_that_is_refused_are_not_sealed(tmp_path, monkeypatch, words, is_sealed):
    """Words too short or too long for the question go as they are, so that the house says why; others are sealed."""

    async def tell(house, browser, address):
        house.next = Said("Kể cho chúng tôi", takes=Takes(voice=True, seal=SEAL, least=10, most=40))
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await say(page, words, 2)
        assert (house.heard[-1].text, len(house.heard[-1].files)) == ("" if is_sealed else words, is_sealed)

    sealing(monkeypatch, tmp_path, tell)


def test_a_question_tells_its_lengths():
    """What a question for words takes says how long they are to be; one for files has no such bounds."""
    can = Capabilities(buttons=True, edit=True, erase=True, groups=True, text_limit=8_000, files_in=True)
    told = Text("what", Name("Kể"), at_least=10, at_most=4000, or_spoken=True, sealed=True)
    assert pose(Asked(told, "n", "vi"), can, seal=SEAL).takes == Takes(voice=True, seal=SEAL, least=10, most=4000)
    assert pose(Asked(Files("files", Name("Ảnh")), "n", "vi"), can, seal=SEAL).takes == Takes(files=10, seal=SEAL)


@pytest.mark.parametrize("typed", ["/lui", "Quay lại", "quay lai", "1234 5678 9012 3456", "3"])
def test_what_is_meant_for_us_is_not_sealed(tmp_path, monkeypatch, typed):
    """A command, a visible button's label, a receipt and a number to choose by are sent as they are."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.fill("#text", typed)
        await page.press("#text", "Enter")
        await expect(page.locator(".mine").last).to_contain_text(typed)
        await expect(page.locator("#status")).to_have_text("")
        assert (house.heard[-1].text, house.heard[-1].files) == (typed, ())
        await page.fill("#text", f"{typed} và 0912 345 678")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine")).to_have_count(3)
        await expect(page.locator("#status")).to_have_text("")
        if not typed.startswith("/"):
            assert [one.sort for one in house.heard[-1].files] == ["words"]

    sealing(monkeypatch, tmp_path, tell)


def test_a_telephone_number_is_an_answer(tmp_path, monkeypatch):
    """Ten digits are no receipt and no choice: they are sealed."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.fill("#text", "0912 345 678")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine").last).to_contain_text("lời kể")
        await expect(page.locator("#status")).to_have_text("")
        assert b"0912" not in house.arrived

    sealing(monkeypatch, tmp_path, tell)


def test_a_browser_that_cannot_seal_says_so(tmp_path, monkeypatch):
    """Without X25519 in WebCrypto the page says that the server seals, and words go there as they are."""

    async def tell(house, browser, address):
        context = await browser.new_context()
        await context.add_init_script(
            "const made = crypto.subtle.generateKey; crypto.subtle.generateKey = function (name, ...rest) {"
            " return name === 'X25519' ? Promise.reject(new DOMException('no', 'NotSupportedError'))"
            " : made.call(this, name, ...rest); };"
        )
        page = await context.new_page()
        await page.goto(address)
        await page.click("button.main")
        await expect(page.locator(".on-arrival")).to_be_visible()
        await page.fill("#text", "chữ thường")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine").last).to_contain_text("chữ thường")
        await expect(page.locator("#status")).to_have_text("")
        await expect(page.locator(".in-browser")).to_be_hidden()
        assert (house.heard[-1].text, house.heard[-1].files) == ("chữ thường", ())

    sealing(monkeypatch, tmp_path, tell)


def test_other_readers_are_sealed_for_at_once(tmp_path, monkeypatch):
    """When the next question names another tip or other readers, the open page seals for these."""
    other = SealFor("f" * 32, {"minh": READERS["minh"]})

    async def tell(house, browser, address):
        house.next = Said("Kể tiếp", takes=Takes(seal=other))
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await house.web.say(house.heard[0].chat, QUESTION)
        await expect(page.locator("#file")).to_be_visible()
        await page.fill("#text", "một")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine")).to_have_count(2)
        await expect(page.locator("#status")).to_have_text("")
        await page.fill("#text", "hai")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine")).to_have_count(3)
        await expect(page.locator("#status")).to_have_text("")
        assert house.opened(1)[0][1] == "một".encode()
        assert house.opened(2, MINH, "minh", other.tip)[0][1] == b"hai"

    sealing(monkeypatch, tmp_path, tell)


def test_a_cleared_room_shows_nothing_of_before(tmp_path, monkeypatch):
    """After "Xoá hội thoại" the open page shows the one line that was said since, and nothing that was sealed in it."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [])
        await page.click("button.main")
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.fill("#text", CANARY)
        await page.press("#text", "Enter")
        await expect(page.locator(".own")).to_contain_text(CANARY)
        assert await house.web.clear(house.heard[0].chat) > 3
        await house.web.say(house.heard[0].chat, Said("Đã xoá 5 tin."))
        await expect(page.locator(".message")).to_have_count(1)
        await expect(page.locator(".message")).to_contain_text("Đã xoá 5 tin.")
        await expect(page.locator("#file")).to_have_count(0)
        assert "canary" not in await page.content()
        await page.reload()
        await expect(page.locator(".message")).to_have_count(1)
        assert "canary" not in await page.content()

    sealing(monkeypatch, tmp_path, tell)


# --- parts that none of our pages would send -------------------------------------------------------------------------


def a_part(sort="photo", part=PART, content=b"x", **more):
    """The fields of a part as the page makes them; what `more` names is put in their place."""
    sealed = seal_tip(content, READERS, f"{TIP}/{part}".encode())
    keys = json.dumps({reader: b64encode(key).decode() for reader, key in sealed.keys.items()})
    return {"tip": TIP, "part": part, "keys": keys, "sort": sort, "sealed": sealed.body} | more


async def send(house, *parts, key="k" * 20, text=""):
    told = [("key", (None, key)), ("text", (None, text)), *[("tip", (None, one["tip"])) for one in parts[:1]]]
    for one in parts:
        told += [(name, (None, one[name])) for name in ("part", "keys", "sort") if one[name] is not None]
        told.append(("sealed", ("s", one["sealed"], "application/octet-stream")))
    return await house.client.post("/say", files=told)


KEYS = json.loads(a_part()["keys"])
FORGED = {
    "a part that is no number": {"part": "g" * 25 + "1"},
    "a part too long": {"part": "a" * 27},
    "a path for a part": {"part": "../../../../../../etc/pass"},
    "a part as browsers once named it": {"part": "fedcba9876543210" * 2},
    "no part": {"part": None},
    "no keys": {"keys": None},
    "keys that are no JSON": {"keys": "{"},
    "keys of another shape": {"keys": "[1]"},
    "keys that are no base64": {"keys": json.dumps(KEYS | {"lan": "ệ" * 108})},
    "keys too short": {"keys": json.dumps(KEYS | {"lan": b64encode(bytes(80)).decode()})},
    "a reader missing": {"keys": json.dumps({"lan": KEYS["lan"]})},
    "a reader too many": {"keys": json.dumps(KEYS | {"eve": KEYS["lan"]})},
    "another reader": {"keys": json.dumps({"lan": KEYS["lan"], "eve": KEYS["lan"]})},
    "another tip": {"tip": "e" * 32},
    "no tip": {"tip": ""},
    "an unknown sort": {"sort": "canary"},
    "a body that nobody sealed": {"sealed": b"canary" * 500},
    "a body too short": {"sealed": b"\x01" * 100},
    "a body of another version": {"sealed": b"\x02" + a_part()["sealed"][1:]},
    "a body not padded": {"sealed": a_part()["sealed"] + b"x"},
    "words too long": {"sort": "words", "sealed": b"\x01" + bytes(28 + 1024 * 60)},
}  # fmt: skip


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_forged_parts_are_refused(tmp_path, monkeypatch, change):
    """A part that none of our pages would send gets a sentence: nothing of it is heard, and nothing stands in the
    room; as it should be it is taken.
    """

    async def tell(house):
        await house.start()
        before = len(await house.web.store.read(house.heard[0].chat))
        answer = await send(house, a_part(**change), text="giữ")
        assert answer.status_code == 400
        assert 'id="problem"' in answer.text
        assert len(await house.web.store.read(house.heard[0].chat)) == before
        assert len(house.heard) == 1
        assert (await send(house, a_part(), a_part("words", "e" * 26))).status_code == 303
        assert [one.sort for one in house.heard[-1].files] == ["photo", "words"]
        assert house.heard[-1].files[0].keys == {reader: b64decode(key) for reader, key in _keys(house).items()}

    sealing(monkeypatch, tmp_path, tell, browser=False)


def _keys(house):
    return {reader: b64encode(key).decode() for reader, key in house.contents[-1][0][0].keys.items()}


def test_a_part_is_sent_once(tmp_path, monkeypatch):
    """Two parts of one name, two lots of words, or a part where nobody is sealed for, are refused."""

    async def tell(house):
        await house.start()
        assert (await send(house, a_part(), a_part())).status_code == 400
        words = [a_part("words", digit * 26) for digit in "ab"]
        assert (await send(house, *words, key="l" * 20)).status_code == 400
        house.next = Said("Ở xã nào?")
        await house.post("/say", {"text": "/lui", "key": "m" * 20})
        answer = await send(house, a_part("words"), text="giữ", key="n" * 20)
        assert (answer.status_code, "Câu hỏi đã đổi" in answer.text) == (400, True)
        assert len(house.heard) == 2

    sealing(monkeypatch, tmp_path, tell, browser=False)


def test_a_sealed_file_may_be_as_large_as_padding_makes_it(tmp_path, monkeypatch):
    """A file of 20 MB, sealed and padded, is taken; the page tells the readers' keys and no others."""

    async def tell(house):
        await house.start()
        page = (await house.get("/")).text
        assert f'data-tip="{TIP}"' in page
        assert page.count(b64encode(READERS["lan"]).decode()) == 1
        assert "Đã niêm phong" not in messages(page)
        assert (await send(house, a_part("video", content=bytes(FILE_LIMIT + 100)))).status_code == 303
        assert house.contents[-1][0][0].size > FILE_LIMIT

    sealing(monkeypatch, tmp_path, tell, browser=False)
