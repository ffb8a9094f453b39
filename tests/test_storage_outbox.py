"""The outbox: what goes first, what is known of a message's fate, and that nothing of it can be read at rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from stored import NOW, at_once, opened, whole

from bot.channels.channel import Button, Said
from bot.storage import tables
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import SealBroken, Vault

OUTBOX = Outbox(Vault(b"k" * 32))
SECOND = timedelta(seconds=1)


def posting(text, priority=Priority.ANSWER, at=NOW, **more):
    return Posting(Parcel("script", "chat", Said(text)), priority, at, **more)


async def texts(work, now=NOW, limit=100):
    return [taken.parcel.said.text for taken in await OUTBOX.take(work, "script", now, limit)]


@whole
async def test_a_parcel_comes_out_as_it_went_in(database):
    """All of a parcel comes out as it was put in."""
    said = Said("chữ", head="đầu", rows=((Button("Có", "x:1"),),), await_text=True, subject="notice:1", protect=True)
    parcel = Parcel("script", "chat", said, act="edit", ref="7", about="notice:1:c")
    async with database.work() as work:
        await OUTBOX.queue(work, [Posting(parcel, Priority.TIP, NOW)])
        (taken,) = await OUTBOX.take(work, "script", NOW, 10)
        assert (taken.parcel, taken.priority, taken.attempts, taken.unsure) == (parcel, Priority.TIP, 0, False)


@whole
async def test_priority_goes_before_age(database):
    """Answers overtake tips, tips reminders, reminders notices; of one priority, the oldest goes first."""
    async with database.work() as work:
        for n, priority in enumerate([*reversed(Priority), *Priority]):
            await OUTBOX.queue(work, [posting(f"{priority.name} {n}", priority)])
        assert await texts(work, limit=3) == ["ANSWER 3", "ANSWER 4", "TIP 2"]
        assert await texts(work) == ["TIP 5", "REMINDER 1", "REMINDER 6", "NOTICE 0", "NOTICE 7"]


@whole
async def test_what_is_queued_together_goes_in_that_order(database):
    """A hundred parcels that are queued at once go in that order."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting(str(n)) for n in range(100)])
        await OUTBOX.queue(work, [])
        assert await texts(work) == [str(n) for n in range(100)]


@whole
async def test_a_parcel_waits_for_its_instant_and_its_channel(database):
    """A parcel is not taken before its instant, nor for another channel."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("later", at=NOW + SECOND)])
        assert await OUTBOX.take(work, "script", NOW, 10) == []
        assert await OUTBOX.take(work, "zalo", NOW + SECOND, 10) == []
        assert await texts(work, NOW + SECOND) == ["later"]


@whole
async def test_next_at_is_the_earliest_that_waits(database):
    """The next instant is that of the earliest waiting parcel of the channel; taken ones wait no more."""
    async with database.work() as work:
        assert await OUTBOX.next_at(work, "script") is None
        await OUTBOX.queue(work, [posting("b", at=NOW + 9 * SECOND), posting("a", at=NOW + 5 * SECOND)])
        assert await OUTBOX.next_at(work, "script") == NOW + 5 * SECOND
        assert await OUTBOX.next_at(work, "zalo") is None
        await texts(work, NOW + 5 * SECOND)
        assert await OUTBOX.next_at(work, "script") == NOW + 9 * SECOND
        assert len((await work.do(select(tables.outbox))).all()) == 2


@whole
async def test_a_key_waits_once_and_says_the_newest(database):
    """While a parcel with a key waits, a second takes its place and words; once it was taken, the next is its own."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("old", once="board:1"), posting("other", once="board:2"), posting("free")])
        await OUTBOX.queue(work, [posting("new", once="board:1")])
        assert await texts(work) == ["new", "other", "free"]
        await OUTBOX.queue(work, [posting("next", once="board:1")])
        assert await texts(work) == ["next"]


@whole
async def test_a_parcel_is_sending_before_the_call(database):
    """A parcel is written down as sending before it is sent: a second take does not find it."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("once")])
    async with database.work() as work:
        assert await texts(work) == ["once"]
    async with database.work() as work:
        assert await texts(work) == []
        assert (await work.do(select(tables.outbox.c.state))).scalars().all() == ["sending"]


@whole
async def test_what_was_sending_at_a_crash_is_unsure(database):
    """After a crash exactly what was being sent is unsure; what was waiting is not."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting(str(n)) for n in range(4)])
        taken = await OUTBOX.take(work, "script", NOW, 3)
        await OUTBOX.done(work, [taken[0].id])
    async with database.work() as work:
        assert await OUTBOX.recover(work, NOW) == 2
        assert await OUTBOX.recover(work, NOW) == 0
        again = await OUTBOX.take(work, "script", NOW, 10)
        assert [(one.parcel.said.text, one.unsure) for one in again] == [("1", True), ("2", True), ("3", False)]


@whole
async def test_what_is_done_is_gone(database):
    """A parcel that was sent leaves no row."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("a"), posting("b")])
        taken = await OUTBOX.take(work, "script", NOW, 10)
        await OUTBOX.done(work, [one.id for one in taken])
        await OUTBOX.done(work, [])
        assert (await work.do(select(tables.outbox))).all() == []


@whole
async def test_what_is_put_back_goes_again_and_remembers(database):
    """A parcel put back goes again at its instant; it is unsure once it ever was, and counts its failures only."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("a")])
        for unsure, failed in ((False, False), (True, False), (False, True)):
            (taken,) = await OUTBOX.take(work, "script", NOW, 1)
            await OUTBOX.put_back(work, taken.id, NOW, unsure=unsure, failed=failed)
        (taken,) = await OUTBOX.take(work, "script", NOW, 1)
        assert (taken.unsure, taken.attempts) == (True, 1)


@whole
async def test_a_wait_is_never_cut_short(database):
    """A platform that asks for a second gets a whole one, though instants are kept in whole seconds."""
    now = NOW + timedelta(milliseconds=900)
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("a")])
        (taken,) = await OUTBOX.take(work, "script", now, 1)
        await OUTBOX.put_back(work, taken.id, now + SECOND)
        assert await OUTBOX.take(work, "script", NOW + SECOND, 1) == []
        assert await texts(work, NOW + 2 * SECOND) == ["a"]


@whole
async def test_a_parcel_follows_its_chat(database):
    """A parcel that is readdressed goes to the new address with the same words, in its old place."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting("a"), posting("b")])
        (taken,) = await OUTBOX.take(work, "script", NOW, 1)
        await OUTBOX.readdress(work, taken, "new", NOW)
        again = await OUTBOX.take(work, "script", NOW, 10)
        assert [(one.parcel.address, one.parcel.said.text) for one in again] == [("new", "a"), ("chat", "b")]


@whole
async def test_nothing_at_rest_says_what_or_to_whom(database):
    """Rows of the outbox show neither words nor address, and open with the installation's key only."""
    async with database.work() as work:
        parcel = Parcel("script", "address-7342", Said("canary-words"))
        await OUTBOX.queue(work, [Posting(parcel, Priority.ANSWER, NOW)])
        row = (await work.do(select(tables.outbox))).one()
        assert b"7342" not in repr(tuple(row)).encode()
        assert b"canary" not in repr(tuple(row)).encode()
        with pytest.raises(SealBroken):
            await Outbox(Vault(b"x" * 32)).take(work, "script", NOW, 1)


@whole
async def test_a_parcel_is_taken_by_one(database):
    """Of those who take at the same moment, each parcel goes to one."""
    async with database.work() as work:
        await OUTBOX.queue(work, [posting(str(n)) for n in range(40)])
    taken = await at_once(database, 4, lambda work: texts(work, limit=10))
    assert sorted((text for some in taken for text in some), key=int) == [str(n) for n in range(40)]


def test_a_taker_does_not_wait_for_another(postgresql_url):
    """On PostgreSQL, who takes while another's take is not committed gets the next ones at once."""

    async def _run():
        async with opened(postgresql_url) as database:
            async with database.work() as work:
                await OUTBOX.queue(work, [posting("a"), posting("b")])
            async with asyncio.timeout(20), database.work() as one, database.work() as other:
                assert await texts(one, limit=1) == ["a"]
                assert await texts(other, limit=1) == ["b"]

    asyncio.run(_run())


@whole
async def test_an_answer_that_nobody_could_take_for_two_days_is_dropped(database):
    """What could not be sent to a person for 48 hours is erased; a reminder stays."""
    outbox = Outbox(Vault(bytes(32)))
    async with database.work() as work:
        parcels = [
            Posting(Parcel("web", "old", Said("x")), Priority.ANSWER, NOW - timedelta(hours=49)),
            Posting(Parcel("web", "new", Said("x")), Priority.ANSWER, NOW - timedelta(hours=47)),
            Posting(Parcel("web", "unit", Said("x")), Priority.REMINDER, NOW - timedelta(hours=49)),
        ]
        await outbox.queue(work, parcels)
        await outbox.drop_old_answers(work, NOW - timedelta(hours=48))
        left = await outbox.take(work, "web", NOW, 10)
    assert [taken.parcel.address for taken in left] == ["new", "unit"]
