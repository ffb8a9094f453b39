"""The five minutes: a newcomer plays a citizen, a unit and the coordinators in a real browser with a real process."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo_process import DemoProcess, command
from playwright.sync_api import FrameLocator, Locator, Page, expect, sync_playwright
from test_web_sealed import planted_jpeg

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt install chromium)")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SEEN = "Hai người bán thuốc lắc sau chợ, tối thứ Bảy"
expect.set_options(timeout=15_000)


@dataclass
class Room:
    """One of the three panels."""

    page: Page
    name: str

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator(f".{self.name} iframe")

    @property
    def ours(self) -> Locator:
        return self.frame.locator(".ours")

    def look(self) -> None:
        """On a narrow screen one panel is seen at a time."""
        tab = self.page.locator(f"label[for=tab-{self.name}]")
        if tab.is_visible():
            tab.click()

    def is_alive(self) -> None:
        """The page's script runs: before that a press is a form of its own, and Enter a new line."""
        expect(self.frame.locator("html")).to_have_class("js")

    def press(self, label: str) -> None:
        self.look()
        self.is_alive()
        expect(self.frame.locator("#status")).to_have_text("")
        self.frame.locator(".message").get_by_role("button", name=label, exact=True).last.click()

    def write(self, text: str) -> None:
        self.look()
        self.is_alive()
        expect(self.frame.locator("#status")).to_have_text("")
        self.frame.locator("#text").fill(text)
        self.frame.locator("#text").press("Enter")

    def attach(self, *files: Path) -> None:
        """Sends files, one by one, and waits until all have been taken."""
        if not files:
            return
        self.is_alive()
        expect(self.frame.locator(".in-browser")).to_be_visible()
        before = self.frame.locator(".mine").count()
        self.frame.locator("#file").set_input_files([str(file) for file in files])
        self.frame.locator("#say .send").click()
        expect(self.frame.locator(".mine")).to_have_count(before + len(files))
        self.hears(f"{len(files)} tệp")

    def hears(self, *sentences: str) -> None:
        """The newest message is ours and says this."""
        for sentence in sentences:
            expect(self.frame.locator(".message").last).to_contain_text(sentence)
        expect(self.frame.locator(".message").last).to_have_class(re.compile("ours"))

    def offers(self, label: str) -> None:
        expect(self.frame.locator(".message.last").get_by_role("button", name=label, exact=True)).to_be_visible()

    def press_start(self) -> None:
        self.look()
        self.frame.get_by_role("button", name="Bắt đầu").click()


class Play:
    """The demo's page, its three rooms and its clock."""

    def __init__(self, page: Page, demo: DemoProcess) -> None:
        self.page = page
        self.demo = demo
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.citizen, self.unit, self.desk = [Room(page, name) for name in ("citizen", "unit", "coordinators")]

    def open(self, unit: str = "so-y-te") -> None:
        self.page.goto(f"{self.demo.address}/?unit={unit}")
        expect(self.page.locator("#time")).to_have_text("Thứ Năm 26/02/2026 08:00")

    def choose(self, unit: str) -> None:
        """Shows another unit's room."""
        self.unit.look()
        self.page.get_by_label("Chọn đơn vị").select_option(label=unit)
        expect(self.unit.frame.locator("h1")).to_have_text(unit)

    def move(self, label: str, *, until: str) -> None:
        """Presses one of the clock's buttons until it shows that time."""
        for _ in range(30):
            before = self.page.locator("#time").inner_text()
            self.page.get_by_role("button", name=label).click()
            expect(self.page.locator("#time")).not_to_have_text(re.compile(f"{before}|Đang chuyển giờ…"))
            if self.page.locator("#time").inner_text() == until:
                return
        raise AssertionError(self.page.locator("#time").inner_text())


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def demo(tmp_path):
    """A sample province of its own, which ends well and has logged no failure."""
    running = DemoProcess(tmp_path / "demo")
    running.start()
    yield running
    assert running.stop() == 0
    assert running.log == ""


@pytest.fixture
def play(browser, demo, request):
    """The page of the demo; nothing may be said on the browser's console."""
    context = browser.new_context(viewport=getattr(request, "param", WIDE))
    played = Play(context.new_page(), demo)
    yield played
    context.close()
    assert not played.complaints


both_widths = pytest.mark.parametrize("play", [WIDE, NARROW], ids=["1440", "390"], indirect=True)


def answer(citizen: Room, *files: Path, kind: str = "Mua bán") -> None:
    """From the honest screen to the summary; `files` are sent along."""
    citizen.hears("Trước khi bắt đầu", "ẩn danh", "Nhà mạng vẫn có thể thấy", "113")
    citizen.press("Tiếp tục ở đây")
    citizen.hears("Việc gì đang xảy ra?")
    citizen.press(kind)
    citizen.hears("Ở xã, phường nào?")
    citizen.write("bac ha")
    citizen.offers("Xã Bắc Hà")
    citizen.press("Xã Bắc Hà")
    citizen.hears("Kể cho chúng tôi")
    citizen.write(SEEN)
    citizen.hears("Việc này xảy ra khi nào?")
    expect(citizen.frame.locator("#messages")).to_contain_text("Đã niêm phong trong trình duyệt của bạn: lời kể")
    citizen.press("Mấy ngày gần đây")
    citizen.hears("Vì sao bạn biết?")
    citizen.press("Tận mắt thấy")
    citizen.hears("Có liên quan đến cán bộ nào không?")
    citizen.press("Không")
    citizen.hears("Việc này gấp đến đâu?")
    citizen.press("Trong vài ngày")
    citizen.hears("Có ảnh, video hay ghi âm không?")
    citizen.attach(*files)
    citizen.press("Xong" if files else "Không có")
    citizen.hears("Bạn có muốn chúng tôi hỏi thêm")
    citizen.press("Chỉ khi tôi mở lại bằng mã")
    citizen.hears("Xem lại giúp chúng tôi", "Xã Bắc Hà", "lời kể đã được niêm phong")


@both_widths
def test_a_citizen_tells_a_tip(play):
    """By a step back and a new beginning to a receipt; the desk learns that a tip came, its reader what it says."""
    play.open()
    citizen = play.citizen
    citizen.press_start()
    citizen.hears("Gọi 113")
    citizen.press("Gửi tin báo")
    answer(citizen, kind="Trên mạng")
    citizen.press("Quay lại")
    citizen.hears("Bạn có muốn chúng tôi hỏi thêm")
    citizen.press("Hủy")
    citizen.hears("Đã hủy. Không có gì được gửi đi.")
    citizen.write("/tin")
    answer(citizen)
    citizen.press("Gửi")
    citizen.hears("Mã tin của bạn")
    text = citizen.ours.last.inner_text()
    assert re.search(r"\b\d{4} \d{4} \d{4} \d{4}\b", text), text
    citizen.press("Tôi đã chép")
    expect(citizen.frame.locator("#messages")).to_contain_text("Mã tin đã được che.")
    expect(citizen.frame.locator("#messages")).not_to_contain_text(re.compile(r"\d{4} \d{4}"))
    play.desk.look()
    play.desk.hears("Có tin báo mới", "Mua bán", "Xã Bắc Hà", "Trong vài ngày")
    expect(play.desk.frame.locator("#messages")).not_to_contain_text("chợ")
    read = command("tips", "read", "--key", play.demo.folder / "reader.key", "--data", play.demo.folder)
    assert (read.returncode, read.stderr) == (0, "")
    assert SEEN in read.stdout
    assert read.stdout.count("──") == 1


def test_files_are_sealed_in_the_browser(play, tmp_path):
    """A picture and a paper go from the page to the reader: no word of them, nor a name, is in what the demo keeps;
    the reader has the words, the picture without what told of its maker, and the paper as it was.
    """
    photo, paper = tmp_path / "canary-name.jpg", tmp_path / "canary-name.pdf"
    photo.write_bytes(planted_jpeg())
    paper.write_bytes(b"%PDF canary-inside")
    play.open()
    play.citizen.press_start()
    play.citizen.hears("Gọi 113")
    play.citizen.press("Gửi tin báo")
    answer(play.citizen, photo, paper)
    play.citizen.press("Gửi")
    play.citizen.hears("Mã tin của bạn")
    kept = [path.read_bytes() for path in play.demo.folder.rglob("*") if path.is_file()]
    assert len(kept) > 2
    assert not [one for one in kept if b"canary" in one or SEEN.encode() in one]
    key, saved = play.demo.folder / "reader.key", tmp_path / "saved"
    read = command("tips", "read", "--key", key, "--data", play.demo.folder, "--files", saved)
    assert (read.returncode, read.stderr) == (0, "")
    assert SEEN in read.stdout
    opened = sorted((path.read_bytes() for path in saved.rglob("*") if path.is_file()), key=len)
    assert opened[0] == paper.read_bytes()
    assert opened[1].startswith(b"\xff\xd8")
    assert b"canary" not in opened[1]
    assert "canary-name" not in f"{[path.name for path in saved.rglob('*')]}"


@both_widths
def test_who_owes_is_reminded_and_who_answered_is_not(play):
    """On Friday 15:00 of the weekly report of Monday: a unit of the steering committee, not one that answered it."""
    weekly = "Hạn: trước 10:00 thứ Hai 02/03/2026"
    play.open("so-noi-vu")
    play.unit.look()
    play.unit.hears("Nhắc việc · Sở Nội vụ")
    play.unit.write("/viec")
    play.unit.hears("Việc của Sở Nội vụ", "Báo cáo tuần")
    listed = play.unit.ours.last.inner_text()
    play.unit.press(re.search(r"(\d)\. Báo cáo tuần", listed)[1])
    report(play.unit, percent="100")
    play.move("+1 ngày", until="Thứ Sáu 27/02/2026 08:00")
    play.move("+1 giờ", until="Thứ Sáu 27/02/2026 15:00")
    play.choose("Sở Y tế")
    play.unit.hears("Nhắc việc · Sở Y tế", "Báo cáo tuần", weekly)
    play.choose("Sở Nội vụ")
    play.unit.hears("hôm nay là hạn cuối")
    expect(play.unit.frame.locator("#messages")).not_to_contain_text(f"Nhắc việc · Sở Nội vụ\n{weekly}")
    expect(play.unit.ours.filter(has_text="Nhắc việc").filter(has_text="Báo cáo tuần")).to_have_count(0)
    play.choose("Xã Bắc Hà")
    expect(play.unit.ours.filter(has_text="Nhắc việc").first).to_be_visible()
    expect(play.unit.ours.filter(has_text="Báo cáo tuần")).to_have_count(0)
    play.move("Tới thứ Hai 09:00", until="Thứ Hai 02/03/2026 09:00")
    play.choose("Sở Y tế")
    play.unit.hears("Nhắc việc", weekly, "hôm nay là hạn cuối")


def report(unit: Room, percent: str) -> None:
    """From the card to the thanks."""
    unit.press("Báo cáo")
    unit.hears("bao nhiêu phần trăm")
    unit.press(percent)
    unit.hears("Kết quả chính là gì?")
    unit.write("Đã kiểm tra 12 cơ sở")
    unit.hears("khó khăn, vướng mắc")
    unit.press("Không vướng gì")
    unit.hears(f"Mức độ: {percent}", "Đã kiểm tra 12 cơ sở")
    unit.press("Gửi")
    unit.hears("Đã gửi lúc", "đúng hạn")


@both_widths
def test_an_officer_reports_with_a_button_and_with_words(play):
    """A button under the reminder, then a reply to it in words; the desk sees both; the card shows six things."""
    play.open("so-y-te")
    unit = play.unit
    unit.look()
    unit.hears("Nhắc việc · Sở Y tế")
    unit.press("Xem 6 rõ")
    card = ["Ai làm", "Việc gì", "Khi nào", "Trách nhiệm", "Kết quả", "Thẩm quyền"]
    unit.hears(*[f"{number}. {what}" for number, what in enumerate(card, 1)])
    report(unit, percent="50")
    unit.hears("Việc chưa đủ 100")
    play.desk.look()
    play.desk.hears("Sở Y tế báo cáo", "Mức độ: 50", "Đã kiểm tra 12 cơ sở")
    unit.look()
    unit.frame.get_by_role("link", name="Trả lời").first.click()
    expect(unit.frame.locator("#replying")).to_contain_text("Nhắc việc")
    unit.write("xong 80%, vướng kinh phí")
    unit.hears("Mức độ: 80%", "kinh phí")
    unit.press("Gửi")
    unit.hears("Đã gửi lúc")
    play.desk.look()
    play.desk.hears("Sở Y tế báo cáo", "Mức độ: 80%", "kinh phí")


@both_widths
def test_a_notice_goes_out_and_is_acknowledged(play):
    """Written, shown with its count, sent; what was delivered and acknowledged grows before the coordinator's eyes."""
    play.open("so-y-te")
    desk, unit = play.desk, play.unit
    desk.write("/thongbao")
    desk.hears("Soạn thông báo")
    desk.write("Họp giao ban 8 giờ sáng thứ Hai, phòng họp số 2.")
    desk.hears("Gửi cho ai?")
    desk.press("Tất cả")
    desk.hears("Xem trước", "Họp giao ban 8 giờ", "nhóm.")
    chats = re.search(r"Gửi tới (\d+) nhóm", desk.ours.last.inner_text())[1]
    assert int(chats) > 99
    desk.press("Gửi ngay")
    desk.hears(f"{chats}/{chats}", "đã nhận 0")
    unit.look()
    unit.hears("Thông báo", "Họp giao ban 8 giờ")
    unit.press("Đã nhận")
    unit.hears("Đã ghi nhận")
    desk.look()
    desk.hears("đã nhận 1")
    desk.press("Ai chưa nhận?")
    desk.hears(f"Chưa nhận ({int(chats) - 1})")


@both_widths
def test_killed_in_the_middle_it_goes_on_at_the_same_question(play):
    """After a SIGKILL and a new start the open page takes up where it stood, and nothing was lost or done twice."""
    play.open()
    citizen = play.citizen
    citizen.press_start()
    citizen.hears("Gọi 113")
    citizen.press("Gửi tin báo")
    citizen.hears("Trước khi bắt đầu")
    citizen.press("Tiếp tục ở đây")
    citizen.hears("Việc gì đang xảy ra?")
    citizen.press("Mua bán")
    citizen.hears("Ở xã, phường nào?")
    standing = citizen.frame.locator(".message").count()
    play.demo.kill()
    expect(citizen.frame.locator("#status")).to_contain_text("Mất kết nối")
    citizen.frame.locator("#text").fill("bac ha")
    citizen.frame.locator("button.main").click()
    expect(citizen.frame.locator("#problem")).to_contain_text("Chưa gửi được")
    play.demo.start()
    citizen.frame.locator("button.main").click()
    citizen.offers("Xã Bắc Hà")
    expect(citizen.frame.locator(".message")).to_have_count(standing + 2)
    citizen.press("Xã Bắc Hà")
    citizen.hears("Kể cho chúng tôi")
    play.page.reload()
    citizen.hears("Kể cho chúng tôi")
    assert all("ERR_" in complaint for complaint in play.complaints)  # the browser's own word of the lost connection
    play.complaints.clear()


def test_a_page_that_was_overtaken_takes_nothing_away(play):
    """The answer stands already when an older page comes in, late, as the server's word on what was sent: it stays."""
    play.open()
    citizen, held = play.citizen, []
    citizen.press_start()
    citizen.hears("Gọi 113")

    def hold(route):
        older = play.page.request.get(f"{play.demo.address}/chat?fragment=1").text()
        route.fetch()
        held.append((route, older))

    play.page.route("**/say?*", hold)
    citizen.press("Gửi tin báo")
    citizen.hears("Trước khi bắt đầu")
    for _ in range(500):  # the answer stands before the server's own word of it has come
        if not held:
            play.page.wait_for_timeout(20)
    [(route, older)] = held
    assert ">113</a>" in older
    assert "Trước khi bắt đầu" not in older
    route.fulfill(body=older, content_type="text/html")
    expect(citizen.frame.locator("#status")).to_have_text("")
    citizen.hears("Trước khi bắt đầu")
