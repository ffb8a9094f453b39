"""What the citizens' pages look and sound like, and what loading them costs."""

from __future__ import annotations

import html
import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from test_web import at_house, messages
from test_web_script import in_browser, open_page

from bot.channels.channel import Button, Said, SealFor, Takes

OGG = b"OggS" + bytes(range(256)) * 40
LINK = "https://tinbao.test/rieng-tu?a=1&b=2"
TAKES = Takes(files=10, voice=True, seal=SealFor("f" * 32, {"lan": bytes(range(32))}))
ROWS = ((Button("Mua bán", "sell"), Button("Tiếp tục trên trang web", link=LINK)), (Button("Bỏ qua", "-", quiet=True),))
PHONE = {"width": 360, "height": 640}


def recordings(folder):
    for name in ("hmong/tip-what.ogg", "dao/tip-what.mp3", "hmong/Odd.ogg", "secret.ogg"):
        path = folder / "recordings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(OGG)
    return folder / "recordings"


def test_a_recording_is_played(tmp_path):
    """A question with a recording has a player above its words, which loads nothing until it is pressed."""

    async def tell(house):
        await house.start()
        room = house.heard[0].chat
        await house.web.say(room, Said("Kể cho chúng tôi", head="Câu 3", sound="hmong/tip-what"))
        await house.web.say(room, Said("Ở đâu?", sound="hmong/gone"))
        page = messages((await house.get("/")).text)
        player = '<audio controls preload="none" src="/sound/hmong/tip-what"'
        assert page.index(player) < page.index("Câu 3") < page.index("Kể cho chúng tôi")
        assert page.count("<audio") == 1
        answer = await house.get("/sound/hmong/tip-what")
        assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "audio/ogg", OGG)
        part = await house.get("/sound/hmong/tip-what", headers={"range": "bytes=4-9"})
        assert (part.status_code, part.content) == (206, OGG[4:10])
        assert part.headers["content-range"] == f"bytes 4-9/{len(OGG)}"
        assert (await house.get("/sound/dao/tip-what")).headers["content-type"] == "audio/mpeg"
        assert "media-src 'self'" in (await house.get("/")).headers["content-security-policy"]

    at_house(tmp_path, tell, recordings=recordings(tmp_path))


@pytest.mark.parametrize(
    "path", ["hmong/gone", "hmong/Odd", "../secret", "..%2Fsecret", "hmong/..", "hmong/tip-what.ogg", "a/b/c", "x" * 99]
)
def test_no_other_file_is_played(tmp_path, path):
    """Whatever else is asked for as a recording is not there; nor is any where there is no folder of them."""

    async def tell(house):
        assert (await house.get(f"/sound/{path}")).status_code == 404

    at_house(tmp_path, tell, recordings=recordings(tmp_path))

    async def without(house):
        assert (await house.get("/sound/hmong/tip-what")).status_code == 404

    (tmp_path / "web.sqlite").unlink()
    at_house(tmp_path, without)


def test_a_button_with_a_link_leads_there(tmp_path):
    """A button that opens an address is a link in its row: it tells that page nothing, and us nothing."""

    async def tell(house):
        await house.start()
        await house.web.say(house.heard[0].chat, Said("Trước khi bắt đầu", rows=ROWS))
        (row,) = [
            row for row in re.findall(r'<div class="row">(.*?)</div>', (await house.get("/")).text) if "Mua" in row
        ]
        assert 'value="sell">Mua bán</button><a class="button"' in row
        (link,) = re.findall('<a class="button" href="([^"]+)" target="_blank" rel="noreferrer">', row)
        assert html.unescape(link) == LINK

    at_house(tmp_path, tell)


def test_the_first_page_costs_little(tmp_path):
    """By the browser's own count the first page takes under 100 KB over the wire with all it loads, asks nobody else
    for anything, and leaves no cookie; nor is there one before "Bắt đầu" is pressed.
    """

    async def tell(_house, browser, address):
        context = await browser.new_context(viewport=PHONE)
        page = await context.new_page()
        watch = await context.new_cdp_session(page)
        asked, bytes_ = [], []
        watch.on("Network.requestWillBeSent", lambda told: asked.append(told["request"]["url"]))
        watch.on("Network.loadingFinished", lambda told: bytes_.append(told["encodedDataLength"]))
        await watch.send("Network.enable")
        await page.goto(address, wait_until="networkidle")
        assert {url.split("/")[2] for url in asked} == {address.split("/")[2]}
        assert {"room.js", "page.css"} <= {url.rsplit("/", 1)[-1] for url in asked}
        assert len(bytes_) >= 4
        assert 5_000 < sum(bytes_) < 100_000
        assert await context.cookies() == []
        print(f"first page: {sum(bytes_)} bytes in {len(bytes_)} answers")
        await page.click("button.main")
        await page.locator(".ours").first.wait_for()
        assert [one["name"] for one in await context.cookies()] == ["tb"]

    in_browser(tmp_path, tell)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_first_page_fits_a_phone(tmp_path, language):
    """At 360 by 740, with two hotlines beside 113, "Bắt đầu" is on the screen without scrolling."""

    async def tell(_house, browser, address):
        page = await open_page(browser, f"{address}/?lang={language}", [], viewport={"width": 360, "height": 740})
        links = await page.locator(".danger a").all()
        assert [await one.get_attribute("href") for one in links] == ["tel:113", "tel:0692509489", "tel:0692506112"]
        for one in (*links, page.locator(".exit"), page.locator("button.main")):
            await expect(one).to_be_in_viewport(ratio=1)
            assert (await one.bounding_box())["height"] >= 44
        heights = [(await one.bounding_box())["height"] for one in await page.locator(".honest li").all()]
        line = await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.honest li')).lineHeight)")
        assert [round(height / line) <= 4 for height in heights] == [True] * 3
        print("lines of the landing page:", [round(height / line) for height in heights])
        assert await page.evaluate("document.documentElement.scrollWidth") == 360

    in_browser(tmp_path, tell, hotlines=("0692.509.489", "0692.506.112"))


def test_without_hotlines_113_stands_alone(tmp_path):
    """Where neither the plan nor the operator names a line, there is 113 and no empty heading."""

    async def tell(house):
        page = (await house.get("/")).text
        assert re.findall('href="(tel:[^"]*)"', page) == ["tel:113"]
        assert "Đường dây nóng" not in page

    at_house(tmp_path, tell)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/events/x"])
def test_every_page_of_citizens_can_be_left_at_once(tmp_path, path):
    """The quick exit is on the first page, in a conversation and where something went wrong; not on officers' pages."""

    async def tell(house):
        for _ in range(2):
            assert 'class="exit"' in (await house.get(path)).text
            await house.start()
        assert 'class="exit"' not in (await house.get("/r/nope")).text

    at_house(tmp_path, tell)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_are_readable_in_sunlight(tmp_path, scheme):
    """All text has a contrast of at least 7:1 (WCAG's AAA) by axe: first page, old and new buttons, files, problem."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [], viewport=PHONE, color_scheme=scheme)
        await _contrast(page)
        await page.click("button.main")
        room = house.heard[0].chat
        for takes in (None, TAKES):
            await house.web.say(
                room, Said("Xem " + LINK, head="Trước", rows=ROWS, subject="x", sound="hmong/tip-what", takes=takes)
            )
        await expect(page.locator(".in-browser")).to_be_visible()
        await page.click("text=Trả lời >> nth=0")
        await page.evaluate("document.getElementById('problem').hidden = false")
        await page.evaluate("document.getElementById('problem').textContent = 'Chưa gửi được'")
        await page.evaluate("document.getElementById('status').textContent = 'Đang gửi…'")
        await _contrast(page)
        await house.web.say("room:so-y-te", Said("Nhắc việc", rows=ROWS))
        await page.goto(f"{address}/r/hoa")
        await page.fill("#text", "xong")
        await page.press("#text", "Enter")
        await expect(page.locator(".mine")).to_have_count(1)
        await page.goto(f"{address}/r/binh")
        await _contrast(page)

    in_browser(tmp_path, tell, recordings=recordings(tmp_path))


async def _contrast(page):
    options = {"runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced"]}}
    for more in (options, None):  # and whatever else axe knows
        found = await Axe().run(page, options=more)
        assert found.response["passes"]
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scripted", [True, False])
def test_a_question_with_files_fits_a_small_phone(tmp_path, scripted):
    """At 360 by 640 the question, the file input, the words' input and its button are all on the screen together."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [], viewport=PHONE, java_script_enabled=scripted)
        await page.click("button.main")
        await house.web.say(
            house.heard[0].chat, Said("Bạn có ảnh, video hay giấy tờ gì không?", rows=ROWS, takes=TAKES)
        )
        await (page.reload if scripted else page.locator(".reload").click)()
        for one in ("#file", "#text", "#say .send", ".ours .text >> nth=-1", ".exit"):
            await expect(page.locator(one)).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert (await page.locator("#file").bounding_box())["height"] >= 44

    in_browser(tmp_path, tell)


@pytest.mark.parametrize("takes", [None, TAKES])
def test_a_phone_s_keyboard_leaves_the_question_in_view(tmp_path, takes):
    """When the keyboard makes the page 400 high, the log alone scrolls, and its end stays in view above the input."""

    async def tell(house, browser, address):
        page = await open_page(browser, address, [], viewport=PHONE)
        await page.click("button.main")
        await page.locator(".ours").wait_for()
        for n in range(9):
            await house.web.say(house.heard[0].chat, Said(f"Câu {n}?", takes=takes))
        await expect(page.locator(".ours")).to_have_count(10)
        await page.focus("#text")
        await page.set_viewport_size({"width": 360, "height": 400})
        for one in ("#text", ".exit", ".ours .text >> nth=-1"):
            await expect(page.locator(one)).to_be_in_viewport(ratio=1)
        assert await page.evaluate("document.documentElement.scrollHeight") == 400
        assert await page.evaluate("document.getElementById('log').clientHeight") > 100
        if takes:
            await expect(page.locator("#file")).to_be_in_viewport(ratio=1)

    in_browser(tmp_path, tell)


@pytest.mark.parametrize("scripted", [True, False])
def test_a_long_question_is_shown_from_its_top(tmp_path, scripted):
    """A message of ours that is taller than the screen opens at its top, on arrival and on a page loaded anew."""
    rows = tuple((Button(f"Lựa chọn {n}", f"c{n}"),) for n in range(20))

    async def tell(house, browser, address):
        page = await open_page(browser, address, [], viewport=PHONE, java_script_enabled=scripted)
        await page.click("button.main")
        await house.web.say(house.heard[0].chat, Said("Một câu trước đó.\n" * 30))
        await house.web.say(house.heard[0].chat, Said("Việc gì đang xảy ra?", rows=rows))
        for _ in range(2):
            if not scripted:
                await page.click(".reload")
            await expect(page.locator(".ours")).to_have_count(3)
            await expect(page.locator("text=Việc gì")).to_be_in_viewport(ratio=1)
            await expect(page.locator("text=Lựa chọn 0")).to_be_in_viewport(ratio=1)
            if scripted:
                await page.reload()

    in_browser(tmp_path, tell)
