"""How a step is put to a person, and how what they press or type is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.channels.channel import Capabilities
from bot.question import (
    BACK,
    CANCEL,
    DONE,
    FOUND,
    LONGEST_LABEL,
    SKIP,
    Asked,
    engine_word,
    pose,
    read_pressed,
    read_typed,
)
from bot.talk.step import Choice, Confirm, Name, Number, Option, Phrase, Pick, Refusal, Several, Step, Text, check_value
from tests.flows import commune_options

BUTTONS = Capabilities(buttons=True, edit=True, erase=True, groups=True, text_limit=4096, groups_hear_replies_only=True)
WORDS = Capabilities(buttons=False, edit=False, erase=False, groups=True, text_limit=2000)

OPTIONS = tuple(Option(code, Name(name)) for code, name in [("a", "Mua bán"), ("b", "Tụ tập"), ("c", "Khác")])
PLACE = Phrase("tip-place")
STEPS: list[Step] = [
    Choice("kind", Phrase("tip-kind"), options=OPTIONS),
    Pick("place", PLACE, optional=True, options=commune_options()),
    Several("units", Phrase("notice-units"), options=commune_options()),
    Text("what", Phrase("tip-what"), at_least=10, at_most=4000),
    Number("percent", Phrase("progress-percent"), low=0, high=100, suggested=(25, 50)),
    Confirm("sure", Phrase("ask-done"), yes=Phrase("tip-send")),
]
BY_KIND = {type(step): step for step in STEPS}


def asked(kind: type[Step], **more) -> Asked:
    return Asked(BY_KIND[kind], "N0NC", "vi", has_before=True, **more)


def labels(said) -> list[str]:
    return [button.label for row in said.rows for button in row]


def name_of(option: Option) -> str:
    return words.word("vi", option.label)


# --- putting the question --------------------------------------------------------------------------------------------


def test_a_choice_is_put_with_its_buttons() -> None:
    """Every option has a button, and back and cancel are there in every question."""
    said = pose(asked(Choice), BUTTONS)
    assert labels(said) == ["Mua bán", "Tụ tập", "Khác", "Quay lại", "Hủy"]
    assert not said.await_text


def test_without_buttons_options_are_numbered() -> None:
    """A channel without buttons shows a numbered list, and the words that go back and cancel."""
    said = pose(asked(Choice), WORDS)
    assert not said.rows
    assert "1. Mua bán\n2. Tụ tập\n3. Khác" in said.text
    assert "/lui Quay lại · /huy Hủy" in said.text


def test_in_a_group_that_hears_replies_only_words_are_asked_for_by_reply() -> None:
    """A question in words asks for a reply in a group, and for none in private."""
    assert "(Trả lời vào tin nhắn này.)" in pose(asked(Text), BUTTONS, private=False).text
    assert "(Trả lời vào tin nhắn này.)" not in pose(asked(Text), BUTTONS).text
    assert labels(pose(asked(Choice), BUTTONS, private=False))


def test_what_was_found_stands_in_the_place_of_the_question() -> None:
    """Whoever has typed a name sees what was found and is not asked again."""
    said = pose(asked(Pick, found=("xa-02839",)), BUTTONS, FOUND)
    assert said.text == "Chọn một dòng dưới đây, hoặc gõ lại."
    assert labels(said)[:2] == ["Xã Bắc Hà", "Không nhớ"]


def test_a_label_is_cut_between_words() -> None:
    """A label that is too long for a button is cut between words and ends with an ellipsis."""
    step = Choice("kind", Phrase("tip-kind"), options=(Option("a", Name("rất dài " * 30)),))
    label = labels(pose(Asked(step, "N0NC", "vi"), BUTTONS))[0]
    assert len(label) <= LONGEST_LABEL
    assert label.endswith(("dài…", "rất…"))


@given(st.text(max_size=200), st.sampled_from(STEPS))
def test_a_note_never_hides_the_question(note: str, step: Step) -> None:
    """Whatever is noted, the question stands below it."""
    said = pose(Asked(step, "N0NC", "vi"), BUTTONS, Name(note))
    assert said.text.endswith(words.word("vi", step.prompt))


# --- reading the answer ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2", "Tụ tập", "tụ tập", "tu tap", " TU TAP ", "Tu\u0323 tâ\u0323p"])
def test_a_choice_is_read_by_number_label_or_plain_letters(typed: str) -> None:
    """The number, the label, and the label without diacritics or in capitals mean the same."""
    assert read_typed(asked(Choice), typed).value == "b"


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        (Choice, "4", "ask-not-offered"),
        (Choice, "0", "ask-not-offered"),
        (Choice, "-1", "ask-not-offered"),
        (Text, "ngắn", "ask-too-short"),
        (Text, "dài" * 2000, "ask-too-long"),
        (Text, " \u0000\u0007 ", "ask-empty"),
        (Number, "101", "ask-out-of-range"),
        (Number, "99999999999", "ask-no-number"),
        (Number, "một nửa", "ask-no-number"),
        (Number, "-5", "ask-no-number"),
        (Pick, "xã này không có thật", "ask-nothing-found"),
        (Several, "xã này không có thật", "ask-nothing-found"),
        (Confirm, "không", "ask-not-offered"),
    ],
)
def test_an_answer_that_is_none_is_refused_with_the_reason(kind: type[Step], typed: str, why: str) -> None:
    """Each answer that can't be taken is refused with a sentence that says why."""
    with pytest.raises(Refusal) as refused:
        read_typed(asked(kind), typed)
    assert isinstance(refused.value.why, Phrase)
    assert refused.value.why.id == why
    assert words.word("vi", refused.value.why)


@pytest.mark.parametrize(("typed", "number"), [("80", 80), ("80%", 80), ("80 %", 80), ("٨٠", 80), ("0", 0), ("007", 7)])
def test_a_number_is_read(typed: str, number: int) -> None:
    """With or without a per cent sign, in any script's digits."""
    assert read_typed(asked(Number), typed).value == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [("quay lai", BACK), ("Quay lại", BACK), ("/lui", BACK), ("/back", BACK), ("/HUY", CANCEL), ("khong nho", SKIP)],
)
def test_the_engines_words_are_heard_in_every_question(typed: str, code: str) -> None:
    """Back, skip and cancel are understood as command or label, with or without diacritics."""
    assert engine_word(asked(Pick), typed) == code


def test_done_is_heard_only_when_something_is_picked() -> None:
    """Nobody is done before anything is picked."""
    assert engine_word(asked(Several), "xong") is None
    assert engine_word(asked(Several, picked=("xa-02839",)), "xong") == DONE


@pytest.mark.parametrize("kind", [type(step) for step in STEPS])
def test_the_engines_commands_are_never_an_answer(kind: type[Step]) -> None:
    """Also where there is nothing to go back to or to skip, "/lui" is no tip and no notice."""
    question = Asked(BY_KIND[kind], "N0NC", "vi")
    assert [engine_word(question, typed) for typed in ("/lui", "/skip", "/xong", "/huy")] == [BACK, SKIP, DONE, CANCEL]


def test_one_thing_is_picked_once() -> None:
    """Picking what is picked already changes nothing."""
    answer = read_pressed(asked(Several, picked=("xa-02839",)), "=xa-02839")
    assert answer.picked == ("xa-02839",)


@given(st.sampled_from(STEPS), st.text(max_size=100))
def test_any_text_to_any_step_is_an_answer_or_a_refusal(step: Step, typed: str) -> None:
    """No text breaks a step, and a final answer is one that the step takes."""
    question = Asked(step, "N0NC", "vi", has_before=True)
    engine_word(question, typed)
    try:
        answer = read_typed(question, typed)
    except Refusal:
        return
    if answer.is_final:
        assert check_value(step, answer.value)


@given(st.sampled_from(STEPS), st.text(max_size=64))
def test_any_data_of_a_button_is_an_answer_or_a_refusal(step: Step, code: str) -> None:
    """No button, however old or made up, breaks a step."""
    try:
        answer = read_pressed(Asked(step, "N0NC", "vi"), code)
    except Refusal:
        return
    if answer.is_final:
        assert check_value(step, answer.value)
