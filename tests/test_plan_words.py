"""What is wrong with a plan's file is said in both languages, in plain words, and says what to do."""

import re
import traceback

import pytest

from bot.words import say, sentences
from documents.plan_errors import Fault, shown
from documents.plan_file import PlanError, plan_from, read_plan
from documents.plan_lines import find_lines
from documents.plan_plainly import syntax_fault, value_fault

PLAN = """[plan]
code = "demo"
title = "Kế hoạch"
issued = "2026-02"
province = "Lào Cai"
zone = "Asia/Ho_Chi_Minh"

[[unit]]
code = "so-y-te"
name = "Sở Y tế"

[[obligation]]
code = "d-1"
kind = "task"
title = "Một việc"
lead = ["so-y-te"]
deadline = { before = 2026-02-28 }
section = "IV"
numbers = [{ code = "a", title = "A", low = 1 }]
"""
DEADLINE = "{ before = 2026-02-28 }"

# sentence: what is changed in the plan above, and what it becomes
WRONG = {
    "plan-toml-string": ('"Một việc"', '"Một việc'),
    "plan-toml-character": ('"Một việc"', '"Một\x01"'),
    "plan-toml-backslash": ('"Một việc"', r'"C:\quanly"'),
    "plan-toml-twice": ('title = "Một việc"', 'code = "d-2"'),
    "plan-toml-header": ("[[obligation]]", "[[obligation]"),
    "plan-toml-equals": ('title = "Một việc"', 'title "Một việc"'),
    "plan-toml-rest": ('"Một việc"', '"Một việc" lớn'),
    "plan-toml-unclosed": ('["so-y-te"]', '["so-y-te"'),
    "plan-toml-statement": ('title = "Một việc"', '= "Một việc"'),
    "plan-toml-value": ('"Một việc"', "Một việc"),
    "plan-too-deep": ('"Một việc"', "[" * 5000),
    "plan-no-such-table": ("[[unit]]", "[[units]]"),
    "plan-no-table": (PLAN, "unit = [3]"),
    "plan-several": (PLAN, "unit = 3"),
    "plan-key-unknown": ('title = "Một việc"', 'titel = "Một việc"'),
    "plan-key-missing": ('kind = "task"\n', ""),
    "plan-type": ('section = "IV"', "section = 4"),
    "plan-choice": ('"task"', '"việc"'),
    "plan-list-empty": ('["so-y-te"]', "[]"),
    "plan-text-empty": ('"Một việc"', '""'),
    "plan-text-long": ('"Một việc"', f'"{"a" * 301}"'),
    "plan-number-low": ('section = "IV"', 'section = "IV"\nline = -1'),
    "plan-number-high": (DEADLINE, '{ every = "month", by_day = 32, from = 2026-03-01 }'),
    "plan-write-code": ('"d-1"', '"Việc 1"'),
    "plan-write-line": ('"Một việc"', r'"a\nb"'),
    "plan-write-month-day": (DEADLINE, '{ every = "year", by_date = "5/1", from = 2026-03-01 }'),
    "plan-write-issued": ('"2026-02"', '"02/2026"'),
    "plan-write-day": ("2026-02-28", '"28/02/2026"'),
    "plan-write-time": (DEADLINE, '{ by = 2026-03-01, at = "10 giờ" }'),
    "plan-no-day": ("2026-02-28", "2026-02-30"),
    "plan-no-time": (DEADLINE, "{ by = 2026-03-01, at = 10:00 }"),
    "plan-no-zone": ("Asia/Ho_Chi_Minh", "Asia/Lao_Cai"),
    "plan-no-province": ("Lào Cai", "Yên Bái"),
    "plan-code-taken": ("[[obligation]]", '[[unit]]\ncode = "so-y-te"\nname = "A"\n\n[[obligation]]'),
    "plan-no-unit": ('["so-y-te"]', '["so-x"]'),
    "plan-nobody-left": ('["so-y-te"]', '["so-y-te", "-so-y-te"]'),
    "plan-no-parent": ('name = "Sở Y tế"', 'name = "Sở Y tế"\nparent = "ubnd"'),
    "plan-parent-circle": ('name = "Sở Y tế"', 'name = "Sở Y tế"\nparent = "so-y-te"'),
    "plan-no-ladder": ('section = "IV"', 'section = "IV"\nladder = "calm"'),
    "plan-rung-before": ("[[unit]]", '[[ladder]]\nname = "a"\nbefore = [{ name = "x", days = 2 }]\n\n[[unit]]'),
    "plan-rung-after": ("[[unit]]", '[[ladder]]\nname = "a"\nafter = [{ name = "x", days = 0 }]\n\n[[unit]]'),
    "plan-numbers-reversed": ("low = 1", "low = 5, high = 1"),
    "plan-numbers-twice": ("low = 1 }", 'low = 1 }, { code = "a", title = "B" }'),
    "plan-deadline-none": (DEADLINE, "{}"),
    "plan-deadline-several": (DEADLINE, '{ by = 2026-03-01, within = "2026" }'),
    "plan-key-idle": (DEADLINE, "{ before = 2026-02-28, at = 10:00:00 }"),
    "plan-year-far": ("2026-02-28", "1026-02-28"),
    "plan-time-offset": (DEADLINE, '{ by = 2026-03-01, at = "10:00:00Z" }'),
    "plan-starts-late": (DEADLINE, "{ by = 2026-03-05, from = 2026-03-06 }"),
    "plan-ends-early": (DEADLINE, '{ every = "month", from = 2026-03-01, until = 2026-02-01 }'),
    "plan-no-start": (DEADLINE, '{ every = "month" }'),
    "plan-time-needs-by": (DEADLINE, '{ every = "month", before_day = 3, at = 10:00:00, from = 2026-03-01 }'),
    "plan-time-needs-day": (DEADLINE, '{ every = "month", at = 10:00:00, from = 2026-03-01 }'),
    "plan-day-twice": (DEADLINE, '{ every = "month", by_day = 3, before_day = 4, from = 2026-03-01 }'),
    "plan-no-period": (DEADLINE, '{ within = "quý I/2026" }'),
    "plan-before-issue": ("2026-02-28", "2025-02-28"),
}
ELSEWHERE = {
    "plan-at-key",
    "plan-at-line",
    "plan-at-file",
    "plan-too-large",
    "plan-not-utf8",
    "plan-toml",
    "plan-value",
}
OURS = [one for one in sentences("vi") if one.startswith("plan-") and one not in ELSEWHERE]


def error_of(text):
    with pytest.raises(PlanError) as caught:
        plan_from(text, "x.toml")
    return caught.value


def changed(sentence):
    old, new = WRONG[sentence]
    assert PLAN.count(old) >= 1
    return new.join(PLAN.rsplit(old, 1))


def test_the_plan_itself_is_right():
    """What the other tests change is right as it stands."""
    assert plan_from(PLAN, "x.toml").code == "demo"


@pytest.mark.parametrize("sentence", OURS)
def test_each_sentence_has_its_mistake(sentence):
    """A mistake is called what it is, by file and line, and no word of a parser comes through in either language."""
    error = error_of(changed(sentence))
    assert sentence in {one.sentence for one in error.errors}
    for language, line in (("vi", "dòng"), ("en", "line")):
        for said in error.said(language).split("\n"):
            assert re.match(rf"x\.toml(, {line} \d+|: )", said)
            assert not re.search(r"Expected|Invalid|regex|RFC|null|`|\bstr\b|\bobject\b|document", said), said
    assert str(error) == error.said("vi")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("plan-key-unknown", "x.toml, dòng 15, obligation[1].titel: không có mục này; hãy sửa tên hoặc bỏ đi"),
        ("plan-key-missing", "x.toml, dòng 12, obligation[1].kind: thiếu mục này; hãy thêm vào"),
        (
            "plan-type",
            (
                "x.toml, dòng 18, obligation[1].section: hãy viết chữ trong dấu nháy kép, "
                'như "Sở Y tế"; ở đây lại là số nguyên'
            ),
        ),
        (
            "plan-choice",
            "x.toml, dòng 14, obligation[1].kind: “việc” không có trong các lựa chọn; hãy viết một trong: task, report",
        ),
        ("plan-no-day", "x.toml, dòng 17, obligation[1].deadline.before: 2026-02-30 không có trên lịch; hãy sửa ngày"),
    ],
)
def test_vietnamese(sentence, said):
    """An error in Vietnamese names file, line and key, and says what to do."""
    assert said in error_of(changed(sentence)).said("vi").split("\n")


@pytest.mark.parametrize(
    "got", ["3", "1.5", "true", "2026-02-28", "10:00:00", "2026-02-28T10:00:00", "[]", "{}", '"a"']
)
def test_every_type_has_its_words(got):
    """Whatever stands where another type belongs is called by a plain word."""
    for old in ('"Một việc"', '["so-y-te"]', DEADLINE, "2026-02-28", "low = 1"):
        new = f"low = {got}" if old == "low = 1" else got
        text = new.join(PLAN.rsplit(old, 1))
        if text == PLAN or (old, got) in {("low = 1", "3"), ('"Một việc"', '"a"')}:
            continue
        assert not re.search(r"giá trị khác|thứ khác|không dùng được;", error_of(text).said("vi"))


def test_what_nobody_foresaw_has_words_too():
    """A message of a later msgspec or tomllib becomes a plain sentence, not the message."""
    assert value_fault("Something new - at `$.deadline.before`").sentence == "plan-value"
    place, fault = syntax_fault("Something new (at line 1, column 1)", find_lines("a = 1"))
    assert (place.line, fault.sentence) == (1, "plan-toml")
    for sentence in ("plan-value", "plan-toml"):
        assert say("vi", sentence) != say("en", sentence)


def test_an_error_is_one_line_whatever_stands_in_the_file():
    """Control characters of a key or a value reach no terminal, and a long one is cut."""
    for hostile in (r'"\u001b[31m\n"', r'"\u202e"', '"' + "a" * 5000 + '"', '""', '"a` - at `$.b"'):
        error = error_of(PLAN + f"{hostile} = 1\n")
        assert len(error.errors) == 1
        assert error.said("vi").isprintable()
        assert len(error.said("vi")) < 500
    assert error_of(PLAN.replace('"task"', r'"\u001b[2J"')).said("en").isprintable()


def test_a_number_of_thousands_of_digits():
    """A number too long for Python is an error of the file, at its key."""
    assert error_of(f"[plan]\ncode = {'1' * 5000}").said("en").startswith("x.toml, line 2")


def test_lines_are_counted_as_toml_counts_them():
    """A separator of Unicode within a text is no line of the file."""
    text = PLAN.replace('section = "IV"', 'note = "a\u2028b\x85c"\nsection = 4')
    assert error_of(text).said("en").startswith("x.toml, line 19, obligation[1].section")


def test_a_mistake_is_told_once():
    """What two rounds find is one error."""
    assert [one.sentence for one in error_of(PLAN + "\n[ladder]\nname = 3\n").errors] == ["plan-several"]


def test_large_and_foreign_files(tmp_path):
    """A file that can't be read as text is called by its path."""
    path = tmp_path / "plan.toml"
    for content, said in ((b"#" * 1_000_001, f"{path}: "), (b"#\n# \xff", f"{path}, line 2: ")):
        path.write_bytes(content)
        with pytest.raises(PlanError) as caught:
            read_plan(path)
        assert caught.value.said("en").startswith(said)


def test_faults_show_in_a_traceback():
    """An error that nobody caught can still be printed."""
    assert "plan-no-zone" in "".join(traceback.format_exception_only(Fault("zone", "plan-no-zone", zone="x")))
    assert shown("a" * 121) == "a" * 120 + "…"
