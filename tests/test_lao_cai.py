"""Lào Cai's plan as data agrees with its text: the dated obligations, read from the plan by hand."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.domain.deadline import Once, Recurring, Within
from bot.domain.plan import Kind, leads, partners
from documents.calendar import calendar
from documents.places import units_of
from documents.plan_file import read_plan

PATH = Path(__file__).parent.parent / "plans" / "lao-cai-2026.toml"
PLAN = read_plan(PATH)
UNITS = units_of(PLAN)
ROWS = list(calendar(PLAN, UNITS, date(2026, 1, 1), date(2027, 1, 31)))
COMMUNES = 99
AGENCIES = 44
MEMBERS = 24
DEPARTMENTS = 24

# (obligation, last permitted day, line of the text where the obligation stands, how many units owe it)
ONCE = [
    ("lc-bo-tri-pano-toan-tinh", "2026-02-24", 238, 1),
    ("lc-thanh-lap-bcd", "2026-02-27", 122, 1),
    ("lc-ke-hoach-cap-xa", "2026-02-27", 130, COMMUNES),
    ("lc-hoi-nghi-cap-xa", "2026-02-27", 138, COMMUNES),
    ("lc-pano-co-quan-tinh", "2026-02-27", 234, 1),  # 28/02/2025 stands there
    ("lc-pano-cao-toc", "2026-02-27", 236, 1),  # 28/02/2025 stands there
    ("lc-pano-cap-xa", "2026-02-27", 298, COMMUNES),
    ("lc-ra-soat-mua-ban", "2026-02-27", 332, 1),  # the day of these seven: line 354
    ("lc-ra-soat-diem-chua-chap", "2026-02-27", 334, 1),
    ("lc-ra-soat-duong-day", "2026-02-27", 336, 1),
    ("lc-ra-soat-nguoi-nghien", "2026-02-27", 338, 1),
    ("lc-ra-soat-co-so-kinh-doanh", "2026-02-27", 342, 1),
    ("lc-ra-soat-thuoc-la", "2026-02-27", 344, 1),
    ("lc-ra-soat-khong-gian-mang", "2026-02-27", 346, 1),
    ("lc-day-nghe-cai-nghien", "2026-02-27", 458, 1),
    ("lc-ke-hoach-gui-ubnd-tinh", "2026-02-27", 534, DEPARTMENTS + COMMUNES),
    ("lc-tai-hoa-nhap", "2026-03-02", 464, COMMUNES),
    ("lc-hoi-nghi-toan-tinh", "2026-03-02", 560, 1),
    ("lc-diem-cau-truong-hoc", "2026-03-02", 586, 1),
    ("lc-hoc-sinh-ky-cam-ket", "2026-03-31", 250, 1),
    ("lc-phan-cong-tuyen-truyen", "2026-03-31", 282, COMMUNES),
    ("lc-niem-yet-duong-day-nong", "2026-03-31", 292, COMMUNES),
    ("lc-tuong-tac-mang", "2026-03-31", 294, COMMUNES),
    ("lc-anh-dai-dien", "2026-03-31", 306, 1),
    ("lc-fanpage-zalo-oa", "2026-03-31", 310, AGENCIES + COMMUNES),
    ("lc-zalo-chu-tich-tinh", "2026-03-31", 318, 1),
    ("lc-zalo-giam-doc-cong-an", "2026-03-31", 320, 1),
    ("lc-zalo-cap-xa", "2026-03-31", 322, COMMUNES),
    ("lc-giao-lap-trang-nhom", "2026-03-31", 324, COMMUNES),
    ("lc-co-so-thuoc-tien-chat", "2026-03-31", 396, 1),
    ("lc-co-so-ky-cam-ket", "2026-03-31", 502, COMMUNES),
    ("lc-niem-yet-tai-co-so", "2026-03-31", 504, COMMUNES),
    ("lc-to-tuyen-truyen", "2026-04-29", 182, 1),  # 30/4/2025 stands there
    ("lc-thon-ky-cam-ket", "2026-10-30", 130, COMMUNES),
    ("lc-hop-giai-doan-1", "2026-12-31", 552, AGENCIES + COMMUNES),
    ("lc-bao-cao-giai-doan-1", "2027-01-04", 546, AGENCIES + COMMUNES),
]
# (obligation, first and last due day until the end of January 2027, line, how often, how many units owe it)
AGAIN = [
    ("lc-bao-cao-tuan", "2026-03-02", "2027-01-25", 542, 48, MEMBERS),  # 48 Mondays
    ("lc-bao-cao-thang", "2026-03-19", "2027-01-19", 544, 11, AGENCIES + COMMUNES),
    ("lc-bao-cao-thang-cap-xa", "2026-03-31", "2027-01-31", 136, 11, COMMUNES),
    ("lc-danh-gia-thang", "2026-03-31", "2027-01-31", 124, 11, 1),
    ("lc-hop-dan", "2026-03-31", "2027-01-31", 296, 11, COMMUNES),
    ("lc-hop-thang", "2026-03-31", "2027-01-31", 552, 11, AGENCIES + COMMUNES),
    ("lc-tap-huan-giao-vien", "2026-12-31", "2026-12-31", 254, 1, 1),
    ("lc-truong-hoc-khong-ma-tuy", "2026-12-31", "2026-12-31", 260, 1, 1),
]
LATER = {"lc-bao-cao-nam": "2028-01-04", "lc-phan-cong-hang-nam": "2027-12-31", "lc-hop-nam": "2027-12-31"}


def rows_of(code):
    return [row for row in ROWS if row.obligation == code]


def test_the_calendar_holds_what_was_read_and_nothing_else():
    """Every dated obligation of the text is in the calendar, and nothing is due that the text does not ask."""
    assert {row.obligation for row in ROWS} == {code for code, *_ in ONCE + AGAIN}
    assert len(ROWS) == sum(owing for *_, owing in ONCE) + sum(times * owing for *_, times, owing in AGAIN)


@pytest.mark.parametrize(("code", "last_day", "line", "owing"), ONCE)
def test_single_days(code, last_day, line, owing):
    """A day, a quarter, the end of the year: due in its last second, once, for every unit that leads."""
    rows = rows_of(code)
    assert {row.due.isoformat() for row in rows} == {f"{last_day}T23:59:59+07:00"}
    assert len(rows) == len({row.unit for row in rows}) == owing
    assert [one.source.line for one in PLAN.obligations if one.code == code] == [line]


@pytest.mark.parametrize(("code", "first", "last", "line", "times", "owing"), AGAIN)
def test_periods(code, first, last, line, times, owing):
    """What comes back begins on its first day, and each time binds all who lead."""
    rows = rows_of(code)
    assert (f"{rows[0].due:%Y-%m-%d}", f"{rows[-1].due:%Y-%m-%d}") == (first, last)
    assert Counter(row.due for row in rows) == dict.fromkeys({row.due for row in rows}, owing)
    assert len(rows) == times * owing
    assert [one.source.line for one in PLAN.obligations if one.code == code] == [line]


def test_later_years():
    """What begins with phase 2 is first due after 2026: the yearly report on 2028-01-04."""
    rows = list(calendar(PLAN, UNITS, date(2027, 2, 1), date(2028, 1, 31)))
    for code, day in LATER.items():
        assert min(row.due for row in rows if row.obligation == code).isoformat() == f"{day}T23:59:59+07:00"
    assert {row.period for row in rows if row.obligation == "lc-bao-cao-nam"} == {"2027"}


def test_weekly_reports_are_due_on_mondays_at_ten():
    """The member agencies of the steering committee report on Mondays before 10:00; communes do not."""
    rows = rows_of("lc-bao-cao-tuan")
    assert {(row.due.isoweekday(), f"{row.due:%H:%M:%S%z}") for row in rows} == {(1, "10:00:00+0700")}
    assert not any(row.unit.startswith("xa-") for row in rows)
    assert rows[0].period == "2026-W09"


def test_the_units():
    """99 communes and 44 agencies, of which 24 are taken to be members of the steering committee."""
    levels = Counter(unit.level for unit in UNITS)
    assert levels == {"commune": COMMUNES, "province": AGENCIES}
    assert sum("steering" in unit.bodies for unit in UNITS) == MEMBERS
    assert sum("department" in unit.bodies for unit in UNITS) == DEPARTMENTS


def test_the_communes_of_the_target_add_up():
    """32 recognised, 25 that meet the criteria and 42 in work are the 99 communes of the province."""
    values = {one.code: one.value for one in PLAN.indicators}
    parts = values["lc-giu-32-xa"], values["lc-cong-nhan-25-xa"], values["lc-lam-sach-42-xa"]
    assert parts == (32, 25, 42)
    assert sum(parts) == values["lc-giu-99-xa"] == COMMUNES
    assert values["lc-them-67-xa"] == 25 + 42


def test_every_card_can_be_filled():
    """Each obligation says who, what, when, responsibility and authority, what it yields, and where it stands."""
    for one in PLAN.obligations:
        assert leads(one, UNITS)
        assert all((one.title, one.responsibility, one.authority, one.source.section, one.source.line)), one.code
        partners(one, UNITS)
        if isinstance(one.deadline, Once | Within | Recurring):
            assert one.result or one.kind is Kind.REPORT, one.code


def test_no_private_numbers():
    """The file names hotlines that the plan makes public, and no person's telephone."""
    text = PATH.read_text("utf-8")
    assert [line.phones for line in PLAN.hotlines] == [("0692.509.489", "0692.506.112")]
    assert "0945" not in text
    assert "0913" not in text
    assert "Đồng chí" not in text
    assert len(tomllib.loads(text)["obligation"]) == len(PLAN.obligations)
