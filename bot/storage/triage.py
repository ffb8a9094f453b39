"""Tips as the people at the desk handle them: who has which, what is open, which are about the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update

from bot.domain.tip import Official, Outcome, TipLine, TipState, Urgency, hour_of
from bot.domain.triage import Standing
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.tips import tip_line

_T, _L, _M = tables.tip, tables.tip_link, tables.member

ALIKE_DAYS = 14
"""Tips of the same commune and kind may be about the same thing so many days apart."""

_OPEN = _T.c.state != TipState.CLOSED.value


@dataclass(frozen=True, slots=True)
class Hidden:
    """What somebody must not see: tips about officials of these communes, and these tips."""

    communes: Collection[str] = ()
    tips: Collection[str] = ()


async def take_tip(work: Work, tip: str, member: str, now: datetime) -> TipLine | None:
    """The tip is this member's from this hour on; None where it is not there to be taken (any more)."""
    free = (_T.c.id == tip) & (_T.c.state == TipState.RECEIVED.value)
    taken = {"state": TipState.TAKEN.value, "since": hour_of(now), "taken_by": member}
    row = (await work.do(update(_T).where(free).values(taken).returning(_T))).first()
    return tip_line(row) if row else None


async def forward_to(work: Work, tip: str, unit: str) -> None:
    """Keeps which unit the tip was forwarded to."""
    await work.do(update(_T).where(_T.c.id == tip).values(unit=unit))


async def find_standing(work: Work, tip: str, *, lock: bool = False) -> Standing | None:
    """How the tip stands at the desk. `lock`: nobody else moves it before this work is done."""
    if lock:
        await work.do(select(_T.c.id).where(_T.c.id == tip).with_for_update())
    found = await _standings(work, _T.c.id == tip)
    return found[0] if found else None


# --- what is open ----------------------------------------------------------------------------------------------------


async def open_tips(work: Work, hidden: Hidden, *, blocked: bool, first: int, most: int) -> list[Standing]:
    """Open tips, urgent ones first, then the oldest first, from the `first` on; those of blocked senders, or the
    others.
    """
    urgent = case((_T.c.urgency == Urgency.NOW.value, 0), else_=1)
    which = _OPEN & (_T.c.blocked == blocked) & _seen(hidden)
    return await _standings(work, which, (urgent, _T.c.hour, _T.c.id), first, most)


async def count_open(work: Work, hidden: Hidden) -> Mapping[tuple[TipState, bool], int]:
    """How many tips are open, by state and whether their sender was blocked."""
    by = (_T.c.state, _T.c.blocked)
    found = await work.do(select(*by, func.count().label("many")).where(_OPEN, _seen(hidden)).group_by(*by))
    return {(TipState(row.state), bool(row.blocked)): row.many for row in found}


async def young_tips(work: Work, since: datetime) -> list[str]:
    """The open tips that came in this hour or later."""
    return list((await work.do(select(_T.c.id).where(_OPEN, _T.c.hour >= hour_of(since)))).scalars())


def _seen(hidden: Hidden) -> Any:
    about_officials = (_T.c.official == Official.YES.value) & _T.c.commune.in_(list(hidden.communes))
    return ~about_officials & _T.c.id.not_in(list(hidden.tips))


# --- tips about the same thing ---------------------------------------------------------------------------------------


async def alike(work: Work, line: TipLine, hidden: Hidden, most: int) -> list[Standing]:
    """Tips that may be about the same thing, the nearest hours first: of the same commune and kind, within
    ALIKE_DAYS, no spam, and not linked to it yet.
    """
    days = timedelta(days=ALIKE_DAYS)
    near = and_(
        _T.c.id != line.id,
        _T.c.commune == line.commune,
        _T.c.kind == line.kind.value,
        _T.c.hour.between(line.hour - days, line.hour + days),
        or_(_OPEN, _T.c.outcome != Outcome.SPAM.value),
        _T.c.id.not_in(select(_L.c.other).where(_L.c.tip == line.id)),
        _seen(hidden),
    )
    found = await _standings(work, near)
    return sorted(found, key=lambda one: (abs(one.line.hour - line.hour), one.line.id))[:most]


async def link_tips(work: Work, one: str, other: str) -> None:
    """The two are about the same thing; said twice, it is kept once."""
    await work.put(tables.tip_link, [{"tip": one, "other": other}, {"tip": other, "other": one}])


async def _standings(
    work: Work, which: Any, order: tuple[Any, ...] = (_T.c.hour, _T.c.id), first: int = 0, most: int | None = None
) -> list[Standing]:
    seen = select(_T, _M.c.name.label("holder")).outerjoin(_M, _M.c.id == _T.c.taken_by).where(which).order_by(*order)
    rows = (await work.do(seen.offset(first).limit(most))).all()
    same = await _links(work, [row.id for row in rows])
    return [
        Standing(tip_line(row), row.taken_by or "", row.holder or "", row.unit or "", same.get(row.id, ()))
        for row in rows
    ]


async def _links(work: Work, tips: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in await work.do(select(_L).where(_L.c.tip.in_(list(tips))).order_by(_L.c.other)):
        found[row.tip].append(row.other)
    return {tip: tuple(others) for tip, others in found.items()}
