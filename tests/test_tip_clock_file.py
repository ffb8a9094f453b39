"""The rows of the desk's clocks as a file: ours is right, and what is wrong with another is said plainly."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.domain.clock_row import Measure, TipEventKind
from bot.words import LANGUAGES
from documents.tip_clocks import OUR_CLOCKS, TipClocksError, our_clocks, read_tip_clocks, tip_clocks_from

WORDS = Path(__file__).parent.parent / "bot/words/tipclock.vi.ftl"
ROW = """[[clock]]
id = "forward"
trigger = "received"
until = ["forwarded"]
length = 24
measure = "hours"
source = "TTLT 01/2017"
valid_from = 2018-03-01
"""
LONGER = """
[[clock]]
id = "longer"
trigger = "extended"
extends = "forward"
length = 2
measure = "months"
source = "TTLT 01/2017"
valid_from = 2018-03-01
"""
OLD_LAW = ROW.replace("2018-03-01", "2010-01-01\nvalid_to = 2018-03-01")
SOURCE, UNTIL, HOURS = 'source = "TTLT 01/2017"\n', 'until = ["forwarded"]\n', "hours"
CIRCLE = ROW.replace('"received"', '"extended"').replace(UNTIL, 'extends = "forward"\nextendable_by = "A"\n')

# sentence: the text of the file, the line and the key that are named
WRONG = {
    "tipclock-none": ("# chưa có gì\n", 0, ""),
    "tipclock-too-deep": (f"a = {'[' * 5000}", 0, ""),
    "tipclock-twice": (ROW + 'id = "again"\n', 9, "clock[1].id"),
    "tipclock-header": (ROW.replace("[[clock]]", "[[clock]"), 1, ""),
    "tipclock-no-source": (ROW.replace(SOURCE, ""), 1, "clock[1].source"),
    "tipclock-length-low": (ROW.replace("24", "-24"), 5, "clock[1].length"),
    "tipclock-length-high": (ROW.replace("24", "9999999"), 5, "clock[1].length"),
    "tipclock-word": (ROW.replace(HOURS, "weeks"), 6, "clock[1].measure"),
    "tipclock-until-none": (ROW.replace(UNTIL, ""), 1, "clock[1].until"),
    "tipclock-until-trigger": (ROW.replace('["forwarded"]', '["received"]'), 4, "clock[1].until"),
    "tipclock-valid-to": (ROW + "valid_to = 2018-02-28\n", 9, "clock[1].valid_to"),
    "tipclock-overlap": (OLD_LAW + "\n" + ROW, 18, "clock[2].valid_from"),
    "tipclock-idle-first-day": (ROW + "counts_first_day = true\n", 9, "clock[1].counts_first_day"),
    "tipclock-idle-moves": (ROW + "moves = true\n", 9, "clock[1].moves"),
    "tipclock-idle-calendar": (ROW.replace(HOURS, "working-days") + 'calendar = "every-day"\n', 9, "clock[1].calendar"),
    "tipclock-passes-on": (ROW.replace(HOURS, "days") + "passes_on = true\n", 9, "clock[1].passes_on"),
    "tipclock-extends-trigger": (ROW + 'extends = "x"\n', 9, "clock[1].extends"),
    "tipclock-extends-unknown": (ROW + LONGER.replace('"forward"', '"forwrad"'), 13, "clock[2].extends"),
    "tipclock-extends-circle": (CIRCLE, 4, "clock[1].extends"),
    "tipclock-extends-nobody": (ROW + LONGER, 13, "clock[2].extends"),
    "tipclock-extends-idle": (ROW + 'extendable_by = "A"\n' + LONGER + "remote = false\n", 19, "clock[2].remote"),
    "tipclock-idle-from-due": (ROW + "from_due = true\n", 9, "clock[1].from_due"),
    "tipclock-extendable-idle": (ROW + 'extendable_by = "A"\n', 9, "clock[1].extendable_by"),
    "plan-no-such-table": (ROW + '\n[clocks]\nid = "x"\n', 10, "clocks"),
    "plan-several": ("clock = 3\n", 1, "clock"),
    "plan-no-table": ("clock = [3]\n", 1, "clock[1]"),
    "plan-key-missing": (ROW.replace("length = 24\n", ""), 1, "clock[1].length"),
    "plan-key-unknown": (ROW.replace("length", "lenght") + "length = 24\n", 5, "clock[1].lenght"),
    "plan-type": (ROW.replace("24", '"24"'), 5, "clock[1].length"),
    "plan-write-code": (ROW.replace('"forward"', '"Chuyển tin"'), 2, "clock[1].id"),
    "plan-write-line": (ROW.replace("TTLT 01/2017", r"TTLT\u0007"), 7, "clock[1].source"),
    "plan-text-empty": (ROW + 'extendable_by = ""\n', 9, "clock[1].extendable_by"),
    "plan-text-long": (ROW + f'note = "{"a" * 2001}"\n', 9, "clock[1].note"),
    "plan-year-far": (ROW.replace("2018", "0018"), 8, "clock[1].valid_from"),
    "plan-no-day": (ROW.replace("03-01", "02-30"), 8, "clock[1].valid_from"),
    "plan-toml-string": (ROW.replace('"forward"', '"forward'), 2, "clock[1].id"),
}


def errors_of(text):
    with pytest.raises(TipClocksError) as wrong:
        tip_clocks_from(text, "dong-ho.toml")
    return wrong.value


@pytest.mark.parametrize("sentence", WRONG)
def test_a_bad_file_is_one_clear_sentence_with_line_and_key(sentence):
    """One error, in both languages: the file, the line, the key, what is wrong and what to do."""
    text, line, key = WRONG[sentence]
    error = errors_of(text)
    assert [(one.sentence, one.place.line) for one in error.errors] == [(sentence, line)]
    assert not key or error.errors[0].place.key == key
    for language in LANGUAGES:
        told = error.said(language)
        assert told.startswith("dong-ho.toml")
        assert "\n" not in told
        assert not re.search(r"\{ ?\$|tipclock-|plan-|None", told)
        assert (f"{line}" in told) or not line
    assert "hãy" in error.said("vi")


def test_each_sentence_about_a_file_is_met():
    """No sentence about a wrong file is without a file that is wrong in that way, but for the two about reading it."""
    about = set(re.findall(r"^(tipclock-[a-z-]+) =", WORDS.read_text("utf-8").split("## Tệp")[1], re.MULTILINE))
    assert about - set(WRONG) == {"tipclock-too-large", "tipclock-value"}


def test_all_errors_are_told_at_once():
    """Two rows, an error in each: two lines, in the order of the file."""
    error = errors_of(ROW.replace("24", "0") + "\n" + ROW.replace(SOURCE, ""))
    assert [one.sentence for one in error.errors] == ["tipclock-length-low", "tipclock-no-source"]
    assert error.said("vi").splitlines()[0] == (
        "dong-ho.toml, dòng 5, clock[1].length: thời hạn là 0, trong khi phải từ 1 trở lên; hãy sửa số"
    )
    assert "dòng 10, clock[2].source: dòng thời hạn chưa có căn cứ pháp lý" in str(error)


@pytest.mark.parametrize("blank", ['""', '"   "', '"\\t"'])
def test_blanks_are_no_legal_source(blank):
    """Nor for a rule of our own: whose it is must be said."""
    for text in (ROW, ROW + "own = true\n"):
        [error] = errors_of(text.replace('"TTLT 01/2017"', blank)).errors
        assert error.sentence == "tipclock-no-source"


@pytest.mark.parametrize(
    ("key", "value"),
    [("trigger", '"came"'), ("until", '["forward"]'), ("dropped_by", '["shut"]'), ("calendar", '"lunar"')],
)
def test_a_word_of_choice_that_is_none_names_the_choices(key, value):
    """Whatever the key, the value is shown, and what could stand there."""
    text = re.sub(rf"^{key} = .*\n", "", ROW, flags=re.MULTILINE) + f"{key} = {value}\n"
    [error] = errors_of(text).errors
    assert (error.sentence, error.place.key) == ("tipclock-word", f"clock[1].{key}")
    assert value.strip('[]"') in error.said("vi", "f")
    assert ("office" if key == "calendar" else "received") in error.said("en", "f")


def test_hostile_values_do_not_reach_the_terminal():
    """Control characters are replaced and long values cut, in the file's name too."""
    [error] = errors_of(ROW.replace('"hours"', f'"\\u001b[31m{"x" * 5000}"')).errors
    told = error.said("vi", "f")
    assert "\x1b" not in told
    assert len(told) < 400


def test_two_rows_that_touch_do_not_overlap():
    """The old law to its last day, the new one from the next; the order in the file does not matter."""
    old = OLD_LAW.replace("valid_to = 2018-03-01", "valid_to = 2018-02-28")
    for text in (old + "\n" + ROW, ROW + "\n" + old):
        assert len(tip_clocks_from(text, "f")) == 2


def test_a_row_that_lies_within_another_is_found():
    """Also where a third row stands between them in time."""
    rows = [("2010-01-01", ""), ("2012-01-01", "valid_to = 2012-12-31"), ("2019-01-01", "")]
    texts = [ROW.replace("2018-03-01", f"{start}\n{end}\n") for start, end in rows]
    assert {one.sentence for one in errors_of("\n".join(texts)).errors} == {"tipclock-overlap"}
    assert len(errors_of("\n".join(texts)).errors) == 2


def test_an_operators_own_file(tmp_path):
    """Read with a byte-order mark and Windows lines, and every key arrives in the row."""
    text = ROW + (
        'valid_to = 2030-12-31\nremote = true\nextendable_by = "Giám đốc"\ntold = ["A", "B"]\ndropped_by = []\n'
        'own = true\nverified = true\npasses_on = true\ncalendar = "every-day"\nnote = "n"\n'
    )
    file = tmp_path / "dong-ho.toml"
    file.write_bytes(
        b"\xef\xbb\xbf" + (text + LONGER + "from_due = true\nmoves = true\n").replace("\n", "\r\n").encode()
    )
    one, longer = read_tip_clocks(file)
    assert (one.valid_to, one.remote, one.extendable_by, one.told) == (date(2030, 12, 31), True, "Giám đốc", ("A", "B"))
    assert (one.dropped_by, one.own, one.verified, one.passes_on, one.note) == ((), True, True, True, "n")
    assert (longer.extends, longer.from_due, longer.moves, longer.until) == ("forward", True, True, ())


def test_files_that_can_not_be_read_as_text(tmp_path):
    """Too large, not UTF-8: said with the file's name; a file that is not there is the system's error."""
    file = tmp_path / "dong-ho.toml"
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(TipClocksError, match="1 MB"):
        read_tip_clocks(file)
    file.write_bytes(ROW.encode() + "# đồng hồ".encode("utf-16"))
    with pytest.raises(TipClocksError, match="dòng 9: chữ ở đây không phải mã UTF-8"):
        read_tip_clocks(file)
    with pytest.raises(FileNotFoundError):
        read_tip_clocks(tmp_path / "none.toml")


# --- the rows that come with Tin Báo ---------------------------------------------------------------------------------


def test_our_rows_are_those_of_the_law():
    """Length, measure and whether it has been read in a source, as docs of law and practice have them."""
    rows = {row.id: (row.length, row.measure.value, row.verified) for row in our_clocks() if not row.own}
    assert rows == {
        "forward": (24, "hours", True),
        "forward-remote": (48, "hours", True),
        "arrival-notice": (3, "working-days", True),
        "decide": (20, "days", True),
        "decide-complex": (2, "months", True),
        "decide-extended": (2, "months", False),
        "result-notice": (3, "working-days", True),
    }


def test_only_the_rule_of_four_hours_is_our_own():
    """It passes a tip on, and names no law."""
    [own] = [row for row in our_clocks() if row.own]
    assert (own.id, own.length, own.measure, own.passes_on) == ("open-4h", 4, Measure.HOURS, True)
    assert not re.search(r"Luật|BLTTHS|TT|Điều|NĐ", own.source)
    assert TipEventKind.OPENED in own.until


def test_our_file_says_who_is_told_and_on_what_ground():
    """Each row of the law names a text and whom to tell; only what nobody waits for begins with nothing."""
    for row in our_clocks():
        assert row.own or re.search(r"TTLT 01/2017|BLTTHS 2015", row.source)
        assert row.own or row.told
    assert read_tip_clocks(OUR_CLOCKS) == our_clocks()
