"""Turns: done together where they wait together, each with its own fate, acknowledged once they are committed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from stored import DESK, NOW, furnish, opened, statements, whole

from bot.chance import Chance
from bot.channels.channel import Heard
from bot.channels.script import Script
from bot.clock import StoppedClock
from bot.conversation import Flow
from bot.doing import LONGEST_TEXT
from bot.domain.limits import BURST, PAUSE
from bot.domain.programme import Programme
from bot.storage import tables
from bot.storage.audit import read_audit, write_audit
from bot.storage.conversations import Conversations
from bot.storage.keys import Keyring
from bot.storage.members import chats_at
from bot.storage.outbox import Outbox
from bot.storage.seal import Vault
from bot.storage.settings import read_setting, write_setting
from bot.talk.ask import Ask
from bot.talk.step import Phrase, Refusal
from bot.turn import Dispatch, House, Later, Route, begin
from bot.turns import MOST_TOGETHER, Turns

OUTBOX = Outbox(Vault(b"o" * 32))
SORRY = "Xin lỗi, máy gặp lỗi"


@dataclass
class Table:
    """A dispatch table of acts that tests need: each is taken by its first word."""

    database: object
    acts: list[str] = field(default_factory=list)  # what was begun, in its order
    broken: bool = True
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    wakes: int = 0

    def dispatch(self):
        acts = ("echo", "bad", "badly", "break", "slow", "begin", "note")
        routes = [Route(name, _word(name), lambda _turn: True, getattr(self, name)) for name in acts]
        flow = Flow(self._given, lambda _given: _talk(Ask("progress")), self._finish)
        return Dispatch({"talk": flow}, routes, ())

    def wake(self):
        self.wakes += 1

    async def _given(self, turn, form):
        return None

    async def _finish(self, turn, given, value):
        if value[1] == "taken":
            raise Refusal(Phrase("ask-empty"))
        turn.say_text("told " + " ".join(value))

    async def begin(self, turn, rest):
        begin(turn, "talk")

    async def echo(self, turn, rest):
        self.acts.append(rest)
        turn.say_text(rest)

    async def note(self, turn, rest):
        """An act with an effect."""
        await write_audit(turn.work, turn.now, turn.heard.sender, "note", rest)
        turn.say_text(rest)

    async def bad(self, turn, rest):
        """Does something, says something, and fails."""
        await self.note(turn, "half done")
        raise ValueError("of ours")

    async def badly(self, turn, rest):
        """Fails in the database, which would take the whole transaction with it."""
        await self.note(turn, "half done")
        await turn.work.do(text("SELECT * FROM there_is_no_such_table"))

    async def slow(self, turn, rest):
        """Needs something that is prepared outside."""
        self.acts.append(f"slow {rest}")
        await write_setting(turn.work, f"slow {rest}", "done")
        if not self.prepared.is_set():
            raise Later(self._prepare)
        turn.say_text(rest)

    async def _prepare(self):
        await asyncio.sleep(0.05)
        if self.broken:
            self.prepared.set()
        else:
            raise ConnectionError

    async def break_(self, turn, rest):
        """Cuts the database: on PostgreSQL the connection dies, on SQLite the commit is refused."""
        self.acts.append("break")
        turn.say_text("broken")
        if not self.broken:
            return
        if turn.work.is_postgresql:
            await turn.work.do(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        await turn.work.do(text("PRAGMA defer_foreign_keys = ON"))
        await turn.work.do(tables.chat_unit.insert().values(chat="nobody", unit="nowhere"))


setattr(Table, "break", Table.break_)


def _word(name):
    def hears(turn):
        first, _, rest = turn.text.partition(" ")
        return rest if first == name else None

    return hears


async def _talk(ask):
    return await ask.text("result"), await ask.text("stuck")


@dataclass
class Ears:
    """Turns on a database, and somebody who speaks to them."""

    database: object
    turns: Turns
    table: Table
    clock: StoppedClock
    keys: int = 0

    async def hear(self, who, words="", key="", **more):
        self.keys += 1
        more = {"chat": who} | more
        await self.turns.hear(Heard(channel="script", sender=who, key=key or f"k{self.keys}", text=words, **more))

    async def hear_all(self, *spoken):
        """At once; returns what each `hear` raised, or None."""
        return await asyncio.gather(*(self.hear(*one) for one in spoken), return_exceptions=True)

    async def said(self):
        """What waits in the outbox: (chat, words)."""
        async with self.database.work() as work:
            taken = await OUTBOX.take(work, "script", NOW + timedelta(days=9), 1000)
            await OUTBOX.done(work, [one.id for one in taken])
        return [(one.parcel.address, one.parcel.said.text) for one in taken]

    async def notes(self):
        async with self.database.work() as work:
            return [(who, about) async for _, who, _, about in read_audit(work)]


def ears(database):
    clock, table = StoppedClock(NOW), Table(database)
    house = House(
        programme=Programme("Lào Cai", ZoneInfo("Asia/Ho_Chi_Minh"), (), (), ()),
        conversations=Conversations(Vault(b"d" * 32)),
        outbox=OUTBOX,
        keyring=Keyring(b"k" * 32),
        clock=clock,
        chance=Chance.seeded_for_tests(1),
        can={"script": Script.can},
    )
    return Ears(database, Turns(database, house, table.dispatch(), table.wake), table, clock)


def listening(test):
    """The coroutine `test(ears)` as a plain test, on a fresh database of each kind."""

    async def _test(database):
        await test(ears(database))

    _test.__name__, _test.__doc__, _test.__module__ = test.__name__, test.__doc__, test.__module__
    return whole(_test)


# --- together --------------------------------------------------------------------------------------------------------


@listening
async def test_turns_that_wait_together_are_done_together(house):
    """64 answers of 64 people take one transaction and at most ten statements, whatever their number."""
    people = [f"p{n}" for n in range(MOST_TOGETHER)]
    await house.hear_all(*((who, "begin") for who in people))
    async with statements(house.database) as said:
        assert await house.hear_all(*((who, f"answer of {who}") for who in people)) == [None] * MOST_TOGETHER
    assert len(said) <= 10, said
    async with statements(house.database) as alone:
        await house.hear("p0", "and the second answer")
    assert len(said) <= len(alone) + 2
    assert ("p0", "told answer of p0 and the second answer") in await house.said()


@listening
async def test_acts_together_share_all_but_their_savepoints(house):
    """64 acts of 64 people take a savepoint each, and besides these at most ten statements."""
    await house.hear("first", "echo first")
    async with statements(house.database) as said:
        await house.hear_all(*((f"p{n}", f"echo {n}") for n in range(MOST_TOGETHER)))
    assert len([one for one in said if "SAVEPOINT" not in one]) <= 10
    assert len(await house.said()) == MOST_TOGETHER + 1


@listening
async def test_more_than_a_batch_are_all_answered(house):
    """Two hundred who speak at once are all answered, in the order they spoke, and delivery is woken."""
    assert await house.hear_all(*((f"p{n}", f"echo {n}") for n in range(200))) == [None] * 200
    assert [words for _, words in await house.said()] == [str(n) for n in range(200)]
    assert 4 <= house.table.wakes < 10


@listening
async def test_one_conversation_keeps_its_order(house):
    """What one person says is done one after the other in its order, whoever else speaks meanwhile."""
    spoken = [(who, f"echo {who} {n}") for n in range(5) for who in ("lan", "minh", "hoa")]
    await house.hear_all(*spoken)
    said = await house.said()
    for who in ("lan", "minh", "hoa"):
        assert [words for chat, words in said if chat == who] == [f"{who} {n}" for n in range(5)]


@listening
async def test_two_messages_of_one_conversation_are_never_in_one_batch(house):
    """A conversation's second message sees what the first one left, though both waited together."""
    assert await house.hear_all(("lan", "begin"), ("lan", "một"), ("lan", "hai"), ("minh", "echo x")) == [None] * 4
    assert ("lan", "told một hai") in await house.said()


@listening
async def test_two_people_in_one_chat_do_not_share_a_conversation(house):
    """Two officers in one group each have their own conversation."""
    for who, words in (("lan", "begin"), ("minh", "begin"), ("lan", "một"), ("minh", "hai"), ("lan", "ba")):
        await house.hear(who, words, chat="g", private=False)
    assert [words for _, words in await house.said() if words.startswith("told")] == ["told một ba"]


# --- once ------------------------------------------------------------------------------------------------------------


@listening
async def test_a_key_heard_before_has_no_effect(house):
    """What was heard before is acknowledged and has no effect: at once, in the same breath, and after a restart."""
    assert await house.hear_all(*(("lan", "note x", "same") for _ in range(3))) == [None] * 3
    await house.hear("lan", "note x", "same")
    house.clock.instant += timedelta(days=1)
    await house.hear("lan", "note x", "same")
    await ears(house.database).hear("lan", "note x", "same")
    assert await house.notes() == [("lan", "x")]
    assert len(await house.said()) == 1


@listening
async def test_two_processes_that_hear_the_same_do_it_once(house):
    """The same message that two processes hear at once takes effect once, and both acknowledge it."""
    other = ears(house.database)
    heard = await asyncio.gather(*(one.hear("lan", "note x", "same") for one in (house, other) for _ in range(2)),
                                 return_exceptions=True)  # fmt: skip
    for one, error in zip((house, house, other, other), heard, strict=True):
        if error is not None:  # not acknowledged: the platform says it again
            await one.hear("lan", "note x", "same")
    assert await house.notes() == [("lan", "x")]
    assert len(await house.said()) == 1


# --- bad ones --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["bad", "badly"])
def test_a_bad_act_fails_alone(url, bad):
    """An act that fails leaves nothing, its person is told, and the others of its batch are answered."""

    async def _run():
        async with opened(url) as database:
            house = ears(database)
            assert await house.hear_all(("lan", "note a"), ("evil", f"{bad} x"), ("minh", "note b")) == [None] * 3
            assert await house.notes() == [("lan", "a"), ("minh", "b")]
            said = dict(await house.said())
            assert (said["lan"], said["minh"], said["evil"][: len(SORRY)]) == ("a", "b", SORRY)
            assert "half" not in str(said)

    asyncio.run(_run())


@listening
async def test_a_bad_act_leaves_the_conversation_as_it_was(house):
    """After an act that failed the conversation goes on where it stood."""
    for words in ("begin", "một", "bad x", "hai"):
        await house.hear("lan", words)
    assert (await house.said())[-1] == ("lan", "told một hai")


@listening
async def test_a_batch_that_fails_is_done_one_by_one(house):
    """Where the database refuses a whole batch, the others' turns are done alone, and only the bad one is told of."""
    raised = await house.hear_all(("lan", "note a"), ("evil", "break"), ("minh", "note b"), ("lan", "note c"))
    assert [error is None for error in raised] == [True, False, True, True]
    assert await house.notes() == [("lan", "a"), ("minh", "b"), ("lan", "c")]
    assert sorted(await house.said()) == [("lan", "a"), ("lan", "c"), ("minh", "b")]


@listening
async def test_what_is_not_committed_is_not_acknowledged(house):
    """A commit that fails is raised to the channel and leaves nothing; the same message heard again takes effect."""
    await house.hear("lan", "begin")
    await house.hear("lan", "một")
    await house.said()
    with pytest.raises(Exception, match=r"(?i)foreign key|connect"):
        await house.hear("lan", "break", "same")
    assert await house.said() == []
    house.table.broken = False
    await house.hear("lan", "break", "same")
    assert await house.said() == [("lan", "broken")]
    await house.hear("lan", "hai")
    assert await house.said() == [("lan", "told một hai")]


@listening
async def test_the_first_turn_of_the_day_may_fail(house):
    """Where the very first work of a day is undone, what comes after it is still known after a restart."""
    with pytest.raises(Exception, match=r"(?i)foreign key|connect"):
        await house.hear("evil", "break")
    await house.hear("lan", "begin", "same")
    again = ears(house.database)
    await again.hear("lan", "một")
    await again.hear("lan", "begin", "same")
    await again.hear("lan", "hai")
    assert ("lan", "told một hai") in await house.said()


# --- prepared outside ------------------------------------------------------------------------------------------------


@listening
async def test_an_act_that_asks_for_preparation_is_done_again(house):
    """An act that needs something slow is undone, prepared outside, and done again: once."""
    await house.hear("lan", "slow x")
    assert house.table.acts == ["slow x", "slow x"]
    assert await house.said() == [("lan", "x")]


@listening
async def test_nobody_overtakes_a_turn_that_is_prepared(house):
    """While a turn is prepared, what the same person says next waits for it, and others do not."""
    await house.hear_all(
        ("lan", "slow x"), ("minh", "echo 1"), ("lan", "echo 2"), ("minh", "echo 3"), ("lan", "echo 4")
    )
    assert [words for _, words in await house.said()] == ["1", "3", "x", "2", "4"]


@listening
async def test_a_preparation_that_fails_is_raised_and_wedges_nobody(house):
    """A preparation that fails is raised to the channel; nothing of the turn is kept, and the person goes on."""
    house.table.broken = False
    raised = await house.hear_all(("lan", "slow x", "same"), ("lan", "echo 2"))
    assert [type(error) for error in raised] == [ConnectionError, type(None)]
    async with house.database.work() as work:
        assert await read_setting(work, "slow x") == ""
    house.table.broken = True
    await house.hear("lan", "slow x", "same")
    assert [words for _, words in await house.said()] == ["2", "x"]


# --- cancelled -------------------------------------------------------------------------------------------------------


@listening
async def test_a_cancelled_hear_wedges_nobody(house):
    """Channels that stop waiting, at whatever moment, keep nobody else from being answered."""
    for wait in range(40):
        tasks = [asyncio.create_task(house.hear(f"p{n}", f"note {wait}.{n}")) for n in range(4)]
        for _ in range(wait):
            await asyncio.sleep(0)
        tasks[wait % 4].cancel()
        async with asyncio.timeout(20):
            done = await asyncio.gather(*tasks, return_exceptions=True)
        assert [error for n, error in enumerate(done) if n != wait % 4] == [None] * 3
    async with asyncio.timeout(20):
        await house.hear("last", "echo still here")
    assert ("last", "still here") in await house.said()


@listening
async def test_a_cancelled_turn_in_preparation_wedges_nobody(house):
    """A channel that stops waiting for a turn that is being prepared keeps nobody from being answered."""
    task = asyncio.create_task(house.hear("lan", "slow x"))
    while not house.table.acts:
        await asyncio.sleep(0)
    task.cancel()
    async with asyncio.timeout(20):
        await house.hear_all(("lan", "echo 1"), ("minh", "echo 2"))
    assert {"1", "2"} <= {words for _, words in await house.said()}


# --- hostile ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile", ["\0", "\ud83d", "a\0b\ud83d\udc00c", "\u202e", "𝒳" * 3000, "\x1b[2J", "{ $x }", "'; --"]
)
def test_hostile_words_are_answered(url, hostile):
    """Whatever characters somebody sends, in whatever field, they are heard once and others after them too."""

    async def _run():
        async with opened(url) as database:
            house = ears(database)
            await house.hear("lan", "begin")
            await house.hear("lan", f"x{hostile}")
            await house.hear("lan", f"note {hostile}", hostile + "k", name=hostile, start=hostile, chat_title=hostile)
            await house.hear("lan", "press", choice="~" + hostile[:60], language=hostile[:5])
            await house.hear("minh", f"echo {hostile}")
            await house.hear("minh", "echo fine")
            assert (await house.said())[-1] == ("minh", "fine")

    asyncio.run(_run())


@listening
async def test_a_text_that_is_too_long_is_said_so(house):
    """A text beyond the limit is answered with the limit, and the conversation stays as it was."""
    await house.hear("lan", "begin")
    await house.said()
    await house.hear("lan", "x" * (LONGEST_TEXT + 1))
    ((_, words),) = await house.said()
    assert str(LONGEST_TEXT) in words.replace(".", "")


@listening
async def test_a_refusal_at_the_end_keeps_the_answers(house):
    """What is refused when all has been answered says why; the last question stands again, and can be answered."""
    await house.hear("lan", "begin")
    await house.hear("lan", "một")
    await house.said()
    await house.hear("lan", "taken")
    ((_, words),) = await house.said()
    assert words.startswith("Bạn chưa viết gì.\n\nCó khó khăn")
    await house.hear("lan", "hai")
    assert await house.said() == [("lan", "told một hai")]


@listening
async def test_who_writes_too_fast_is_told_so_once(house):
    """Beyond the burst one answer says so, and what comes then is not taken; others never notice."""
    await house.hear_all(*(("lan", f"echo {n}") for n in range(BURST + 20)), ("minh", "echo fine"))
    said = await house.said()
    assert [words for who, words in said if who == "lan"][:BURST] == [str(n) for n in range(BURST)]
    ((_, told),) = [one for one in said if one[0] == "lan"][BURST:]
    assert told.startswith("Bạn gửi nhanh quá")
    assert ("minh", "fine") in said
    house.clock.instant += PAUSE
    await house.hear("lan", "echo again")
    assert await house.said() == [("lan", "again")]


@listening
async def test_an_old_button_does_nothing(house):
    """A button of a conversation that is over, or of somebody else's, says so and does nothing."""
    await house.hear("lan", "begin")
    await house.said()
    await house.hear("lan", choice="~XXXX.one.=yes")
    await house.hear("minh", choice="~.one.=yes")
    assert all(words.startswith("Nút này không dùng được nữa") for _, words in await house.said())
    await house.hear_all(("lan", "một"), ("lan", "hai"))
    assert ("lan", "told một hai") in await house.said()


@listening
async def test_a_chat_that_moved_is_known_at_its_new_address(house):
    """A chat that says it has moved is known at the new address, though the same message comes twice."""
    await furnish(house.database)
    for _ in range(2):
        await house.hear("bot", "", "moved", chat=DESK.address, private=False, moved_to="-1007")
    async with house.database.work() as work:
        assert set(await chats_at(work, [("script", "-1007"), ("script", DESK.address)])) == {("script", "-1007")}
