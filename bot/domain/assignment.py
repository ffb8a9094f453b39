"""Assignments: one obligation, one unit, one period, one due instant: what somebody owes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AssignmentState(StrEnum):
    """Owed, or answered for. What is answered can be opened again by a return (a new revision)."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one unit owes. `due` is the last permitted second; `percent` is what its latest progress says."""

    id: int
    plan: str
    obligation: str
    unit: str
    period: str
    due: datetime
    revision: int = 1
    state: AssignmentState = AssignmentState.OPEN
    percent: int = 0

    def is_late(self, now: datetime) -> bool:
        """Whether it is still owed after its last permitted second."""
        return self.state is AssignmentState.OPEN and now > self.due
