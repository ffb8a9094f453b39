"""Tips as they are kept: sealed to the readers, without a trace of who sent them, their time to the hour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, select

from bot.domain.tip import TipKind, TipLine, TipState, Urgency
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.seal import SealedTip

_T, _K, _R = tables.tip, tables.tip_key, tables.reader


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
            state=line.state.value,
            body=sealed.body,
            look_up=mark.look_up,
            receipt_public=mark.public,
            way_back=way_back,
        )
    )
    rows = [{"tip": line.id, "reader": reader, "sealed": key} for reader, key in sealed.keys.items()]
    await work.do(insert(_K), rows)


async def find_by_receipt(work: Work, look_up: bytes) -> TipLine | None:
    """The tip that a receipt opens."""
    row = (await work.do(select(_T).where(_T.c.look_up == look_up))).first()
    return _line(row) if row else None


async def sealed_tips(work: Work, reader: str) -> AsyncIterator[tuple[TipLine, bytes, bytes]]:
    """All tips that were sealed to the reader: what may be seen of each, the reader's sealed key, and the body."""
    found = await work.do(
        select(_T, _K.c.sealed).join(_K, _K.c.tip == _T.c.id).where(_K.c.reader == reader).order_by(_T.c.hour, _T.c.id)
    )
    for row in found:
        yield _line(row), row.sealed, row.body


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
    others = exists().where(other.c.tip == _K.c.tip, other.c.reader != reader)
    count = await work.do(select(func.count()).select_from(_K).where(_K.c.reader == reader, ~others))
    return int(count.scalar_one())


def _line(row: Any) -> TipLine:
    return TipLine(
        row.id,
        row.hour,
        TipKind(row.kind),
        row.commune,
        Urgency(row.urgency),
        TipState(row.state),
    )
