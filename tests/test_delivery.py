"""Delivery: what was queued goes out once, in its order, whatever the platform, the database or we do meanwhile."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from stored import DESK, HALL, MINH, NOW, furnish, opened, whole

from bot.channels.channel import Capabilities, ChatLost, ChatMoved, FateUnknown, Refused, Said, TryLater
from bot.channels.script import Script
from bot.clock import StoppedClock
from bot.delivery import MOST_ATTEMPTS, Delivery
from bot.domain.notice import Ledger, Notice
from bot.storage import tables
from bot.storage.members import chats_at, subjects
from bot.storage.notices import add_notice, ledger
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import Vault

OUTBOX = Outbox(Vault(b"o" * 32))
AGAIN = "(gửi lại) "
HALF_SENT = object()


@dataclass
class Platform:
    """A channel on which each chat has what goes wrong next in store; what arrived is seen by chat and altogether."""

    name: str = "script"
    can: Capabilities = Script.can
    troubles: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    arrived: list[tuple[str, str]] = field(default_factory=list)
    edited: list[tuple[str, str, str]] = field(default_factory=list)
    calls: int = 0
    busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self):
        self.open.set()

    async def run(self, hear):
        await asyncio.Event().wait()

    async def say(self, chat, said):
        self.calls += 1
        assert not self.busy[chat], "two calls to one chat at once"
        self.busy[chat] = True
        await asyncio.sleep(0)
        await self.open.wait()
        self.busy[chat] = False
        trouble = self.troubles[chat].pop(0) if self.troubles[chat] else None
        if trouble is HALF_SENT:
            self.arrived.append((chat, said.text))
            raise FateUnknown
        if trouble is not None:
            raise trouble
        self.arrived.append((chat, said.text))
        return str(self.calls)

    async def edit(self, chat, ref, said):
        self.edited.append((chat, ref, said.text))

    async def erase(self, chat, refs):
        return 0

    async def close(self):
        pass

    def at(self, chat):
        return [words for where, words in self.arrived if where == chat]


@dataclass
class Post:
    """An outbox, a platform and a deliverer between them, which can be built anew like after a crash."""

    database: object
    clock: StoppedClock = field(default_factory=lambda: StoppedClock(NOW))
    platform: Platform = field(default_factory=Platform)

    def __post_init__(self):
        self.delivery = Delivery(self.database, OUTBOX, {"script": self.platform}, self.clock)

    async def queue(self, *told, priority=Priority.ANSWER, **more):
        """Each (chat, words)."""
        parcels = [Parcel("script", chat, Said(words, subject=more.get("subject", "")), about=more.get("about", ""))
                   for chat, words in told]  # fmt: skip
        async with self.database.work() as work:
            await OUTBOX.queue(work, [Posting(parcel, priority, self.clock.now()) for parcel in parcels])

    async def settle(self, seconds=0.0):
        self.clock.instant += timedelta(seconds=seconds)
        await self.delivery.settle()

    async def waiting(self):
        async with self.database.work() as work:
            return len((await work.do(select(tables.outbox.c.id))).all())


def posting(test):
    """The coroutine `test(post)` as a plain test, on a fresh database of each kind."""

    async def _test(database):
        await test(Post(database))

    _test.__name__, _test.__doc__, _test.__module__ = test.__name__, test.__doc__, test.__module__
    return whole(_test)


async def until(is_so):
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


# --- order -----------------------------------------------------------------------------------------------------------


@posting
async def test_what_is_sent_is_gone(post):
    """What is queued arrives once, in its order in each chat, and leaves no row."""
    told = [(f"c{n % 7}", str(n)) for n in range(100)]
    await post.queue(*told)
    await post.settle()
    for chat in {chat for chat, _ in told}:
        assert post.platform.at(chat) == [words for where, words in told if where == chat]
    assert await post.waiting() == 0
    async with post.database.work() as work:
        assert (await work.do(select(tables.outbox))).all() == []


@posting
async def test_an_answer_overtakes_a_thousand_notices(post):
    """An answer goes before a thousand notices that wait already."""
    await post.queue(*((f"c{n}", "notice") for n in range(1000)), priority=Priority.NOTICE)
    await post.queue(("lan", "answer"))
    await post.settle()
    assert post.platform.arrived.index(("lan", "answer")) < 32
    assert len(post.platform.arrived) == 1001


@posting
async def test_an_answer_overtakes_a_broadcast_under_way(post):
    """An answer that is queued in the middle of a broadcast goes out with the next handful."""
    await post.queue(*((f"c{n}", "notice") for n in range(300)), priority=Priority.NOTICE)
    await post.delivery._round("script")
    await post.queue(("lan", "answer"))
    await post.settle()
    assert post.platform.arrived.index(("lan", "answer")) < 64


@posting
async def test_a_chat_that_waits_keeps_its_order_and_holds_up_nobody(post):
    """Where a platform says wait, the chat's messages wait in their order; other chats go on."""
    post.platform.troubles["slow"] = [TryLater(30)]
    await post.queue(("slow", "1"), ("slow", "2"), ("quick", "a"))
    await post.settle()
    assert post.platform.arrived == [("quick", "a")]
    await post.queue(("slow", "3"), ("quick", "b"))
    await post.settle(seconds=29)
    assert post.platform.arrived == [("quick", "a"), ("quick", "b")]
    await post.settle(seconds=1)
    assert post.platform.at("slow") == ["1", "2", "3"]
    assert post.platform.calls == 6


@posting
async def test_a_chat_that_waits_again_and_again_is_not_given_up(post):
    """However often the platform says wait, a message is not given up, and one failure of ours later neither."""
    post.platform.troubles["slow"] = [*(TryLater(1) for _ in range(MOST_ATTEMPTS + 2)), OSError("ours")]
    await post.queue(("slow", "1"))
    for _ in range(MOST_ATTEMPTS + 5):
        await post.settle(seconds=1)
    assert post.platform.at("slow") == ["1"]


@posting
async def test_a_wait_of_the_platform_is_obeyed(post):
    """A platform that asks for a second and a half is not called before that has passed."""
    post.clock.instant += timedelta(milliseconds=700)
    post.platform.troubles["slow"] = [TryLater(1.5)]
    await post.queue(("slow", "1"))
    await post.settle()
    await post.settle(seconds=1.4)
    assert post.platform.calls == 1
    await post.settle(seconds=1)
    assert post.platform.at("slow") == ["1"]


# --- what may have been sent -----------------------------------------------------------------------------------------


@posting
async def test_only_what_may_have_arrived_is_marked(post):
    """A message whose fate is unknown goes again, marked; those behind it wait in their order, unmarked."""
    post.platform.troubles["c"] = [HALF_SENT]
    await post.queue(("c", "1"), ("c", "2"))
    await post.settle()
    await post.queue(("c", "3"))
    await post.settle()
    assert post.platform.at("c") == ["1"]
    await post.settle(seconds=2)
    assert post.platform.at("c") == ["1", AGAIN + "1", "2", "3"]


@posting
async def test_what_waited_is_not_marked(post):
    """A message that the platform did not take is not marked when it goes."""
    post.platform.troubles["c"] = [TryLater(1), OSError("ours")]
    await post.queue(("c", "1"))
    for _ in range(4):
        await post.settle(seconds=2)
    assert post.platform.at("c") == ["1"]


@posting
async def test_after_a_crash_only_what_was_being_sent_goes_again(post):
    """After a crash what was taken out and not written down goes again, marked; what waited goes as it is."""
    await post.queue(*((f"c{n}", "x") for n in range(40)))
    post.platform.open.clear()
    crashed = asyncio.create_task(post.delivery._round("script"))
    await until(lambda: post.platform.calls == 32)
    crashed.cancel()
    await asyncio.gather(crashed, return_exceptions=True)
    after = Post(post.database)
    running = asyncio.create_task(after.delivery.run())
    await until(lambda: len(after.platform.arrived) == 40)
    assert sorted(words for _, words in after.platform.arrived) == [AGAIN + "x"] * 32 + ["x"] * 8
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await after.waiting() == 0


@posting
async def test_who_is_asked_to_stop_ends_what_is_under_way(post):
    """Asked to stop, the deliverer ends its calls and writes them down: after the restart nothing goes twice."""
    await post.queue(*((f"c{n}", "x") for n in range(40)))
    post.platform.open.clear()
    running = asyncio.create_task(post.delivery.run())
    await until(lambda: post.platform.calls == 32)
    running.cancel()
    await asyncio.sleep(0)
    post.platform.open.set()
    await asyncio.gather(running, return_exceptions=True)
    assert await post.waiting() == 8
    after = Post(post.database, platform=post.platform)
    async with post.database.work() as work:
        assert await OUTBOX.recover(work, NOW) == 0
    await after.settle()
    assert sorted(words for _, words in post.platform.arrived) == ["x"] * 40


# --- where the database fails ----------------------------------------------------------------------------------------


async def lock_away(database, *, away):
    """Takes the table of refs away from delivery, and gives it back."""
    names = ("said_ref", "away") if away else ("away", "said_ref")
    async with database.work() as work:
        await work.do(text("ALTER TABLE {} RENAME TO {}".format(*names)))


@posting
async def test_what_could_not_be_written_down_is_not_sent_again(post):
    """Where the database fails after the calls, what was sent is written down when it can be, and not sent again."""
    await post.queue(("c", "1"), ("d", "2"), subject="notice:1")
    await lock_away(post.database, away=True)
    with pytest.raises(Exception, match="said_ref"):
        await post.settle()
    await lock_away(post.database, away=False)
    await post.queue(("c", "3"))
    await post.settle()
    assert sorted(post.platform.arrived) == [("c", "1"), ("c", "3"), ("d", "2")]
    assert await post.waiting() == 0
    async with post.database.work() as work:
        assert len(await subjects(work, [("script", chat, ref) for chat in "cd" for ref in "12"])) == 2


@posting
async def test_a_deliverer_outlives_a_database_that_fails(post):
    """A deliverer that finds no database, at work or at rest, tries again, and sends when there is one."""
    running = asyncio.create_task(post.delivery.run())
    await asyncio.sleep(0.05)
    async with post.database.work() as work:
        await work.do(text("ALTER TABLE outbox RENAME TO away"))
    for _ in range(3):
        post.delivery.wake()
        await asyncio.sleep(0.05)
    async with post.database.work() as work:
        await work.do(text("ALTER TABLE away RENAME TO outbox"))
    assert not running.done()
    await post.queue(("c", "1"))
    post.delivery.wake()
    await until(lambda: post.platform.arrived)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


# --- chats -----------------------------------------------------------------------------------------------------------


@posting
async def test_a_moved_chat_is_followed_in_order(post):
    """Where a chat moved, all that is on its way follows in its order, and the chat is known at its new address."""
    await furnish(post.database)
    post.platform.troubles[HALL.address] = [ChatMoved("-1009")] * 9
    await post.queue(*((HALL.address, str(n)) for n in range(5)))
    await post.settle()
    assert post.platform.arrived == [("-1009", str(n)) for n in range(5)]
    async with post.database.work() as work:
        assert (await chats_at(work, [("script", "-1009")]))["script", "-1009"].id == HALL.id


@posting
async def test_the_desk_is_told_once_of_a_lost_chat(post):
    """A lost chat is told to the coordinators once, by its name; what is on its way to it is dropped."""
    await furnish(post.database)
    post.platform.troubles[HALL.address] = [ChatLost()] * 9
    await post.queue(*((HALL.address, str(n)) for n in range(3)))
    await post.settle()
    await post.queue((HALL.address, "later"), ("unknown", "x"))
    post.platform.troubles["unknown"] = [ChatLost()]
    await post.settle()
    (told,) = post.platform.at(DESK.address)
    assert HALL.title in told
    assert post.platform.arrived == [(DESK.address, told)]
    assert await post.waiting() == 0


@posting
async def test_a_lost_desk_tells_nobody(post):
    """The coordinators' own chat, lost, is no message to itself."""
    await furnish(post.database)
    post.platform.troubles[DESK.address] = [ChatLost()]
    await post.queue((DESK.address, "x"))
    await post.settle()
    assert post.platform.arrived == []
    assert await post.waiting() == 0


@posting
async def test_a_refused_message_is_not_tried_again(post):
    """A message that the platform will never take is dropped; those behind it go."""
    post.platform.troubles["c"] = [Refused()]
    await post.queue(("c", "1"), ("c", "2"))
    for _ in range(3):
        await post.settle(seconds=60)
    assert post.platform.at("c") == ["2"]
    assert (post.platform.calls, await post.waiting()) == (2, 0)


@posting
async def test_a_failure_of_ours_is_given_up_in_the_end(post):
    """A message that fails for no known reason is tried ever more rarely and then given up."""
    post.platform.troubles["c"] = [KeyError("ours")] * 99
    await post.queue(("c", "1"))
    for _ in range(30):
        await post.settle(seconds=300)
    assert (post.platform.calls, await post.waiting()) == (MOST_ATTEMPTS + 1, 0)


@posting
async def test_the_ledger_of_a_notice_is_settled_by_every_fate(post):
    """A notice is delivered where it arrived, and lost where the chat is, or where it was refused or given up."""
    await furnish(post.database)
    async with post.database.work() as work:
        await add_notice(work, Notice("n1", MINH.id, "x", ("all",), NOW), [HALL.id, DESK.id])
    await post.queue((HALL.address, "x"), about=f"notice:n1:{HALL.id}")
    post.platform.troubles[DESK.address] = [Refused()]
    await post.queue((DESK.address, "x"), about=f"notice:n1:{DESK.id}")
    await post.settle()
    async with post.database.work() as work:
        assert await ledger(work, "n1") == Ledger(chats=2, delivered=1, acknowledged=0, lost=1)


@posting
async def test_a_message_is_remembered_by_what_it_is_about(post):
    """What a message is about is kept with its ref; one about nothing is not kept."""
    await post.queue(("c", "1"), subject="assignments:4,5")
    await post.queue(("c", "2"))
    await post.settle()
    async with post.database.work() as work:
        rows = (await work.do(select(tables.said_ref))).all()
    assert [tuple(row) for row in rows] == [("script", "c", "1", "assignments:4,5")]


@posting
async def test_an_edit_is_an_edit(post):
    """What is to be put in a message's place is an edit of that message, never a message of its own."""
    async with post.database.work() as work:
        parcel = Parcel("script", "c", Said("new"), act="edit", ref="7")
        await OUTBOX.queue(work, [Posting(parcel, Priority.ANSWER, NOW)])
    await post.settle()
    assert (post.platform.edited, post.platform.arrived) == ([("c", "7", "new")], [])


def test_one_channel_does_not_wait_for_another(url):
    """A channel that hangs keeps no other one from sending."""

    async def _run():
        async with opened(url) as database:
            hanging, quick = Platform("hanging"), Platform("quick")
            hanging.open.clear()
            delivery = Delivery(database, OUTBOX, {"hanging": hanging, "quick": quick}, StoppedClock(NOW))
            running = asyncio.create_task(delivery.run())
            for name in ("hanging", "quick"):
                async with database.work() as work:
                    await OUTBOX.queue(work, [Posting(Parcel(name, "c", Said("x")), Priority.ANSWER, NOW)])
            delivery.wake()
            await until(lambda: quick.arrived and hanging.calls)
            assert hanging.arrived == []
            hanging.open.set()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(_run())
