"""Trying receipts and filing tips within their limits: who is held back, for how long, and who never notices."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from planted import jpeg

from bot.channels.channel import Heard
from bot.domain.limits import NETWORK_TRIES, ONION_DELAY, SLOW_LANE, SLOW_LANE_TRIES, TRIES
from bot.intake import Intake
from bot.storage import tables
from handlers.receipt import ONION, Doorkeeper
from tests.town import HERE, NOTHING, Town, receipt_in, story, w

WRONG = [f"{n:016d}" for n in range(100)]


async def tried(town: Town, who: str, receipt: str, **more) -> tuple[list[str], float]:
    """What is answered, and after how many seconds all of it may go; all of it has gone then."""
    await town.heard_only(who, receipt, **more)
    waiting = [(parcel, seconds) for parcel, seconds in await town.waiting() if parcel.address == who]
    delay = max(seconds for _, seconds in waiting)
    await town.settle()
    town.clock.instant += timedelta(seconds=delay)
    await town.settle()
    return [parcel.said.text for parcel, _ in waiting], delay


async def use_up(town: Town, who: str, tries: int = TRIES, **more) -> None:
    for n in range(tries):
        await tried(town, who, WRONG[n], **more)


def is_refused(texts: list[str]) -> bool:
    (text,) = texts
    return text.startswith(w("limits-conversation", most=TRIES, per=w("limits-hours", number=1), wait="")[:30])


# --- a conversation --------------------------------------------------------------------------------------------------


def test_each_wrong_receipt_is_answered_later(tmp_path):
    """Six tries an hour: at once, then 1, 2, 4, 8, 16 seconds later; a wait of two and more is announced at once. The
    seventh is told which limit that is and until when, and after that hour there is room again.
    """

    async def tell(town):
        answers = [await tried(town, "bac", WRONG[n]) for n in range(TRIES)]
        assert [delay for _, delay in answers] == [0, 1, 2, 4, 8, 16]
        for texts, delay in answers:
            assert texts == ([w("limits-delay", number=int(delay))] if delay >= 2 else []) + [NOTHING]
        texts, delay = await tried(town, "bac", WRONG[6])
        assert (is_refused(texts), delay) == (True, 0)
        assert "09:0" in texts[0]  # on the province's clocks, an hour after the first
        await town.pass_time(minutes=62)
        assert (await tried(town, "bac", WRONG[7]))[0][-1] == NOTHING

    story(tmp_path, tell)


def test_nothing_goes_before_its_time(tmp_path):
    """A held answer stands in the outbox until its second has come, sealed; what is announced goes at once."""

    async def tell(town):
        await use_up(town, "bac", 4)
        town.news("bac")
        await town.hear("bac", WRONG[5])
        assert town.news("bac") == [w("limits-delay", number=8)]
        await town.pass_time(seconds=7)
        assert town.news("bac") == []
        (row,) = await town.rows(tables.outbox)
        assert NOTHING.encode() not in bytes(row.sealed)
        await town.pass_time(seconds=1)
        assert town.news("bac") == [NOTHING]

    story(tmp_path, tell)


def test_a_right_receipt_is_let_in_after_wrong_ones(tmp_path):
    """Who mistypes and then types it right is let in after the delay; the delay is over then, the count is not: a right
    receipt does not buy more tries.
    """

    async def tell(town):
        receipt = await town.tell("bac")
        await use_up(town, "bac", 3)
        texts, delay = await tried(town, "bac", receipt)
        assert delay == 4
        assert w("talk-act") in texts
        await town.press("bac", w("talk-leave"))
        assert [(await tried(town, "bac", wrong))[1] for wrong in WRONG[3:6]] == [0, 1, 2]
        assert is_refused((await tried(town, "bac", receipt))[0])
        await town.pass_time(minutes=62)
        assert w("talk-act") in (await tried(town, "bac", receipt))[0]

    story(tmp_path, tell)


def test_a_right_receipt_is_not_counted(tmp_path):
    """A right receipt opens the talk as often as one likes, each time at once."""

    async def tell(town):
        receipt = await town.tell("bac")
        for _ in range(2 * TRIES):
            texts, delay = await tried(town, "bac", receipt)
            assert (texts[-1], delay) == (w("talk-act"), 0)
            await town.press("bac", w("talk-leave"))
            town.clock.instant += timedelta(seconds=2)

    story(tmp_path, tell)


def test_what_is_no_receipt_costs_no_try(tmp_path):
    """A digit too few or too many is told, and is no try."""

    async def tell(town):
        for typed in (WRONG[0][:15], WRONG[0] + "0") * TRIES:
            ((text,), delay) = await tried(town, "bac", typed)
            assert (text, delay) == (w("receipt-length", length=len(typed), wanted=16), 0)
        assert await tried(town, "bac", WRONG[0]) == ([NOTHING], 0)

    story(tmp_path, tell)


def test_the_same_message_twice_is_one_try(tmp_path):
    """A message that the platform delivers twice is tried and answered once."""

    async def tell(town):
        receipt = await town.tell("bac")
        for _ in range(3):
            await town.hear("bac", WRONG[0], key="the same")
        assert [said.text for said in town.ours("bac")].count(NOTHING) == 1
        assert (await tried(town, "bac", receipt))[1] == 1

    story(tmp_path, tell)


# --- many of them ----------------------------------------------------------------------------------------------------


def test_a_flooder_locks_nobody_out(tmp_path):
    """However many conversations one uses up, another's first try is answered at once, and their receipt opens."""

    async def tell(town):
        receipt = await town.tell("bac")
        for n in range(5):
            await use_up(town, f"flooder {n}")
            assert is_refused((await tried(town, f"flooder {n}", receipt))[0])
        texts, delay = await tried(town, "bac", receipt)
        assert (texts[-1], delay) == (w("talk-act"), 0)

    story(tmp_path, tell)


def test_a_busy_network_has_a_slow_lane(tmp_path):
    """Past its budget a network prefix is answered late, a few at a time, and a right receipt is still let in; another
    network and a platform without one never notice. Who meets the lane full is told which limit it is.
    """

    async def tell(town):
        receipt = await town.tell("bac")
        for n in range(NETWORK_TRIES):
            await town.heard_only(f"flooder {n}", WRONG[n], network="village")
        await town.settle()
        texts, delay = await tried(town, "neighbour", receipt, network="village")
        assert delay == SLOW_LANE.total_seconds()
        assert texts[0] == w("limits-delay", number=30)
        assert texts[-1] == w("talk-act")
        for n in range(SLOW_LANE_TRIES):
            await town.heard_only(f"more {n}", WRONG[n], network="village")
        ((text,), delay) = await tried(town, "late", receipt, network="village")
        assert delay == 0
        assert text.startswith(w("limits-network", most=4, per=w("limits-seconds", number=30), wait="")[:40])
        for who, network in (("other village", "other"), ("on a platform", "")):
            assert (await tried(town, who, receipt, network=network))[1] == 0
        await town.pass_time(seconds=31)
        assert (await tried(town, "late", receipt, network="village"))[0][-1] == w("talk-act")

    story(tmp_path, tell)


def test_on_the_onion_the_delay_is_fixed(tmp_path):
    """All visitors of an onion address share one name: each try is answered after the same seconds, right or wrong,
    first or sixth, and no network budget is ever used up.
    """

    async def tell(town):
        receipt = await town.tell("bac")
        fixed = ONION_DELAY.total_seconds()
        for n in range(TRIES):
            assert await tried(town, "guesser", WRONG[n], network=ONION) == (
                [w("limits-delay", number=4), NOTHING],
                fixed,
            )
        assert is_refused((await tried(town, "guesser", WRONG[7], network=ONION))[0])
        for n in range(NETWORK_TRIES):
            await town.heard_only(f"visitor {n}", WRONG[n], network=ONION)
        await town.pass_time(seconds=fixed)
        texts, delay = await tried(town, "bac", receipt, network=ONION)
        assert (texts[0], texts[-1], delay) == (w("limits-delay", number=4), w("talk-act"), fixed)

    story(tmp_path, tell)


@pytest.mark.parametrize("network", ["", "village", ONION])
def test_others_are_answered_while_receipts_are_tried(tmp_path, network):
    """While six receipts are being tried, which takes long, somebody else's turn is taken and answered: the slow hash
    runs outside of every transaction, in threads.
    """

    async def tell(town):
        going = threading.Event()
        town.room(Doorkeeper)._stretcher._threads.submit(going.wait, 60)  # as on a machine that is slow at hashing
        trying = [asyncio.create_task(town.heard_only(f"t{n}", WRONG[n], network=network)) for n in range(TRIES)]
        await asyncio.sleep(0.05)
        await town.hear("lone", "/tin")
        await town.hear("lone", "1")
        assert w("tip-kind") in town.ours("lone")[-1].text
        assert not any(task.done() for task in trying)
        going.set()
        await asyncio.gather(*trying)
        await town.pass_time(seconds=5)
        assert [town.ours(f"t{n}")[-1].text for n in range(TRIES)] == [NOTHING] * TRIES

    story(tmp_path, tell)


# --- tips a day ------------------------------------------------------------------------------------------------------


async def tell_five(town: Town, who: str) -> None:
    """Each in half a minute, which is not too fast."""
    for _ in range(5):
        await town.tell(who)
        town.clock.instant += timedelta(seconds=30)


def test_the_sixth_tip_of_a_day_waits(tmp_path):
    """Five tips a day: the sixth is refused with its sentence, and nothing of it is lost: the summary stands again with
    its picture, is still there after a restart, and goes when there is room; another conversation never notices.
    """

    async def tell(town):
        await tell_five(town, "bac")
        await town.until_summary("bac", what="canary: tin thu sau trong ngay", files=(jpeg(),), back=HERE)
        before = len(await town.tips())
        summary = town.ours("bac")[-1]
        for _ in range(2):
            (said,) = await town.pressed("bac", w("tip-send"))
            assert said.startswith(w("limits-tips", most=5, per=w("limits-hours", number=24), wait="")[:30])
            assert summary.text in said
            assert town.ours("bac")[-1].rows == summary.rows
        assert len(await town.tips()) == before == 5
        await town.tell("co")
        await town.pass_time(hours=23)
        await town.hear("bac", "/tin")  # still going on: not silent
        await town.pass_time(hours=1, minutes=30)
        (said,) = await town.pressed("bac", w("tip-send"))
        assert receipt_in(said)
        (sixth,) = [tip for tip in await town.read() if tip.draft.what.startswith("canary")]
        assert [part.header.sort for part in sixth.parts] == ["photo"]

    story(tmp_path, tell)


def test_a_refused_tip_can_still_be_changed_or_cancelled(tmp_path):
    """Where the summary stands again after a refusal, its answers can be changed and all of it be cancelled."""

    async def tell(town):
        await tell_five(town, "bac")
        await town.until_summary("bac", files=(jpeg(),))
        await town.press("bac", w("tip-send"))
        await town.press("bac", w("ask-edit"))
        await town.press("bac", w("tip-edit-what"))
        (said,) = await town.answer("bac", "canary: another eleven words")
        assert "canary: another" in said
        await town.press("bac", w("ask-cancel"))
        assert await town.rows(tables.tip_part) == await town.rows(tables.conversation) == []

    story(tmp_path, tell)


# --- files -----------------------------------------------------------------------------------------------------------


async def until_files(town: Town, who: str) -> bytes:
    """A tip told up to the question for files; returns what the sender is called in the limits."""
    await town.hear(who, "/tin")
    for label in ("tip-go", "tip-kind-selling", "tip-place-skip"):
        await town.press(who, w(label))
    await town.hear(who, "nha nuoi ga dau thon 3")
    for about in ("happened", "known", "official", "urgency"):
        await town.press(who, w(f"tip-{about}-skip"))
    heard = Heard(channel="script", chat=who, sender=who, key="")
    return town.parts.turns._hashes.of_hour(heard, town.clock.now())


@pytest.mark.parametrize(("limit", "left"), [("files", 1), ("bytes", 5_000)])
def test_files_beyond_the_limit_are_told_each_what_it_is(tmp_path, limit, left):
    """Who has sent as many files, or bytes, as an hour allows is told which limit that is; what was taken before stays,
    the question stands, the tip can be sent, and another conversation never notices.
    """

    async def tell(town):
        name = await until_files(town, "bac")
        quota = getattr(town.room(Intake)._limits, limit)
        most = {"files": 50, "bytes": 200_000_000}[limit]
        assert quota.take(town.clock.now(), name, most - left) is None
        assert (await answer_to(town, "bac", b"a" * 4_000)).startswith(w("ask-files-so-far", count=1, most=10))
        said = await answer_to(town, "bac", b"b" * 4_000)
        shown = 200 if limit == "bytes" else most
        assert w(f"limits-{limit}", most=shown, per=w("limits-hours", number=1), wait="")[:40] in said
        await until_files(town, "co")
        assert (await answer_to(town, "co", b"c" * 4_000)).startswith(w("ask-files-so-far", count=1, most=10))
        await town.press("bac", w("ask-done"))
        await town.press("bac", HERE)
        await town.press("bac", w("tip-send"))
        (read,) = await town.read()
        assert [part.content for part in read.parts] == [b"a" * 4_000]

    story(tmp_path, tell)


async def answer_to(town: Town, who: str, content: bytes) -> str:
    town.news(who)
    await town.send(who, content, sort="file")
    return "\n".join(town.news(who))
