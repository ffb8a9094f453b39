"""Tips as they are kept: sealed to the readers, without a trace of who sent them, their time to the hour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, select, update

from bot import chance
from bot.domain.tip import Official, Outcome, TipKind, TipLine, TipState, Urgency, check_move, hour_of
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.seal import KEY_LENGTH, SealedTip

_T, _K, _R = tables.tip, tables.tip_key, tables.reader

BODY = "text"
"""The name of a tip's own body among its parts."""


@dataclass(frozen=True, slots=True)
class ReceiptMark:
    """What is kept of a receipt: where its tip is found, and the public key that answers are sealed to."""

    look_up: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """Somebody who can read tips: their id, name, and public key (32 bytes)."""

    id: str
    name: str
    public: bytes


async def file_tip(work: Work, line: TipLine, sealed: SealedTip, mark: ReceiptMark, way_back: bytes | None) -> None:
    """Keeps a tip. `way_back` is sealed already, with a key outside the database; None: no way back was chosen."""
    await work.do(
        insert(_T).values(
            id=line.id,
            hour=line.hour,
            kind=line.kind.value,
            commune=line.commune,
            urgency=line.urgency.value,
            official=line.official.value,
            state=line.state.value,
            outcome=line.outcome.value,
            since=line.since or line.hour,
            talks=line.talks,
            blocked=line.blocked,
            body=sealed.body,
            look_up=mark.look_up,
            receipt_public=mark.public,
            way_back=way_back,
        )
    )
    await keep_keys(work, line.id, BODY, sealed.keys)


async def keep_keys(work: Work, tip: str, part: str, keys: Mapping[str, bytes]) -> None:
    """Keeps the content key of a tip's body or part, sealed to each reader."""
    rows = [{"tip": tip, "part": part, "reader": reader, "sealed": key} for reader, key in keys.items()]
    await work.do(insert(_K), rows)


# --- where a tip stands ----------------------------------------------------------------------------------------------


async def find_by_receipt(work: Work, look_up: bytes) -> tuple[TipLine, bytes] | None:
    """The tip that a receipt opens, and the receipt's public key. A talk closed for good is found by none."""
    row = (await work.do(select(_T).where(_T.c.look_up == look_up))).first()
    return (tip_line(row), row.receipt_public) if row else None


async def find_tip(work: Work, tip: str) -> tuple[TipLine, bytes] | None:
    """The tip with this id, and its receipt's public key."""
    row = (await work.do(select(_T).where(_T.c.id == tip))).first()
    return (tip_line(row), row.receipt_public) if row else None


async def tips_named(work: Work, name: str) -> list[str]:
    """The ids of the tips whose id is, or begins with, this name; at most two: more is not one either way."""
    begins = _T.c.id.startswith(name, autoescape=True) if name.isascii() and name.isalnum() else _T.c.id == name
    found = list((await work.do(select(_T.c.id).where(begins).order_by(_T.c.id).limit(2))).scalars()) if name else []
    return [name] if name in found else found


async def move_tip(
    work: Work, tip: str, to: TipState, now: datetime, outcome: Outcome = Outcome.OPEN, by: str | None = None
) -> TipLine:
    """The tip stands there from this hour on, in the hands of the member `by`; None: in the hands it was in. Nobody has
    one that was given back. Raises WrongMove, ValueError, LookupError where there is no such tip.
    """
    row = (await work.do(select(_T).where(_T.c.id == tip).with_for_update())).first()
    if row is None:
        raise LookupError("no such tip")
    check_move(TipState(row.state), to, outcome)
    values: dict[str, Any] = {"state": to.value, "outcome": outcome.value, "since": hour_of(now)}
    if by is not None or to is TipState.RECEIVED:
        values["taken_by"] = None if to is TipState.RECEIVED else by
    moved = await work.do(update(_T).where(_T.c.id == tip).values(values).returning(_T))
    return tip_line(moved.one())


async def close_talk(work: Work, tip: str) -> None:
    """The citizen wants no more of it: no receipt finds the tip, nothing leads back, nobody can write to them."""
    nobody = chance.token(KEY_LENGTH)
    await work.do(update(_T).where(_T.c.id == tip).values(look_up=nobody, way_back=None, talks=False))


# --- the ways back ---------------------------------------------------------------------------------------------------


async def way_back(work: Work, tip: str) -> bytes | None:
    """The sealed way back to the chat that the tip came from; None where there is none any more."""
    return (await work.do(select(_T.c.way_back).where(_T.c.id == tip))).scalar()


async def ways_back(work: Work) -> AsyncIterator[tuple[str, bytes]]:
    """All that there are, by tip: only by opening each can it be told where one leads."""
    for row in await work.do(select(_T.c.id, _T.c.way_back).where(_T.c.way_back.is_not(None))):
        yield row.id, row.way_back


async def destroy_ways_back(work: Work, tips: list[str]) -> None:
    if tips:
        await work.do(update(_T).where(_T.c.id.in_(tips)).values(way_back=None))


async def destroy_old_ways_back(work: Work, before: datetime) -> None:
    """The retention time of a way back is over: it led to a tip from before this hour."""
    await work.do(update(_T).where(_T.c.way_back.is_not(None), _T.c.hour < before).values(way_back=None))


# --- reading ---------------------------------------------------------------------------------------------------------


async def sealed_tips(work: Work, reader: str) -> AsyncIterator[tuple[TipLine, bytes, bytes]]:
    """All tips that were sealed to the reader: what may be seen of each, the reader's sealed key, and the body."""
    found = await work.do(
        select(_T, _K.c.sealed)
        .join(_K, (_K.c.tip == _T.c.id) & (_K.c.part == BODY))
        .where(_K.c.reader == reader)
        .order_by(_T.c.hour, _T.c.id)
    )
    for row in found:
        yield tip_line(row), row.sealed, row.body


async def add_reader(work: Work, reader: ReaderKey) -> ReaderKey:
    """New tips are sealed to them too. Whose key was retired is back, under the id that they had."""
    row = {"id": reader.id, "name": reader.name, "public": reader.public, "retired_at": None}
    back = {"name": reader.name, "retired_at": None}
    added = await work.do(
        work.insert(_R).values(row).on_conflict_do_update(index_elements=["public"], set_=back).returning(_R.c.id)
    )
    return ReaderKey(added.scalar_one(), reader.name, reader.public)


async def active_readers(work: Work) -> Mapping[str, ReaderKey]:
    """Those that new tips are sealed to, by id."""
    found = await work.do(select(_R).where(_R.c.retired_at.is_(None)).order_by(_R.c.id))
    return {row.id: ReaderKey(row.id, row.name, row.public) for row in found}


async def retire_reader(work: Work, reader: str, now: datetime) -> bool:
    """No tip is sealed to this reader any more, and the keys of the ones that were are erased. False: unknown."""
    if reader not in await active_readers(work):
        return False
    await work.do(_R.update().where(_R.c.id == reader).values(retired_at=now))
    await work.do(_K.delete().where(_K.c.reader == reader))
    return True


async def tips_only_of(work: Work, reader: str) -> int:
    """How many tips nobody but this reader can open."""
    other = _K.alias()
    others = exists().where(other.c.tip == _K.c.tip, other.c.part == BODY, other.c.reader != reader)
    mine = select(func.count()).select_from(_K).where(_K.c.reader == reader, _K.c.part == BODY, ~others)
    return int((await work.do(mine)).scalar_one())


def tip_line(row: Any) -> TipLine:
    """What a row of the table tells to everybody at the desk."""
    return TipLine(
        row.id,
        row.hour,
        TipKind(row.kind),
        row.commune,
        Urgency(row.urgency),
        TipState(row.state),
        Official(row.official),
        Outcome(row.outcome),
        row.since,
        row.talks,
        row.blocked,
    )
