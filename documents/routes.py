"""An operator's routes.toml read: into Routing, or into errors that each name file, line and key, and say what to do.

[desk]                          # where a tip goes when no rule is left
unit = "cong-an-tinh"

[[rule]]                        # the first that fits handles the tip, the next ones follow where nobody opens it
kinds = ["precursors"]          # left out: all
communes = ["level:commune"]    # selectors as in a plan; left out: all, places outside the province too
unit = "so-y-te"                # a unit's code, or "own": the unit of the tip's commune
primary = ["unit"]              # "unit": all readers of that unit; "unit:so-y-te"; or a reader's name
informed = ["unit:cong-an-tinh"]
note = "…"

[[merged]]                      # a unit that became part of another: they are one
unit = "xa-02650"
into = "xa-02647"
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from bot.domain.kin import Kin
from bot.domain.routing import Reader, Routing, Rule
from bot.domain.tip import TipKind
from bot.domain.unit import Unit
from documents.plan_errors import Fault, Mistake, Place, PlanError, mistake
from documents.plan_lines import Lines, find_lines, named
from documents.plan_plainly import syntax_fault, value_fault
from documents.plan_shape import Code, Line, Words
from documents.routes_checks import check

MOST_BYTES = 1_000_000
MOST_TABLES = 2000
REPEATED = ("rule", "merged")
S = TypeVar("S")
T = TypeVar("T")


class RoutesError(PlanError):
    """A file of routes can't be used; `errors` says why, in their lines' order. As a string it speaks Vietnamese."""


@dataclass(frozen=True, slots=True)
class People:
    """All readers there are, and the id of the outside reader that `tinbao init` named; "" where it named none."""

    readers: tuple[Reader, ...] = ()
    outside: str = ""


class _Desk(Struct, frozen=True, forbid_unknown_fields=True):
    unit: Code


class _Rule(Struct, frozen=True, forbid_unknown_fields=True):
    unit: Code
    kinds: Annotated[tuple[Line, ...], Meta(min_length=1)] | None = None
    communes: Annotated[tuple[Line, ...], Meta(min_length=1)] = ("all",)
    primary: Annotated[tuple[Line, ...], Meta(min_length=1)] = ("unit",)
    informed: tuple[Line, ...] = ()
    note: Words = ""


class _Merged(Struct, frozen=True, forbid_unknown_fields=True):
    unit: Code
    into: Code


def read_routes(path: Path, units: Iterable[Unit], people: People | None = None) -> Routing:
    """Reads a file of at most 1 MB of UTF-8. Raises RoutesError with all errors found, OSError where it can't be read.

    `people` None: who reads is not checked (a file looked at where the readers are not known), and nobody does.
    """
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise RoutesError(str(path), [Mistake(Place(), "routing-too-large")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RoutesError(str(path), [Mistake(Place(line), "plan-not-utf8")]) from None
    return routes_from(text, str(path), units, people)


def routes_from(text: str, name: str, units: Iterable[Unit], people: People | None = None) -> Routing:
    """Reads the text of a file; `name` is what errors call the file. Raises RoutesError."""
    text = text.replace("\r\n", "\n")
    lines = find_lines(text)
    reading = _Reading(lines, _parse(text, name, lines))
    routing = reading.routing(tuple(units), people)
    if routing is None or reading.errors:
        raise RoutesError(name, reading.errors)
    return routing


def _parse(text: str, name: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise RoutesError(name, [mistake(*syntax_fault(str(error), lines))]) from None
    except RecursionError:
        raise RoutesError(name, [Mistake(Place(), "plan-too-deep")]) from None


@dataclass(slots=True)
class _Reading:
    """One file being read, and what was found wrong so far."""

    lines: Lines
    data: dict[str, Any]
    errors: list[Mistake] = field(default_factory=list)

    def routing(self, units: tuple[Unit, ...], people: People | None) -> Routing | None:
        """The routing, or None: then `errors` says why."""
        for key in self.data.keys() - {"desk", *REPEATED}:
            self._wrong(key, 0, Fault("", "plan-no-such-table", tables=f"[desk], [[{']], [['.join(REPEATED)}]]"))
        desk = self._desk()
        rules = self._several("rule", _Rule, _rule_of)
        merged = self._several("merged", _Merged, lambda raw: (raw.unit, raw.into))
        if desk is None or self.errors:
            return None
        who = people or People()
        routing = Routing(rules, desk.unit, who.outside, Kin(units, merged), who.readers)
        for table, number, fault in check(routing, with_people=people is not None):
            self._wrong(table, number, fault)
        return routing

    def _desk(self) -> _Desk | None:
        if "desk" in self.data:
            return self._one("desk", 0, self.data["desk"], _Desk, lambda raw: raw)
        self.errors.append(mistake(Place(), Fault("", "routing-no-desk")))
        return None

    def _several(self, table: str, kind: type[S], make: Callable[[S], T]) -> tuple[T, ...]:
        """All tables of a name, made one by one: an error in one does not hide those of the others."""
        raws = self.data.get(table, [])
        if not isinstance(raws, list):
            self._wrong(table, 0, Fault("", "plan-several", table=table))
            return ()
        if len(raws) > MOST_TABLES:
            self._wrong(table, MOST_TABLES + 1, Fault("", "routing-too-many", most=MOST_TABLES))
            return ()
        made = [self._one(table, number, raw, kind, make) for number, raw in enumerate(raws, start=1)]
        return tuple(one for one in made if one is not None)

    def _one(self, table: str, number: int, raw: Any, kind: type[S], make: Callable[[S], T]) -> T | None:
        try:
            return make(msgspec.convert(raw, kind))
        except msgspec.ValidationError as error:
            self._wrong(table, number, value_fault(str(error)))
        except Fault as fault:
            self._wrong(table, number, fault)
        return None

    def _wrong(self, table: str, number: int, fault: Fault) -> None:
        key = ".".join(filter(None, [named(table, number), fault.key]))
        self.errors.append(mistake(Place(self.lines.of(table, number, fault.key), key), fault))


def _rule_of(raw: _Rule) -> Rule:
    """Raises Fault."""
    known = frozenset(TipKind)
    for kind in raw.kinds or ():
        if kind not in known:
            raise Fault("kinds", "plan-choice", value=kind, choices=", ".join(TipKind))
    kinds = frozenset(TipKind(kind) for kind in raw.kinds or ())
    return Rule(raw.unit, kinds, raw.communes, raw.primary, raw.informed, raw.note)
