"""Files, a voice, a position and a changed answer in a conversation: what each does, and what is kept of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from bot.channels.channel import Attachment, Capabilities, Said, SealFor
from bot.conversation import Form, GoesOn, IsOver, Teller
from bot.domain.tip import TipKind
from bot.storage import tables
from bot.talk.replay import Asking, replay
from tests.flows import FLOWS, HAPPY
from tests.sent import photo
from tests.talking import Installation

CAN = Capabilities(
    buttons=True, edit=True, erase=True, groups=True, text_limit=4096, files_in=True, location=True, sound=True
)
BARE = msgspec.structs.replace(CAN, buttons=False)
SEAL = SealFor("t1", {"reader": b"k" * 32})
NAMES = list(HAPPY["tip"])
IN_BAC_HA, IN_PARIS = (22.5345, 104.2953), (48.85, 2.35)


def teller(*, flow: str = "tip", can: Capabilities = CAN, **form) -> Teller:
    return Teller(Form(flow=flow, nonce="N0NC", language="vi", **form), FLOWS[flow], can, private=True, seal=SEAL)


def before(name: str, *, can: Capabilities = CAN, **changed) -> Teller:
    """A tip told up to this question."""
    known = {one: HAPPY["tip"][one] for one in NAMES[: NAMES.index(name)]}
    return teller(can=can, answers=known | changed)


def said(moved: object) -> Said:
    assert isinstance(moved, GoesOn)
    assert moved.said is not None
    return moved.said


def labels(moved: object) -> list[str]:
    return [button.label for row in said(moved).rows for button in row]


def waits_for(one: Teller) -> str:
    """The open question, as whoever asks finds it."""
    one.ask()
    state = replay(one.begin(), one.form.answers)
    return state.step.name if isinstance(state, Asking) else ""


def photos(*ids: str):
    return [(part, "photo") for part in ids]


# --- at the question for files ---------------------------------------------------------------------------------------


def test_files_are_counted_and_wait_for_done() -> None:
    """An album is one answer of several files; more can follow; Done keeps them in the order they came."""
    one = before("evidence")
    assert said(one.hear_files(photos("a", "b", "c"))).text.startswith("Đã nhận 3 tệp (nhiều nhất 10).")
    moved = one.hear_files(photos("d"), "cổng sau")
    assert said(moved).text.startswith("Đã nhận 4 tệp")
    assert "Không có" not in labels(moved)
    one.hear_typed("xong")
    assert one.form.answers["evidence"] == ["a", "b", "c", "d"]
    assert waits_for(one) == "back"


def test_how_many_more_a_page_may_send_is_said_with_the_question() -> None:
    """What the question takes is counted down as files come, and they are sealed for the tip's readers."""
    one = before("evidence")
    takes = said(one.hear_files(photos("a", "b"))).takes
    assert takes is not None
    assert (takes.files, takes.seal) == (8, SEAL)


def test_ten_files_are_enough_and_no_more_are_kept() -> None:
    """The tenth is told of as the last; those after it are not kept, and that is said."""
    one = before("evidence")
    assert said(one.hear_files(photos(*"abcdefghij"))).text.startswith("Đã nhận đủ 10 tệp.")
    assert said(one.hear_files(photos("k"))).text.startswith(
        "Chỉ nhận được 10 tệp; các tệp gửi sau không được giữ lại."
    )
    one.hear_pressed("evidence", ".")
    assert one.form.answers["evidence"] == list("abcdefghij")


def test_words_at_the_question_for_files_are_no_answer() -> None:
    """It says what is waited for, and what was sent stays."""
    one = before("evidence")
    one.hear_files(photos("a"))
    assert "Câu này chờ ảnh" in said(one.hear_typed("có nhiều ảnh lắm")).text
    assert one.form.picked == ["a"]


# --- at the question for words ---------------------------------------------------------------------------------------


def test_a_voice_is_a_full_answer() -> None:
    """What was said aloud is kept as one part, and the summary does not show it."""
    one = before("what")
    one.hear_files([("v", "sound")])
    assert one.form.answers["what"] == ["v"]
    assert waits_for(one) == "happened"
    assert "(lời kể đã được niêm phong)" in said(before("sure", what=["v"]).ask()).text


def test_words_sealed_by_a_browser_are_a_full_answer() -> None:
    """They come as a part like any other; a photo beside them is held for its own question."""
    one = before("what")
    one.hear_files([("w", "words"), ("a", "photo")])
    assert one.form.answers["what"] == ["w"]
    assert one.form.held == ["a"]


def test_a_photo_before_its_question_comes_along() -> None:
    """It is held, said so, and counted when its question comes."""
    one = before("what")
    assert said(one.hear_files(photos("a"))).text.startswith("Đã nhận tệp, sẽ kèm vào tin.")
    assert waits_for(one) == "what"
    one.form.answers |= {name: HAPPY["tip"][name] for name in ("what", "happened", "known", "official", "urgency")}
    assert said(one.ask()).text.startswith("Đã nhận 1 tệp")
    one.hear_typed("xong")
    assert one.form.answers["evidence"] == ["a"]


def test_a_photo_with_words_answers_and_comes_along() -> None:
    """The caption is the answer where words are asked for; one that is too short is refused, and the photo stays."""
    one = before("what")
    assert "Ngắn quá" in said(one.hear_files(photos("a"), "đây")).text
    assert one.form.held == ["a"]
    one.hear_files(photos("b"), "luống cây lạ trên nương sau bản")
    assert one.form.answers["what"] == "luống cây lạ trên nương sau bản"
    assert one.form.held == ["a", "b"]


@pytest.mark.parametrize("name", ["ready", "kind", "place", "happened", "back", "sure"])
def test_no_other_question_takes_files(name: str) -> None:
    """So that none is taken in before it was said what becomes of it, and none is lost after its question."""
    assert not before(name).takes_files()


def test_nobody_can_send_files_where_they_would_be_sealed_for_nobody() -> None:
    """A conversation that is not a citizen's takes none."""
    one = Teller(Form(flow="notice", nonce="N0NC", language="vi"), FLOWS["notice"], CAN, private=True)
    assert not one.takes_files()


# --- back ------------------------------------------------------------------------------------------------------------


def test_files_that_were_sent_are_there_again_after_going_back() -> None:
    """Back from a later question, or from their own before Done: none has to be sent again."""
    one = before("back", evidence=["a", "b"])
    assert said(one.hear_pressed("back", "<")).text.startswith("Đã nhận 2 tệp")
    one.hear_files(photos("c"))
    one.hear_pressed("evidence", "<")
    assert waits_for(one) == "urgency"
    assert said(one.hear_typed("Không gấp")).text.startswith("Đã nhận 3 tệp")
    one.hear_typed("xong")
    assert one.form.answers["evidence"] == ["a", "b", "c"]


# --- changing an answer from the summary -----------------------------------------------------------------------------


def test_an_answer_is_changed_and_the_others_stay() -> None:
    """Only the changed question is asked; then the summary stands again, with all the rest."""
    one = before("sure")
    assert said(one.hear_pressed("sure", "=edit")).text == "Sửa câu nào?"
    one.hear_pressed("sure", "=urgency")
    assert waits_for(one) == "urgency"
    moved = one.hear_pressed("urgency", "=now")
    assert "Cần có người đến ngay" in said(moved).text
    rest = {name: value for name, value in HAPPY["tip"].items() if name not in ("sure", "urgency")}
    assert one.form.answers == rest | {"urgency": "now"}
    assert isinstance(one.hear_typed("Gửi"), IsOver)


def test_an_answer_that_leads_elsewhere_asks_what_is_new() -> None:
    """A person who needs help is asked whether they only want numbers, and not who saw what; and back again."""
    one = before("sure")
    one.hear_pressed("sure", "=edit")
    one.hear_pressed("sure", "=kind")
    one.hear_pressed("kind", f"={TipKind.PERSON}")
    assert waits_for(one) == "help"
    summary = said(one.hear_pressed("help", "=tell")).text
    assert "Có người cần giúp" in summary
    assert "Vì sao biết" not in summary
    assert "known" not in one.form.answers
    for press in (("sure", "=edit"), ("sure", "=kind"), ("kind", "=selling")):
        moved = one.hear_pressed(*press)
    assert "Vì sao biết: Tận mắt thấy" in said(moved).text


@pytest.mark.parametrize("name", ["kind", "place", "what", "happened", "official", "urgency", "evidence", "back"])
def test_back_from_a_change_leaves_the_answer_as_it_was(name: str) -> None:
    """Whoever thinks again finds the summary as it stood."""
    one = before("sure")
    summary = said(one.ask()).text
    one.hear_pressed("sure", "=edit")
    one.hear_pressed("sure", f"={name}")
    assert waits_for(one) == name
    assert said(one.hear_typed("Quay lại")).text == summary
    assert one.form.changing == {}


def test_back_from_the_list_of_answers_shows_the_summary() -> None:
    """Nothing is changed."""
    one = before("sure")
    summary = said(one.ask()).text
    one.hear_typed("sua")
    assert said(one.hear_pressed("sure", "<")).text == summary


def test_files_are_added_from_the_summary() -> None:
    """Those that were sent are still there; one sent beside another changed answer comes along too."""
    one = before("sure")
    for press in (("sure", "=edit"), ("sure", "=evidence")):
        moved = one.hear_pressed(*press)
    assert said(moved).text.startswith("Đã nhận 2 tệp")
    one.hear_files(photos("p3"))
    one.hear_typed("xong")
    one.hear_typed("sửa")
    one.hear_typed("lời kể")
    assert "Tệp gửi kèm: 4" in said(one.hear_files(photos("p4"), "xe mới đến thêm hai chiếc nữa")).text
    assert one.form.answers["evidence"] == ["p1", "p2", "p3", "p4"]


def test_an_answer_is_changed_by_typing_where_there_are_no_buttons() -> None:
    """The numbers stand in the message; a number, a label, or a label without diacritics is taken."""
    one = before("sure", can=BARE)
    assert "1. Gửi\n2. Sửa" in said(one.ask()).text
    asked = said(one.hear_typed("2")).text
    assert asked.startswith("Sửa câu nào?")
    assert "2. Xã, phường" in asked
    assert "Ở xã, phường nào?" in said(one.hear_typed("2")).text
    assert "Xem lại giúp chúng tôi" in said(one.hear_typed("không nhớ")).text
    one.hear_typed("sua")
    one.hear_typed("muc gap")
    assert waits_for(one) == "urgency"


def test_nothing_of_a_change_is_lost_between_two_messages() -> None:
    """The form read back goes on: what is being changed, what is known, what is held."""
    one = before("sure")
    one.hear_typed("sua")
    one.hear_typed("loi ke")
    one.hear_files(photos("x"))
    again = msgspec.json.decode(msgspec.json.encode(one.form), type=Form)
    assert again == one.form
    assert again.changing == {"what": HAPPY["tip"]["what"]}
    assert again.held == ["x"]


# --- a position ------------------------------------------------------------------------------------------------------


def test_a_position_becomes_communes_and_is_not_kept() -> None:
    """The nearest communes are offered; nothing of the numbers stands in the form."""
    one = before("place")
    assert "Xã Bắc Hà" in labels(one.hear_place(*IN_BAC_HA))
    assert b"22.5" not in msgspec.json.encode(one.form)
    one.hear_typed("Xã Bắc Hà")
    assert one.form.answers["place"] == "xa-02839"


def test_a_position_far_from_all_communes_is_said_so() -> None:
    """And the question stays."""
    one = before("place")
    assert said(one.hear_place(*IN_PARIS)).text.startswith("Vị trí này không gần xã, phường nào")
    assert waits_for(one) == "place"


def test_a_position_that_nobody_asked_for_is_dropped() -> None:
    """It is no answer to another question."""
    one = before("what")
    assert said(one.hear_place(*IN_BAC_HA)).text.startswith("Câu này không cần vị trí")
    assert b"22.5" not in msgspec.json.encode(one.form)


# --- in the house ----------------------------------------------------------------------------------------------------

Scene = Callable[[Installation], Awaitable[None]]


def at_the_evidence(folder: Path, scene: Scene) -> None:
    """Plays it where a citizen has come to the question for files."""

    async def _play() -> None:
        house = Installation(folder)
        await house.found()
        try:
            for text in ("/tin", "1", "/boqua", "/boqua", "xe lạ đến mỗi tối", *["/boqua"] * 4):
                await house.hear("bac", text)
            assert "Có ảnh, video hay ghi âm không?" in house.last("bac").text
            await scene(house)
        finally:
            await house.stop()

    asyncio.run(_play())


async def send(house: Installation, *contents: bytes, key: str = "") -> str:
    """Sends them as one message; returns all that is answered."""
    count = len(house.said("bac"))
    house.script.files |= {f"f{n}": content for n, content in enumerate(contents)}
    files = tuple(Attachment(ref=f"f{n}", sort="photo") for n in range(len(contents)))
    await house.hear("bac", files=files, **({"key": key} if key else {}))
    return "\n".join(said.text for said in house.said("bac")[count:])


async def parts(house: Installation) -> int:
    assert house.parts
    async with house.parts.opened.database.read() as work:
        return int((await work.do(select(func.count()).select_from(tables.tip_part))).scalar_one())


def test_a_file_that_is_not_taken_is_explained_and_the_others_are(tmp_path: Path) -> None:
    """A program, an empty file, a broken picture and one that is too big: each says why, and the good one counts."""

    async def scene(house: Installation) -> None:
        told = await send(house, b"MZ" + bytes(200), b"", photo()[:300], bytes(22_000_000), photo())
        for why in ("là chương trình", "rỗng", "bị hỏng", "lớn hơn 20 MB", "Đã nhận 1 tệp"):
            assert why in told
        assert await parts(house) == 1

    at_the_evidence(tmp_path, scene)


def test_a_message_with_files_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    """The second delivery says nothing and keeps nothing."""

    async def scene(house: Installation) -> None:
        assert "Đã nhận 1 tệp" in await send(house, photo(), key="same")
        assert await send(house, photo(), key="same") == ""
        assert await parts(house) == 1

    at_the_evidence(tmp_path, scene)


@pytest.mark.parametrize("acts", [("/huy",), ("/lui",) * 7 + ("có người cần giúp", "tôi chỉ cần số để gọi"), ("/xoa",)])
def test_what_was_sent_goes_with_a_conversation_that_sends_nothing(tmp_path: Path, acts: tuple[str, ...]) -> None:
    """Cancelled, left for the numbers to call, or erased: no part stays."""

    async def scene(house: Installation) -> None:
        await send(house, photo(), photo())
        assert await parts(house) == 2
        for act in acts:
            await house.hear("bac", act)
        assert await parts(house) == 0

    at_the_evidence(tmp_path, scene)
