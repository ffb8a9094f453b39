"""Assignments, the rungs of their ladders, progress, and the ledger of notices, in both databases."""

from __future__ import annotations

from datetime import timedelta

from stored import DESK, HALL, LAN, MINH, NOW, at_once, furnish, whole

from bot.domain.assignment import AssignmentState
from bot.domain.member import Chat, ChatKind
from bot.domain.notice import Ledger, Notice
from bot.domain.progress import Progress
from bot.storage.assignments import (
    NewAssignment,
    NextRung,
    add_progress,
    due_rungs,
    find_assignment,
    find_assignments,
    last_progress,
    make_assignments,
    next_rung_at,
    open_assignments,
    record_reminders,
    set_rungs,
)
from bot.storage.members import put_chat
from bot.storage.notices import (
    acknowledge,
    add_notice,
    boards,
    find_notice,
    ledger,
    mark_delivered,
    mark_lost,
    missing,
    show_board,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST = NextRung(NOW, "before-1d", 0)
WEEKLY = NewAssignment("lc", "weekly", "xa-1", "2026-W09", NOW + DAY, FIRST)
MONTHLY = NewAssignment("lc", "monthly", "xa-1", "2026-02", NOW + 2 * DAY, NextRung(NOW + HOUR, "before-1d", 0))
OTHERS = NewAssignment("lc", "weekly", "xa-2", "2026-W09", NOW + DAY, None)
ALL = (WEEKLY, MONTHLY, OTHERS)


async def made(work):
    """The three assignments above, as they are kept."""
    await make_assignments(work, ALL)
    found = await open_assignments(work, ["xa-1", "xa-2"], NOW + 9 * DAY)
    by_what = {(one.obligation, one.unit): one for one in found}
    return by_what["weekly", "xa-1"], by_what["monthly", "xa-1"], by_what["weekly", "xa-2"]


@whole
async def test_an_assignment_is_made_once(database):
    """Assignments are made once, however often they are asked for, and what was made stays as it is."""
    await furnish(database)
    async with database.work() as work:
        assert await make_assignments(work, ALL[:2]) == 2
        assert await make_assignments(work, ALL) == 1
        assert await make_assignments(work, []) == 0
        weekly, _, _ = await made(work)
        assert (weekly.due, weekly.revision, weekly.state, weekly.percent) == (NOW + DAY, 1, AssignmentState.OPEN, 0)


@whole
async def test_assignments_made_by_two_at_once_are_made_once(database):
    """Two who make the same assignments at the same moment make each of them once."""
    await furnish(database)
    many = [NewAssignment("lc", "weekly", "xa-1", f"2026-W{n:02}", NOW + n * DAY, FIRST) for n in range(300)]
    await at_once(database, 3, lambda work: make_assignments(work, many))
    async with database.work() as work:
        assert len(await open_assignments(work, ["xa-1"], NOW + 400 * DAY, limit=1000)) == 300


@whole
async def test_what_a_unit_owes_is_its_own_and_the_soonest_first(database):
    """A unit's open work is its own, due by the instant, the soonest first, and no more than was asked for."""
    await furnish(database)
    async with database.work() as work:
        weekly, monthly, others = await made(work)
        assert await open_assignments(work, ["xa-1"], NOW + 9 * DAY) == [weekly, monthly]
        assert await open_assignments(work, ["xa-1"], NOW + DAY) == [weekly]
        assert await open_assignments(work, ["xa-1"], NOW + 9 * DAY, limit=1) == [weekly]
        assert await open_assignments(work, [], NOW + 9 * DAY) == []
        assert await find_assignments(work, [monthly.id, weekly.id, 10**9]) == [weekly, monthly]
        assert await find_assignment(work, others.id) == others
        assert await find_assignment(work, 10**9) is None


@whole
async def test_a_rung_is_due_at_its_second(database):
    """A rung is due from its very second on, the longest due first; where nothing is to be said, never."""
    await furnish(database)
    async with database.work() as work:
        weekly, monthly, _ = await made(work)
        assert await due_rungs(work, NOW - timedelta(seconds=1)) == []
        assert [(one.assignment, one.rung) for one in await due_rungs(work, NOW)] == [(weekly, FIRST)]
        assert [one.assignment for one in await due_rungs(work, NOW + 99 * DAY)] == [weekly, monthly]
        assert [one.assignment for one in await due_rungs(work, NOW + 99 * DAY, limit=1)] == [weekly]
        assert await next_rung_at(work) == NOW


@whole
async def test_a_reminder_is_written_down_once(database):
    """The database refuses a second reminder of the same assignment, revision, rung and turn, and only that."""
    await furnish(database)
    async with database.work() as work:
        await made(work)
        owing = await due_rungs(work, NOW + DAY)
        assert await record_reminders(work, owing[:1], NOW) == owing[:1]
        assert await record_reminders(work, owing, NOW) == owing[1:]
        assert await record_reminders(work, owing, NOW) == []
        assert await record_reminders(work, [], NOW) == []
        await set_rungs(work, {owing[0].assignment.id: NextRung(NOW, "before-1d", 1)})
        turned = await due_rungs(work, NOW)
        assert await record_reminders(work, turned, NOW) == turned


@whole
async def test_a_reminder_written_down_by_two_at_once_is_one(database):
    """Of two who write the same reminders down at the same moment, one is told that they are new."""
    await furnish(database)
    async with database.work() as work:
        await made(work)
        owing = await due_rungs(work, NOW + DAY)
    written = await at_once(database, 2, lambda work: record_reminders(work, owing, NOW))
    assert sorted(map(len, written)) == [0, 2]


@whole
async def test_the_next_rung_is_what_was_set(database):
    """What is said next is what was set; set to nothing, nothing is."""
    await furnish(database)
    async with database.work() as work:
        weekly, monthly, _ = await made(work)
        then = NextRung(NOW + 3 * HOUR, "overdue-weekly", 4)
        await set_rungs(work, {weekly.id: then, monthly.id: None})
        await set_rungs(work, {})
        assert [one.rung for one in await due_rungs(work, NOW + DAY)] == [then]
        await set_rungs(work, {weekly.id: None})
        assert await due_rungs(work, NOW + 99 * DAY) == []
        assert await next_rung_at(work) is None


# --- progress --------------------------------------------------------------------------------------------------------


@whole
async def test_progress_that_closes_ends_the_reminders(database):
    """An answer that closes an assignment is kept, takes it off the open work, and nothing is said about it again."""
    await furnish(database)
    async with database.work() as work:
        weekly, monthly, _ = await made(work)
        answer = Progress(weekly.id, 1, NOW, LAN.id, 100, "4/4 cơ sở", "")
        await add_progress(work, answer, closes=True)
        assert await last_progress(work, weekly.id) == answer
        assert await open_assignments(work, ["xa-1"], NOW + 9 * DAY) == [monthly]
        assert [one.assignment for one in await due_rungs(work, NOW + 99 * DAY)] == [monthly]
        closed = await find_assignment(work, weekly.id)
        assert (closed.state, closed.percent, closed.is_late(NOW + 9 * DAY)) == (AssignmentState.DONE, 100, False)


@whole
async def test_progress_that_does_not_close_leaves_the_work_open(database):
    """A part of the work is kept as the newest progress; the assignment stays open, and its rungs stand."""
    await furnish(database)
    async with database.work() as work:
        weekly, _, _ = await made(work)
        assert await last_progress(work, weekly.id) is None
        for percent in (80, 40):
            await add_progress(work, Progress(weekly.id, 1, NOW, LAN.id, percent, "", "kinh phí"), closes=False)
        assert (await last_progress(work, weekly.id)).percent == 40
        assert (await find_assignment(work, weekly.id)).percent == 40
        assert [one.assignment.id for one in await due_rungs(work, NOW)] == [weekly.id]


# --- notices ---------------------------------------------------------------------------------------------------------

NOTICE = Notice("n1", MINH.id, "Họp lúc 14 giờ", ("level:commune", "so-y-te"), NOW)


@whole
async def test_a_notice_comes_back_as_it_was_sent(database):
    """A notice and whom it went to come back as they were; an unknown one is none."""
    await furnish(database)
    async with database.work() as work:
        await add_notice(work, NOTICE, [HALL.id, DESK.id])
        assert await find_notice(work, "n1") == NOTICE
        assert await find_notice(work, "n2") is None
        assert await ledger(work, "n1") == Ledger(2, 0, 0, 0)
        assert await missing(work, "n1") == [DESK.id, HALL.id]


@whole
async def test_a_notice_is_acknowledged_once(database):
    """A chat acknowledges once; one that never got the notice can't."""
    await furnish(database)
    async with database.work() as work:
        await add_notice(work, NOTICE, [HALL.id])
        assert await acknowledge(work, "n1", HALL.id, LAN.id, NOW) is True
        assert await acknowledge(work, "n1", HALL.id, None, NOW + HOUR) is False
        assert await acknowledge(work, "n1", DESK.id, LAN.id, NOW) is None
        assert await acknowledge(work, "n2", HALL.id, LAN.id, NOW) is None
        assert await ledger(work, "n1") == Ledger(1, 1, 1, 0)
        assert await missing(work, "n1") == []


@whole
async def test_a_notice_acknowledged_by_many_at_once_is_acknowledged_once(database):
    """Of those who press "received" at the same moment, one was the first."""
    await furnish(database)
    async with database.work() as work:
        await add_notice(work, NOTICE, [HALL.id])

    pressed = await at_once(database, 6, lambda work: acknowledge(work, "n1", HALL.id, LAN.id, NOW))
    assert sorted(pressed) == [False] * 5 + [True]


@whole
async def test_the_ledger_counts_what_became_of_a_notice(database):
    """Delivered, lost and acknowledged chats are counted, and those that are missing are named."""
    await furnish(database)
    async with database.work() as work:
        chats = [Chat(f"c{n}", "script", f"a{n}", ChatKind.UNIT, f"c{n}", frozenset({"xa-1"})) for n in range(5)]
        for chat in chats:
            await put_chat(work, chat)
        await add_notice(work, NOTICE, [chat.id for chat in chats])
        await mark_delivered(work, "n1", "c0", NOW)
        await mark_delivered(work, "n1", "c1", NOW)
        await mark_lost(work, "n1", "c2", NOW)
        await acknowledge(work, "n1", "c1", None, NOW)
        assert await ledger(work, "n1") == Ledger(5, 2, 1, 1)
        assert await missing(work, "n1") == ["c0", "c2", "c3", "c4"]


@whole
async def test_a_board_shows_what_it_was_shown(database):
    """The progress bars of notices since an instant say what they showed last."""
    await furnish(database)
    async with database.work() as work:
        await add_notice(work, NOTICE, [HALL.id])
        assert await boards(work, NOW) == {"n1": ""}
        await show_board(work, "n1", "1 0 0")
        assert await boards(work, NOW) == {"n1": "1 0 0"}
        assert await boards(work, NOW + timedelta(seconds=1)) == {}
