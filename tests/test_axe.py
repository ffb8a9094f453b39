"""The citizen's pages judged by axe in chromium: what who sees, hears or moves otherwise would stumble over."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from axe_playwright_python.async_playwright import Axe
from test_web_script import in_browser, open_page

from bot.channels.channel import Button, Said
from bot.channels.web.forms import TEXT_LIMIT

SCREENS = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1440, "height": 900}}
TALK = (
    Said("Trước khi bắt đầu\nXem https://tinbao.test/rieng-tu", rows=((Button("Tiếp tục ở đây", "on"),),)),
    Said(
        "Việc gì đang xảy ra?",
        head="Gửi tin báo",
        rows=((Button("Mua bán", "sell"), Button("Tàng trữ", "store")), (Button("Bỏ qua", "skip", quiet=True),)),
        subject="tip:1",
    ),
)


@dataclass
class Look:
    """One person's way through the pages: their language, their light, their screen; `scripted`: with JavaScript."""

    language: str
    scheme: str
    screen: str
    scripted: bool = True

    def url(self, address, path="/"):
        return address + path + ("?lang=en" if self.language == "en" else "")

    async def open(self, browser, address):
        page = await open_page(browser, "about:blank", [], viewport=SCREENS[self.screen], color_scheme=self.scheme)
        if not self.scripted:  # axe itself is a script: so the browser has JavaScript, and our page's does not come
            await page.route("**/room.js", lambda route: route.abort())
        await page.goto(self.url(address))
        return page

    async def judge(self, page, what):
        """All of axe's rules, best practice too; nothing may be found."""
        assert await page.locator("html").get_attribute("lang") == self.language
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{what}, {self}\n{found.generate_report()}"


def walk(folder, look):
    """The landing page; a conversation in its middle, an answer begun; a text too long; a page that is not there."""

    async def tell(house, browser, address):
        page = await look.open(browser, address)
        await look.judge(page, "landing")
        await page.click("form button.main")
        await page.locator(".ours").first.wait_for()
        for said in TALK:
            await house.web.say(house.heard[-1].chat, said)
        if not look.scripted:
            await page.goto(look.url(address))
        await page.locator("button.quiet").wait_for()
        await page.click(".reply")
        await page.locator("#replying:not([hidden])").wait_for()
        await look.judge(page, "room")
        await page.fill("#text", "x" * (TEXT_LIMIT + 1))
        await page.click("#say button.main")
        await page.locator("#problem:not([hidden])").wait_for()
        await look.judge(page, "room with a problem")
        await page.goto(look.url(address, "/nowhere"))
        await look.judge(page, "problem")

    in_browser(folder, tell)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing(tmp_path, language, scheme, screen):
    """Landing page, room and problem are without fault for axe: both languages, by day and night, small and wide."""
    walk(tmp_path, Look(language, scheme, screen))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_without_javascript(tmp_path, language):
    """The pages as they come from the server are without fault for axe too."""
    walk(tmp_path, Look(language, "light", "phone", scripted=False))


def test_axe_looks(tmp_path):
    """A label taken away and a colour made too faint are found: so what is not found is not there."""

    async def tell(_house, browser, address):
        look = Look("vi", "light", "phone")
        page = await look.open(browser, address)
        await page.evaluate("document.documentElement.style.setProperty('--quiet', '#ccd')")
        await page.evaluate("document.querySelector('button.main').textContent = ''")
        with pytest.raises(AssertionError, match=r"(?s)(button-name.*color-contrast|color-contrast.*button-name)"):
            await look.judge(page, "landing")

    in_browser(tmp_path, tell)
