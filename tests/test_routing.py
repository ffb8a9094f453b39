"""Where a tip goes, and that it never comes by way of those it must be kept from, whatever rules and units are."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import words
from bot.domain.counts import Mark, by_commune, by_kind, by_month, by_outcome
from bot.domain.kin import Kin
from bot.domain.routing import EVERYBODY, OWN, UNIT, Guarded, Reader, Route, Routing, Rule, Unrouted, add_excluded
from bot.domain.tip import Official, TipKind, TipLine, Urgency
from bot.domain.unit import Level, Unit

HOUR = datetime(2026, 3, 31, 18, tzinfo=UTC)  # the first of April in the province
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def line(kind=TipKind.SELLING, commune="xa-1", official=Official.NO, tip="abcdef012345"):
    return TipLine(tip, HOUR, kind, commune, Urgency.CALM, official=official)


def unit(code, parent=None, level=None):
    level = level or (Level.COMMUNE if code.startswith("xa-") else Level.PROVINCE)
    return Unit(code, code, level, parent)


# --- a small province, by hand ----------------------------------------------------------------------------------------

UNITS = (*map(unit, ("desk", "health", "court", "xa-1", "xa-2", "xa-3")), unit("post", "xa-1"))
READERS = (
    Reader("d", "Duty", "desk"),
    Reader("n", "No unit"),
    Reader("h", "Health", "health"),
    Reader("1", "One", "xa-1"),
    Reader("2", "Two", "xa-2"),
    Reader("p", "Post", "post"),
    Reader("o", "Outside", "court"),
)
RULES = (
    Rule("health", frozenset({TipKind.PRECURSORS}), informed=("unit:desk", "Health")),
    Rule(OWN, communes=("level:commune",), informed=("Post",)),
)
ROUTING = Routing(RULES, "desk", "o", Kin(UNITS, (("xa-old", "xa-2"),)), READERS)
DESK = Route("desk", ("d", "n"))
OUTSIDE = Route("", ("o",))
YES = Official.YES


def test_the_first_rule_that_fits_wins_and_the_rest_are_next_in_line():
    """Precursors go to health, then to the commune, then to the desk; nobody is informed of what they are asked."""
    line_of = ROUTING.succession(Guarded(line(TipKind.PRECURSORS)))
    assert line_of == (Route("health", ("h",), ("d", "n")), Route("xa-1", ("1",), ("p",)), DESK)
    assert ROUTING.route(Guarded(line())) == Route("xa-1", ("1",), ("p",))


def test_a_tip_about_an_official_goes_past_their_unit_and_what_is_below_it():
    """The commune and its post are left out; the desk has it."""
    assert ROUTING.excluded(Guarded(line(official=YES))) == {"xa-1", "post"}
    assert ROUTING.succession(Guarded(line(official=YES))) == (DESK,)


def test_an_excluded_unit_is_not_named_though_others_read_for_it():
    """A rule whose readers sit elsewhere does not make its unit known."""
    elsewhere = replace(ROUTING, rules=(Rule("xa-1", primary=("Health",)), Rule(OWN, primary=("Duty",))))
    assert elsewhere.route(Guarded(line())).unit == "xa-1"
    assert elsewhere.succession(Guarded(line(official=YES))) == (DESK,)


@pytest.mark.parametrize("commune", ["xa-2", "xa-old"])
def test_merged_units_are_one(commune):
    """A tip from a commune that was merged goes to what it has become, and past it where it is about an official."""
    assert ROUTING.route(Guarded(line(commune=commune))).unit == "xa-2"
    assert ROUTING.excluded(Guarded(line(commune=commune, official=YES))) == {"xa-2", "xa-old"}


@pytest.mark.parametrize("commune", ["", "xa-99999"])
def test_an_official_of_nobody_knows_where_may_be_any_communes(commune):
    """Then no commune learns of it; without an official it goes where the rules say for all places."""
    everywhere = replace(ROUTING, rules=(Rule("xa-3"), Rule("xa-2")))
    assert everywhere.route(Guarded(line(commune=commune))).unit == "xa-2"  # nobody reads for xa-3
    assert everywhere.succession(Guarded(line(commune=commune, official=YES))) == (DESK,)


def test_a_reader_excludes_further_units():
    """What is named after reading is left out from then on; past the desk the outside reader has it."""
    tip = add_excluded(Guarded(line(official=YES)), ["health"])
    assert ROUTING.succession(replace(tip, line=line(TipKind.PRECURSORS, official=YES))) == (DESK,)
    assert ROUTING.succession(add_excluded(tip, ["desk"])) == (OUTSIDE,)
    assert ROUTING.succession(tip, frozenset({"desk"})) == (OUTSIDE,)


def test_readers_without_a_unit_are_of_the_desk():
    """Where the desk is excluded they are not asked either, though a rule names them."""
    named = replace(ROUTING, rules=(Rule("health", primary=("No unit", "Health")),))
    assert named.route(Guarded(line())).primary == ("n", "h")
    assert named.succession(Guarded(line(), frozenset({"desk"}))) == (Route("health", ("h",)), OUTSIDE)


def test_a_tip_about_the_desk_goes_to_the_outside_reader_and_nobody_else():
    """No rule and no unit has it, and no statistics hold it, not even those of the outside reader's own unit."""
    tip = Guarded(line(TipKind.PRECURSORS), about_desk=True)
    assert ROUTING.succession(tip) == (OUTSIDE,)
    assert not any(ROUTING.sees(one.code, tip) for one in UNITS)
    assert not ROUTING.sees(EVERYBODY, tip)


@pytest.mark.parametrize("outside", ["", "gone"])
def test_what_can_go_to_nobody_is_told_without_naming_a_unit(outside):
    """The admins are told the tip's short name, and what to do."""
    with pytest.raises(Unrouted) as caught:
        replace(ROUTING, outside=outside).route(Guarded(line(), about_desk=True))
    for language in words.LANGUAGES:
        told = words.say(language, caught.value.sentence, caught.value.values)
        assert "abcdef" in told
        assert not any(code in told for code in ("abcdef0", "xa-1", "desk ", "health", "selling"))


def test_statistics_of_a_unit_hold_what_it_may_see_and_nothing_else():
    """A commune sees its own but not those about its officials, others what comes to them, the desk all but itself."""
    tips = [
        *[Guarded(line())] * 6,
        *[Guarded(line(official=YES))] * 5,
        *[Guarded(line(TipKind.PRECURSORS, "xa-2"))] * 5,
        *[Guarded(line(), about_desk=True)] * 5,
    ]
    seen = {one: len(ROUTING.visible(one, tips)) for one in ("xa-1", "post", "xa-2", "health", "desk", EVERYBODY, "?")}
    assert seen == {"xa-1": 6, "post": 11, "xa-2": 5, "health": 5, "desk": 16, EVERYBODY: 11, "?": 0}
    kinds, communes = by_kind(), by_commune(["xa-1", "xa-2"])
    at_desk = ROUTING.counts("desk", tips, communes, kinds)
    assert at_desk.at("xa-1", TipKind.SELLING) == 6
    assert at_desk.at("", TipKind.SELLING) == 5  # those of an excluded commune are counted under none
    assert at_desk.total == 16
    assert ROUTING.counts("xa-1", tips, communes, kinds).at("xa-2", TipKind.PRECURSORS) is Mark.SMALL


def test_months_are_the_provinces_and_results_their_own():
    """Six in the evening in London's winter is the next day's first hour in Lào Cai."""
    tips = [Guarded(line())] * 7
    table = ROUTING.counts("desk", tips, by_month(["2026-03", "2026-04"], ZONE), by_outcome())
    assert (table.at("2026-04", ""), table.at("2026-03", "")) == (7, 0)


# --- whatever the rules, the units and the tips are -------------------------------------------------------------------

CODES = ["desk", "court", "a", "b", "xa-1", "xa-2", "xa-3", "xa-gone", "unknown"]
codes = st.sampled_from(CODES)
units_made = st.lists(
    st.builds(unit, codes, st.none() | codes, st.sampled_from(Level)),
    min_size=4,
    max_size=8,
    unique_by=lambda one: one.code,
)
merged_made = st.lists(st.tuples(codes, codes), max_size=4)
readers_made = st.lists(
    st.builds(Reader, st.sampled_from("123456"), st.sampled_from(["An", "Bình"]), st.none() | codes),
    min_size=2,
    max_size=6,
    unique_by=lambda one: one.id,
)
named = st.sampled_from([UNIT, "An", "Bình", "Nobody", "An"]) | codes.map(lambda code: f"{UNIT}:{code}")
selectors = st.sampled_from(["all", "level:commune", "level:province", "-xa-1", "body:none", *CODES])
rules_made = st.builds(
    Rule,
    codes | st.just(OWN),
    st.frozensets(st.sampled_from([TipKind.SELLING, TipKind.ONLINE])),
    st.lists(selectors, min_size=1, max_size=3).map(tuple),
    st.lists(named, min_size=1, max_size=3).map(tuple),
    st.lists(named, max_size=3).map(tuple),
)
routings = st.builds(
    lambda rules, desk, outside, units, merged, readers: Routing(
        tuple(rules), desk, outside, Kin(tuple(units), tuple(merged)), tuple(readers)
    ),
    st.lists(rules_made, max_size=5),
    codes,
    st.sampled_from(["", *"123456"]),
    units_made,
    merged_made,
    readers_made,
)
tips_made = st.builds(
    Guarded,
    st.builds(
        line,
        st.sampled_from([TipKind.SELLING, TipKind.ONLINE, TipKind.OTHER]),
        codes | st.just(""),
        st.sampled_from(Official),
    ),
    st.frozensets(codes, max_size=2),
    st.booleans(),
)


def relatives(routing, code, pairs):
    """Slowly: all that is joined to a code by the pairs or by mergers, until nothing more comes."""
    joined = {*pairs, *routing.kin.merged, *((new, old) for old, new in routing.kin.merged)}
    found = {code}
    while more := {other for one, other in joined if one in found} - found:
        found |= more
    return found


def must_not_know(routing, tip):
    """The oracle: what the issue says, written down another way."""
    pairs = {(one.parent, one.code) for one in routing.kin.units if one.parent}
    start = set(tip.named) | ({routing.desk} if tip.about_desk else set())
    if tip.line.official is YES:
        start.add(tip.line.commune)
    down = [relatives(routing, code, pairs) for code in start if code]
    up = [relatives(routing, code, {(child, parent) for parent, child in pairs}) for code in start if code]
    return set().union(*down, *up)


def of_whom(routing, reader):
    [found] = [one for one in routing.readers if one.id == reader]
    return found.unit or ("" if reader == routing.outside else routing.desk)


@settings(max_examples=500, deadline=None)
@given(routings, tips_made)
@example(
    Routing((Rule(OWN),), "a", "", Kin((unit("a", "a"), unit("xa-1", "xa-1")), (("xa-1", "xa-1"),))), Guarded(line())
)
def test_no_path_ever_names_an_excluded_unit(routing, tip):
    """Unit, readers asked or informed, next in line: none is of a unit that must not know, in any tree, by any rule."""
    never = must_not_know(routing, tip)
    assert never <= routing.excluded(tip)
    for route in routing.succession(tip):
        assert route.primary
        told = {route.unit, *(of_whom(routing, one) for one in (*route.primary, *route.informed))}
        assert told.isdisjoint(routing.excluded(tip))
        assert not tip.about_desk or route == Route("", (routing.outside,))


@settings(max_examples=300, deadline=None)
@given(routings, tips_made)
def test_a_tip_is_lost_only_where_nobody_may_have_it(routing, tip):
    """Unrouted: then the desk's readers and the outside reader are all excluded, or are not there."""
    barred = routing.excluded(tip)
    outside = [one for one in routing.readers if one.id == routing.outside and (one.unit or "") not in barred]
    desk = routing.kin.today(routing.desk)
    at_desk = [one for one in routing.readers if of_whom(routing, one.id) in routing.kin.same(routing.desk)]
    reachable = outside or (desk and desk not in barred and at_desk and not tip.about_desk)
    if reachable:
        assert routing.route(tip) in routing.succession(tip)
    elif tip.about_desk:
        with pytest.raises(Unrouted):
            routing.route(tip)


@settings(max_examples=300, deadline=None)
@given(routings, st.lists(tips_made, max_size=6), codes | st.just(EVERYBODY))
def test_statistics_never_hold_what_a_unit_must_not_know(routing, tips, viewer):
    """Cells and totals are those of the tips it may see; no bucket is the commune a tip is kept from."""
    shown = routing.visible(viewer, tips)
    kept = [tip for tip in tips if viewer not in must_not_know(routing, tip) and not tip.about_desk]
    assert len(shown) <= len(kept)
    assert all(one in [tip.line for tip in kept] for one in shown)
    without = routing.counts(viewer, kept, by_commune(CODES), by_kind())
    assert routing.counts(viewer, tips, by_commune(CODES), by_kind()) == without


@settings(max_examples=200, deadline=None)
@given(routings, tips_made, codes)
def test_nobody_is_counted_under_a_commune_that_is_excluded(routing, tip, viewer):
    """Many times the same tip, so that nothing is hidden for being small: the excluded commune's row stays empty."""
    table = routing.counts(viewer, [tip] * 9, by_commune(CODES), by_kind())
    for code in CODES:
        if code in must_not_know(routing, tip):
            assert table.at(code, tip.line.kind) in (0, Mark.SMALL)


@settings(max_examples=200, deadline=None)
@given(routings, tips_made, codes)
def test_naming_one_more_never_lets_another_in(routing, tip, code):
    """Exclusion only grows: who was kept out before is kept out after."""
    later = add_excluded(tip, [code])
    assert routing.excluded(tip) <= routing.excluded(later)
    assert code in routing.excluded(later)
    assert routing.excluded(tip).isdisjoint(route.unit for route in routing.succession(later))
