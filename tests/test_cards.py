"""How an assignment, a reminder, a notice and a tip's state look as a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cards, tip_cards
from bot.channels.channel import Said
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.notice import Ledger
from bot.domain.progress import Progress
from bot.domain.receipt import Receipt
from bot.domain.tip import Official, Outcome, TipKind, TipLine, TipState, Urgency
from tests.flows import programme

NOW = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)  # Thursday 08:00 in Lào Cai
ZONE = programme().zone
OBLIGATIONS = {one.code: one for one in programme().plans[0].obligations}
WEEKLY = Assignment(12, "lao-cai-2026", "lc-bao-cao-tuan", "so-y-te", "2026-W09", datetime(2026, 3, 2, 3, tzinfo=UTC))
PLAN = Assignment(
    13,
    "lao-cai-2026",
    "lc-ke-hoach-gui-ubnd-tinh",
    "so-y-te",
    "2026-02-27",
    datetime(2026, 2, 27, 16, 59, 59, tzinfo=UTC),
)
GONE = Assignment(14, "lao-cai-2026", "no-such-thing", "so-y-te", "2026", NOW)


def labels(said: Said) -> list[str]:
    return [button.label for row in said.rows for button in row]


def choices(said: Said) -> list[str]:
    return [button.choice for row in said.rows for button in row]


# --- times -----------------------------------------------------------------------------------------------------------


def test_a_due_instant_is_said_as_people_say_it() -> None:
    """The end of a day is the day; an hour is said as an hour; both in the province's zone, with the weekday."""
    assert cards.when("vi", PLAN.due, ZONE) == "hết thứ Sáu 27/02/2026"
    assert cards.when("vi", WEEKLY.due, ZONE) == "trước 10:00 thứ Hai 02/03/2026"
    assert cards.when("en", WEEKLY.due, ZONE) == "before 10:00 on Monday 02/03/2026"


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (PLAN.due - timedelta(days=7), "còn 7 ngày"),
        (PLAN.due - timedelta(days=1), "còn 1 ngày"),
        (PLAN.due - timedelta(hours=23), "hôm nay là hạn cuối"),
        (PLAN.due, "đã đến hạn"),
        (PLAN.due + timedelta(seconds=1), "quá hạn 1 ngày"),
        (PLAN.due + timedelta(days=3), "quá hạn 3 ngày"),
        (WEEKLY.due, ""),
    ],
)
def test_how_long_there_is_still(now: datetime, left: str) -> None:
    """Days are counted by the province's calendar."""
    if left:
        assert cards.left("vi", PLAN.due, now, ZONE) == left
    else:
        assert cards.left("vi", WEEKLY.due, WEEKLY.due + timedelta(minutes=1), ZONE) == "đã đến hạn"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026-W10", "tuần 10/2026"),
        ("2026-03", "tháng 3/2026"),
        ("2026-Q1", "quý 1/2026"),
        ("2026-H2", "6 tháng cuối năm 2026"),
        ("2026", "năm 2026"),
        ("2026-02-27", "kỳ hạn 27/02/2026"),
    ],
)
def test_a_period_is_said_as_people_say_it(name: str, said: str) -> None:
    """Week, month, quarter, half, year and single day."""
    assert cards.period("vi", name) == said


@given(st.integers(0, 10 * 365 * 24 * 60), st.integers(-4000, 4000))
def test_every_instant_can_be_said(minute: int, hours: int) -> None:
    """No due instant of ten years and no distance from it is without words, in either language."""
    due = NOW + timedelta(minutes=minute)
    for language in ("vi", "en"):
        assert cards.when(language, due, ZONE)
        assert cards.left(language, due, due + timedelta(hours=hours), ZONE)


# --- assignments -----------------------------------------------------------------------------------------------------


def test_a_card_shows_the_six_in_their_order() -> None:
    """Who, what, when, responsibility, result, authority; then where it stands."""
    said = cards.assignment_card("vi", PLAN, programme(), None, NOW)
    heads = ["1. Ai làm:", "2. Việc gì:", "3. Khi nào:", "4. Trách nhiệm:", "5. Kết quả:", "6. Thẩm quyền:"]
    places = [said.text.index(head) for head in heads]
    assert places == sorted(places)
    assert said.text.endswith("Chưa có báo cáo nào.")
    assert labels(said) == ["Báo cáo", "Vì sao hạn này?"]
    assert said.subject == "assignments:13"


def test_a_card_of_every_obligation_can_be_shown() -> None:
    """Nothing that the plan asks leaves one of the six rows empty."""
    for code, obligation in OBLIGATIONS.items():
        one = Assignment(1, "lao-cai-2026", code, "so-y-te", "2026", NOW)
        for language in ("vi", "en"):
            said = cards.assignment_card(language, one, programme(), None, NOW)
            rows = said.text.splitlines()[:6]
            assert [row[:2] for row in rows] == ["1.", "2.", "3.", "4.", "5.", "6."], code
            assert all(len(row.partition(": ")[2]) > 1 for row in rows), code
            assert cards.rule(language, obligation)


def test_what_was_answered_stands_on_the_card() -> None:
    """The latest answer is shown; what is done can't be reported again."""
    progress = Progress(13, 1, NOW, "m", 80, "xong 80%", "")
    said = cards.assignment_card("vi", PLAN, programme(), progress, NOW)
    assert said.text.endswith("Mới nhất (08:00 ngày 26/02): 80%. Kết quả: xong 80%. Vướng mắc: không.")
    done = Assignment(**{name: getattr(PLAN, name) for name in Assignment.__slots__} | {"state": AssignmentState.DONE})
    assert labels(cards.assignment_card("vi", done, programme(), progress, NOW)) == ["Vì sao hạn này?"]


def test_what_the_plan_no_longer_asks_is_said_to_be_gone() -> None:
    """A card of something the plan has dropped says so."""
    assert cards.assignment_card("vi", GONE, programme(), None, NOW).text == "Kế hoạch không còn yêu cầu việc này nữa."


def test_a_reminder_of_one_thing_has_its_buttons() -> None:
    """It can be reported, explained and looked at; a reply to it is about it."""
    said = cards.reminder("vi", [WEEKLY], programme(), NOW, late=False)
    assert said.head == "Nhắc việc · Sở Y tế"
    assert choices(said) == ["report:12", "why:12", "card:12"]
    assert said.subject == "assignments:12"
    assert cards.reminder("vi", [WEEKLY], programme(), NOW, late=True).head == "Nhắc việc (muộn) · Sở Y tế"


def test_a_reminder_of_many_things_is_one_message() -> None:
    """Each has its line and its number; a reply to it is about all of them."""
    said = cards.reminder("vi", [PLAN, WEEKLY], programme(), NOW, late=False)
    assert labels(said) == ["1", "2"]
    assert choices(said) == ["card:13", "card:12"]
    assert said.subject == "assignments:13,12"


@pytest.mark.parametrize(
    ("count", "page", "shown"), [(3, 1, 3), (20, 1, 8), (20, 3, 4), (20, 99, 4), (20, 0, 8), (0, 1, 0)]
)
def test_a_list_has_pages(count: int, page: int, shown: int) -> None:
    """Eight a page, numbered through; a page that is not there is the nearest one that is."""
    owed = [Assignment(n, "lao-cai-2026", "lc-bao-cao-tuan", "so-y-te", "2026-W09", WEEKLY.due) for n in range(count)]
    said = cards.work_list("vi", owed, programme(), NOW, "Việc", page)
    assert len(labels(said)) == shown
    assert ("việc nữa" in said.text) == (count > 8 and page < 3)
    assert len(said.text) < 4096


@given(st.integers(1, 60), st.integers(0, 2**53))
def test_every_button_and_subject_of_a_list_fits(count: int, first: int) -> None:
    """However many there are and however long their ids."""
    owed = [Assignment(first + n, "lao-cai-2026", "lc-to-tuyen-truyen", "so-y-te", "2026", NOW) for n in range(count)]
    said = cards.reminder("vi", owed, programme(), NOW, late=False)
    assert all(len(choice.encode()) <= 64 for choice in choices(said))
    assert all(0 < len(label) <= 60 for label in labels(said))


# --- notices and tips ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ledger", "bar"),
    [
        (Ledger(97, 0, 0, 0), "Đang gửi ░░░░░░░░░░ 0/97 · đã nhận 0"),
        (Ledger(97, 68, 21, 0), "Đang gửi ▓▓▓▓▓▓▓░░░ 68/97 · đã nhận 21"),
        (Ledger(97, 97, 64, 0), "Đã gửi ▓▓▓▓▓▓▓▓▓▓ 97/97 · đã nhận 64 · chưa 33"),
        (Ledger(2, 1, 1, 1), "Đã gửi ▓▓▓▓▓░░░░░ 1/2 · đã nhận 1 · chưa 0 · không gửi được 1"),
    ],
)
def test_a_bar_shows_how_far_a_notice_has_come(ledger: Ledger, bar: str) -> None:
    """Sent, received, open and lost."""
    assert cards.notice_board("vi", "n1", ledger).text == bar


def test_a_notice_is_acknowledged_with_a_button() -> None:
    """Its words are the coordinator's own, as they are."""
    said = cards.notice("vi", "x" * 26, "Họp <b>14:00</b> { $x }")
    assert said.text == "Họp <b>14:00</b> { $x }"
    assert choices(said) == ["ack:" + "x" * 26]


def tip(kind: TipKind = TipKind.SELLING, **more) -> TipLine:
    return TipLine("secret-and-long", NOW, kind, "xa-02839", Urgency.NOW, **more)


def test_the_notice_of_a_tip_says_kind_commune_and_urgency() -> None:
    """And what the tip is called, which is not all of its id; it has no button, and nothing that was written."""
    said = tip_cards.tip_news("vi", tip(), "Xã Bắc Hà")
    assert said.text.startswith("secret · Mua bán · Xã Bắc Hà · Cần có người đến ngay\n")
    assert "secret-" not in said.text + said.subject
    assert not said.rows
    assert "chưa rõ xã, phường" in tip_cards.tip_news("vi", tip(), "").text


def test_the_notice_of_a_tip_says_whose_way_it_must_not_go() -> None:
    """An official who is involved is told of; who asks for help is not told of as if they accused somebody."""
    assert "có liên quan cán bộ" in tip_cards.tip_news("vi", tip(official=Official.YES), "").text
    assert "cán bộ" not in tip_cards.tip_news("vi", tip(official=Official.UNSAID), "").text
    assert "không phải tố giác" in tip_cards.tip_news("vi", tip(TipKind.PERSON), "").head


@pytest.mark.parametrize("here", [True, False])
def test_a_receipt_is_shown_in_groups_of_four_and_protected(here: bool) -> None:
    """It can be copied by hand, and can't be forwarded; whoever wants an answer here is told that it comes here."""
    receipt = Receipt.make(lambda count: "4096118755302741"[:count])
    said = tip_cards.receipt_card("vi", receipt, here=here, web="https://tinbao.example", trace="t" * 26)
    assert "4096 1187 5530 2741" in said.text
    assert said.protect
    assert ("ngay tại đây" in said.text) == here
    assert labels(said) == ["Tôi đã chép", WIPE[here]]
    assert all(len(choice) <= 64 for choice in choices(said))


WIPE = {True: "Quên tôi: xóa hội thoại, thôi báo ở đây", False: "Tôi đã chép, xóa hội thoại"}


def test_a_receipt_promises_no_erasing_where_nothing_can_be_erased() -> None:
    """And no web page where there is none."""
    said = tip_cards.receipt_card("vi", Receipt("4096118755302741"), here=False, web="", trace=None)
    assert labels(said) == ["Tôi đã chép"]
    assert "vào trang" not in said.text


@pytest.mark.parametrize(
    ("line", "hours", "said"),
    [
        (tip(), 0, "Chưa ai mở; tin đến cách đây chưa tới một giờ."),
        (tip(), 23, "Chưa ai mở; tin đến cách đây 23 giờ."),
        (tip(), 26, "Chưa ai mở; tin đến cách đây 26 giờ. Như vậy là lâu: nếu việc gấp, bạn gọi 113"),
        (tip(), 50, "Chưa ai mở; tin đến cách đây 2 ngày. Như vậy là lâu"),
        (tip(state=TipState.TAKEN), 26, "Đã có người nhận, cách đây 26 giờ."),
        (tip(state=TipState.CHECKING, since=NOW + timedelta(hours=20)), 26, "Đang xác minh, bắt đầu cách đây 6 giờ."),
        (tip(state=TipState.CLOSED, outcome=Outcome.CONFIRMED), 72, "Đã xong cách đây 3 ngày: đúng như bạn báo"),
    ],
)
def test_where_a_tip_stands_is_said_in_plain_words_and_since_when(line: TipLine, hours: int, said: str) -> None:
    """In hours up to two days; other routes are shown when nobody has opened it for a day, and only then."""
    state = tip_cards.tip_state("vi", line, NOW + timedelta(hours=hours), "113")
    assert state.startswith(said)
    assert ("113" in state) == ("lâu" in said)
