"""Assignments, the rungs of their ladders, and the progress that is answered for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.progress import Progress
from bot.storage import tables
from bot.storage.database import Work

_A = tables.assignment


@dataclass(frozen=True, slots=True)
class NextRung:
    """What is to be said next about an assignment, and when."""

    at: datetime
    rung: str
    turn: int


@dataclass(frozen=True, slots=True)
class Owing:
    """An assignment whose rung is due."""

    assignment: Assignment
    rung: NextRung


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """An assignment to be made, with its first rung; None: nothing is to be said about it."""

    plan: str
    obligation: str
    unit: str
    period: str
    due: datetime
    first: NextRung | None


async def make_assignments(work: Work, wanted: Sequence[NewAssignment]) -> int:
    """Makes those that are not there yet and returns how many. One there is (by plan, obligation, unit, period)."""
    before = await _count(work)
    if wanted:
        await work.do(work.insert(_A).on_conflict_do_nothing(), [_row(new) for new in wanted])
    return await _count(work) - before


async def _count(work: Work) -> int:
    count: int = (await work.do(select(func.count()).select_from(_A))).scalar_one()
    return count


def _row(new: NewAssignment) -> Mapping[str, Any]:
    first = new.first
    return {
        "plan": new.plan,
        "obligation": new.obligation,
        "unit": new.unit,
        "period": new.period,
        "due": new.due,
        "rung_at": first.at if first else None,
        "rung": first.rung if first else None,
        "rung_turn": first.turn if first else None,
        "revision": 1,
        "state": AssignmentState.OPEN.value,
        "percent": 0,
    }


async def due_rungs(work: Work, now: datetime, limit: int = 2000) -> list[Owing]:
    """Open assignments whose next rung is due, the longest due first."""
    found = await work.do(
        select(_A)
        .where(_A.c.rung_at <= now)
        .order_by(_A.c.rung_at, _A.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Owing(_assignment(row), NextRung(row.rung_at, row.rung, row.rung_turn)) for row in found]


async def next_rung_at(work: Work) -> datetime | None:
    """When the next rung of any assignment is due."""
    instant: datetime | None = (await work.do(select(func.min(_A.c.rung_at)))).scalar_one()
    return instant


async def record_reminders(work: Work, owing: Sequence[Owing], now: datetime) -> list[Owing]:
    """Writes down that these rungs are queued; returns those that were not before: the database refuses a second."""
    if not owing:
        return []
    table = tables.reminder
    rows = [
        {
            "assignment": owed.assignment.id,
            "revision": owed.assignment.revision,
            "rung": owed.rung.rung,
            "turn": owed.rung.turn,
            "queued_at": now,
        }
        for owed in owing
    ]
    key = (table.c.assignment, table.c.revision, table.c.rung, table.c.turn)
    written = set(await work.do(work.insert(table).on_conflict_do_nothing().returning(*key), rows))
    return [owed for owed in owing if _key(owed) in written]


def _key(owed: Owing) -> tuple[int, int, str, int]:
    return (owed.assignment.id, owed.assignment.revision, owed.rung.rung, owed.rung.turn)


async def set_rungs(work: Work, rungs: Mapping[int, NextRung | None]) -> None:
    """Sets what is to be said next about each assignment (by id); None: nothing any more."""
    if not rungs:
        return
    rows = [
        {
            "at_id": key,
            "rung_at": r.at if r else None,
            "rung": r.rung if r else None,
            "rung_turn": r.turn if r else None,
        }
        for key, r in rungs.items()
    ]
    await work.do(update(_A).where(_A.c.id == bindparam("at_id")), rows)


async def find_assignment(work: Work, id_: int) -> Assignment | None:
    row = (await work.do(select(_A).where(_A.c.id == id_))).first()
    return _assignment(row) if row else None


async def find_assignments(work: Work, ids: Iterable[int]) -> list[Assignment]:
    found = await work.do(select(_A).where(_A.c.id.in_(list(ids))).order_by(_A.c.due, _A.c.id))
    return [_assignment(row) for row in found]


async def open_assignments(work: Work, units: Iterable[str], until: datetime, limit: int = 50) -> list[Assignment]:
    """What the units owe that is due by `until`, the soonest due first."""
    found = await work.do(
        select(_A)
        .where(_A.c.unit.in_(sorted(units)), _A.c.state == AssignmentState.OPEN.value, _A.c.due <= until)
        .order_by(_A.c.due, _A.c.id)
        .limit(limit)
    )
    return [_assignment(row) for row in found]


async def add_progress(work: Work, progress: Progress, *, closes: bool) -> None:
    """Writes an answer down. Where it closes the assignment, nothing more is said about it."""
    await work.do(
        insert(tables.progress).values(
            assignment=progress.assignment,
            revision=progress.revision,
            at=progress.at,
            member=progress.member,
            percent=progress.percent,
            result=progress.result,
            difficulties=progress.difficulties,
        )
    )
    values: dict[str, Any] = {"percent": progress.percent}
    if closes:
        values |= {"state": AssignmentState.DONE.value, "rung_at": None, "rung": None, "rung_turn": None}
    await work.do(update(_A).where(_A.c.id == progress.assignment).values(values))


async def last_progress(work: Work, assignment: int) -> Progress | None:
    table = tables.progress
    row = (
        await work.do(select(table).where(table.c.assignment == assignment).order_by(table.c.id.desc()).limit(1))
    ).first()
    if row is None:
        return None
    return Progress(row.assignment, row.revision, row.at, row.member, row.percent, row.result, row.difficulties)


def _assignment(row: Any) -> Assignment:
    return Assignment(
        row.id,
        row.plan,
        row.obligation,
        row.unit,
        row.period,
        row.due,
        row.revision,
        AssignmentState(row.state),
        row.percent,
    )
