"""A commune is found among all of the country, however it is typed, and the own province's come first."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plain import plain
from bot.finding import SHOWN, find, named
from bot.talk.options import Options, option_of
from bot.talk.step import Name, Option, Phrase
from documents.places import Place, all_communes, units_of
from documents.plan_file import read_plan

PLAN = Path(__file__).parent.parent / "plans/lao-cai-2026.toml"
PLACES = all_communes("Lào Cai")
OWN = [place for place in PLACES if place.own]
BORNE_BY = Counter(plain(place.name) for place in PLACES)


@cache
def options() -> Options[Option]:
    return Options((Option(place.code, Name(place.label), place.aliases) for place in PLACES), home=len(OWN))


@cache
def found(typed: str) -> list[str]:
    return [option.value for option in find(typed, options(), "vi")]


def labels(typed: str) -> list[str]:
    label = {place.code: place.label for place in PLACES}
    return [label[code] for code in found(typed)]


def bare(place: Place) -> str:
    return plain(place.aliases[0])


# --- as it is called -------------------------------------------------------------------------------------------------


def test_every_commune_is_found_by_its_name_and_province() -> None:
    """Typed without diacritics, "bac ha lao cai", each of the 3,321 is among the first two."""
    assert [
        place.label for place in PLACES if place.code not in found(f"{bare(place)} {plain(place.province)}")[:2]
    ] == []


def test_every_commune_is_found_by_its_name() -> None:
    """Typed without diacritics and without its province, each whose name at most four bear is among the six."""
    rare = [place for place in PLACES if BORNE_BY[plain(place.name)] <= 4]
    assert len(rare) > 3200
    assert [place.label for place in rare if place.code not in found(plain(place.name))] == []


@pytest.mark.parametrize("place", OWN, ids=lambda place: place.code)
def test_an_own_commune_is_among_the_first_three(place) -> None:
    """With and without kind, diacritics and spaces, in capitals, decomposed, and by its first letters."""
    name = bare(place)
    decomposed = plain(place.name[:2]) + "".join(decompose(place.name[2:]))
    ways = (place.name, plain(place.name), name, name.upper(), name.replace(" ", ""), place.aliases[0], decomposed)
    assert [typed for typed in ways if place.code not in found(typed)[:3]] == []
    assert place.code in found(name[: max(3, len(name) - 2)])


def decompose(text: str) -> str:
    return normalize("NFD", text)


def test_a_label_in_full_is_the_answer() -> None:
    """Every label names one commune as it is spelt; without diacritics it names that one, or none of those alike."""
    for place in PLACES:
        exact = named(place.label, options(), "vi")
        assert exact is not None
        assert exact.value == place.code
    undecided = [place.label for place in PLACES if named(plain(place.label), options(), "vi") is None]
    assert len(undecided) < 20
    assert not {place.label for place in OWN} & set(undecided)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sapa", "Phường Sa Pa"),
        ("bac hag", "Xã Bắc Hà"),
        ("bac ha", "Xã Bắc Hà"),
        ("lao cai phuong", "Phường Lào Cai"),
        ("xa muong khuong", "Xã Mường Khương"),
        ("mu\u031bo\u031b\u0300ng khu\u031bo\u031bng", "Xã Mường Khương"),
        ("tp lao cai", "Phường Lào Cai"),
        ("p. lao cai", "Phường Lào Cai"),
        ("bac ha lao cai", "Xã Bắc Hà"),
        ("bac hag, lao cai", "Xã Bắc Hà"),
        ("thị xã Sa Pa", "Phường Sa Pa"),
        ("simacai", "Xã Si Ma Cai"),
        ("si ma kai", "Xã Si Ma Cai"),
        ("y ti", "Xã Y Tý"),
        ("thôn 2, xã Bắc Hà, huyện Bắc Hà, tỉnh Lào Cai", "Xã Bắc Hà"),
        ("xa bac ha huyen bac ha tinh lao cai", "Xã Bắc Hà"),
        ("văn phú yên bái", "Phường Văn Phú"),
        ("muwowngf khuwowng", "Xã Mường Khương"),
        ("bawsc haf", "Xã Bắc Hà"),
        ("mu7o72ng khu7o7ng", "Xã Mường Khương"),
        ("hoan kiem ha noi", "Phường Hoàn Kiếm, thành phố Hà Nội"),
        ("hoan kiem", "Phường Hoàn Kiếm, thành phố Hà Nội"),
        ("Tân Hòa, Cần Thơ", "Xã Tân Hòa, thành phố Cần Thơ"),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, first: str) -> None:
    """Misspelt, shortened, in one word, as an address, or with the keys of a keyboard that was off."""
    assert labels(typed)[0] == first


# --- misspelt --------------------------------------------------------------------------------------------------------


def slips(name: str) -> list[str]:
    """Every name with one letter left out, replaced by a neighbour in the alphabet, or changed for the next one."""
    at = [n for n, letter in enumerate(name) if letter != " "]
    left_out = [name[:n] + name[n + 1 :] for n in at]
    replaced = [name[:n] + chr((ord(name[n]) - ord("a") + 1) % 26 + ord("a")) + name[n + 1 :] for n in at]
    changed = [name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in at[:-1]]
    return [*left_out, *replaced, *changed]


def test_an_own_commune_misspelt_by_a_letter_is_among_the_six() -> None:
    """At least 95 of 100 slips still lead to the commune, over all communes and all places of the slip."""
    tried = [(place, typed) for place in OWN for typed in slips(bare(place))]
    missed = [(place.name, typed) for place, typed in tried if place.code not in found(typed)]
    assert len(missed) <= 0.05 * len(tried), missed


def test_a_slip_at_home_stands_before_what_begins_so_elsewhere() -> None:
    """Who misspells an own commune sees own ones first, though a name elsewhere begins like that, and then that one."""
    assert labels("van lan")[0] == "Xã Văn Bàn"
    assert any(label.startswith("Xã Văn Lang, ") for label in labels("van lan"))
    for place in OWN:
        for typed in slips(bare(place)):
            own = [code in {one.code for one in OWN} for code in found(typed)]
            assert own[:1] != [False] or place.code not in found(typed)


@pytest.mark.parametrize(
    ("typed", "meant"), [("lao caai", "Xã Lao Chải"), ("bay yen", "Xã Bảo Yên"), ("bao aa", "Xã Bảo Hà")]
)
def test_what_is_guessed_hides_no_slip(typed: str, meant: str) -> None:
    """Where words turned around or freed of keys are a name, names like what was typed are shown too."""
    assert meant in labels(typed)


def test_a_name_elsewhere_typed_in_full_keeps_its_place() -> None:
    """However many own communes are alike, what was typed in full is shown; with its diacritics it is the first."""
    assert "Xã Tân Hòa, tỉnh Tây Ninh" in labels("tan hoa")
    assert labels("Tân Hòa")[0] == "Phường Tân Hòa, tỉnh Phú Thọ"
    assert labels("xã Tân Hòa")[0] == "Xã Tân Hòa, tỉnh Tây Ninh"


# --- anything at all -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["", " ", ",", "xa khong co that", "zzzz", "12345", "ha noi", "TP Cần Thơ", "🙂", "%", "\u0301", "ກຂຄ"]
)
def test_what_is_no_commune_finds_none(typed: str) -> None:
    """Nobody is offered something they did not mean."""
    assert found(typed) == []
    assert named(typed, options(), "vi") is None


@given(st.text(max_size=60) | st.text("abchmnotuxy ,.đ1", max_size=500))
def test_any_text_finds_at_most_six(typed: str) -> None:
    """Whatever is typed, at most six options are found, each once."""
    codes = found(typed)
    assert len(codes) == len(set(codes)) <= SHOWN
    named(typed, options(), "vi")


def test_a_list_of_any_kind_is_searched() -> None:
    """Agencies in a plain tuple are found by what begins, by a slip, and in the language they are worded in."""
    units = tuple(Option(unit.code, Name(unit.name), unit.aliases) for unit in units_of(read_plan(PLAN)))
    assert find("so y te", units, "vi")[0].value == "so-y-te"
    assert find("so yt te", units, "vi")[0].value == "so-y-te"
    skip = (Option("a", Phrase("ask-skip")), Option("b", Phrase("ask-cancel")))
    assert [option.value for option in find("bo qua", skip, "vi")] == ["a"]
    assert [option.value for option in find("skip", skip, "en")] == ["a"]
    assert named("skip", skip, "vi") is None


def test_a_comma_in_a_name_is_part_of_it() -> None:
    """An agency with a comma in its name is found by what stands after it."""
    agency = (Option("a", Name("Sở Văn hóa, Thể thao và Du lịch")), Option("b", Name("Sở Y tế")))
    for typed in ("so van hoa the thao", "the thao du lich", "Sở Văn hóa, Thể thao", "du lich"):
        assert [option.value for option in find(typed, agency, "vi")] == ["a"], typed


# --- the list itself -------------------------------------------------------------------------------------------------


def test_options_are_found_by_value() -> None:
    """Each value gives its option, and whatever is no value gives none."""
    assert all(options().find(option.value) is option for option in options())
    assert [options().find(value) for value in ("", "xa-99999", None, 5, True, ["xa-02839"])] == [None] * 6
    assert option_of(tuple(options()), "xa-02839") is option_of(options(), "xa-02839") is not None
    assert option_of((), "xa-02839") is None


def test_options_are_a_sequence() -> None:
    """They are counted, gone through and sliced as a tuple is, and stand for themselves."""
    assert tuple(options()) == options()[:]
    assert len(options()) == 3321
    assert options()[0] in options()
    assert options() == options()
    assert options() != Options(options()[:])
    assert Options(options()[:5]).home == 5
