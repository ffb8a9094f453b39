"""A plan's TOML file read: into a Plan, or into errors that each name file, line and key, and say what to do.

Tables that can be repeated are counted from 1 in errors: `obligation[3]` is the third [[obligation]].
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.domain.plan import Plan
from documents import plan_parts as parts
from documents import plan_shape as shape
from documents.plan_checks import check
from documents.plan_errors import Fault, Mistake, Place, PlanError, mistake
from documents.plan_lines import Lines, find_lines, named
from documents.plan_plainly import syntax_fault, value_fault

__all__ = ["PlanError", "plan_from", "read_plan"]

MOST_BYTES = 1_000_000
REPEATED = ("unit", "ladder", "obligation", "indicator", "hotline")
S = TypeVar("S")
T = TypeVar("T")


def read_plan(path: Path) -> Plan:
    """Reads a file of at most 1 MB of UTF-8. Raises PlanError with all errors found, OSError where it can't be read."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise PlanError(str(path), [Mistake(Place(), "plan-too-large")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PlanError(str(path), [Mistake(Place(line), "plan-not-utf8")]) from None
    return plan_from(text, str(path))


def plan_from(text: str, name: str) -> Plan:
    """Reads a plan's text; `name` is what errors call the file. Raises PlanError."""
    text = text.replace("\r\n", "\n")
    lines = find_lines(text)
    reading = _Reading(lines, _parse(text, name, lines))
    plan = reading.plan()
    if plan is None or reading.errors:
        raise PlanError(name, reading.errors)
    return plan


def _parse(text: str, name: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise PlanError(name, [mistake(*syntax_fault(str(error), lines))]) from None
    except RecursionError:
        raise PlanError(name, [Mistake(Place(), "plan-too-deep")]) from None


@dataclass(slots=True)
class _Reading:
    """One file being read, and what was found wrong so far."""

    lines: Lines
    data: dict[str, Any]
    errors: list[Mistake] = field(default_factory=list)

    def plan(self) -> Plan | None:
        """The plan, or None: then `errors` says why."""
        for key in self.data.keys() - {"plan", *REPEATED}:
            self._wrong(key, 0, Fault("", "plan-no-such-table", tables=f"[plan], [[{']], [['.join(REPEATED)}]]"))
        head = self._one("plan", 0, self.data.get("plan", {}), shape.Head, parts.head_of)
        agencies = self._several("unit", shape.Agency, parts.unit_of)
        ladders = dict(self._several("ladder", shape.Rungs, parts.ladder_of))
        named_ladders = {**dict.fromkeys(self._names("ladder"), parts.NO_LADDER), **ladders}
        duties = self._several("obligation", shape.Duty, lambda raw: parts.obligation_of(raw, named_ladders))
        targets = self._several("indicator", shape.Target, parts.indicator_of)
        hotlines = self._several("hotline", shape.Phone, parts.hotline_of)
        if head is None or self.errors:
            return None
        duties = tuple(parts.with_defaults(duty, head) for duty in duties)
        plan = replace(head, agencies=agencies, obligations=duties, indicators=targets, hotlines=hotlines)
        for table, number, fault in check(plan):
            self._wrong(table, number, fault)
        return plan

    def _several(self, table: str, kind: type[S], make: Callable[[S], T]) -> tuple[T, ...]:
        """All tables of a name, made one by one: an error in one does not hide those of the others."""
        raws = self._raws(table)
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

    def _raws(self, table: str) -> Sequence[Any]:
        raws = self.data.get(table, [])
        if isinstance(raws, list):
            return raws
        self._wrong(table, 0, Fault("", "plan-several", table=table))
        return []

    def _names(self, table: str) -> list[str]:
        return [str(raw.get("name")) for raw in self._raws(table) if isinstance(raw, dict)]

    def _wrong(self, table: str, number: int, fault: Fault) -> None:
        key = ".".join(filter(None, [named(table, number), fault.key]))
        self.errors.append(mistake(Place(self.lines.of(table, number, fault.key), key), fault))
