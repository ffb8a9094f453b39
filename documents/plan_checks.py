"""What must hold between the tables of a plan: codes are unique, selectors name somebody, parents make no circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.plan import Plan
from bot.domain.unit import Unit, UnknownUnits, select
from documents.places import UnknownProvinceError, communes
from documents.plan_errors import Fault
from documents.plan_parts import last_day

Found = Iterator[tuple[str, int, Fault]]
"""What is wrong, with the name and number of the table it stands in."""


def check(plan: Plan) -> Found:
    """All that is wrong between the tables of a plan whose tables are right one by one."""
    try:
        places = communes(plan.province)
    except UnknownProvinceError:
        yield "plan", 0, Fault("province", "plan-no-province", province=plan.province)
        return
    units = (*plan.agencies, *places)
    yield from _codes("unit", [unit.code for unit in units])
    yield from _codes("obligation", [obligation.code for obligation in plan.obligations])
    yield from _codes("indicator", [indicator.code for indicator in plan.indicators])
    yield from _parents(plan.agencies)
    yield from _obligations(plan, units)
    for number, indicator in enumerate(plan.indicators, start=1):
        yield from _selectors("indicator", number, "lead", indicator.lead, units)


def _codes(table: str, codes: Sequence[str]) -> Found:
    seen: dict[str, int] = {}
    for number, code in enumerate(codes, start=1):
        first = seen.setdefault(code, number)
        if first != number:
            yield table, number, Fault("code", "plan-code-taken", code=code, owner=f"{table}[{first}]")


def _obligations(plan: Plan, units: Sequence[Unit]) -> Found:
    for number, obligation in enumerate(plan.obligations, start=1):
        yield from _selectors("obligation", number, "lead", obligation.lead, units)
        yield from _selectors("obligation", number, "partners", obligation.partners, units)
        last = last_day(obligation)
        if last and last < plan.issued[: len(last)]:
            yield "obligation", number, Fault("deadline", "plan-before-issue", last=last, issued=plan.issued)
        codes = [figure.code for figure in obligation.numbers]
        if len(set(codes)) < len(codes):
            yield "obligation", number, Fault("numbers", "plan-numbers-twice")


def _selectors(table: str, number: int, key: str, selectors: Sequence[str], units: Sequence[Unit]) -> Found:
    for selector in selectors:
        try:
            select([selector], units)
        except UnknownUnits:
            yield table, number, Fault(key, "plan-no-unit", selector=selector)
            return
    if selectors and not select(selectors, units):
        yield table, number, Fault(key, "plan-nobody-left")


def _parents(agencies: Sequence[Unit]) -> Found:
    parents = {unit.code: unit.parent for unit in agencies}
    for number, unit in enumerate(agencies, start=1):
        if unit.parent and unit.parent not in parents:
            yield "unit", number, Fault("parent", "plan-no-parent", code=unit.parent)
        elif unit.code in _above(unit, parents):
            yield "unit", number, Fault("parent", "plan-parent-circle", code=unit.code)


def _above(unit: Unit, parents: dict[str, str | None]) -> set[str]:
    """The codes of all units above one, itself included where they go in a circle."""
    above: set[str] = set()
    parent = unit.parent
    while parent is not None and parent not in above:
        above.add(parent)
        parent = parents.get(parent)
    return above
