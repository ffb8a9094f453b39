"""What stands in the web's rooms: a citizen's opens with their cookie alone, a unit's with the house's key alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from stored import NOW, opened, whole

from bot.channels.channel import Button, Said
from bot.clock import StoppedClock
from bot.storage import tables
from bot.storage.seal import SealBroken, Vault
from bot.storage.web_rooms import WebRooms

VAULT = Vault(b"r" * 32)
COOKIE, OTHER, UNIT = "c.abcdefghijklmnop", "c.ponmlkjihgfedcba", "room:so-y-te"
HELLO = Said("xin chào", rows=((Button("Gửi", "tip:vi"),),))


def rooms(database, clock=None, vault=VAULT):
    return WebRooms(database, vault, clock or StoppedClock(NOW))


async def rows(database, table):
    async with database.work() as work:
        return (await work.do(select(table))).all()


@whole
async def test_what_is_posted_stands_in_its_room(database):
    """What is posted is read back in its order, by whom it was, in its own room only, after a restart too."""
    web = rooms(database)
    assert [await web.post(COOKIE, HELLO, ours=True), await web.post(COOKIE, Said("chào"), ours=False)] == ["1", "2"]
    assert await web.post(OTHER, Said("khác"), ours=False) == "1"
    read = await rooms(database).read(COOKIE)
    assert [(posted.ref, posted.ours, posted.said) for posted in read] == [
        ("1", True, HELLO),
        ("2", False, Said("chào")),
    ]
    assert [posted.ref for posted in await web.read(COOKIE, after="1")] == ["2"]
    assert await web.read("c.unknown") == []


@whole
async def test_a_citizens_room_opens_with_their_cookie_only(database):
    """Of a citizen's room neither the cookie nor a word is at rest, and the house's own key does not open it."""
    await rooms(database).post(COOKIE, Said("canary-words"), ours=False)
    (room,), (message,) = await rows(database, tables.web_room), await rows(database, tables.web_message)
    kept = bytes(room.room) + bytes(message.room) + bytes(message.sealed)
    assert COOKIE.encode() not in kept
    assert b"canary" not in kept
    for vault in (VAULT, VAULT.derive(COOKIE), VAULT.derive("room")):
        with pytest.raises(SealBroken):
            vault.open(bytes(message.sealed), b"web message" + (1).to_bytes(8, "big"))
    other = rooms(database, vault=Vault(b"x" * 32))
    assert [posted.said.text for posted in await other.read(COOKIE)] == ["canary-words"]


@whole
async def test_a_units_room_opens_with_the_house_key_only(database):
    """A unit's room is found and opened with the installation's key, and names no unit at rest."""
    await rooms(database).post(UNIT, Said("canary-words"), ours=True)
    assert [posted.said.text for posted in await rooms(database).read(UNIT)] == ["canary-words"]
    assert await rooms(database, vault=Vault(b"x" * 32)).read(UNIT) == []
    (room,), (message,) = await rows(database, tables.web_room), await rows(database, tables.web_message)
    assert room.silent_at is None
    assert b"so-y-te" not in bytes(room.room)
    assert b"canary" not in bytes(message.sealed)


@whole
async def test_a_message_can_be_replaced(database):
    """Other words stand in a message's place; one that is gone is no error, and the room says that it changed."""
    web = rooms(database)
    for text in ("một", "hai"):
        await web.post(COOKIE, Said(text), ours=True)
    before = await web.changed(COOKIE, since=0)
    await web.replace(COOKIE, "1", Said("khác"))
    await web.replace(COOKIE, "99", Said("không có"))
    assert [posted.said.text for posted in await web.read(COOKIE)] == ["khác", "hai"]
    assert before == 2
    assert await web.changed(COOKIE, since=before) > before
    assert await web.changed("c.unknown", since=0) == 0


@whole
async def test_a_cleared_room_is_empty_and_numbers_go_on(database):
    """Clearing forgets all messages of one room and says how many; the next has a number that was never used."""
    web = rooms(database)
    for room in (COOKIE, COOKIE, OTHER):
        await web.post(room, HELLO, ours=True)
    assert await web.clear(COOKIE) == 2
    assert await web.clear(COOKIE) == 0
    assert await web.read(COOKIE) == []
    assert len(await web.read(OTHER)) == 1
    assert await web.post(COOKIE, HELLO, ours=True) == "3"


@whole
async def test_a_room_shows_its_last_two_hundred(database):
    """A room shows its newest 200 messages, the oldest of them first."""
    web = rooms(database)
    for n in range(203):
        await web.post(COOKIE, Said(str(n)), ours=False)
    assert [posted.said.text for posted in await web.read(COOKIE)] == [str(n) for n in range(3, 203)]


@whole
async def test_a_silent_citizens_room_is_forgotten(database):
    """A citizen's room is forgotten when it fell silent, a day to the hour after its last message; a unit's never."""
    clock = StoppedClock(NOW + timedelta(minutes=59))
    web = rooms(database, clock)
    for room in (COOKIE, OTHER, UNIT):
        await web.post(room, HELLO, ours=True)
    clock.instant += timedelta(hours=5)
    await web.post(OTHER, HELLO, ours=True)
    for hours, left in ((24, {COOKIE, OTHER, UNIT}), (25, {OTHER, UNIT}), (99, {UNIT})):
        async with database.work() as work:
            await web.forget_silent(work, NOW + timedelta(hours=hours))
        assert {room for room in (COOKIE, OTHER, UNIT) if await web.read(room)} == left
    async with database.work() as work:
        for table in (tables.web_room, tables.web_message):
            assert (await work.do(select(func.count()).select_from(table))).scalar_one() == 1


@whole
async def test_posts_at_the_same_moment_have_numbers_of_their_own(database):
    """Messages posted to one room at the same moment all stand there, each under its own number."""
    web = rooms(database)
    refs = await asyncio.gather(*(web.post(UNIT, Said(str(n)), ours=False) for n in range(12)))
    assert sorted(map(int, refs)) == list(range(1, 13))
    assert {posted.ref: posted.said.text for posted in await web.read(UNIT)} == {r: str(n) for n, r in enumerate(refs)}


def test_a_posted_room_survives_a_restart(url):
    """A room stands on disk once `post` has returned."""

    async def _run():
        async with opened(url) as database:
            await rooms(database).post(COOKIE, HELLO, ours=True)
        async with opened(url) as database:
            assert [posted.said for posted in await rooms(database).read(COOKIE)] == [HELLO]

    asyncio.run(_run())
