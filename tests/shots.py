"""docs/pictures: the demo as a newcomer sees it. Run by scripts/shots."""

from __future__ import annotations

import tempfile
from pathlib import Path

from demo_process import ROOT, DemoProcess
from playwright.sync_api import Page, expect, sync_playwright
from test_five_minutes import CHROMIUM, NARROW, QUIET, WIDE, Play, Room, answer

PICTURES = ROOT / "docs/pictures"


def show_all(play: Play) -> None:
    """Three people in one window: a receipt, a reminder that is being answered, and what the coordinators see."""
    play.open("so-y-te")
    play.citizen.press_start()
    play.citizen.hears("Gọi 113")
    play.citizen.press("Gửi tin báo")
    answer(play.citizen)
    play.citizen.press("Gửi")
    play.citizen.hears("Mã tin của bạn")
    play.desk.hears("Có tin báo mới")
    play.unit.hears("Nhắc việc")
    play.unit.frame.get_by_role("link", name="Trả lời").last.click()
    play.unit.write("xong 80%, vướng kinh phí")
    play.unit.hears("Mức độ: 80%")
    play.unit.press("Gửi")
    play.desk.hears("Sở Y tế báo cáo")
    expect(play.unit.frame.locator("#status")).to_have_text("")
    play.page.mouse.move(5, 5)
    play.page.screenshot(path=PICTURES / "demo.png")


class Telephone(Room):
    """A citizen's room that fills the screen."""

    @property
    def frame(self) -> Page:  # type: ignore[override]
        return self.page


def show_telephone(play: Play) -> None:
    """A citizen's telephone: a commune is found by a few letters of its name."""
    play.page.goto(f"{play.demo.address}/chat")
    citizen = Telephone(play.page, "citizen")
    citizen.press_start()
    citizen.hears("Gọi 113")
    citizen.press("Gửi tin báo")
    citizen.hears("Trước khi bắt đầu")
    citizen.press("Tiếp tục ở đây")
    citizen.hears("Việc gì đang xảy ra?")
    citizen.press("Mua bán")
    citizen.hears("Ở xã, phường nào?")
    citizen.write("bac ha")
    citizen.offers("Xã Bắc Hà")
    play.page.mouse.move(5, 5)
    play.page.screenshot(path=PICTURES / "telephone.png")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for number, (show, size) in enumerate([(show_all, WIDE), (show_telephone, NARROW)]):
            demo = DemoProcess(Path(folder) / f"demo{number}")
            demo.start()
            show(Play(browser.new_page(viewport=size), demo))
            demo.stop()
        browser.close()


if __name__ == "__main__":
    main()
