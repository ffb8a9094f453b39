"""What must hold between the tables of a file of routes: all that is named is there, and every rule can be reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bot.domain.kin import Kin
from bot.domain.routing import OWN, UNIT, Routing, Rule, communes_of
from bot.domain.tip import TipKind
from bot.domain.unit import UnknownUnits, select
from documents.plan_errors import Fault

Found = Iterator[tuple[str, int, Fault]]
"""What is wrong, with the name and number of the table it stands in."""

Reached = tuple[str, TipKind, str, str]
"""One thing that a rule sees to: the unit, for a kind of tips from a commune, by a reader (or all of a unit's)."""

_SOMEWHERE = ""
"""Stands for a place that is not known or outside the province."""


def check(routing: Routing, *, with_people: bool) -> Found:
    """All that is wrong between tables that are right one by one."""
    yield from _merged(routing.kin)
    if routing.kin.today(routing.desk) is None:
        yield "desk", 0, Fault("unit", "routing-no-unit", code=routing.desk)
    elif with_people:
        yield from _people(routing)
    done: set[Reached] = set()
    for number, rule in enumerate(routing.rules, start=1):
        faults = [*_rule(rule, routing, with_people=with_people)]
        yield from (("rule", number, fault) for fault in faults)
        reached = _reached(rule, routing.kin)
        if not faults and reached <= done:
            yield "rule", number, Fault("", "routing-never" if reached else "routing-nowhere")
        done |= reached


def _merged(kin: Kin) -> Found:
    seen: set[str] = set()
    for number, (unit, into) in enumerate(kin.merged, start=1):
        if unit in seen:
            yield "merged", number, Fault("unit", "routing-merged-twice", code=unit)
        elif into not in kin.codes and not any(into == other for other, _ in kin.merged):
            yield "merged", number, Fault("into", "routing-no-unit", code=into)
        elif kin.today(unit) is None:
            yield "merged", number, Fault("into", "routing-merged-circle", code=unit)
        seen.add(unit)


def _people(routing: Routing) -> Found:
    """Who must be there so that a tip always comes to somebody: readers at the desk, and one outside it."""
    outside = [reader for reader in routing.readers if reader.id == routing.outside]
    desk = routing.kin.lineage(routing.desk)
    if not outside:
        yield "desk", 0, Fault("", "routing-no-outside")
    elif outside[0].unit in desk:
        yield "desk", 0, Fault("unit", "routing-outside-of-desk", code=routing.desk)
    at_desk = {one.unit or routing.desk for one in routing.readers if one.id != routing.outside}
    if at_desk.isdisjoint(routing.kin.same(routing.desk)):
        yield "desk", 0, Fault("unit", "routing-desk-unread", code=routing.desk)


def _rule(rule: Rule, routing: Routing, *, with_people: bool) -> Iterator[Fault]:
    if rule.unit != OWN and routing.kin.today(rule.unit) is None:
        yield Fault("unit", "routing-no-unit", code=rule.unit)
    for selector in rule.communes:
        try:
            select([selector], routing.kin.units)
        except UnknownUnits:
            yield Fault("communes", "routing-no-commune", selector=selector.removeprefix("-"))
    names = {reader.name for reader in routing.readers} if with_people else None
    for key, readers in (("primary", rule.primary), ("informed", rule.informed)):
        for reader in readers:
            kind, _, code = reader.partition(":")
            if kind == UNIT and code and routing.kin.today(code) is None:
                yield Fault(key, "routing-no-unit", code=code)
            elif kind != UNIT and names is not None and reader not in names:
                yield Fault(key, "routing-no-reader", name=reader)


def _reached(rule: Rule, kin: Kin) -> set[Reached]:
    """All that the rule sees to; what earlier rules see to already, it need not be asked for."""
    chosen = communes_of(rule, kin)
    places = [*(kin.communes if chosen is None else chosen & kin.communes), *([_SOMEWHERE] if chosen is None else [])]
    own = rule.unit == OWN
    units = [(place, kin.today(place if own else rule.unit)) for place in places]
    there = [(place, unit) for place, unit in units if unit is not None]
    cells = product(there, rule.kinds or TipKind, rule.primary)
    return {(unit, kind, place, _who(reader, unit)) for (place, unit), kind, reader in cells}


def _who(reader: str, unit: str) -> str:
    return f"{UNIT}:{unit}" if reader == UNIT else reader
