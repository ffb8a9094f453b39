"""The programme as it runs: the units, and the plans that speak to them, looked up by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.assignment import Assignment
from bot.domain.plan import Obligation, Plan
from bot.domain.unit import Level, Unit


@dataclass(frozen=True)
class Programme:
    """All units of the province, in the order they are shown, and all plans that are loaded."""

    name: str
    zone: ZoneInfo
    units: tuple[Unit, ...] = ()
    plans: tuple[Plan, ...] = ()
    hotlines: tuple[str, ...] = field(default=())

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _obligations(self) -> dict[tuple[str, str], Obligation]:
        return {(plan.code, obligation.code): obligation for plan in self.plans for obligation in plan.obligations}

    @cached_property
    def communes(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.level is Level.COMMUNE)

    def unit(self, code: str) -> Unit | None:
        return self._units.get(code)

    def unit_name(self, code: str) -> str:
        """Its name; the code itself where the unit is not known any more."""
        found = self._units.get(code)
        return found.name if found else code

    def names(self, codes: Iterable[str]) -> list[str]:
        return [self.unit_name(code) for code in codes]

    def obligation(self, assignment: Assignment) -> Obligation | None:
        """What the assignment is about; None where the plan does not ask it any more."""
        return self._obligations.get((assignment.plan, assignment.obligation))
