"""What people get wrong, or try: each gets a clear sentence in their language, and nothing is lost or half done.

Long and short texts, wrong numbers and names are in test_question.py, each by itself; here they go through the house,
and the database is looked into.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import words
from bot.doing import LONGEST_TEXT
from bot.domain.member import Role
from bot.domain.tip import TipKind
from bot.storage import tables
from bot.storage.members import all_members
from tests.talking import Installation

Scene = Callable[[Installation], Awaitable[None]]
KEPT = (
    "tip",
    "progress",
    "notice",
    "member",
    "member_address",
    "chat",
    "audit",
    "invitation",
    "outbox",
    "conversation",
)


def play(folder: Path, scene: Scene) -> None:
    """Plays it in an installation with a unit's group and a desk, on the script channel."""

    async def _play() -> None:
        installation = Installation(folder)
        await installation.found()
        await installation.group("Sở Y tế", "so-y-te")
        await installation.group("Ban điều phối")
        await installation.member("an", Role.OFFICER, "so-y-te")
        await installation.member("bo", Role.OFFICER, "dien-luc")
        await installation.member("mai", Role.COORDINATOR)
        await installation.settle()
        try:
            await scene(installation)
        finally:
            await installation.stop()

    asyncio.run(_play())


async def rows(installation: Installation) -> dict[str, int]:
    """How many rows each table has that something half done could be left in."""
    assert installation.parts
    async with installation.parts.opened.database.work() as work:
        by_name = tables.metadata.tables
        return {name: (await work.do(select(func.count()).select_from(by_name[name]))).scalar_one() for name in KEPT}


def heard(installation: Installation, chat: str) -> str:
    said = installation.last(chat)
    return f"{said.head}\n{said.text}"


async def told_until(installation: Installation, who: str, last: str) -> None:
    """A citizen's tip up to the question before `last`."""
    acts = {"ready": "/tin", "kind": "1", "place": "mua ban", "what": "Xã Bắc Hà", "happened": "xe lạ đến mỗi tối",
            "known": "Đã lâu", "official": "Tận mắt thấy", "urgency": "Không biết", "evidence": "Không gấp",
            "back": "Không có", "sure": "Không", "end": "Gửi"}  # fmt: skip
    for step, text in acts.items():
        await installation.hear(who, text)
        if step == last:
            return


# --- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 4001, "Dài quá: 4.001 ký tự, nhiều nhất là 4.000."),
        ("x" * (LONGEST_TEXT + 1), "Tin nhắn dài 8.001 ký tự, nhiều nhất là 8.000."),
        ("ngắn", "Ngắn quá, chưa đủ hiểu."),
        ("/lui2", "Không có lệnh /lui2."),
        ("/start" + "x" * 4000, "Không có lệnh /startx"),
    ],
)
def test_a_text_that_can_not_be_taken_leaves_the_conversation_where_it_stood(
    tmp_path: Path, text: str, why: str
) -> None:
    """It is explained, and the answers given before are still there."""

    async def scene(house: Installation) -> None:
        await told_until(house, "bac", "what")
        before = await rows(house)
        await house.hear("bac", text)
        assert why in heard(house, "bac")
        assert len(heard(house, "bac")) < 600
        assert await rows(house) == before
        await house.hear("bac", "xe lạ đến mỗi tối, ở lại năm phút")
        assert "Việc này xảy ra khi nào?" in heard(house, "bac")

    play(tmp_path, scene)


@pytest.mark.parametrize("text", ["", "   ", "\u0000\u0007", "\u200b\u200b"])
def test_an_empty_text_is_no_answer(tmp_path: Path, text: str) -> None:
    """A sticker, spaces and control characters answer nothing, and the question still waits."""

    async def scene(house: Installation) -> None:
        await told_until(house, "bac", "what")
        await house.hear("bac", text)
        assert "Kể cho chúng tôi" in heard(house, "bac")
        await house.hear("bac", "xe lạ đến mỗi tối, ở lại năm phút")
        assert "Việc này xảy ra khi nào?" in heard(house, "bac")

    play(tmp_path, scene)


def test_markup_and_control_characters_stay_what_they_are(tmp_path: Path) -> None:
    """HTML, Fluent's braces and control characters in names and texts are shown as text or left out, never obeyed."""

    async def scene(house: Installation) -> None:
        await house.invite("ABCDE23456", role=Role.OFFICER, unit="so-y-te")
        name = "<b>Páo</b>\u0000{ $x }\u202e" + "x" * 200
        await house.hear("pao", "/start", start="ABCDE23456", name=name)
        shown = heard(house, "pao")
        assert "<b>Páo</b>{ $x }" in shown
        assert "\u0000" not in shown
        assert house.parts
        async with house.parts.opened.database.work() as work:
            [member] = [one for one in (await all_members(work)).values() if "Páo" in one.name]
        assert len(member.name) <= 80
        await told_until(house, "bac", "what")
        await house.hear("bac", "<script>alert(1)</script> { $what } \u0000\u0008 & xe lạ")
        for _ in range(6):
            await house.hear("bac", "/boqua")
        assert "«<script>alert(1)</script> { $what }" in heard(house, "bac")
        assert "& xe lạ»" in heard(house, "bac")

    play(tmp_path, scene)


# --- buttons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [
        "~", "~~~", "~N0NC", "~N0NC.kind", "~N0NC.kind.=selling", "report:", "report:1x", "report:" + "9" * 60,
        "card:-1", "card:999999", "why:abc", "ack:nothing", "missing:nothing", "language:xx", "copied:", "x" * 64,
        "report:٣", "invite:", "notice:1", ":", "tip:fr", "\u0000",
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["bac", "an", "mai"])
def test_a_button_that_nobody_made_does_nothing(tmp_path: Path, who: str, choice: str) -> None:
    """Whoever presses what was never there is answered, and no tip, progress, notice or member comes of it."""

    async def scene(house: Installation) -> None:
        before = await rows(house)
        await house.hear(who, choice=choice)
        said = heard(house, who)
        assert said.strip()
        assert words.say("vi", "house-sorry") not in said
        after = await rows(house)
        assert {name: after[name] for name in ("tip", "progress", "notice", "member", "chat", "invitation")} == {
            name: before[name] for name in ("tip", "progress", "notice", "member", "chat", "invitation")
        }

    play(tmp_path, scene)


def test_the_last_button_pressed_twice_sends_once(tmp_path: Path) -> None:
    """A tip sent by a double press is one tip with one receipt; the second press is explained."""

    async def scene(house: Installation) -> None:
        await told_until(house, "bac", "sure")
        await asyncio.gather(house.press("bac", "Gửi"), house.press("bac", "Gửi"))
        assert (await rows(house))["tip"] == 1
        texts = [f"{said.head} {said.text}" for said in house.said("bac")]
        assert sum("Mã tin của bạn" in text for text in texts) == 1
        assert sum("Nút này không dùng được nữa" in text for text in texts) == 1

    play(tmp_path, scene)


def test_somebody_elses_button_does_nothing(tmp_path: Path) -> None:
    """In a group, the buttons of one officer's question are not another's."""

    async def scene(house: Installation) -> None:
        await house.member("ha", Role.OFFICER, "so-y-te")
        await house.hear("an", "/viec", chat="Sở Y tế")
        await house.press("an", "1", chat="Sở Y tế")
        await house.press("an", "Báo cáo", chat="Sở Y tế")
        await house.press("an", "50", chat="Sở Y tế")
        await house.hear("an", "Đã có dự thảo", chat="Sở Y tế")
        await house.hear("an", "/boqua", chat="Sở Y tế")
        await house.press("ha", "Gửi", chat="Sở Y tế")
        assert "là của người khác" in heard(house, "Sở Y tế")
        assert (await rows(house))["progress"] == 0
        await house.press("an", "Gửi", chat="Sở Y tế")
        assert (await rows(house))["progress"] == 1

    play(tmp_path, scene)


# --- codes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (("nguoi-la", "/start ABCDE23456", ""), "join-expired"),
        (("nguoi-la", "/ma ZZZZZZZZZZ", ""), "join-unknown"),
        (("nguoi-la", "/ma", ""), "join-unknown"),
        (("nguoi-la", "/ma <b>\u0000</b>", ""), "join-unknown"),
        (("nguoi-la", "/ma GROUP23456", ""), "join-for-chat"),
        (("nguoi-la", "/noi ABCDE23456", "Nhóm lạ"), "join-for-member"),
        (("nguoi-la", "/noi", "Nhóm lạ"), "bind-how"),
        (("nguoi-la", "/noi GROUP23456", "Nhóm lạ"), "join-expired"),
    ],
)
def test_a_code_that_does_not_open_is_explained_and_nobody_comes_in(
    tmp_path: Path, act: tuple[str, str, str], why: str
) -> None:
    """Expired, unknown, empty or in the wrong place: no member, no group, and the code is not used up."""

    async def scene(house: Installation) -> None:
        await house.invite("ABCDE23456", unit="so-y-te")
        await house.invite("GROUP23456", kind="chat", role=None, unit="so-y-te")
        if why == "join-expired":
            house.clock.instant += timedelta(days=7, seconds=1)
        before = await rows(house)
        who, text, chat = act
        await house.hear(who, text, chat=chat)
        assert heard(house, chat or who).strip() == words.say("vi", why)
        after = await rows(house)
        assert (after["member"], after["chat"], after["audit"]) == (before["member"], before["chat"], before["audit"])

    play(tmp_path, scene)


def test_two_who_use_one_code_at_once_are_one_member(tmp_path: Path) -> None:
    """The second is told that the code has been used."""

    async def scene(house: Installation) -> None:
        await house.invite("ABCDE23456", unit="so-y-te")
        before = (await rows(house))["member"]
        await asyncio.gather(house.hear("x", "/ma ABCDE23456"), house.hear("y", "/ma ABCDE23456"))
        assert (await rows(house))["member"] == before + 1
        told = {heard(house, "x").strip(), heard(house, "y").strip()}
        assert words.say("vi", "join-used") in told
        assert len(told) == 2

    play(tmp_path, scene)


# --- who may ---------------------------------------------------------------------------------------------------------


def test_an_officer_of_another_unit_is_refused_and_it_is_written_down(tmp_path: Path) -> None:
    """No progress is kept, the unit is named, and the audit log has the attempt."""

    async def scene(house: Installation) -> None:
        await house.hear("an", "/viec", chat="Sở Y tế")
        await house.press("an", "1", chat="Sở Y tế")
        before = await rows(house)
        await house.press("bo", "Báo cáo", chat="Sở Y tế")
        assert heard(house, "Sở Y tế").strip() == words.say("vi", "progress-other-unit", {"unit": "Sở Y tế"})
        after = await rows(house)
        assert after["progress"] == 0
        assert after["conversation"] == before["conversation"]
        assert after["audit"] == before["audit"] + 1

    play(tmp_path, scene)


def test_an_officer_who_leaves_in_the_middle_does_not_report(tmp_path: Path) -> None:
    """Whoever is of another unit by the time they press Send is told so, and nothing is kept."""

    async def scene(house: Installation) -> None:
        await house.hear("an", "/viec", chat="Sở Y tế")
        await house.press("an", "1", chat="Sở Y tế")
        await house.press("an", "Báo cáo", chat="Sở Y tế")
        for text in ("50", "Đã có dự thảo", "/boqua"):
            await house.hear("an", text, chat="Sở Y tế")
        await house.member("an", Role.OFFICER, "dien-luc")
        await house.press("an", "Gửi", chat="Sở Y tế")
        assert heard(house, "Sở Y tế").strip() == words.say("vi", "work-not-yours")
        assert (await rows(house))["progress"] == 0

    play(tmp_path, scene)


@pytest.mark.parametrize("chat", ["Sở Y tế", "Nhóm lạ"])
def test_a_citizen_in_a_group_is_shown_the_private_way(tmp_path: Path, chat: str) -> None:
    """No conversation begins there, and nothing of it is kept."""

    async def scene(house: Installation) -> None:
        before = await rows(house)
        await house.hear("bac", "/tin", chat=chat)
        assert "xin nhắn riêng, đừng viết trong nhóm: https://tinbao.example" in heard(house, chat)
        await house.hear("bac", choice="tip:vi", chat=chat)
        assert await rows(house) == before

    play(tmp_path, scene)


@pytest.mark.parametrize("text", ["/thongbao nghỉ lễ", "/moi", "/notice x"])
def test_what_only_coordinators_may_is_refused_to_others(tmp_path: Path, text: str) -> None:
    """An officer is told so; to a citizen the command does not exist; nothing begins."""

    async def scene(house: Installation) -> None:
        before = await rows(house)
        await house.hear("an", text)
        assert heard(house, "an").strip() == words.say("vi", "house-not-yours")
        await house.hear("bac", text)
        assert "Không có lệnh" in heard(house, "bac")
        assert await rows(house) == before

    play(tmp_path, scene)


def test_a_command_is_answered_in_the_persons_language(tmp_path: Path) -> None:
    """Who speaks English is told in English."""

    async def scene(house: Installation) -> None:
        await house.hear("ann", "/nothing", language="en-GB")
        assert heard(house, "ann").strip() == "There is no command /nothing. Type /help for the commands."

    play(tmp_path, scene)


def test_without_a_reader_no_tip_is_taken(tmp_path: Path) -> None:
    """When nobody could read it, the citizen is told before writing anything, with the hotlines."""

    async def _play() -> None:
        house = Installation(tmp_path, readers=False)
        await house.found()
        await house.hear("bac", "/tin")
        assert "Kênh tin báo chưa mở" in heard(house, "bac")
        assert "113" in heard(house, "bac")
        assert (await rows(house))["conversation"] == 0
        await house.stop()

    asyncio.run(_play())


def test_a_turn_that_fails_fails_alone_and_changes_nothing(tmp_path: Path) -> None:
    """When storage breaks in the middle of filing, the citizen is told, no half of a tip is kept, and it can be sent
    again from where it stood.
    """

    async def scene(house: Installation) -> None:
        await told_until(house, "bac", "sure")
        before = await rows(house)
        assert house.parts
        async with house.parts.opened.database.work() as work:
            await work.connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON tip_key BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        await house.press("bac", "Gửi")
        assert heard(house, "bac").strip() == words.say("vi", "house-sorry")
        assert await rows(house) == before
        async with house.parts.opened.database.work() as work:
            await work.connection.exec_driver_sql("DROP TRIGGER full")
        await house.press("bac", "Gửi")
        assert "Mã tin của bạn" in heard(house, "bac")
        assert (await rows(house))["tip"] == 1

    play(tmp_path, scene)


@pytest.mark.parametrize("number", range(1, len(TipKind) + 1))
def test_each_kind_of_a_tip_can_be_typed_as_its_number(tmp_path: Path, number: int) -> None:
    """Also where it has two digits; a number beyond the last is explained."""

    async def scene(house: Installation) -> None:
        await told_until(house, "bac", "kind")
        await house.hear("bac", str(len(TipKind) + 1))
        assert "không có lựa chọn đó" in heard(house, "bac")
        await house.hear("bac", str(number))
        asked = "Bạn không phải lo một mình" if list(TipKind)[number - 1] == "person" else "Ở xã, phường nào?"
        assert asked in heard(house, "bac")

    play(tmp_path, scene)
