"""A file of routes is read whole, or refused with file, line and key of every error."""

from pathlib import Path

import pytest

from bot.domain.routing import OWN, UNIT, Guarded, Reader, Rule, communes_of
from bot.domain.tip import Official, TipKind, TipLine, Urgency, hour_of
from documents.places import units_of
from documents.plan_file import read_plan
from documents.routes import MOST_BYTES, People, RoutesError, read_routes, routes_from
from tests.test_routing import HOUR

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "plans/routes.sample.toml"
UNITS = units_of(read_plan(ROOT / "plans/lao-cai-2026.toml"))
COMMUNE = "xa-02647"
READERS = (
    Reader("d", "Trực ban", "cong-an-tinh"),
    Reader("h", "Y tế", "so-y-te"),
    Reader("c", "Công an xã", COMMUNE),
    Reader("o", "Kiểm sát", "vien-kiem-sat"),
)
PEOPLE = People(READERS, "o")
DESK = '[desk]\nunit = "cong-an-tinh"\n'


def errors(text, people=PEOPLE, language="en"):
    with pytest.raises(RoutesError) as caught:
        routes_from(text, "x.toml", UNITS, people)
    return caught.value.said(language).split("\n")


def went(routing, kind, official=Official.NO):
    tip = Guarded(TipLine("0" * 32, hour_of(HOUR), kind, COMMUNE, Urgency.CALM, official=official))
    return [(route.unit, route.primary, route.informed) for route in routing.succession(tip)]


def test_the_sample_routes_lao_cai():
    """Online to the province's police, precursors to health, the rest to the commune; past it where it is about it."""
    routing = read_routes(SAMPLE, UNITS, PEOPLE)
    police, own = ("cong-an-tinh", ("d",), ()), (COMMUNE, ("c",), ())
    assert went(routing, TipKind.ONLINE) == [police, own]
    assert went(routing, TipKind.PRECURSORS) == [("so-y-te", ("h",), ("d",)), own, police]
    assert went(routing, TipKind.SELLING) == [own, police]
    assert went(routing, TipKind.SELLING, Official.YES) == [police]
    assert len(communes_of(routing.rules[2], routing.kin)) == 99


def test_the_sample_can_be_looked_at_without_knowing_who_reads():
    """Without people the file alone is checked."""
    assert read_routes(SAMPLE, UNITS).rules == read_routes(SAMPLE, UNITS, PEOPLE).rules


def test_all_keys_are_read():
    """Every key of a rule and of a merger."""
    text = (
        f'{DESK}[[rule]]\nkinds = ["online", "other"]\ncommunes = ["level:commune", "-{COMMUNE}"]\nunit = "own"\n'
        'primary = ["Y tế", "unit"]\ninformed = ["unit:so-y-te"]\nnote = "x"\n'
        f'[[merged]]\nunit = "xa-00001"\ninto = "{COMMUNE}"\n'
    )
    routing = routes_from(text, "x.toml", UNITS, PEOPLE)
    kinds = frozenset({TipKind.ONLINE, TipKind.OTHER})
    wanted = Rule(OWN, kinds, ("level:commune", f"-{COMMUNE}"), ("Y tế", UNIT), ("unit:so-y-te",), "x")
    assert routing.rules == (wanted,)
    assert (routing.desk, routing.outside) == ("cong-an-tinh", "o")
    assert routing.kin.today("xa-00001") == COMMUNE


RULE = f'{DESK}[[rule]]\nunit = "so-y-te"\n'
OTHER = '[[rule]]\nunit = "so-y-te"\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "x.toml: there is no last place"),
        ('[desk]\nunit = "so-x"', "x.toml, line 2, desk.unit: there is no unit with the code “so-x”"),
        ("desk = 1", "x.toml, line 1, desk: this must be a table"),
        ("[desk]\nunit = 5", "x.toml, line 2, desk.unit: write a text in double quotes"),
        ("[desk", "x.toml, line 1: the name of a table is not closed"),
        (f"{DESK}\n[rules]\n", "x.toml, line 4, rules: unknown table; there are [desk], [[rule]], [[merged]]"),
        (f"{DESK}[rule]\nunit = 'own'", "x.toml, line 3, rule: there can be several: write [[rule]]"),
        (f"{DESK}[[rule]]\nunit = 'so-x'", "x.toml, line 4, rule[1].unit: there is no unit with the code “so-x”"),
        (f"{DESK}[[rule]]\nkinds = ['online']", "x.toml, line 3, rule[1].unit: this key is missing"),
        (f"{RULE}readers = ['unit']", "x.toml, line 5, rule[1].readers: there is no such key"),
        (f"{RULE}kinds = ['drugs']", "x.toml, line 5, rule[1].kinds: “drugs” can't be chosen: write one of selling, "),
        (f"{RULE}kinds = []", "x.toml, line 5, rule[1].kinds: the list is empty"),
        (f"{RULE}communes = ['xa-1']", "x.toml, line 5, rule[1].communes: “xa-1” names no unit"),
        (f"{RULE}communes = ['body:steering']", "x.toml, line 3, rule[1]: this rule fits no tip"),
        (f"{RULE}communes = ['all', '-all']", "x.toml, line 3, rule[1]: this rule fits no tip"),
        (f"{RULE}primary = []", "x.toml, line 5, rule[1].primary: the list is empty"),
        (f"{RULE}primary = ['Ai đó']", "x.toml, line 5, rule[1].primary: there is no reader with the name “Ai đó”"),
        (f"{RULE}informed = ['unit:x']", "x.toml, line 5, rule[1].informed: there is no unit with the code “x”"),
        (f"{RULE}{OTHER}", "x.toml, line 5, rule[2]: this rule is never reached"),
        (f"{RULE}{OTHER}kinds = ['online']", "x.toml, line 5, rule[2]: this rule is never reached"),
        (f"{RULE}{OTHER}primary = ['unit:so-y-te']", "x.toml, line 5, rule[2]: this rule is never reached"),
        (f"{DESK}[[merged]]\nunit = 'a'\ninto = 'so-x'", "x.toml, line 5, merged[1].into: there is no unit"),
        (f"{DESK}[[merged]]\nunit = 'a'\ninto = 'a'", "x.toml, line 5, merged[1].into: “a” is merged in a circle"),
        (f"{RULE}note = '''{'x' * 2001}'''", "x.toml, line 5, rule[1].note: it is too long"),
        (f"{DESK}rule = {'[' * 5000}", "x.toml: its brackets are nested too deeply"),
        (f"{DESK}{OTHER * 2001}", "x.toml, line 4003, rule[2001]: there are more than 2000 such tables"),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(text, wanted):
    """File, line, key, what is wrong and what to do; Vietnamese as well."""
    [error] = errors(text)
    assert error.startswith(wanted)
    [vietnamese] = errors(text, language="vi")
    assert vietnamese.startswith("x.toml")


def test_all_errors_are_told_at_once():
    """Errors of several tables, in the order of their lines."""
    told = errors(f"{DESK}[[rule]]\nunit = 'x'\ncommunes = ['y']\n[[rule]]\nunit = 'own'\nprimary = ['z']\n")
    assert [error.split(": ")[0] for error in told] == [
        "x.toml, line 4, rule[1].unit",
        "x.toml, line 5, rule[1].communes",
        "x.toml, line 8, rule[2].primary",
    ]


def test_merged_twice_is_an_error():
    """A unit becomes part of one other only."""
    twice = f"[[merged]]\nunit = 'a'\ninto = '{COMMUNE}'\n" * 2
    assert errors(DESK + twice) == ["x.toml, line 7, merged[2].unit: “a” was merged in a table above: keep one"]


def test_a_rule_partly_met_by_others_is_reached():
    """Another unit, other readers, other kinds or other places make it worth its line."""
    for more in ("unit = 'own'", "unit = 'so-y-te'\nprimary = ['Trực ban']"):
        assert len(routes_from(f"{RULE}[[rule]]\n{more}", "x.toml", UNITS, PEOPLE).rules) == 2
    kinds = f"{RULE}kinds = ['online']\n{OTHER}kinds = ['online', 'other']"
    assert len(routes_from(kinds, "x.toml", UNITS, PEOPLE).rules) == 2


@pytest.mark.parametrize(
    ("people", "wanted"),
    [
        (People(READERS), "x.toml, line 1, desk: there is no outside reader"),
        (People(READERS, "gone"), "x.toml, line 1, desk: there is no outside reader"),
        (People((*READERS, Reader("x", "X", "cong-an-tinh")), "x"), "x.toml, line 2, desk.unit: the outside reader"),
        (People(READERS[1:], "o"), "x.toml, line 2, desk.unit: the desk's unit “cong-an-tinh” has no reader"),
    ],
)
def test_every_tip_must_come_to_somebody(people, wanted):
    """The desk has a reader, and there is one outside it."""
    [error] = errors(DESK, people)
    assert error.startswith(wanted)


@pytest.mark.parametrize(
    ("raw", "wanted"), [(b"#" * (MOST_BYTES + 1), "larger than 1 MB"), (b'[desk]\nunit = "\xff"', "line 2")]
)
def test_a_file_that_is_no_text_of_that_size_is_refused(tmp_path, raw, wanted):
    """Too large, or not UTF-8."""
    path = tmp_path / "routes.toml"
    path.write_bytes(raw)
    with pytest.raises(RoutesError) as caught:
        read_routes(path, UNITS)
    assert wanted in caught.value.said("en")
