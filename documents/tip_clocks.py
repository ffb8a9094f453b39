"""The rows of the desk's clocks read from a TOML file: ours (data/tip-clocks.toml) or an operator's own.

Every error names file, line and key, as those of plans do (documents/plan_file.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from bot.domain.clock_row import ClockRow
from documents.plan_errors import Fault, Mistake, Place, PlanError, mistake
from documents.plan_lines import Lines, find_lines, named
from documents.plan_plainly import syntax_fault, value_fault
from documents.tip_clock_shape import RawClock, row_of

OUR_CLOCKS = Path(__file__).parent / "data" / "tip-clocks.toml"
MOST_BYTES = 1_000_000
TABLE = "clock"
_FOR_PLANS = {
    "plan-toml-twice": "tipclock-twice",
    "plan-toml-header": "tipclock-header",
    "plan-value": "tipclock-value",
}
"""Sentences whose examples are of plans, and ours in their place."""

Numbered = Sequence[tuple[int, ClockRow]]


class TipClocksError(PlanError):
    """A file of clock rows can't be used; `errors` says why, in the order of its lines."""


@cache
def our_clocks() -> tuple[ClockRow, ...]:
    """The rows that come with Tin Báo."""
    return read_tip_clocks(OUR_CLOCKS)


def read_tip_clocks(path: Path) -> tuple[ClockRow, ...]:
    """Reads a file of at most 1 MB of UTF-8. Raises TipClocksError with all that is wrong, OSError for no such file."""
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise TipClocksError(str(path), [Mistake(Place(), "tipclock-too-large")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TipClocksError(str(path), [Mistake(Place(line), "plan-not-utf8")]) from None
    return tip_clocks_from(text, str(path))


def tip_clocks_from(text: str, name: str) -> tuple[ClockRow, ...]:
    """Reads the text of a file; `name` is what errors call it. Raises TipClocksError."""
    text = text.replace("\r\n", "\n")
    lines = find_lines(text)
    raws, errors = _tables(_parse(text, name, lines), lines)
    rows: list[tuple[int, ClockRow]] = []
    for number, raw in enumerate(raws, start=1):
        try:
            rows.append((number, row_of(msgspec.convert(raw, RawClock))))
        except msgspec.ValidationError as error:
            errors.append(_mistake(lines, number, value_fault(str(error))))
        except Fault as fault:
            errors.append(_mistake(lines, number, fault))
    if not errors:
        errors += [_mistake(lines, number, fault) for number, fault in _between(rows)]
    if errors:
        raise TipClocksError(name, errors)
    return tuple(row for _, row in rows)


def _parse(text: str, name: str, lines: Lines) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        place, fault = syntax_fault(str(error), lines)
        raise TipClocksError(name, [_ours(mistake(place, fault))]) from None
    except RecursionError:
        raise TipClocksError(name, [Mistake(Place(), "tipclock-too-deep")]) from None


def _tables(parsed: dict[str, Any], lines: Lines) -> tuple[Sequence[Any], list[Mistake]]:
    """The [[clock]] tables, and what stands beside them that should not."""
    wrong = Fault("", "plan-no-such-table", tables=f"[[{TABLE}]]")
    errors = [mistake(Place(lines.of(key, 0), key), wrong) for key in parsed.keys() - {TABLE}]
    raws = parsed.get(TABLE, [])
    if not isinstance(raws, list):
        return [], [*errors, _mistake(lines, 0, Fault("", "plan-several", table=TABLE))]
    if not raws and not errors:
        errors.append(Mistake(Place(), "tipclock-none"))
    return raws, errors


def _mistake(lines: Lines, number: int, fault: Fault) -> Mistake:
    key = ".".join(filter(None, [named(TABLE, number), fault.key]))
    return _ours(mistake(Place(lines.of(TABLE, number, fault.key), key), fault))


def _ours(error: Mistake) -> Mistake:
    return Mistake(error.place, _FOR_PLANS.get(error.sentence, error.sentence), error.values)


# --- between the rows ------------------------------------------------------------------------------------------------


def _between(rows: Numbered) -> Iterator[tuple[int, Fault]]:
    """What is wrong between rows that are right one by one."""
    yield from _overlaps(rows)
    yield from _extensions(rows)


def _overlaps(rows: Numbered) -> Iterator[tuple[int, Fault]]:
    """Two rows of one id that are valid on the same day: each is held against the one that lasts longest before it."""
    longest: dict[str, tuple[int, date]] = {}
    for number, row in sorted(rows, key=lambda one: (one[1].valid_from, one[0])):
        owner, lasts = longest.get(row.id, (0, date.min))
        if lasts >= row.valid_from:
            values = {"id": row.id, "owner": named(TABLE, owner), "day": row.valid_from}
            yield number, Fault("valid_from", "tipclock-overlap", **values)
        longest[row.id] = max((owner, lasts), (number, row.valid_to or date.max), key=itemgetter(1))


def _extensions(rows: Numbered) -> Iterator[tuple[int, Fault]]:
    offices = {row.id: "" for _, row in rows} | {row.id: row.extendable_by for _, row in rows if row.extendable_by}
    above = {row.id: row.extends for _, row in rows if row.extends}
    for number, row in rows:
        if row.extendable_by and row.id not in above.values():
            yield number, Fault("extendable_by", "tipclock-extendable-idle", id=row.id)
        if not row.extends:
            continue
        if row.extends not in offices:
            yield number, Fault("extends", "tipclock-extends-unknown", id=row.extends)
        elif _is_circle(row.id, above):
            yield number, Fault("extends", "tipclock-extends-circle", id=row.id)
        elif not offices[row.extends]:
            yield number, Fault("extends", "tipclock-extends-nobody", id=row.extends)


def _is_circle(id_: str, above: dict[str, str]) -> bool:
    """Whether going from row to extended row comes back to where it began."""
    seen: set[str] = set()
    at = above.get(id_, "")
    while at and at not in seen:
        seen.add(at)
        at = above.get(at, "")
    return id_ in seen
