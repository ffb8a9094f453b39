"""A plan's TOML file read: into a Plan, or into errors that each name file, line and key, and say what to do.

Tables that can be repeated are counted from 1 in errors: `obligation[3]` is the third [[obligation]].
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.domain.plan import Plan
from documents import plan_parts as parts
from documents import plan_shape as shape
from documents.plan_checks import check
from documents.plan_lines import Lines, find_lines, named
from documents.plan_shape import Fault

MOST_BYTES = 1_000_000
REPEATED = ("unit", "ladder", "obligation", "indicator", "hotline")
S = TypeVar("S")
T = TypeVar("T")


class PlanError(ValueError):
    """A plan file can't be used. `errors` are sentences, one an error; the message is all of them."""

    def __init__(self, errors: Iterable[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(self.errors))


def read_plan(path: Path) -> Plan:
    """Reads a file of at most 1 MB of UTF-8. Raises PlanError with all errors found, OSError where it can't be read."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise PlanError(
            [f"{path}: the file is larger than 1 MB, a plan is some tens of kilobytes: is it the right file?"]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PlanError([f"{path}, line {line}: this is not UTF-8: save the file as UTF-8"]) from None
    return plan_from(text, str(path))


def plan_from(text: str, name: str) -> Plan:
    """Reads a plan's text; `name` is what errors call the file. Raises PlanError."""
    text = text.replace("\r\n", "\n")
    lines = find_lines(text)
    reading = _Reading(lines, _parse(text, name, lines))
    plan = reading.plan()
    if plan is None or reading.errors:
        raise PlanError(f"{name}, line {line}, {message}" for line, message in sorted(set(reading.errors)))
    return plan


def _parse(text: str, name: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError([f"{name}, {_syntax_error(str(error), lines)}"]) from None
    except RecursionError:
        raise PlanError([f"{name}: its values are nested too deeply: a plan needs two levels"]) from None


def _syntax_error(message: str, lines: Lines) -> str:
    """What tomllib says, with the key at that place; a day like 2026-02-30 is named."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(found[1]) if found else max(len(lines.texts), 1)
    text = lines.texts[line - 1] if line <= len(lines.texts) else ""
    column = int(found[2]) - 1 if found else len(text)
    told = _no_moment(text, column) or re.sub(r"\s*\(at [^)]*\)", "", message)
    return ", ".join(filter(None, [f"line {line}", lines.key_at(line, column)])) + f": {told}"


def _no_moment(text: str, column: int) -> str:
    """Whether what stands at this place of a line is meant as a day or a time and is none; tomllib does not say so."""
    for found in re.finditer(r"(\d{4}-\d{2}-\d{2})|\d{1,2}:\d{2}(?::\d{2})?", text):
        if found.start() <= column < found.end():
            return f"{found[0]} is no " + ("day of the calendar" if found[1] else "time of the day: write 10:00:00")
    return ""


@dataclass(slots=True)
class _Reading:
    """One file being read, and what was found wrong so far: line and sentence."""

    lines: Lines
    data: dict[str, Any]
    errors: list[tuple[int, str]] = field(default_factory=list)

    def plan(self) -> Plan | None:
        """The plan, or None: then `errors` says why."""
        for key in self.data.keys() - {"plan", *REPEATED}:
            self._wrong(key, 0, Fault("", f"unknown table; there are [plan], [[{']], [['.join(REPEATED)}]]"))
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
            self._wrong(table, number, _plainly(str(error)))
        except Fault as fault:
            self._wrong(table, number, fault)
        return None

    def _raws(self, table: str) -> Sequence[Any]:
        raws = self.data.get(table, [])
        if isinstance(raws, list):
            return raws
        self._wrong(table, 0, Fault("", f"there can be several: write [[{table}]]"))
        return []

    def _names(self, table: str) -> list[str]:
        return [str(raw.get("name")) for raw in self._raws(table) if isinstance(raw, dict)]

    def _wrong(self, table: str, number: int, fault: Fault) -> None:
        key = ".".join(filter(None, [named(table, number), fault.key]))
        self.errors.append((self.lines.of(table, number, fault.key), f"{key}: {fault}"))


def _plainly(message: str) -> Fault:
    """What msgspec says, as key and sentence: "... - at `$.deadline.before`"."""
    told, _, path = message.partition(" - at `")
    key = re.sub(r"\[\.\.\.\]|\[\d+\]", "", path.strip("`")).removeprefix("$").lstrip(".")
    if found := re.match(r"Object (?:contains unknown|missing required) field `([^`]+)`", told):
        unknown = "unknown" in told
        told = "there is no such key: correct or remove it" if unknown else "this key is missing: add it"
        key = ".".join(filter(None, [key, found[1]]))
    hint = next((hint for sign, hint in shape.HINTS.items() if sign in told or repr(sign) in told), "")
    return Fault(key, hint or told.replace("`", '"'))
