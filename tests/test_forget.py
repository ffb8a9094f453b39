"""Forget me: what leads back is destroyed at once, both sides' messages go, and the list of warnings knows no tip."""

from __future__ import annotations

from datetime import timedelta

import pytest
from planted import jpeg

from bot.domain.member import Role
from bot.storage import tables
from bot.storage.tables import metadata
from bot.tip_cards import erased
from bot.words import say
from tests.town import HERE, NEWS, NOTHING, Town, story, w


async def ways_of(town: Town) -> int:
    return sum(row.way_back is not None for row in await town.rows(tables.tip))


def gone(count: int, left: int = 0) -> list[str]:
    return [erased("vi", "script", count, left).text]


def stands(town: Town, chat: str) -> int:
    """How many messages stand there, theirs and ours."""
    return len(town.script.chats.get(chat, {}))


async def begin(town: Town, who: str) -> None:
    """A tip begun, up to its summary, with a picture."""
    await town.until_summary(who, files=(jpeg(),), back=HERE)


# --- the way back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["/quentoi", "/xoa", "/forget", "button"])
def test_nothing_leads_back(tmp_path, how):
    """Forget me destroys the ways back of all tips of that chat and of no other; the desk's next word reaches nobody
    there, and the receipt opens it still.
    """

    async def tell(town):
        first = await town.tell("bac", back=HERE)
        town.clock.instant += timedelta(minutes=1)
        await town.tell("bac", back=HERE)
        await town.tell("co", back=HERE)
        assert await ways_of(town) == 3
        await (town.press("bac", w("button-forget-here")) if how == "button" else town.hear("bac", how))
        assert await ways_of(town) == 1
        for chat in ("bac", "co"):
            town.news(chat)
        for tip in await town.tips():
            await town.write_to(tip, "canary of the desk")
        assert (town.news("bac"), town.news("co")) == ([], [NEWS])
        assert "canary of the desk" in (await town.answer("bac", first))[0]

    story(tmp_path, tell)


# --- the messages ----------------------------------------------------------------------------------------------------


def test_the_button_erases_both_sides(tmp_path):
    """The button under the receipt erases every message of its conversation, theirs and ours, from the greeting on and
    with the desk's neutral line, says exactly how many, and leaves nothing of them in `trace`; others' are untouched.
    """

    async def tell(town):
        await town.tell("co")
        theirs, kept = stands(town, "co"), len(await town.rows(tables.trace))
        await town.hear("bac", "/start")
        await town.press("bac", w("citizen-tell"))
        await town.answer_all("bac", back=HERE)
        await town.press("bac", w("tip-send"))
        (tip,) = [row.id for row in await town.rows(tables.tip) if row.way_back is not None]
        await town.write_to(tip, "canary of the desk")
        before = stands(town, "bac")
        assert before > 12
        assert len(await town.rows(tables.trace)) == kept + before
        await town.press("bac", w("button-forget-here"))
        assert [said.text for said in town.said("bac")] == gone(before)
        assert (stands(town, "co"), len(await town.rows(tables.trace))) == (theirs, kept)
        assert await town.rows(tables.outbox) == []

    story(tmp_path, tell)


def test_after_the_receipt_was_copied_all_can_still_go(tmp_path):
    """Once the receipt is copied and covered, the button under the last answer still erases the whole conversation."""

    async def tell(town):
        await town.tell("bac")
        await town.press("bac", w("button-copied"))
        before = stands(town, "bac")
        await town.press("bac", w("button-wipe"))
        assert [said.text for said in town.said("bac")] == gone(before)

    story(tmp_path, tell)


def test_typed_later_it_takes_what_a_way_back_led_to(tmp_path):
    """Typed when nothing is open any more: the conversations whose tips are answered here go as well, each of them;
    that of a tip without a way back nothing leads to, and its messages stay.
    """

    async def tell(town):
        await town.tell("bac")
        kept = stands(town, "bac")
        for _ in range(2):
            town.clock.instant += timedelta(minutes=1)
            await town.tell("bac", back=HERE)
        before = stands(town, "bac")
        await town.hear("bac", "/quentoi")
        assert stands(town, "bac") == kept + 1
        assert [town.said("bac")[-1].text] == gone(before - kept + 1)

    story(tmp_path, tell)


@pytest.mark.parametrize("how", ["/quentoi", "/xoa"])
def test_in_the_middle_everything_goes(tmp_path, how):
    """In the middle of a tip: the draft, its staged picture and every message go, the command's own too."""

    async def tell(town):
        await begin(town, "bac")
        assert len(await town.rows(tables.tip_part)) == 1
        before = stands(town, "bac")
        await town.hear("bac", how)
        assert [said.text for said in town.said("bac")] == gone(before + 1)
        for table in (tables.trace, tables.tip_part, tables.tip_key, tables.conversation, tables.outbox):
            assert await town.rows(table) == []
        await town.pass_time(hours=1)
        await town.pass_time(hours=1)
        assert not [path for path in (town.config.data_folder / "files").rglob("*") if path.is_file()]

    story(tmp_path, tell)


def test_the_button_of_an_old_receipt_takes_what_was_begun_since(tmp_path):
    """Pressed under an old receipt while another tip is being told: that draft and its messages go as well."""

    async def tell(town):
        await town.tell("bac", back=HERE)
        town.clock.instant += timedelta(minutes=1)
        await begin(town, "bac")
        before = stands(town, "bac")
        await town.press("bac", w("button-forget-here"))
        assert [said.text for said in town.said("bac")] == gone(before)
        for table in (tables.trace, tables.tip_part, tables.conversation):
            assert await town.rows(table) == []

    story(tmp_path, tell)


def test_a_talk_can_be_erased(tmp_path):
    """Where somebody came back with a receipt, the button after it erases that talk, the typed receipt first of all."""

    async def tell(town):
        receipt = await town.tell("bac")
        await town.hear("phone", receipt)
        await town.press("phone", w("talk-add"))
        await town.hear("phone", "canary of an answer")
        await town.press("phone", w("talk-files-skip"))
        await town.press("phone", w("tip-send"))
        before = stands(town, "phone")
        await town.press("phone", w("button-wipe"))
        assert [said.text for said in town.said("phone")] == gone(before)

    story(tmp_path, tell)


def test_what_is_too_old_is_told(tmp_path):
    """What was said more than 48 hours ago can't be erased any more: it is counted, each message once, and stays."""

    async def tell(town):
        await town.tell("bac", back=HERE)
        old = stands(town, "bac")
        await town.pass_time(hours=47)
        (tip,) = await town.tips()
        await town.write_to(tip, "canary of the desk")
        await town.pass_time(hours=2)
        await town.press("bac", w("button-forget-here"))
        assert stands(town, "bac") == old + 1
        assert [town.said("bac")[-1].text] == gone(1, left=old)
        assert w("erased-left", left=old) in town.said("bac")[-1].text
        assert await town.rows(tables.trace) == []

    story(tmp_path, tell)


def test_what_the_person_has_deleted_is_told(tmp_path):
    """Messages that are not there any more are counted as left, not as erased by us."""

    async def tell(town):
        await begin(town, "bac")
        chat = town.script.chats["bac"]
        for ref in list(chat)[:4]:
            del chat[ref]
        before = stands(town, "bac")
        await town.hear("bac", "/xoa")
        assert [said.text for said in town.said("bac")] == gone(before + 1, left=4)

    story(tmp_path, tell)


def test_traces_have_their_time(tmp_path):
    """After 48 hours and the rest of that day nothing is left in `trace`, though nobody asked."""

    async def tell(town):
        await town.tell("bac", back=HERE)
        assert await town.rows(tables.trace)
        await town.pass_time(hours=72)
        assert await town.rows(tables.trace) == []

    story(tmp_path, tell)


def test_after_forgetting_one_begins_anew(tmp_path):
    """After forget me there is nothing open: words are greeted, and a wrong receipt is a wrong receipt."""

    async def tell(town):
        await begin(town, "bac")
        await town.hear("bac", "/quentoi")
        assert w("citizen-greeting", province="Lào Cai", hotlines="113")[:30] in (await town.answer("bac", "a lô"))[-1]
        assert (await town.answer("bac", "0" * 16))[-1] == NOTHING
        await town.tell("bac")
        assert len(await town.tips()) == 1

    story(tmp_path, tell)


# --- public warnings -------------------------------------------------------------------------------------------------


async def subscribe(town: Town, who: str) -> None:
    await town.hear(who, "/canhbao")
    await town.press(who, w("warnings-start"))


async def cells(town: Town, table) -> set[object]:
    return {cell for row in await town.rows(table) for cell in row if isinstance(cell, bytes | str) and len(cell) > 3}


def test_the_list_of_warnings_joins_with_nothing(tmp_path):
    """Who wants warnings and tells tips has nothing in the list that any other table holds, and no time in it; their
    row is the same as before they told one.
    """

    async def tell(town):
        assert set(tables.subscriber.c.keys()) == {"id", "sealed"}
        await subscribe(town, "bac")
        (before,) = await town.rows(tables.subscriber)
        await town.press("bac", w("warnings-stop"))
        assert await town.rows(tables.subscriber) == []
        town.clock.instant += timedelta(days=1)
        await town.tell("bac", back=HERE)
        await begin(town, "co")
        await subscribe(town, "bac")
        (after,) = await town.rows(tables.subscriber)
        assert (after.id, len(after.sealed)) == (before.id, len(before.sealed))
        mine = await cells(town, tables.subscriber)
        for table in metadata.sorted_tables:
            if table is not tables.subscriber:
                assert not mine & await cells(town, table), table.name

    story(tmp_path, tell)


def test_forget_me_takes_one_off_the_list(tmp_path):
    """Forget me ends the warnings to that chat, and says so, and to no other; erasing a conversation ends none."""

    async def tell(town):
        for who in ("bac", "co"):
            await subscribe(town, who)
        await town.hear("co", "/xoa")
        await town.hear("bac", "/quentoi")
        assert w("warnings-stopped") in everything(town, "bac")
        assert len(await town.rows(tables.subscriber)) == 1
        await warn(town, "canary: chất mới")
        assert "canary" not in everything(town, "bac")
        assert "canary" in everything(town, "co")

    story(tmp_path, tell)


async def warn(town: Town, body: str) -> None:
    await town.member("minh", Role.COORDINATOR)
    await town.hear("minh", f"/thongbao {body}")
    await town.press("minh", w("notice-to-warned"))
    await town.press("minh", w("notice-send"))


def everything(town: Town, chat: str) -> str:
    return "\n".join(f"{said.head}\n{said.text}" for said in town.ours(chat))


def test_a_warning_reaches_who_wants_it_only(tmp_path):
    """A coordinator's public warning reaches those on the list, in their own chat and once, with the way to stop it;
    neither citizens who only told a tip, nor units, nor who has left it. Of who got it nothing is kept.
    """

    async def tell(town):
        await town.group("Sở Y tế", "so-y-te")
        await town.tell("teller", back=HERE)
        for who in ("bac", "co", "left"):
            await subscribe(town, who)
        await town.press("left", w("warnings-stop"))
        await warn(town, "canary: thuốc lá điện tử có chất mới")
        reached = [chat for chat in town.script.chats if "canary" in everything(town, chat)]
        assert sorted(reached) == ["bac", "co", "minh"]
        assert w("notice-sure-warned", count=2, body="")[:20] in everything(town, "minh")
        assert w("notice-warned", count=2) in everything(town, "minh")
        for who in ("bac", "co"):
            assert everything(town, who).count("canary") == 1
            assert town.ours(who)[-1].head == say("vi", "warnings-head")
            await town.press(who, w("warnings-stop"))
        assert await town.rows(tables.subscriber) == await town.rows(tables.outbox) == []
        assert await town.rows(tables.notice) == await town.rows(tables.notice_recipient) == []
        about = [row.about for row in await town.rows(tables.audit) if row.act == "warning.send"]
        assert about == ["citizens:2"]

    story(tmp_path, tell)
