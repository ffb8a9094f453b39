"""What has happened to tips, as far as their clocks count it; and which reminders of clocks were queued."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.clock_row import TipEventKind
from bot.domain.tip import TipState, hour_of
from bot.domain.tip_clock import TipEvent
from bot.storage import tables
from bot.storage.database import Work

_E, _R, _T = tables.tip_event, tables.tip_reminder, tables.tip

Said = tuple[str, str, datetime, str, int]
"""A reminder: tip, row, the hour its clock was started, rung, and the rung's turn."""


async def record_event(work: Work, tip: str, event: TipEvent) -> None:
    """Adds what happened, after all that happened to this tip before."""
    before = await work.do(select(func.max(_E.c.number)).where(_E.c.tip == tip))
    number = (before.scalar() or 0) + 1
    values = {"kind": event.kind.value, "hour": hour_of(event.at), "row": event.row, "by": event.by}
    await work.do(_E.insert().values(tip=tip, number=number, **values))


async def events_of(work: Work, tips: Collection[str]) -> dict[str, list[TipEvent]]:
    """What happened to each, in order."""
    found: dict[str, list[TipEvent]] = {tip: [] for tip in tips}
    for row in await work.do(select(_E).where(_E.c.tip.in_(tips)).order_by(_E.c.tip, _E.c.number)):
        found[row.tip].append(TipEvent(TipEventKind(row.kind), row.hour, row.row, row.by))
    return found


async def watched_tips(work: Work, closed_since: datetime) -> dict[str, str]:
    """The tips whose clocks may run, with their communes: those that are open, and those closed since then."""
    is_watched = (_T.c.state != TipState.CLOSED.value) | (_T.c.since >= closed_since)
    found = await work.do(select(_T.c.id, _T.c.commune).where(is_watched))
    return {row.id: row.commune for row in found}


async def not_yet_said(work: Work, reminders: Sequence[Said]) -> list[Said]:
    """Those of the reminders that were not queued before; they are written down as queued."""
    fresh = []
    for one in reminders:
        tip, row, started, rung, turn = one
        values = {"tip": tip, "row": row, "started": started, "rung": rung, "turn": turn}
        added = await work.do(work.insert(_R).values(values).on_conflict_do_nothing().returning(_R.c.tip))
        if added.first():
            fresh.append(one)
    return fresh


async def forget_events(work: Work, tips: Iterable[str]) -> None:
    """A tip is erased: what happened to it as well."""
    gone = list(tips)
    await work.do(_E.delete().where(_E.c.tip.in_(gone)))
    await work.do(_R.delete().where(_R.c.tip.in_(gone)))
