"""A plan's file is read whole, or refused with file, line and key of every error."""

import csv
import io
import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.domain.deadline import AdHoc, Every, Once, Ongoing, Recurring, Waiting, Within
from bot.domain.ladder import Ladder, Offset
from bot.domain.plan import Number, ladder_of, leads, partners
from documents.calendar import as_csv, as_ics, as_json, calendar
from documents.places import UnknownProvinceError, communes, units_of
from documents.plan_file import PlanError, plan_from, read_plan

HEAD = """[plan]
code = "demo"
title = "Kế hoạch"
issued = "2026-02"
province = "Lào Cai"
zone = "Asia/Ho_Chi_Minh"
authority = "UBND tỉnh"

[[unit]]
code = "cong-an-tinh"
name = "Công an tỉnh"
bodies = ["steering", "department"]

[[unit]]
code = "so-y-te"
name = "Sở Y tế"
parent = "cong-an-tinh"
bodies = ["department"]

"""
DUTY = """[[obligation]]
code = "d-1"
kind = "task"
title = "Một việc"
lead = ["so-y-te"]
deadline = { before = 2026-02-28 }
section = "IV"
"""
START = HEAD.count("\n") + 1


def errors(text):
    with pytest.raises(PlanError) as caught:
        plan_from(text, "x.toml")
    return caught.value.said("en").split("\n")


def deadline(written):
    duty = DUTY.replace("{ before = 2026-02-28 }", written)
    return plan_from(HEAD + duty, "x.toml").obligations[0].deadline


def wrong(written):
    [error] = errors(HEAD + DUTY.replace("{ before = 2026-02-28 }", written))
    return error.removeprefix(f"x.toml, line {START + 5}, obligation[1].")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{ before = 2026-02-28 }", Once(date(2026, 2, 28), before=True)),
        ("{ by = 2026-12-31 }", Once(date(2026, 12, 31))),
        ("{ by = 2026-12-31, at = 16:30:00 }", Once(date(2026, 12, 31), at=time(16, 30))),
        ('{ within = "2026-Q1" }', Within("2026-Q1")),
        (
            '{ every = "week", by_weekday = "monday", at = 10:00:00, from = 2026-03-02 }',
            Recurring(Every.WEEK, date(2026, 3, 2), day=1, at=time(10)),
        ),
        (
            '{ every = "month", before_day = 20, from = 2026-03-01, until = 2026-12-31 }',
            Recurring(Every.MONTH, date(2026, 3, 1), date(2026, 12, 31), day=20, before=True),
        ),
        ('{ every = "half-year", from = 2026-03-01 }', Recurring(Every.HALF_YEAR, date(2026, 3, 1))),
        (
            '{ every = "year", before_date = "01-05", from = 2028-01-01, about = "previous" }',
            Recurring(Every.YEAR, date(2028, 1, 1), day=5, month=1, before=True, about_previous=True),
        ),
        ("{ ad_hoc = true }", AdHoc()),
        ("{ ongoing = true }", Ongoing()),
        ('{ waiting = "khi Bộ Công an triển khai" }', Waiting("khi Bộ Công an triển khai")),
    ],
)
def test_deadlines(written, meant):
    """Each way to write a deadline is the rule it says."""
    assert deadline(written) == meant


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("{ before = 2026-02-30 }", "deadline.before: 2026-02-30 is no day of the calendar"),
        ("{ by = 2026-03-01, at = 10:00 }", "deadline.at: 10:00 is no time of the day: write it as 10:00:00"),
        ('{ before = "28/02/2026" }', "deadline.before: write a day as 2026-02-28, without quotes"),
        (
            "{ before = 2026-02-28T10:00:00 }",
            "deadline.before: write a day as 2026-02-28, without quotes; here is a day with a time",
        ),
        ("{ before = 1026-02-28 }", "deadline.before: 1026-02-28 is not between 2000 and 2199"),
        ("{ before = 2025-02-28 }", "deadline: its last day 2025-02-27 is before the plan was issued (2026-02)"),
        ("{ by = 2026-03-05, from = 2026-03-06 }", "deadline.from: it begins on 2026-03-06, after its last day"),
        ("{ befor = 2026-02-28 }", "deadline.befor: there is no such key: correct or remove it"),
        (
            "{}",
            "deadline: there is no deadline: write exactly one of before, by, within, every, ad_hoc, ongoing, waiting",
        ),
        ('{ by = 2026-03-01, within = "2026" }', "deadline: there are by, within at once: keep one"),
        ('{ within = "quý I/2026" }', "deadline.within: “quý I/2026” is no period"),
        ('{ every = "month", by_day = 20 }', "deadline.from: a recurrence needs a start"),
        (
            '{ every = "month", by_day = 32, from = 2026-03-01 }',
            "deadline.by_day: the number is too large: write 31 or less",
        ),
        (
            '{ every = "day", from = 2026-03-01 }',
            "deadline.every: “day” can't be chosen: write one of week, month, quarter, half-year, year",
        ),
        (
            '{ every = "month", by_weekday = "monday", from = 2026-03-01 }',
            "deadline.by_weekday: by_weekday means nothing",
        ),
        ('{ every = "week", at = 10:00:00, from = 2026-03-01 }', "deadline.at: a time belongs to a day"),
        (
            '{ every = "month", from = 2026-03-01, until = 2026-02-01 }',
            "deadline.until: it ends on 2026-02-01, before its start 2026-03-01",
        ),
        (
            '{ every = "month", by_day = 3, before_day = 4, from = 2026-03-01 }',
            "deadline.before_day: by_day says the day",
        ),
        ("{ before = 2026-02-28, at = 10:00:00 }", "deadline.at: at means nothing beside before"),
        ("2026-02-28", "deadline: write keys in braces, as { before = 2026-02-28 }; here is a day"),
    ],
)
def test_wrong_deadlines(written, error):
    """A deadline that can't be is refused, with its line, its key, and what is wrong with it."""
    assert wrong(written).startswith(error)


def test_all_errors_at_once():
    """One error does not hide the others of the file; they come in the order of its lines."""
    text = HEAD + DUTY.replace("task", "job") + DUTY.replace('title = "Một việc"\n', "colour = 1\n")
    found = errors(text.replace("Asia/Ho_Chi_Minh", "Asia/Nowhere"))
    assert [error.split(":")[0] for error in found] == [
        "x.toml, line 6, plan.zone",
        f"x.toml, line {START + 2}, obligation[1].kind",
        f"x.toml, line {START + 10}, obligation[2].colour",
    ]


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../../etc/passwd", "Asia", "/etc/localtime"])
def test_no_such_zone(zone):
    """A time zone that does not exist, or leads elsewhere, is refused."""
    [error] = errors(HEAD.replace("Asia/Ho_Chi_Minh", zone) + DUTY)
    assert error.startswith(f"x.toml, line 6, plan.zone: there is no time zone “{zone}”")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            'lead = ["so-y-te"]',
            'lead = ["so-y-te", "so-x"]',
            f"line {START + 4}, obligation[1].lead: “so-x” names no unit",
        ),
        ('lead = ["so-y-te"]', "lead = []", f"line {START + 4}, obligation[1].lead: the list is empty"),
        (
            'lead = ["so-y-te"]',
            'lead = ["so-y-te", "-body:department"]',
            f"line {START + 4}, obligation[1].lead: no unit is left",
        ),
        ('code = "d-1"', 'code = "D 1"', f"line {START + 1}, obligation[1].code: write 1 to 32 of a-z"),
        (
            'parent = "cong-an-tinh"',
            'parent = "ubnd"',
            "line 17, unit[2].parent: there is no [[unit]] with the code “ubnd”",
        ),
        (
            'parent = "cong-an-tinh"',
            'parent = "so-y-te"',
            "line 17, unit[2].parent: “so-y-te” would stand above itself",
        ),
        ('code = "so-y-te"', 'code = "cong-an-tinh"', "line 15, unit[2].code: “cong-an-tinh” is the code of unit[1]"),
        ('province = "Lào Cai"', 'province = "Lao Cay"', "line 5, plan.province: there is no province “Lao Cay”"),
        ('title = "Kế hoạch"\n', "", "line 1, plan.title: this key is missing: add it"),
        ('issued = "2026-02"', 'issued = "2026-02-31"', "line 4, plan.issued: 2026-02-31 is no day of the calendar"),
        ('issued = "2026-02"', 'issued = "02/2026"', 'line 4, plan.issued: write "2026-02-13", or "2026-02"'),
        ('title = "Một việc"', 'title = "a\\u202eb"', f"line {START + 3}, obligation[1].title: write one line without"),
        ('title = "Một việc"', 'title = "a\\nb"', f"line {START + 3}, obligation[1].title: write one line without"),
        ("[plan]", "[plans]", "line 1, plans: unknown table"),
        ("[[unit]]", "[[units]]", "line 9, units: unknown table"),
        ('section = "IV"', 'section = "IV"\nladder = "calm"', f"line {START + 7}, obligation[1].ladder: there is no"),
        ('section = "IV"', "section = 4", f"line {START + 6}, obligation[1].section: write a text in double quotes"),
        (
            'section = "IV"',
            'section = "IV"\nnumbers = [{ code = "a", title = "A", low = 5, high = 1 }]',
            f"line {START + 7}, obligation[1].numbers: the low 5 of “a” is above its high 1",
        ),
    ],
)
def test_other_errors(old, new, error):
    """Unknown tables, keys and units, doubled codes, circles and wrong types are named where they stand."""
    assert any(found.startswith(f"x.toml, {error}") for found in errors((HEAD + DUTY).replace(old, new)))


def test_a_doubled_code():
    """Two obligations of one code are refused, at the second."""
    [error] = errors(HEAD + DUTY + "\n" + DUTY)
    assert error.startswith(f"x.toml, line {START + 9}, obligation[2].code: “d-1” is the code of obligation[1] already")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('[plan\ncode = "x"', "x.toml, line 1"),
        ('[plan]\ncode = "x', "x.toml, line 2, plan.code:"),
        ("[plan]\nissued = 2026-13-01", "x.toml, line 2, plan.issued: 2026-13-01 is no day of the calendar"),
        ("[plan]\na = 1\na = 2", "x.toml, line 3"),
        ("a = " + "[" * 5000, "x.toml"),
        ("", "x.toml, line 1, plan.code: this key is missing"),
        ("obligation = 3\n", "x.toml, line 1, obligation: there can be several"),
        ("plan = 3\n", "x.toml, line 1, plan: this must be a table"),
    ],
)
def test_not_toml(text, error):
    """What is no TOML, or no table where one belongs, is refused with its line."""
    assert any(found.startswith(error) for found in errors(text))


def test_headers_in_long_strings_do_not_count():
    """A line within a long string that looks like a header moves no line number."""
    text = HEAD + DUTY.replace('section = "IV"', 'note = """\n[[obligation]]\n"""\nsection = 4')
    assert errors(text)[0].startswith(f"x.toml, line {START + 9}, obligation[1].section")


def test_windows_files(tmp_path: Path):
    """A file saved on Windows, with its mark and line ends, is read, and its lines counted the same."""
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + DUTY).replace("\n", "\r\n").encode())
    assert read_plan(path).obligations[0].code == "d-1"
    path.write_bytes((HEAD + DUTY).encode("cp1252", "replace"))
    with pytest.raises(PlanError, match=r"plan.toml, dòng 5: chữ ở đây không phải mã UTF-8"):
        read_plan(path)


def test_large_files(tmp_path: Path):
    """A file over 1 MB is refused before it is read whole."""
    path = tmp_path / "plan.toml"
    path.write_text("#" * 1_000_001)
    with pytest.raises(PlanError, match="lớn hơn 1 MB"):
        read_plan(path)


def test_what_a_plan_leaves_open_is_filled_in():
    """Responsibility and authority of the plan hold for an obligation that says nothing of its own."""
    plan = plan_from(HEAD + DUTY + 'responsibility = "Giám đốc Sở"\n', "x.toml")
    assert (plan.obligations[0].responsibility, plan.obligations[0].authority) == ("Giám đốc Sở", "UBND tỉnh")


def test_own_ladders_and_numbers():
    """An obligation can have a ladder of its own, and ask for numbers with bounds."""
    ladder = '[[ladder]]\nname = "calm"\nbefore = [{ name = "soon", days = -2, at = 09:00:00 }]\n\n'
    plan = plan_from(HEAD + ladder + DUTY + 'ladder = "calm"\nnumbers = [{ code = "a", title = "A", high = 9 }]\n', "x")
    assert ladder_of(plan.obligations[0]) == Ladder((Offset("soon", -2, time(9)),), ())
    assert plan.obligations[0].numbers == (Number("a", "A", "", 0, 9),)


@pytest.mark.parametrize("rung", ["before = [{ name = 'x', days = 2 }]", "after = [{ name = 'x', days = 0 }]"])
def test_rungs_on_the_wrong_side(rung):
    """A rung before the due instant that stands after it, or the other way round, is refused."""
    [error] = errors(HEAD + f"[[ladder]]\nname = 'calm'\n{rung}\n" + DUTY + 'ladder = "calm"\n')
    assert error.startswith(f"x.toml, line {START + 2}, ladder[1].")


def test_leads_owe_and_partners_are_informed():
    """Selectors find units; who owes an obligation is not its partner as well."""
    plan = plan_from(HEAD + DUTY + 'partners = ["body:department", "level:commune"]\n', "x")
    units = units_of(plan)
    assert [unit.code for unit in leads(plan.obligations[0], units)] == ["so-y-te"]
    informed = [unit.code for unit in partners(plan.obligations[0], units)]
    assert informed[0] == "cong-an-tinh"
    assert len(informed) == 100


def test_communes():
    """Lào Cai has 99 communes with official codes; a province is found without diacritics, or by code."""
    found = communes("Lào Cai")
    assert len(found) == len({unit.code for unit in found}) == 99
    assert communes("tinh lao cai") == communes(15) == found
    [one] = [unit for unit in found if unit.code == "xa-02647"]
    assert (one.name, one.aliases) == ("Phường Lào Cai", ("Lào Cai", "lao cai"))
    assert len(communes("Thành phố Hồ Chí Minh")) == 168
    with pytest.raises(UnknownProvinceError):
        communes("Yên Bái")


def test_the_calendar_can_be_read_by_others():
    """CSV shows no formula, JSON is one array, and iCalendar keeps its line length and escapes."""
    title = "=A1, dài; " + "rất dài " * 20
    plan = plan_from(HEAD + DUTY.replace("Một việc", title.strip()), "x")
    rows = list(calendar(plan, units_of(plan), date(2026, 2, 27), date(2026, 2, 27)))
    [read] = csv.DictReader(io.StringIO(as_csv(rows)))
    assert read["due"] == "2026-02-27T23:59:59+07:00"
    assert read["title"] == f"'{title.strip()}"
    [told] = json.loads(as_json(rows))
    assert told["due"] == read["due"]
    assert told["title"] == title.strip()
    ics = as_ics(rows, datetime(2026, 2, 1, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    unfolded = ics.replace("\r\n ", "")
    assert "DTSTART:20260227T165959Z\r\n" in unfolded
    assert "SUMMARY:=A1\\, dài\\; rất" in unfolded
    assert "UID:d-1.2026-02-27.so-y-te@tinbao\r\n" in unfolded
