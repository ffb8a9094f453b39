"""Which units are one with another, above it or below it: who learns what it learns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.domain.unit import Level, Unit


@dataclass(frozen=True)
class Kin:
    """The units of a province and their mergers, (what was merged, into what), both by code.

    Circles and codes of units that are not there any more are no errors: data is as it is.
    """

    units: tuple[Unit, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()

    @cached_property
    def codes(self) -> frozenset[str]:
        """The units that there are."""
        return frozenset(unit.code for unit in self.units)

    @cached_property
    def communes(self) -> frozenset[str]:
        """The communes that there are, with all that are one with them or below them."""
        own = frozenset(unit.code for unit in self.units if unit.level is Level.COMMUNE)
        return own.union(*(self.within(code) for code in own))

    def same(self, code: str) -> frozenset[str]:
        """The unit with all that it was merged into, and all that were merged into these: today they are one."""
        return _reached(code, lambda one: self._joined[one])

    def within(self, code: str) -> frozenset[str]:
        """The unit and all below it, mergers included."""
        return _reached(code, lambda one: self._joined[one] | self._below[one])

    def lineage(self, code: str) -> frozenset[str]:
        """The unit, all above it and all below it, mergers included. Those beside it are not of its lineage."""
        return self.within(code) | _reached(code, lambda one: self._joined[one] | self._above[one])

    def today(self, code: str) -> str | None:
        """What the unit has become, if that is a unit that there is; None too where it was merged in a circle."""
        seen: set[str] = set()
        while code in self._into and code not in seen:
            seen.add(code)
            code = self._into[code]
        return code if code in self.codes and code not in seen else None

    @cached_property
    def _into(self) -> dict[str, str]:
        return dict(self.merged)

    @cached_property
    def _joined(self) -> defaultdict[str, set[str]]:
        return _links([*self.merged, *((new, old) for old, new in self.merged)])

    @cached_property
    def _above(self) -> defaultdict[str, set[str]]:
        return _links((unit.code, unit.parent) for unit in self.units if unit.parent)

    @cached_property
    def _below(self) -> defaultdict[str, set[str]]:
        return _links((unit.parent, unit.code) for unit in self.units if unit.parent)


def _links(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, set[str]]:
    links: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        links[one].add(other)
    return links


def _reached(start: str, following: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """All that can be reached from a code, itself included."""
    reached, ahead = {start}, [start]
    while ahead:
        new = set(following(ahead.pop())) - reached
        reached |= new
        ahead.extend(new)
    return frozenset(reached)
