"""config.toml: what an operator may write, and what they are told about what they may not."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from assembly.parts import DaysOff
from bot.config import Config, ConfigError, read_config
from bot.words import say


def complaint(folder, text, language="vi"):
    """What is said about a config.toml with this text."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(folder / "config.toml")
    said = say(language, caught.value.sentence, caught.value.values)
    assert "\n" not in said
    assert str(folder / "config.toml") in said
    return said


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('colour = "red"', ["colour"]),
        ("[web]\nprot = 80", ["prot", "web"]),
        ('home = "/"', ["home"]),
        ('[web]\nport = "80"', ["web.port"]),
        ("[tips]\nnotice_delay = [5, 1]", ["tips.notice_delay"]),
        ("[tips]\nnotice_delay = [1, 2, 3]", ["tips.notice_delay"]),
        ('[province]\nzone = "Mars"', ["province.zone", "Mars"]),
        ('[province]\nzone = "../../etc/passwd"', ["province.zone"]),
        ("[telegram]\nenabled = true", ["telegram.token_file"]),
        ('data = "unclosed', ["TOML"]),
        ("plans = 3", ["plans"]),
        ('[province]\ndays_off = ["2/9/2026"]', ["province.days_off"]),
        ("[web]\nport = 70000", ["web.port"]),
        ("[tips]\ndraft_hours = 0", ["tips.draft_hours"]),
    ],
)
def test_what_is_wrong_is_named_in_one_line(tmp_path, text, named, language):
    """An unknown key, a wrong type, a wrong value: the file, the key and what to do, in the operator's language."""
    said = complaint(tmp_path, text, language)
    assert all(name in said for name in named), said


def test_a_file_that_is_not_there_names_the_command_that_makes_one(tmp_path):
    """Without a config.toml one is told of `tinbao init`."""
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path / "config.toml")
    assert "tinbao init" in say("vi", caught.value.sentence, caught.value.values)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    """Bytes that are not UTF-8 are a sentence, not a traceback."""
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError):
        read_config(tmp_path / "config.toml")


def test_an_empty_file_is_a_config(tmp_path):
    """Every key has a value that works; the data lies beside the file."""
    (tmp_path / "config.toml").write_text("")
    config = read_config(tmp_path / "config.toml")
    assert config == msgspec.structs.replace(Config(), home=tmp_path)
    assert config.data_folder == tmp_path / "data"
    assert config.web_address == "http://127.0.0.1:8080"


def test_an_address_is_taken_without_its_last_slash(tmp_path):
    """Links are made by adding a path to it."""
    (tmp_path / "config.toml").write_text('[web]\naddress = "https://tinbao.example/"')
    assert read_config(tmp_path / "config.toml").web_address == "https://tinbao.example"


@pytest.mark.parametrize("day", ["2026-04-24", '"2026-04-24"'])
def test_a_province_has_days_off_of_its_own(tmp_path, day):
    """A day of TOML or one in quotes, beside weekends and public holidays."""
    (tmp_path / "config.toml").write_text(f"[province]\ndays_off = [{day}]")
    is_day_off = DaysOff(read_config(tmp_path / "config.toml"))
    working = [date(2026, 4, 22), date(2026, 4, 23)]
    off = [date(2026, 4, 24), date(2026, 4, 26), date(2026, 4, 30), date(2026, 9, 2)]
    assert [is_day_off(each) for each in working + off] == [False, False, True, True, True, True]
