"""Coming back: a tip's state, the desk's messages and the citizen's answers, by nothing but the receipt."""

from __future__ import annotations

import io
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from PIL import Image
from planted import MARKER, jpeg
from sqlalchemy import delete, select

from bot.channels.channel import Said
from bot.desk import TalkOver
from bot.domain.receipt import Receipt
from bot.domain.tip import Outcome, TipState
from bot.storage import tables
from bot.storage.contents import unpack
from bot.storage.keys import Keyring, derive
from bot.storage.seal import open_tip
from bot.storage.tips import way_back
from tests.seized import candidates, opens, public, rows
from tests.town import BY_RECEIPT, HERE, NEWS, NOT, NOTHING, WORDS, Town, hours, story, w

ASKED, ANSWER = "canary: quán đó tên gì?", "canary: quan Huong, gan cau moi"
ACTS = [w("talk-answer"), w("talk-close-for-good"), w("talk-leave")]
SOUND = (b"\xff\xfb\x90\x64" + bytes(413)) * 20


def labels(said: Said) -> list[str]:
    return [button.label for row in said.rows for button in row]


def everywhere(town: Town, *, but: str = "") -> str:
    return "\n".join(f"{said.head}{said.text}" for chat in town.script.chats if chat != but for said in town.ours(chat))


async def only(town: Town) -> str:
    (tip,) = await town.tips()
    return tip


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_somebody_comes_back_and_answers(tmp_path):
    """A tip with a file is told from one account; from another its receipt opens what the desk asked, an answer in
    words and a picture goes to the same tip, and whoever holds a reader's key reads all of it, in order.
    """

    async def tell(town):
        receipt = await town.tell("bac", files=(jpeg(),))
        tip = await only(town)
        town.clock.instant += timedelta(hours=3)
        await town.write_to(tip, ASKED)
        state, act = await town.answer("co", receipt)
        assert w("tip-state-received", since=hours(3)) in state
        assert f"«{ASKED}»" in state
        assert act == w("talk-act")
        assert labels(town.ours("co")[-1]) == ACTS
        assert w("talk-words") in (await town.pressed("co", w("talk-answer")))[-1]
        assert w("talk-files") in (await town.answer("co", ANSWER))[-1]
        await town.send("co", jpeg(), sort="file")
        assert f"«{ANSWER}»" in (await town.pressed("co", w("ask-done")))[-1]
        assert (await town.pressed("co", w("tip-send")))[-1].startswith(w("talk-added"))
        assert w("tip-more", name=tip[:6]) in everywhere(town)

        (read,) = await town.read()
        assert read.draft.what == WORDS
        assert read.closed == 0
        assert [(part.by, part.words) for part in read.parts if part.words] == [("desk", ASKED), ("citizen", ANSWER)]
        pictures = [part for part in read.parts if part.header.sort == "photo"]
        assert [part.by for part in pictures] == ["citizen", "citizen"]
        for part in pictures:
            assert Image.open(io.BytesIO(part.content)).size == (64, 48)
            assert MARKER not in part.content
        state, _ = await town.answer("em", receipt.replace(" ", ""))
        assert state.index(ASKED) < state.index(ANSWER)
        assert f"«{ANSWER}»" in state

    story(tmp_path, tell)


def test_a_spoken_tip_is_heard_by_its_reader(tmp_path):
    """A voice message is a full answer, in a tip and in an answer to the desk; the reader hears both."""

    async def tell(town):
        receipt = await town.tell("bac", voice=SOUND)
        assert w("tip-what-sealed") in everywhere(town)
        await town.hear("co", receipt)
        await town.press("co", w("talk-add"))
        await town.send("co", SOUND[: len(SOUND) // 2], sort="sound")
        await town.press("co", w("talk-files-skip"))
        await town.press("co", w("tip-send"))
        (read,) = await town.read()
        assert read.draft.what == ""
        assert [part.header.sort for part in read.parts] == ["sound", "sound"]
        assert {len(part.content) for part in read.parts} == {len(SOUND), len(SOUND) // 2}

    story(tmp_path, tell)


def test_the_talk_stands_after_a_restart(tmp_path):
    """Between any two messages of a talk everything may be built anew from the disk."""

    async def tell(town):
        receipt = await town.tell("bac", back=HERE)
        await town.write_to(await only(town), ASKED)
        for act in (
            lambda: town.hear("co", receipt),
            lambda: town.press("co", w("talk-answer")),
            lambda: town.hear("co", ANSWER),
            lambda: town.send("co", jpeg()),
            lambda: town.press("co", w("ask-done")),
            lambda: town.press("co", w("tip-send")),
        ):
            await town.restart()
            await act()
        (read,) = await town.read()
        assert [part.words for part in read.parts if part.words] == [ASKED, ANSWER]
        assert len(read.parts) == 3

    story(tmp_path, tell)


def test_what_is_not_sent_is_not_kept(tmp_path):
    """Cancelled, an answer leaves no part and no key; closed again, a talk says only how to open it."""

    async def tell(town):
        receipt = await town.tell("bac")
        await town.hear("co", receipt)
        await town.press("co", w("talk-add"))
        await town.hear("co", ANSWER)
        await town.send("co", jpeg())
        assert len(await town.rows(tables.tip_part)) == 1
        await town.press("co", w("ask-cancel"))
        assert await town.rows(tables.tip_part) == []
        assert {key.part for key in await town.rows(tables.tip_key)} == {"text"}
        await town.hear("co", receipt)
        assert (await town.pressed("co", w("talk-leave")))[-1].startswith(w("talk-left"))
        assert await town.rows(tables.conversation) == []

    story(tmp_path, tell)


def test_an_empty_answer_is_not_sent(tmp_path):
    """Neither words nor files: it is said so, and the question stands again."""

    async def tell(town):
        receipt = await town.tell("bac")
        await town.hear("co", receipt)
        for label in ("talk-add", "talk-words-skip", "talk-files-skip"):
            await town.press("co", w(label))
        (said,) = await town.pressed("co", w("tip-send"))
        assert said.startswith(w("talk-nothing-added"))
        assert await town.rows(tables.tip_part) == []
        assert w("tip-send") in labels(town.ours("co")[-1])

    story(tmp_path, tell)


def test_two_devices_at_one_receipt_do_not_take_from_each_other(tmp_path):
    """The same talk is open on two devices: what one of them drops or sends takes nothing of the other's away."""

    async def tell(town):
        receipt = await town.tell("bac")
        for who in ("phone", "neighbour"):
            await town.hear(who, receipt)
            await town.press(who, w("talk-add"))
            await town.hear(who, f"canary of {who}")
            await town.send(who, jpeg())
        await town.press("neighbour", w("ask-cancel"))
        await town.press("phone", w("ask-done"))
        await town.press("phone", w("tip-send"))
        (read,) = await town.read()
        assert sorted(part.header.sort for part in read.parts) == ["photo", "words"]

    story(tmp_path, tell)


# --- being told that there is something ------------------------------------------------------------------------------


def test_who_chose_here_is_told_here(tmp_path):
    """Who wanted answers here is told here that there is one, in a line without a word of it; nobody else is told."""

    async def tell(town):
        for who, back in (("bac", HERE), ("co", BY_RECEIPT), ("em", NOT)):
            await town.tell(who, back=back)
        await town.tell("di", back=HERE)
        for chat in list(town.script.chats):
            town.news(chat)
        told = {}
        for tip in await town.tips():
            await town.write_to(tip, ASKED)
            told[tip] = {chat: news for chat in town.script.chats if (news := town.news(chat))}
        assert sorted(map(str, told.values())) == sorted(map(str, ({}, {}, {"bac": [NEWS]}, {"di": [NEWS]})))
        assert "canary" not in everywhere(town)
        assert labels(town.ours("bac")[-1]) == []

    story(tmp_path, tell)


MOVES = (
    (TipState.TAKEN, Outcome.OPEN),
    (TipState.RECEIVED, Outcome.OPEN),
    (TipState.TAKEN, Outcome.OPEN),
    *(
        (state, outcome)
        for outcome in list(Outcome)[1:]
        for state, outcome in ((TipState.CHECKING, Outcome.OPEN), (TipState.CLOSED, outcome))
    ),
)


def test_what_is_read_where_a_tip_stands(tmp_path):
    """At each state the receipt says in plain words where the tip stands and since when; nobody has to ask twice."""

    async def tell(town):
        receipt = await town.tell("bac")
        tip = await only(town)

        async def stands() -> str:
            await town.hear("bac", receipt)
            state = town.ours("bac")[-2].text.partition("\n")[0]
            await town.press("bac", w("talk-leave"))
            return state

        assert await stands() == w("tip-state-received", since=hours(0))
        town.clock.instant += timedelta(hours=26)
        late = await stands()
        assert late.startswith(w("tip-state-received", since=hours(26)))
        assert w("tip-state-other-routes", hotlines="113")[:30] in late
        assert "113, " in late
        town.clock.instant += timedelta(hours=24)
        assert (await stands()).startswith(w("tip-state-received", since=w("since-days", days=2)))
        said = set()
        for to, outcome in MOVES:
            await town.move(tip, to, outcome)
            town.clock.instant += timedelta(hours=2)
            now = await stands()
            said.add(now)
            assert now.startswith(w(f"tip-state-{outcome or to}", since=hours(2)))
        assert len(said) == 3 + len(Outcome) - 1

    story(tmp_path, tell)


def test_a_closed_tip_is_told_of_once_more(tmp_path):
    """Each move is told where the citizen chose; when the tip is closed once more, and then nothing leads back to them,
    also when it is opened again. The receipt still opens it.
    """

    async def tell(town):
        receipt = await town.tell("bac", back=HERE)
        tip = await only(town)
        town.news("bac")
        for to, outcome, told in (
            (TipState.TAKEN, Outcome.OPEN, [NEWS]),
            (TipState.CLOSED, Outcome.CONFIRMED, [NEWS]),
            (TipState.CHECKING, Outcome.OPEN, []),
        ):
            await town.move(tip, to, outcome)
            assert town.news("bac") == told
            async with town.work() as work:
                assert bool(await way_back(work, tip)) == (to is TipState.TAKEN)
        await town.write_to(tip, ASKED)
        assert town.news("bac") == []
        assert ASKED in (await town.answer("co", receipt))[0]

    story(tmp_path, tell)


def test_a_way_back_has_its_time(tmp_path):
    """After the retention time nothing leads back to the chat; the receipt still opens what the desk wrote."""

    async def tell(town):
        receipt = await town.tell("bac", back=HERE)
        tip, days = await only(town), town.config.tips.way_back_days
        await town.pass_time(days=days)
        async with town.work() as work:
            assert await way_back(work, tip)
        await town.pass_time(hours=1)
        async with town.work() as work:
            assert await way_back(work, tip) is None
        town.news("bac")
        await town.write_to(tip, ASKED)
        assert town.news("bac") == []
        assert ASKED in (await town.answer("bac", receipt))[0]

    story(tmp_path, tell)


# --- closing for good ------------------------------------------------------------------------------------------------


async def close(town: Town, who: str, receipt: str) -> list[str]:
    await town.hear(who, receipt)
    await town.press(who, w("talk-close-for-good"))
    return await town.pressed(who, w("talk-close-yes"))


def test_closed_for_good_is_closed(tmp_path):
    """Closed for good: the desk can write no more and is told so, nothing leads back, the receipt opens nothing; the
    tip itself is still read.
    """

    async def tell(town):
        receipt = await town.tell("bac", back=HERE)
        tip = await only(town)
        await town.write_to(tip, ASKED)
        assert (await close(town, "co", receipt))[-1].startswith(w("talk-closed"))
        assert w("tip-talk-over", name=tip[:6]) in everywhere(town)
        with pytest.raises(TalkOver):
            await town.write_to(tip, "canary of the desk")
        async with town.work() as work:
            assert await way_back(work, tip) is None
        town.news("bac")
        await town.move(tip, TipState.TAKEN)
        assert town.news("bac") == []
        assert (await town.answer("bac", receipt))[-1].startswith(NOTHING)
        (read,) = await town.read()
        assert (read.draft.what, read.line.talks, [part.words for part in read.parts]) == (WORDS, False, [ASKED])

    story(tmp_path, tell)


def test_a_talk_closed_elsewhere_takes_nothing_more(tmp_path):
    """Closed on one device, the talk takes no more on another where it still stands open."""

    async def tell(town):
        receipt = await town.tell("bac")
        await town.hear("phone", receipt)
        await town.press("phone", w("talk-add"))
        await town.hear("phone", ANSWER)
        await close(town, "bac", receipt)
        await town.press("phone", w("talk-files-skip"))
        assert w("talk-gone") in everywhere(town)
        (read,) = await town.read()
        assert read.parts == ()

    story(tmp_path, tell)


def test_the_desk_writes_to_no_tip_that_is_not(tmp_path):
    """Writing to, or moving, a tip that does not exist is an error and leaves nothing."""

    async def tell(town):
        with pytest.raises(LookupError):
            await town.write_to("unknown", ASKED)
        with pytest.raises(LookupError):
            await town.move("unknown", TipState.TAKEN)
        assert await town.rows(tables.tip_part) == await town.rows(tables.outbox) == []

    story(tmp_path, tell)


# --- wrong, expired, used up -----------------------------------------------------------------------------------------


async def answers(town: Town, who: str, receipt: str, tries: int) -> list[list[tuple[Said, float]]]:
    """What each of so many tries is answered, and how many seconds it is held back."""
    all_ = []
    for _ in range(tries):
        await town.heard_only(who, receipt)
        all_.append([(parcel.said, seconds) for parcel, seconds in await town.waiting()])
        await town.pass_time(seconds=40)
    return all_


def test_wrong_expired_and_used_up_are_answered_alike(tmp_path):
    """A wrong receipt, one of a tip that is no more, and one of a talk closed for good: the same sentences, as many
    messages, after the same time, at the first try and the sixth; a right one comes after the same time too.
    """

    async def tell(town):
        used, expired, right = [await town.tell(f"teller {n}") for n in range(3)]
        await close(town, "teller 0", used)
        salt = town.parts.opened.keyring.receipts_salt
        gone = derive(Receipt.read(expired), salt).look_up
        async with town.work() as work:
            id_ = (await work.do(select(tables.tip.c.id).where(tables.tip.c.look_up == gone))).scalar_one()
            await work.do(delete(tables.tip_key).where(tables.tip_key.c.tip == id_))
            await work.do(delete(tables.tip).where(tables.tip.c.id == id_))
        await town.settle()
        wrong = await answers(town, "a", f"{1:016d}", 6)
        assert [said.text for said, _ in wrong[0]] == [(await texts_of(town, "a"))[0]]
        assert wrong == await answers(town, "b", used, 6) == await answers(town, "c", expired, 6)
        assert [max(seconds for _, seconds in one) for one in wrong] == [0, 1, 2, 4, 8, 16]
        (first,) = await answers(town, "d", right, 1)
        assert {seconds for _, seconds in first} == {seconds for _, seconds in wrong[0]} == {0}
        await answers(town, "e", f"{2:016d}", 4)
        (fifth,) = await answers(town, "e", right, 1)
        assert max(seconds for _, seconds in fifth) == max(seconds for _, seconds in wrong[4]) == 8

    async def texts_of(town, who):
        return [said.text for said in town.ours(who)]

    story(tmp_path, tell)


# --- what the server can't open --------------------------------------------------------------------------------------


def test_without_the_receipt_the_desks_answers_stay_closed(tmp_path):
    """With everything on the server, while the tip is on its way and after, no 32 bytes open what the desk wrote or
    what the citizen answered; the receipt's key opens both.
    """

    async def tell(town):
        town.receipt = await town.tell("bac", back=HERE)
        await town.hear("bac", town.receipt)
        await town.press("bac", w("talk-add"))
        await town.hear("bac", ANSWER)
        await town.press("bac", w("talk-files-skip"))
        await town.press("bac", w("tip-send"))
        await town.pass_time(hours=1)
        await town.write_to(await only(town), ASKED, number=2)
        assert ASKED in (await town.answer("bac", town.receipt))[0]
        await town.pass_time(hours=1)
        shutil.copytree(town.config.data_folder, tmp_path / "seized")
        receipts.append(town.receipt)

    receipts: list[str] = []
    story(tmp_path, tell)
    data = tmp_path / "seized"
    (tip,), parts = rows(data, "tip"), rows(data, "tip_part")
    found = candidates(data)
    assert len(found) > 1000
    assert not [one for one in found if public(one) == tip["receipt_public"]]
    for part in parts:
        name = f"{part['tip']}/{part['id']}".encode()
        assert not [one for one in found if opens(one, part["body"], b"tinbao 1 tip\0" + name)]

    private = derive(Receipt.read(receipts[0]), Keyring.read(data / "installation.key").receipts_salt).private
    read = {
        unpack(open_tip(private, part["receipt_key"], part["body"], f"{part['tip']}/{part['id']}".encode()))[1].decode()
        for part in parts
    }
    assert read == {ASKED, ANSWER}
    assert not [path for path in data.rglob("*") if path.is_file() and b"canary" in path.read_bytes()]


def test_a_file_that_is_swapped_is_not_opened(tmp_path):
    """A part put in another's place in the database is opened neither by the receipt nor by a reader."""

    async def tell(town):
        receipt = await town.tell("bac")
        tip = await only(town)
        for n in (1, 2):
            await town.write_to(tip, f"{ASKED} {n}", number=n)
        with closing(sqlite3.connect(town.config.data_folder / "tinbao.sqlite")) as database:
            (one,), (other,) = database.execute("SELECT id FROM tip_part").fetchall()
            database.execute(
                "UPDATE tip_part SET (body, receipt_key) = (SELECT body, receipt_key FROM tip_part WHERE id = ?)"
                " WHERE id = ?",
                (one, other),
            )
            database.commit()
        state, _ = await town.answer("co", receipt)
        assert state.count(ASKED) == 1
        (read,) = await town.read()
        assert (len(read.parts), read.closed) == (1, 1)

    story(tmp_path, tell)
