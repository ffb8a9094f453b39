"""Floods: a thousand conversations at once, fifty who write twenty messages a second. Nobody else goes unanswered."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.channels.channel import Heard
from bot.domain.limits import BURST, TRIES
from bot.domain.window import MOST_KEYS
from bot.intake import Intake
from bot.storage import tables
from handlers.receipt import Doorkeeper
from tests.town import NOTHING, WORDS, Town, receipt_in, story, w

MANY = 1_000
FLOODERS, A_SECOND, SECONDS = 50, 20, 11
NEIGHBOURS = 10
STEPS = ("/tin", "1", "mua ban", "/boqua", WORDS)
"""How a tip begins, by typing only."""


@asynccontextmanager
async def delivering(town: Town):
    """What is said goes out beside what is heard, as in `tinbao run`."""
    running = asyncio.create_task(town.parts.delivery.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await town.settle()


def texts(town: Town, who: str) -> list[str]:
    return [said.text for said in town.ours(who)]


def pace_told() -> str:
    seconds = w("limits-seconds", number=BURST)
    return w("limits-pace", most=BURST, per=seconds, wait=w("limits-wait-seconds", number=10))


def is_at_rest(town: Town) -> bool:
    """Nothing of a turn, a try or a file is left in memory."""
    turns = town.parts.turns
    left = (turns._waiting, turns._busy, turns._slow, turns._preparing, town.room(Intake)._taken)
    return not any(left) and not town.room(Doorkeeper)._derived


def test_a_thousand_conversations_at_once(tmp_path):
    """A thousand citizens tell a tip at the same time: each of their messages is answered once and in order, each of
    them stands at their own next question, and an officer who asks for work meanwhile is answered as well.
    """

    async def tell(town):
        await town.group("Sở Y tế", "so-y-te")

        async def citizen(n: int) -> None:
            for step in STEPS:
                await town.heard_only(f"citizen {n}", step)

        async def officer() -> None:
            for n in range(BURST):
                heard = Heard(
                    channel="script", chat="Sở Y tế", sender="lan", key=f"viec {n}", private=False, text="/viec"
                )
                await town.parts.turns.hear(heard)

        async with delivering(town):
            await asyncio.gather(*(citizen(n) for n in range(MANY)), officer())
        said = Counter(tuple(texts(town, f"citizen {n}")) for n in range(MANY))
        ((answers, count),) = said.items()
        assert (count, len(answers)) == (MANY, len(STEPS))
        assert answers[-1] == w("tip-happened")
        work = [text for text in texts(town, "Sở Y tế") if text == texts(town, "Sở Y tế")[0]]
        assert len(work) == BURST
        assert len(await town.rows(tables.conversation)) == MANY
        assert await town.rows(tables.outbox) == []
        assert is_at_rest(town)

    story(tmp_path, tell)


def test_fifty_who_write_without_end(tmp_path):
    """Fifty senders write twenty messages a second: each is answered for what is taken and told once which limit it is;
    what is not taken leaves no row; each neighbour has every answer, a whole tip and its receipt.
    """

    async def tell(town):
        acts = [*STEPS, *("/boqua",) * 6, "1"]
        told = 0

        async def neighbours(act: str) -> None:
            await asyncio.gather(*(town.heard_only(f"neighbour {n}", act) for n in range(NEIGHBOURS)))

        async with delivering(town):
            for tick in range(SECONDS * A_SECOND):
                flood = [town.heard_only(f"flooder {n}", "a lô") for n in range(FLOODERS)]
                if tick % 10 == 0 and told < len(acts):
                    flood.append(neighbours(acts[told]))
                    told += 1
                await asyncio.gather(*flood)
                town.clock.instant += timedelta(seconds=1) / A_SECOND
        for n in range(NEIGHBOURS):
            assert len(town.ours(f"neighbour {n}")) == len(acts)
            assert receipt_in(town.ours(f"neighbour {n}")[-1].text)
        assert len(await town.tips()) == NEIGHBOURS
        taken = 0
        for n in range(FLOODERS):
            said = Counter(texts(town, f"flooder {n}"))
            assert said.pop(pace_told()) == 1
            ((greeting, count),) = said.items()
            assert greeting.startswith(w("citizen-greeting", province="Lào Cai", hotlines="113")[:40])
            assert BURST <= count <= BURST + 2
            taken += count
        heard = len(await town.rows(tables.heard))
        assert heard == taken + FLOODERS + NEIGHBOURS * len(acts)
        assert await town.rows(tables.outbox) == []
        assert is_at_rest(town)

    story(tmp_path, tell)


def test_after_the_pause_one_is_heard_again(tmp_path):
    """Who was too fast is heard again after the pause, and told again, once, when they are too fast again."""

    async def tell(town):
        for _ in range(3):
            for _ in range(3 * BURST):
                await town.heard_only("flooder", "a lô")
            town.clock.instant += timedelta(minutes=1)
        await town.settle()
        said = Counter(texts(town, "flooder"))
        assert said.pop(pace_told()) == 3
        assert list(said.values()) == [3 * BURST]

    story(tmp_path, tell)


def test_a_flood_of_receipts(tmp_path):
    """Eight conversations try ten wrong receipts each as fast as they can: each has its six answers and four refusals;
    meanwhile others tell tips, and a right receipt is let in.
    """

    async def tell(town):
        receipt = await town.tell("bac")
        town.clock.instant += timedelta(minutes=1)

        async def guesser(who: str) -> None:
            await asyncio.gather(*(town.heard_only(who, f"{n:016d}") for n in range(TRIES + 4)))

        async def neighbour(who: str) -> None:
            for step in STEPS:
                await town.heard_only(who, step)

        async with delivering(town):
            await asyncio.gather(
                *(guesser(f"guesser {n}") for n in range(8)),
                *(neighbour(f"neighbour {n}") for n in range(NEIGHBOURS)),
                town.heard_only("bac", receipt),
            )
        await town.pass_time(seconds=20)
        for n in range(8):
            said = texts(town, f"guesser {n}")
            assert said.count(NOTHING) == TRIES
            assert (
                sum(text.startswith(w("limits-conversation", most=TRIES, per="", wait="")[:20]) for text in said) == 4
            )
        for n in range(NEIGHBOURS):
            assert texts(town, f"neighbour {n}")[-1] == w("tip-happened")
        assert texts(town, "bac")[-1] == w("talk-act")
        assert is_at_rest(town)

    story(tmp_path, tell)


def test_limits_remember_only_so_much(tmp_path):
    """However many senders and conversations come, the limits remember a bounded number, and forget it with time."""

    async def tell(town):
        pace, attempts = town.parts.turns._pace, town.room(Doorkeeper)._attempts
        now = town.clock.now()
        for n in range(MOST_KEYS + 5_000):
            key = n.to_bytes(4, "big")
            pace.take(now, key)
            attempts.begin(now, conversation=key, network=key[2:])
        assert len(pace) <= MOST_KEYS
        assert len(attempts) <= MOST_KEYS
        await town.pass_time(hours=2)
        await town.hear("bac", "0" * 16, network="village")
        assert (len(pace), len(attempts)) == (1, 1)

    story(tmp_path, tell)
