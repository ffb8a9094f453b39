"""Units, and the plans that speak to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import select

from bot.domain.unit import Level, Unit
from bot.storage import tables
from bot.storage.database import Work

_LIST = msgspec.json.Decoder(list[str])


async def put_units(work: Work, units: Iterable[Unit]) -> None:
    """Keeps the units, in this order. One that is there already keeps its place, its aliases and its bodies, beside
    what it has now: another plan that is loaded may name it by them.
    """
    before = {unit.code: unit for unit in await all_units(work)}
    places = {code: place for place, code in enumerate(before)}
    rows = []
    for unit in units:
        known = before.get(unit.code, unit)
        rows.append(
            {
                "code": unit.code,
                "name": unit.name,
                "level": unit.level.value,
                "parent": unit.parent,
                "aliases": msgspec.json.encode(list(dict.fromkeys((*known.aliases, *unit.aliases)))).decode(),
                "bodies": msgspec.json.encode(sorted(known.bodies | unit.bodies)).decode(),
                "place": places.setdefault(unit.code, len(places)),
            }
        )
    await work.put(tables.unit, rows)


async def all_units(work: Work) -> tuple[Unit, ...]:
    """Every unit, in the order they were given."""
    found = await work.do(select(tables.unit).order_by(tables.unit.c.place))
    return tuple(
        Unit(
            row.code,
            row.name,
            Level(row.level),
            row.parent,
            tuple(_LIST.decode(row.aliases)),
            frozenset(_LIST.decode(row.bodies)),
        )
        for row in found
    )


async def put_plan(work: Work, code: str, body: bytes, now: datetime) -> None:
    """Keeps a plan's file as it was loaded."""
    await work.put(tables.plan, [{"code": code, "body": body, "loaded_at": now}])


async def all_plans(work: Work) -> dict[str, bytes]:
    """The files of all plans that are loaded, by code."""
    found = await work.do(select(tables.plan.c.code, tables.plan.c.body).order_by(tables.plan.c.code))
    return {row.code: row.body for row in found}
