"""The web channel's pages in a real browser, with JavaScript and without."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from playwright.async_api import async_playwright, expect
from test_web import Demo, House, at_house

from bot.channels.channel import Button, Said

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt install chromium)")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip


def in_browser(folder, tell, **more):
    """Runs `tell(house, browser, address)`; a word on the browser's console, but of a lost connection, is a failure."""

    async def main(house):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            await tell(house, browser, str(house.client.base_url))
            await browser.close()

    at_house(folder, main, served=True, **more)


async def open_page(browser, url, complaints, **options):
    page = await (await browser.new_context(**options)).new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    return page


def test_two_officers_see_each_other_write(tmp_path):
    """Enter sends, the focus stays, and what one writes stands on the other's page without a reload."""

    async def tell(house, browser, address):
        complaints = []
        binh, hoa = [await open_page(browser, f"{address}/r/{secret}", complaints) for secret in ("binh", "hoa")]
        await binh.fill("#text", "xong 80%")
        await binh.press("#text", "Enter")
        await expect(binh.locator(".mine .text")).to_have_text("xong 80%")
        await expect(binh.locator("#text")).to_be_focused()
        await expect(binh.locator("#text")).to_have_value("")
        await expect(hoa.locator(".theirs")).to_contain_text("Trần Văn Bình")
        await hoa.click("text=Đồng ý")
        await expect(binh.locator(".theirs .text")).to_have_text("Đồng ý")
        assert [heard.choice for heard in house.heard] == ["", "yes"]
        assert not complaints

    in_browser(tmp_path, tell)


def test_an_edited_message_changes_in_place(tmp_path):
    """An edit reaches an open page, and its new buttons work."""

    async def tell(house, browser, address):
        page = await open_page(browser, f"{address}/r/binh", [])
        ref = await house.web.say("room:so-y-te", Said("Đang gửi 1/9"))
        await expect(page.locator(".ours")).to_contain_text("1/9")
        await house.web.edit("room:so-y-te", ref, Said("Xong 9/9", rows=((Button("Xem", "see"),),)))
        await expect(page.locator(".ours .text")).to_have_text("Xong 9/9")
        await page.click("text=Xem")
        await expect(page.locator(".mine")).to_contain_text("Xem")
        assert house.heard[0].choice == "see"

    in_browser(tmp_path, tell)


def test_what_is_typed_survives_a_lost_network(tmp_path):
    """Without a network the page says so and keeps the text; with it again, the same press is heard once."""

    async def tell(house, browser, address):
        page = await open_page(browser, f"{address}/r/binh", [])
        await page.context.set_offline(True)
        await page.fill("#text", "không mất")
        await page.click("button.main")
        await expect(page.locator("#problem")).to_contain_text("Chưa gửi được")
        await expect(page.locator("#text")).to_have_value("không mất")
        await page.context.set_offline(False)
        await page.click("button.main")
        await expect(page.locator(".mine .text")).to_have_text("không mất")
        await expect(page.locator("#problem")).to_be_hidden()
        assert len(house.heard) == 1

    in_browser(tmp_path, tell)


def test_all_works_without_javascript(tmp_path):
    """Without JavaScript a citizen starts, presses and writes; each answer is on the page that follows."""

    async def tell(house, browser, address):
        complaints = []
        page = await open_page(
            browser, address, complaints, java_script_enabled=False, viewport={"width": 390, "height": 844}
        )
        await page.click("button.main")
        await page.click("text=Đồng ý")
        await page.fill("#text", "hai dòng\nchữ")
        await page.click("button.main")
        await expect(page.locator(".ours")).to_have_count(3)
        await expect(page.locator(".mine").last).to_contain_text("hai dòng chữ")
        await expect(page.locator(".ours").last).to_be_in_viewport()
        await expect(page.locator(".exit")).to_be_in_viewport()
        assert [(heard.text, heard.choice) for heard in house.heard] == [
            ("/start", ""), ("", "yes"), ("hai dòng\nchữ", ""),
        ]  # fmt: skip
        assert not complaints

    in_browser(tmp_path, tell)


def test_the_demo_plays_in_one_window(tmp_path):
    """In the demo a citizen speaks in their panel, the clock moves beside them, and no panel loads again."""

    async def tell(house, browser, address):
        complaints = []
        page = await open_page(browser, f"{address}/?unit=so-y-te", complaints, viewport={"width": 1440, "height": 900})
        citizen, unit = page.frame_locator(".citizen iframe"), page.frame_locator(".unit iframe")
        await citizen.locator("button.main").click()
        await expect(citizen.locator(".ours")).to_contain_text("Đã nghe.")
        await unit.locator("#text").fill("nháp")
        await page.click("text=+1 ngày")
        await expect(page.locator("#time")).to_have_text("Thứ Sáu 27/02/2026 08:00")
        await expect(unit.locator("#text")).to_have_value("nháp")
        await house.web.say("room:triage", Said("Có tin báo mới"))
        await expect(page.frame_locator(".coordinators iframe").locator(".ours")).to_contain_text("Có tin báo mới")
        assert not complaints

    in_browser(tmp_path, tell, demo=Demo())


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_runs_off_the_side(tmp_path, width):
    """Long words, many buttons and long names fit the width of any screen, and what is pressed is large enough."""

    async def tell(house, browser, address):
        rows = (tuple(Button(f"Lựa chọn thứ {n}", f"c{n}") for n in range(5)),)
        await house.web.say("room:so-y-te", Said("x" * 300, head="Nhắc việc " * 9, rows=rows, subject="s"))
        page = await open_page(browser, f"{address}/r/binh?reply=1", [], viewport={"width": width, "height": 800})
        await asyncio.gather(*[_check_size(one) for one in await page.locator("button, .reply, .foot a").all()])
        edge = await page.locator("html").bounding_box()
        assert edge["width"] == width
        for one in await page.locator(".message, .say, button").all():
            box = await one.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width

    async def _check_size(one):
        if await one.is_visible():
            assert (await one.bounding_box())["height"] >= 44

    in_browser(tmp_path, tell)


class Erases(House):
    """A house that erases at the first press, and says so a moment later, as delivery does."""

    async def hear(self, heard):
        if not heard.choice:
            return await super().hear(heard)
        await self.web.clear(heard.chat)
        self.later = asyncio.create_task(self._confirm(heard.chat))
        return None

    async def _confirm(self, room):
        await asyncio.sleep(1)
        await self.web.say(room, Said("Đã xóa 3 tin nhắn."))


@pytest.mark.parametrize("scripted", [True, False])
def test_who_erases_all_sees_that_it_was(tmp_path, monkeypatch, scripted):
    """Between the erasing and its confirmation the page stays and the cookie too, so the confirmation is seen."""

    async def tell(_house, browser, address):
        page = await open_page(browser, address, [], java_script_enabled=scripted)
        await page.click("button.main")
        await page.click("text=Đồng ý")
        await expect(page.locator(".message")).to_have_count(1)
        await expect(page.locator(".message")).to_contain_text("Đã xóa 3 tin nhắn.")
        await expect(page.locator("#status")).to_have_text("")
        assert [one["name"] for one in await page.context.cookies()] == ["tb"]

    monkeypatch.setattr("test_web.House", Erases)
    in_browser(tmp_path, tell)


def test_back_after_a_quick_exit_shows_a_cover(tmp_path):
    """Who comes back by Back after the quick exit sees a cover, and no word of the talk until they ask for it."""

    async def tell(house, browser, address):
        page = await open_page(browser, "about:blank", [])
        await page.goto(address)
        await page.click("button.main")
        await expect(page.locator(".ours")).to_be_visible()
        await page.click("#exit")
        await page.wait_for_url("**/icon.svg")
        await page.go_back()
        await expect(page.locator("#uncover")).to_be_visible()
        await expect(page.locator(".ours")).to_be_hidden()
        assert await page.title() == "Trang đã đóng"
        await page.click("#uncover")
        await expect(page.locator(".ours")).to_be_in_viewport()
        await page.reload()
        await expect(page.locator(".ours")).to_be_visible()
        assert len(house.heard) == 1

    in_browser(tmp_path, tell, exit_to="/static/icon.svg")
