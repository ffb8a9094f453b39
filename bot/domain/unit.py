"""Units: the agencies, communes and organisations that a plan speaks to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.trouble import Trouble


class Level(StrEnum):
    """Where a unit stands."""

    PROVINCE = "province"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency, commune or organisation. `bodies` are the groups a plan may name it by ("steering", "department")."""

    code: str  # at most 32 of a-z0-9-: "so-y-te"; a commune: "xa-" and its official code, "xa-02647"
    name: str
    level: Level
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    bodies: frozenset[str] = frozenset()


class UnknownUnits(Trouble):
    """A selector names no unit."""

    def __init__(self, selector: str) -> None:
        super().__init__("plan-no-unit", selector=selector)


def select(selectors: Iterable[str], units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units that the selectors name, each once, in the order of `units`.

    A selector is a unit's code, "all", "level:commune", "body:steering"; with "-" in front it takes away.
    Raises UnknownUnits for one that names nobody.
    """
    known = tuple(units)
    chosen: set[str] = set()
    for selector in selectors:
        named = {unit.code for unit in known if _names(selector.removeprefix("-"), unit)}
        if not named:
            raise UnknownUnits(selector.removeprefix("-"))
        chosen = chosen - named if selector.startswith("-") else chosen | named
    return tuple(unit for unit in known if unit.code in chosen)


def _names(selector: str, unit: Unit) -> bool:
    if selector == "all":
        return True
    kind, _, what = selector.partition(":")
    match kind:
        case "level":
            return unit.level == what
        case "body":
            return what in unit.bodies
        case _:
            return unit.code == selector
