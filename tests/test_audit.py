"""The audit log: whole as long as nobody touches it, and not whole any more when somebody does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from stored import NOW, at_once, whole

from bot.storage import tables
from bot.storage.audit import broken_link, read_audit, write_audit

A = tables.audit
ACTS = [("minh", "notice.send", "notice:n1 12"), ("lan", "progress", "assignment:1 80%"), ("lan", "join", "")]


async def written(work):
    for n, act in enumerate(ACTS):
        await write_audit(work, NOW + timedelta(seconds=n, milliseconds=123), *act)


@whole
async def test_the_log_says_what_was_done(database):
    """The log says who did what, when, the oldest first, and is whole; an empty one is whole too."""
    async with database.work() as work:
        assert await broken_link(work) is None
        await written(work)
    async with database.work() as work:
        assert [row async for row in read_audit(work)] == [(NOW + timedelta(seconds=n), *a) for n, a in enumerate(ACTS)]
        assert await broken_link(work) is None


@whole
async def test_a_changed_row_is_found(database):
    """Whatever is changed in a row, the log says which row does not follow."""
    changes = {"who": "hoa", "act": "progress.refused", "about": "assignment:2 80%", "at": NOW, "chain": b"\0" * 32}
    async with database.work() as work:
        await written(work)
    for name, value in changes.items():
        async with database.work() as work:
            before = (await work.do(A.select().where(A.c.id == 2))).one()._mapping
            await work.do(update(A).where(A.c.id == 2).values({name: value}))
            assert await broken_link(work) == 2, name
            await work.do(update(A).where(A.c.id == 2).values(dict(before)))
            assert await broken_link(work) is None


@whole
async def test_a_row_taken_out_is_found(database):
    """A row that is taken out of the middle or the beginning is found by the one after it."""
    for gone in (1, 2):
        async with database.work() as work:
            await work.do(delete(A))
            for n, act in enumerate(ACTS):
                await write_audit(work, NOW, *act)
                await work.do(update(A).where(A.c.id == (await _last(work))).values(id=n + 1))
            await work.do(delete(A).where(A.c.id == gone))
            assert await broken_link(work) == gone + 1


async def _last(work):
    return (await work.do(A.select().order_by(A.c.id.desc()))).first().id


@whole
async def test_rows_that_changed_places_are_found(database):
    """Two rows that changed places are found."""
    async with database.work() as work:
        await written(work)
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await work.do(update(A).where(A.c.id == old).values(id=new))
        assert await broken_link(work) == 2


@whole
async def test_a_row_of_ones_own_is_found(database):
    """A row that somebody puts in without the chain is found."""
    async with database.work() as work:
        await written(work)
        await work.do(A.insert().values(at=NOW, who="x", act="y", about="z", chain=b"x" * 32))
        assert await broken_link(work) == 4


@whole
async def test_many_who_write_at_once_make_one_chain(database):
    """Acts written at the same moment stand in one whole chain."""
    await at_once(database, 8, lambda work: write_audit(work, NOW, "lan", "progress", "assignment:1"))
    async with database.work() as work:
        assert len([row async for row in read_audit(work)]) == 8
        assert await broken_link(work) is None


@whole
async def test_an_act_that_was_undone_is_not_in_the_log(database):
    """An act that was undone leaves no row, and the next one follows what stands."""

    async def _fail(work):
        async with work.savepoint():
            await write_audit(work, NOW, "lan", "undone")
            raise LookupError

    async with database.work() as work:
        await written(work)
        with pytest.raises(LookupError):
            await _fail(work)
        await write_audit(work, NOW, "lan", "after")
    async with database.work() as work:
        assert [act async for _, _, act, _ in read_audit(work)] == ["notice.send", "progress", "join", "after"]
        assert await broken_link(work) is None
