"""The clocks of tips at the desk: who is reminded of what, once, and what stops it."""

from __future__ import annotations

from sqlalchemy import select

from bot.desk import Desk
from bot.domain.member import Role
from bot.domain.tip import Outcome, TipState
from bot.storage import tables
from tests.town import Town, story, w

DESK = "Ban điều phối"


async def a_tip(town: Town) -> str:
    """One tip, told by a citizen; its id."""
    await town.group(DESK)
    await town.member("mai", Role.COORDINATOR)
    await town.tell("bac")
    [row] = await town.rows(tables.tip)
    town.news(DESK)
    return str(row.id)


async def move(town: Town, tip: str, to: TipState, outcome: Outcome = Outcome.OPEN) -> None:
    assert town.parts
    async with town.parts.opened.database.work() as work:
        await town.parts.house.room(Desk).move(work, tip, to, town.clock.now(), outcome)


def reminders(town: Town) -> list[str]:
    return [said.text for said in town.ours(DESK) if said.head == w("tip-clocks-head")]


def test_a_tip_nobody_takes_is_reminded_of_once_a_rung_also_over_restarts(tmp_path):
    """Half of the four hours, then their end; a restart and a bell more say nothing again; taken, it is quiet."""

    async def tell(town):
        tip = await a_tip(town)
        await town.pass_time(hours=2, minutes=6)
        assert len(reminders(town)) == 1
        assert tip[:6] in reminders(town)[0]
        await town.restart()
        await town.pass_time(minutes=6)
        assert len(reminders(town)) == 1
        await town.pass_time(hours=2)
        assert len(reminders(town)) == 2
        await move(town, tip, TipState.TAKEN)
        await town.pass_time(hours=4)
        assert len(reminders(town)) == 2

    story(tmp_path, tell)


def test_what_was_missed_is_said_once(tmp_path):
    """After a night in which nothing ran, each clock says its last rung, all in one message."""

    async def tell(town):
        await a_tip(town)
        await town.pass_time(minutes=6)
        before = len(reminders(town))
        await town.pass_time(hours=20)
        assert len(reminders(town)) == before + 1
        assert len(reminders(town)[-1].splitlines()) == 2, reminders(town)[-1]

    story(tmp_path, tell)


def test_a_closed_tip_owes_a_notice_of_the_result_until_somebody_says_it_was_given(tmp_path):
    """Decided, everything stops but that; the button stops it, stands in the audit log once, and says so twice."""

    async def tell(town):
        tip = await a_tip(town)
        for to, outcome in (
            (TipState.TAKEN, Outcome.OPEN),
            (TipState.CHECKING, Outcome.OPEN),
            (TipState.CLOSED, Outcome.CONFIRMED),
        ):
            await move(town, tip, to, outcome)
        await town.pass_time(days=30)
        assert w("tipclock-until-result-told") in reminders(town)[-1]
        assert w("tipclock-until-decided") not in "\n".join(reminders(town))
        for expected in ("tip-clock-noted", "tip-clock-noted-before"):
            await town.hear("mai", choice=f"tipdone:{tip}:result-told")
            assert town.last("mai").text == w(expected, name=tip[:6])
        count = len(reminders(town))
        await town.pass_time(days=14)
        assert len(reminders(town)) == count
        acts = [row.act for row in await town.rows(tables.audit)]
        assert acts.count("tip.result-told") == 1

    story(tmp_path, tell)


def test_why_a_term_ends_then_names_the_law_and_nobody_else_may_ask(tmp_path):
    """A coordinator reads the row, the counting and the source; a citizen and an officer get nothing of it."""

    async def tell(town):
        tip = await a_tip(town)
        await town.hear("mai", choice=f"tipwhy:{tip}:forward")
        assert "TTLT 01/2017" in town.last("mai").text
        await town.hear("mai", choice=f"tipwhy:{tip}:no-such-row")
        assert town.last("mai").text == w("house-old-button")
        await town.member("an", Role.OFFICER, "so-y-te")
        for who in ("an", "co"):
            await town.hear(who, choice=f"tipwhy:{tip}:forward")
            assert "TTLT" not in town.last(who).text

    story(tmp_path, tell)


def test_events_know_the_hour_and_their_own_order_only(tmp_path):
    """What is kept for clocks: the hour, and numbers that begin at one for each tip."""

    async def tell(town):
        await a_tip(town)
        await town.tell("co")
        assert town.parts
        async with town.parts.opened.database.read() as work:
            rows = (await work.do(select(tables.tip_event))).all()
        assert [row.number for row in rows] == [1, 1]
        assert all(row.hour.minute == row.hour.second == 0 for row in rows)

    story(tmp_path, tell)
