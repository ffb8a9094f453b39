"""Units, plans, members, chats, invitations, doors and settings, as they are kept in both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from stored import DESK, HALL, LAN, MINH, NOW, UNITS, at_once, furnish, opened, whole

from bot.domain.member import Chat, ChatKind, Role
from bot.domain.unit import select as select_units
from bot.storage.members import (
    Invitation,
    add_invitation,
    add_member,
    all_members,
    bind_member,
    chats_at,
    chats_by_id,
    chats_of_kind,
    chats_of_units,
    find_invitation,
    furnish_rooms,
    keep_refs,
    lose_chat,
    members_at,
    move_chat,
    open_door,
    put_chat,
    put_door,
    refs_about,
    subjects,
    use_invitation,
)
from bot.storage.settings import Offset, read_setting, write_setting
from bot.storage.units import all_plans, all_units, put_plan, put_units

CODE = b"c" * 32
INVITED = Invitation("member", Role.OFFICER, "xa-1", NOW + timedelta(days=7), None)


@whole
async def test_units_come_back_as_they_were_given(database):
    """Units come back whole and in their order."""
    async with database.work() as work:
        await put_units(work, UNITS)
    async with database.work() as work:
        assert await all_units(work) == UNITS


@whole
async def test_a_unit_given_again_is_replaced(database):
    """A unit that is given again has its new name, and there is one of it."""
    renamed = replace(UNITS[0], name="Sở Y tế tỉnh")
    async with database.work() as work:
        await put_units(work, UNITS)
        await put_units(work, (renamed, *UNITS[1:]))
        assert await all_units(work) == (renamed, *UNITS[1:])


@whole
async def test_a_second_plan_takes_nothing_from_a_unit_of_the_first(database):
    """What one plan names a unit by stays when another plan names it otherwise; so does its place."""
    other = replace(UNITS[0], aliases=("so y te", "SYT"), bodies=frozenset({"office"}))
    fresh = replace(UNITS[1], code="xa-9")
    async with database.work() as work:
        await put_units(work, UNITS)
        await put_units(work, (fresh, UNITS[2], other))
        bodies = UNITS[0].bodies | other.bodies
        both = replace(other, aliases=("SYT", "y te", "so y te"), bodies=bodies)
        assert await all_units(work) == (both, *UNITS[1:], fresh)
        assert select_units(["body:steering"], await all_units(work)) == (both,)


@whole
async def test_a_plan_is_kept_byte_for_byte(database):
    """A plan's file comes back byte for byte; loaded again, the new one stands."""
    async with database.work() as work:
        await put_plan(work, "lc", "Kế hoạch\r\n".encode(), NOW)
        await put_plan(work, "lc", b"\0new\xff", NOW)
        await put_plan(work, "ab", b"", NOW)
        assert await all_plans(work) == {"ab": b"", "lc": b"\0new\xff"}


@whole
async def test_a_member_is_known_by_address_and_channel(database):
    """A person is a member where they were bound and nowhere else."""
    await furnish(database)
    async with database.work() as work:
        await bind_member(work, "lan", ("telegram", "7"))
        asked = [("telegram", "7"), ("zalo", "7"), ("telegram", "8"), ("telegram", "7")]
        assert await members_at(work, asked) == {("telegram", "7"): LAN}
        assert await members_at(work, []) == {}
        assert await all_members(work) == {"lan": LAN, "minh": MINH}


@whole
async def test_an_address_bound_again_is_the_new_member(database):
    """An address that is bound again is the other member from then on."""
    await furnish(database)
    async with database.work() as work:
        await bind_member(work, "lan", ("telegram", "7"))
        await bind_member(work, "minh", ("telegram", "7"))
        assert await members_at(work, [("telegram", "7")]) == {("telegram", "7"): MINH}


@whole
async def test_a_member_changes_role_and_language(database):
    """A member who is kept again has the new role, unit and language."""
    await furnish(database)
    changed = replace(LAN, role=Role.ADMIN, unit=None, language="en")
    async with database.work() as work:
        await add_member(work, changed)
        assert (await all_members(work))["lan"] == changed


@whole
async def test_a_chat_bound_for_a_second_unit_speaks_for_both(database):
    """A chat known by its address keeps its id and speaks for its new unit too."""
    await furnish(database)
    async with database.work() as work:
        again = await put_chat(work, replace(HALL, id="other", units=frozenset({"xa-2"}), title="Hai xã"))
        assert again == replace(HALL, units=frozenset({"xa-1", "xa-2"}), title="Hai xã")
        assert set(await chats_of_units(work)) == {"xa-1", "xa-2"}
        assert await chats_by_id(work, ["other"]) == {}


@whole
async def test_chats_are_found_by_address_and_kind(database):
    """Chats are found by channel and address, and by kind."""
    await furnish(database)
    async with database.work() as work:
        assert await chats_at(work, [("script", "-100"), ("zalo", "-200")]) == {("script", "-100"): HALL}
        assert await chats_of_kind(work, ChatKind.TRIAGE) == (DESK,)
        assert await chats_of_units(work) == {"xa-1": (HALL,)}


@whole
async def test_a_lost_chat_is_lost_once_until_it_is_bound_again(database):
    """A chat is lost once; lost, it speaks for nobody; bound again, it does."""
    await furnish(database)
    where = ("script", "-100")
    async with database.work() as work:
        assert await lose_chat(work, where, NOW) == HALL
        assert await lose_chat(work, where, NOW) is None
        assert await lose_chat(work, ("script", "unknown"), NOW) is None
        assert await chats_of_units(work) == {}
        await put_chat(work, HALL)
        assert await chats_of_units(work) == {"xa-1": (HALL,)}


@whole
async def test_a_moved_chat_keeps_its_units_and_its_refs(database):
    """A chat that moved is found at its new address with its units and with what its messages are about."""
    await furnish(database)
    async with database.work() as work:
        await keep_refs(work, [("script", "-100", "5", "assignments:1")])
        await move_chat(work, ("script", "-100"), "-1009")
        assert await chats_at(work, [("script", "-100")]) == {}
        assert (await chats_at(work, [("script", "-1009")]))["script", "-1009"].units == {"xa-1"}
        assert await refs_about(work, "assignments:1") == [("script", "-1009", "5")]


@whole
async def test_a_moved_chat_whose_new_address_has_the_same_ref(database):
    """Where a message at the new address has the same ref as one at the old, the new one's subject stands."""
    await furnish(database)
    async with database.work() as work:
        await keep_refs(work, [("script", "-100", "5", "notice:old"), ("script", "-100", "6", "notice:six")])
        await keep_refs(work, [("script", "-1009", "5", "notice:new")])
        await move_chat(work, ("script", "-100"), "-1009")
        found = await subjects(work, [("script", "-1009", "5"), ("script", "-1009", "6"), ("script", "-100", "5")])
        assert found == {("script", "-1009", "5"): "notice:new", ("script", "-1009", "6"): "notice:six"}


@whole
async def test_a_chat_moved_to_a_known_address_leaves_that_one_alone(database):
    """A chat that says it moved to another known chat's address does not take it over."""
    await furnish(database)
    async with database.work() as work:
        await move_chat(work, ("script", "-100"), "-200")
        assert await chats_at(work, [("script", "-200")]) == {("script", "-200"): DESK}


@whole
async def test_a_message_is_about_one_thing_in_one_chat(database):
    """The same ref in two chats is about two things; asked for nothing, nothing is found."""
    async with database.work() as work:
        rows = [("script", "a", "1", "notice:x"), ("script", "b", "1", "notice:y"), ("zalo", "a", "1", "notice:x")]
        await keep_refs(work, rows)
        await keep_refs(work, [])
        assert await subjects(work, [("script", "a", "1"), ("script", "b", "1"), ("script", "c", "1")]) == {
            ("script", "a", "1"): "notice:x",
            ("script", "b", "1"): "notice:y",
        }
        assert await subjects(work, []) == {}
        assert sorted(await refs_about(work, "notice:x")) == [("script", "a", "1"), ("zalo", "a", "1")]


# --- invitations and doors -------------------------------------------------------------------------------------------


@whole
async def test_an_invitation_is_used_once(database):
    """An invitation lets in once; it says when; an unknown code lets nobody in."""
    await furnish(database)
    async with database.work() as work:
        await add_invitation(work, CODE, INVITED)
        assert await find_invitation(work, CODE) == INVITED
        assert await use_invitation(work, CODE, NOW)
        assert not await use_invitation(work, CODE, NOW + timedelta(hours=1))
        assert (await find_invitation(work, CODE)).used_at == NOW
        assert await find_invitation(work, b"x" * 32) is None
        assert not await use_invitation(work, b"x" * 32, NOW)


@whole
async def test_an_invitation_is_used_once_when_many_race(database):
    """Of ten who use an invitation at the same moment, one gets in."""
    await furnish(database)
    async with database.work() as work:
        await add_invitation(work, CODE, INVITED)

    async def _use(work):
        assert (await find_invitation(work, CODE)) is not None
        return await use_invitation(work, CODE, NOW)

    assert sorted(await at_once(database, 10, _use)) == [False] * 9 + [True]


@whole
async def test_an_invitation_for_the_desk_has_no_unit(database):
    """An invitation of a triage chat has neither role nor unit."""
    async with database.work() as work:
        await add_invitation(work, CODE, Invitation("chat", None, None, NOW, None))
        assert await find_invitation(work, CODE) == Invitation("chat", None, None, NOW, None)


@whole
async def test_a_door_opens_for_who_has_its_secret(database):
    """A door leads its member into its chat; another secret opens nothing."""
    await furnish(database)
    async with database.work() as work:
        await put_door(work, b"s" * 32, "lan", "hall")
        assert await open_door(work, b"s" * 32) == (LAN, HALL)
        assert await open_door(work, b"t" * 32) is None


@whole
async def test_rooms_furnished_in_bulk_are_rooms_like_others(database):
    """Rooms made in bulk have their chat, their member at its address, and a door."""
    await furnish(database)
    room = Chat("room", "web", "room:xa-2", ChatKind.UNIT, "Xã Bản Hồ", frozenset({"xa-2"}))
    hoa = replace(LAN, id="hoa", unit="xa-2")
    async with database.work() as work:
        await furnish_rooms(work, "web", [(hoa, room, b"h" * 32)])
        assert await open_door(work, b"h" * 32) == (hoa, room)
        assert await members_at(work, [("web", "hoa")]) == {("web", "hoa"): hoa}
        assert (await chats_of_units(work))["xa-2"] == (room,)


# --- settings --------------------------------------------------------------------------------------------------------


@whole
async def test_a_setting_is_what_was_written_last(database):
    """A setting is what was written last, also an empty one, and else what one says."""
    async with database.work() as work:
        assert await read_setting(work, "x", "else") == "else"
        await write_setting(work, "x", "1")
        await write_setting(work, "x", "")
        assert await read_setting(work, "x", "else") == ""


@whole
async def test_a_channel_begins_where_it_stood(database):
    """A polling channel goes on from its own offset, and from 0 the first time."""
    telegram, zalo = Offset(database, "telegram"), Offset(database, "zalo")
    assert await telegram.load() == 0
    await telegram.save(2**40)
    assert (await telegram.load(), await zalo.load()) == (2**40, 0)


# --- works -----------------------------------------------------------------------------------------------------------


@whole
async def test_a_work_that_raises_leaves_nothing(database):
    """What was done in a work that raises is undone."""

    async def _fail():
        async with database.work() as work:
            await write_setting(work, "x", "1")
            raise LookupError

    with pytest.raises(LookupError):
        await _fail()
    async with database.work() as work:
        assert await read_setting(work, "x") == ""


@whole
async def test_a_savepoint_undoes_its_own_and_no_more(database):
    """What raises inside a savepoint is undone; what was done before and after it stays."""

    async def _fail(work):
        async with work.savepoint():
            await write_setting(work, "inside", "1")
            raise LookupError

    async with database.work() as work:
        await write_setting(work, "before", "1")
        with pytest.raises(LookupError):
            await _fail(work)
        await write_setting(work, "after", "1")
    async with database.work() as work:
        assert [await read_setting(work, name) for name in ("before", "inside", "after")] == ["1", "", "1"]


@whole
async def test_a_row_that_points_nowhere_is_refused(database):
    """A chat of a unit that does not exist is refused, by both databases."""
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.work() as work:
            await put_chat(work, HALL)


def test_works_cancelled_at_any_moment_do_not_hold_the_database(url):
    """Works that are cancelled, at whatever moment, leave the database to others and nothing half done."""

    async def _write(database, name):
        async with database.work() as work:
            await write_setting(work, f"{name}-a", "1")
            await write_setting(work, f"{name}-b", "1")

    async def _run():
        async with opened(url) as database:
            for wait in range(60):
                tasks = [asyncio.create_task(_write(database, f"{wait}-{n}")) for n in range(3)]
                for _ in range(wait):
                    await asyncio.sleep(0)
                tasks[wait % 3].cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            async with asyncio.timeout(20), database.work() as work:
                for wait in range(60):
                    for n in range(3):
                        halves = [await read_setting(work, f"{wait}-{n}-{half}") for half in "ab"]
                        assert halves[0] == halves[1]
                        assert halves[0] or n == wait % 3

    asyncio.run(_run())
