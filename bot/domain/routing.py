"""Which unit handles a tip, who reads it, and who must never learn that it exists.

What holds whatever the rules and the units are: nothing that is made here of a tip (a unit, a reader, the next in
line, a bucket of statistics) names a unit that the tip is kept from. Everything is filtered at the one place where a
route is made (`Routing._route`), not by the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from bot.domain.counts import Axis, Table, suppress, tabled
from bot.domain.kin import Kin
from bot.domain.tip import Official, TipKind, TipLine, short_name
from bot.domain.trouble import Trouble
from bot.domain.unit import UnknownUnits, select

OWN: Final = "own"
"""As a rule's unit: the unit of the tip's own commune."""

UNIT: Final = "unit"
"""As a rule's reader: every reader of the unit that handles the tip; "unit:so-y-te": every reader of that one."""

EVERYBODY: Final = ""
"""As who looks at statistics: what is published. It holds only tips that are kept from nobody."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can read tips. Without a unit they are of the desk, unless they are the outside reader."""

    id: str
    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a tip goes. `primary` are asked to read it, `informed` may; both are ids of readers, the first never empty.

    `unit` is "" where it goes to the outside reader, who handles it in no unit's name.
    """

    unit: str
    primary: tuple[str, ...]
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Tips of these kinds and communes go to this unit.

    `kinds` empty: all. `communes` are selectors as in a plan (`select`); "all" is also a commune that is not known, or
    in another province. `unit` is a code or OWN. Readers are names, UNIT, or "unit:" and a code.
    """

    unit: str
    kinds: frozenset[TipKind] = frozenset()
    communes: tuple[str, ...] = ("all",)
    primary: tuple[str, ...] = (UNIT,)
    informed: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A tip with what is known of whom it must be kept from: `named` by readers after reading, `about_desk`."""

    line: TipLine
    named: frozenset[str] = frozenset()
    about_desk: bool = False


def add_excluded(tip: Guarded, units: Iterable[str]) -> Guarded:
    """The tip, kept from these units too. Nothing takes a unit away again."""
    return replace(tip, named=tip.named | frozenset(units))


class Unrouted(Trouble):
    """A tip can go to nobody. The sentence is for the admins, and names no unit, kind or place."""

    def __init__(self, tip: str) -> None:
        super().__init__("routing-unrouted", tip=short_name(tip))


@dataclass(frozen=True)
class Routing:
    """The rules in their order, the code of the desk's unit, the id of the outside reader ("": none); who is who."""

    rules: tuple[Rule, ...]
    desk: str
    outside: str = ""
    kin: Kin = field(default_factory=Kin)
    readers: tuple[Reader, ...] = ()

    def excluded(self, tip: Guarded) -> frozenset[str]:
        """The codes of all units that must not learn of the tip. A tip about the desk is besides kept from all others
        but the outside reader (`sees`, `succession`), whose own unit is not named here for that.
        """
        named = set(tip.named) | ({self.desk} if tip.about_desk else set())
        official = tip.line.official is Official.YES
        if official and tip.line.commune:
            named.add(tip.line.commune)
        kept = frozenset[str]().union(*(self.kin.lineage(code) for code in named))
        lost = official and self.kin.codes.isdisjoint(self.kin.same(tip.line.commune))
        return kept | self.kin.communes if lost else kept  # nobody knows whose official: it may be any commune's

    def succession(self, tip: Guarded, excluded: frozenset[str] = frozenset()) -> tuple[Route, ...]:
        """Who handles the tip, and who comes next where nobody opened it: the rules that fit, in their order, then the
        desk. The outside reader comes last where the desk is excluded or nobody is left. Empty: unrouted.

        `excluded` are units to leave out besides those of `excluded(tip)`, which are left out always.
        """
        barred = self.excluded(tip).union(*(self.kin.same(code) for code in excluded))
        inside = () if tip.about_desk else tuple(self._inside(tip, barred))
        if inside and self.desk not in barred:
            return inside
        return (*inside, *self._outside(barred, inside))

    def route(self, tip: Guarded) -> Route:
        """Who handles the tip. Raises Unrouted."""
        line = self.succession(tip)
        if not line:
            raise Unrouted(tip.line.id)
        return line[0]

    def sees(self, unit: str, tip: Guarded) -> bool:
        """Whether a unit may know that the tip exists: the desk, those it comes to in the line of succession, and its
        own commune with those above it; EVERYBODY where it is kept from nobody. A tip about the desk: no unit.
        """
        barred = self.excluded(tip)
        if unit == EVERYBODY:
            return not barred and not tip.about_desk
        if tip.about_desk or not barred.isdisjoint(self.kin.same(unit)):
            return False
        own = tip.line.commune in self.kin.within(unit)
        return own or self._is_desk(unit) or not self._told(tip, barred).isdisjoint(self.kin.same(unit))

    def visible(self, unit: str, tips: Iterable[Guarded]) -> tuple[TipLine, ...]:
        """Those of the tips that a unit may know of, in their order."""
        return tuple(tip.line for tip in self._seen(unit, tips))

    def counts(self, unit: str, tips: Iterable[Guarded], rows: Axis, columns: Axis) -> Table:
        """A table of the tips that a unit may know of, its totals too; small counts are hidden but from the desk.

        A tip is counted under no commune where its commune is excluded, for the desk too: tables are passed on.
        """
        table = tabled([self._placed(tip) for tip in self._seen(unit, tips)], rows, columns)
        return table if self._is_desk(unit) else suppress(table)

    def _seen(self, unit: str, tips: Iterable[Guarded]) -> Iterator[Guarded]:
        """Many tips are alike to routing: each sort is looked at once."""
        known: dict[Guarded, bool] = {}
        for tip in tips:
            like = replace(tip, line=_alike(tip.line))
            if like not in known:
                known[like] = self.sees(unit, like)
            if known[like]:
                yield tip

    def _placed(self, tip: Guarded) -> TipLine:
        return replace(tip.line, commune="") if tip.line.commune in self.excluded(tip) else tip.line

    def _inside(self, tip: Guarded, barred: frozenset[str]) -> Iterator[Route]:
        """The routes of the rules that fit, then the desk's, those that bring nobody new left out."""
        asked: set[str] = set()
        for rule in (*self._fitting(tip.line), Rule(self.desk)):
            route = self._route(rule, tip.line.commune, barred)
            if route and not asked.issuperset(route.primary):
                asked.update(route.primary)
                yield route

    def _fitting(self, line: TipLine) -> Iterator[Rule]:
        places = {line.commune, self.kin.today(line.commune)}
        for rule, communes in zip(self.rules, self._communes, strict=True):
            if (not rule.kinds or line.kind in rule.kinds) and (communes is None or not communes.isdisjoint(places)):
                yield rule

    @cached_property
    def _communes(self) -> tuple[frozenset[str] | None, ...]:
        return tuple(communes_of(rule, self.kin) for rule in self.rules)

    def _route(self, rule: Rule, commune: str, barred: frozenset[str]) -> Route | None:
        """What a rule makes of a tip: the only place where a route of a unit is made."""
        unit = self.kin.today(commune if rule.unit == OWN else rule.unit)
        if unit is None or unit in barred:
            return None
        primary = self._named(rule.primary, unit, barred)
        informed = self._named(rule.informed, unit, barred)
        return Route(unit, primary, tuple(one for one in informed if one not in primary)) if primary else None

    def _named(self, selectors: tuple[str, ...], unit: str, barred: frozenset[str]) -> tuple[str, ...]:
        """The readers that selectors name, each once, without those of barred units."""
        found = [one for selector in selectors for one in self._readers_of(selector, unit)]
        return tuple(dict.fromkeys(one.id for one in found if self._unit_of(one) not in barred))

    def _readers_of(self, selector: str, unit: str) -> list[Reader]:
        kind, _, code = selector.partition(":")
        if kind != UNIT:
            return [one for one in self.readers if one.name == selector]
        units = self.kin.same(code or unit)
        return [one for one in self.readers if self._unit_of(one) in units]

    def _unit_of(self, reader: Reader) -> str:
        return reader.unit or ("" if reader.id == self.outside else self.desk)

    def _outside(self, barred: frozenset[str], before: tuple[Route, ...]) -> Iterator[Route]:
        asked = {one for route in before for one in route.primary}
        for reader in self.readers:
            if reader.id == self.outside and reader.id not in asked and self._unit_of(reader) not in barred:
                yield Route("", (reader.id,))

    def _told(self, tip: Guarded, barred: frozenset[str]) -> frozenset[str]:
        """The units that the rules and the desk bring the tip to, and those of the readers whom they name."""
        line = tuple(self._inside(tip, barred))
        told = {one for route in line for one in (*route.primary, *route.informed)}
        return frozenset(route.unit for route in line) | {self._unit_of(one) for one in self.readers if one.id in told}

    def _is_desk(self, unit: str) -> bool:
        return unit in self.kin.same(self.desk)


def communes_of(rule: Rule, kin: Kin) -> frozenset[str] | None:
    """The communes that a rule is about; None: all, unknown ones too. Selectors that name nobody make it none."""
    if rule.communes == ("all",):
        return None
    try:
        return frozenset(unit.code for unit in select(rule.communes, kin.units))
    except UnknownUnits:
        return frozenset()


def _alike(line: TipLine) -> TipLine:
    """The tip with nothing but what routing looks at: many tips are alike."""
    return TipLine("", line.hour.min, line.kind, line.commune, line.urgency, official=line.official)
