"""A conversation between two messages: what is kept, where it leads, and what an old or a second press does to it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Capabilities, Said
from bot.conversation import Form, GoesOn, IsCancelled, IsOver, Teller
from bot.talk.replay import Asking, Done, replay
from bot.talk.step import Pick, Several
from tests.flows import FLOWS, HAPPY

CAN = Capabilities(buttons=True, edit=True, erase=True, groups=True, text_limit=4096, groups_hear_replies_only=True)


def teller(flow: str, **form) -> Teller:
    return Teller(Form(flow=flow, nonce="N0NC", language="vi", **form), FLOWS[flow], CAN, private=True)


def told(flow: str, *names: str) -> Teller:
    """The flow after the answers of these names, or of all."""
    known = HAPPY[flow]
    return teller(flow, answers={name: known[name] for name in names or known})


def waits_for(one: Teller) -> str:
    state = replay(one.begin(), one.form.answers)
    return state.step.name if isinstance(state, Asking) else ""


def labels(moved: object) -> list[str]:
    assert isinstance(moved, GoesOn)
    assert moved.said is not None
    return [button.label for row in moved.said.rows for button in row]


def text(moved: object) -> str:
    assert isinstance(moved, GoesOn)
    assert moved.said is not None
    return moved.said.text


def test_nothing_but_the_form_is_kept() -> None:
    """A conversation read back from its form goes on where it stood."""
    one = told("tip", "ready", "kind")
    one.hear_typed("bac ha")
    again = msgspec.json.decode(msgspec.json.encode(one.form), type=Form)
    assert again == one.form
    assert again.found == ["xa-02839"]


def test_going_back_asks_the_question_before() -> None:
    """Back forgets the last answer and asks for it again; at the first question there is no way back."""
    one = told("tip", "ready", "kind")
    one.hear_pressed("place", "<")
    assert waits_for(one) == "kind"
    assert "Quay lại" not in labels(teller("tip").ask())


def test_going_back_to_a_list_finds_what_was_picked() -> None:
    """Whoever goes back to a list of picked units finds them picked."""
    one = told("notice", "body", "audience", "units")
    moved = one.hear_pressed("sure", "<")
    assert "Đã chọn: Sở Y tế, Sở Nội vụ" in text(moved)
    one.hear_typed("xong")
    assert one.form.answers["units"] == ["so-y-te", "so-noi-vu"]


def test_an_answer_that_is_no_longer_reached_is_forgotten() -> None:
    """Another choice on the way leaves nothing behind of what it makes unnecessary."""
    one = told("notice", "body", "audience", "units")
    for _ in range(2):
        one.hear_typed("/lui")
    one.hear_typed("tat ca")
    assert one.form.answers == {"body": HAPPY["notice"]["body"], "audience": "all"}


def test_a_button_pressed_twice_is_taken_once_and_says_so() -> None:
    """The second press of the same button changes nothing, and is told so in a line."""
    one = told("tip", "ready")
    one.hear_pressed("kind", "=selling")
    before = dict(one.form.answers)
    moved = one.hear_pressed("kind", "=selling")
    assert isinstance(moved, GoesOn)
    assert moved.said.text == "Câu này đã nhận rồi, không cần bấm lại."
    assert one.form.answers == before


def test_another_button_of_an_earlier_question_changes_nothing() -> None:
    """It is explained, and the question that waits is asked again."""
    one = told("tip", "ready", "kind")
    moved = one.hear_pressed("kind", "=online")
    assert text(moved).startswith("Nút vừa bấm thuộc câu hỏi trước.")
    assert "\n\nỞ xã, phường nào? Gõ vài chữ trong tên" in text(moved)
    assert one.form.answers["kind"] == "selling"


def test_cancel_means_cancel_wherever_it_stands() -> None:
    """The cancel button of an earlier question cancels too: nobody presses it for anything else."""
    assert isinstance(told("tip", "ready", "kind").hear_pressed("ready", "x"), IsCancelled)
    assert isinstance(told("tip").hear_typed("/huy"), IsOver), "what is over can't be cancelled"


def test_what_is_known_is_not_asked() -> None:
    """Answers that were understood before they were asked for are used once, and can be gone back to."""
    one = teller("progress", known={"percent": 80, "stuck": "vướng kinh phí"})
    one.ask()
    assert waits_for(one) == "result"
    one.hear_typed("chưa có")
    assert waits_for(one) == "sure"
    one.hear_typed("/lui")
    assert waits_for(one) == "stuck"
    assert one.form.known == {}


def test_what_is_known_but_does_not_fit_is_asked() -> None:
    """A known answer that the step would not take is forgotten."""
    one = teller("progress", known={"percent": 800})
    one.ask()
    assert waits_for(one) == "percent"


def test_a_name_that_finds_nothing_keeps_the_question() -> None:
    """What finds nothing is named, and the question stays."""
    moved = told("tip", "ready", "kind").hear_typed("xã không có thật")
    assert text(moved).startswith("Không tìm thấy “xã không có thật”.")


# --- whatever is said ------------------------------------------------------------------------------------------------

TYPED = st.one_of(
    st.sampled_from(["1", "2", "3", "/lui", "/boqua", "/huy", "/xong", "đồng ý", "Gửi", "bac ha", "so y te", "80%"]),
    st.text(max_size=40),
)
PRESSED = st.tuples(
    st.sampled_from(["ready", "kind", "place", "what", "percent", "units", "unit", "audience", "sure", "nowhere", ""]),
    st.sampled_from(["<", "-", "x", ".", "=go", "=selling", "=xa-02839", "=100", "=yes", "=", "="]),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(FLOWS)), st.lists(st.one_of(TYPED, PRESSED), max_size=12))
def test_whatever_is_said_a_conversation_stays_whole(flow: str, said: list[object]) -> None:
    """No words and no presses break a flow; its answers always lead where a fresh run with them leads."""
    one = teller(flow)
    for act in said:
        moved = one.hear_pressed(*act) if isinstance(act, tuple) else one.hear_typed(str(act))
        if not isinstance(moved, GoesOn):
            return
        assert_fits(moved.said)
        fresh = replay(FLOWS[flow](), one.form.answers)
        assert isinstance(fresh, Asking)
        assert fresh.answers == one.form.answers
        assert all(value in {o.value for o in options(fresh)} for value in [*one.form.found, *one.form.picked])


def options(state: Asking) -> tuple:
    return state.step.options if isinstance(state.step, Pick | Several) else ()


def assert_fits(said: Said | None) -> None:
    """Every button fits the narrowest channel."""
    for button in [button for row in said.rows for button in row] if said else []:
        assert len(button.choice.encode()) <= 64
        assert button.choice.isascii()
        assert 0 < len(button.label) <= 60


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(FLOWS)), st.lists(st.booleans(), max_size=30))
def test_back_and_forward_lead_to_the_same_end(flow: str, forward: list[bool]) -> None:
    """Whatever was gone back and done again, the flow returns the same in the end."""
    one, happy = teller(flow), HAPPY[flow]
    for goes_forward in forward:
        waiting = waits_for(one)
        if not goes_forward:
            one.hear_typed("/lui")
        elif waiting != list(happy)[-1]:
            one.form.answers[waiting] = happy[waiting]
    one.form.answers |= {name: value for name, value in happy.items() if name not in one.form.answers}
    ended, fresh = replay(FLOWS[flow](), one.form.answers), replay(FLOWS[flow](), happy)
    assert isinstance(ended, Done)
    assert ended == fresh


@pytest.mark.parametrize("flow", FLOWS)
def test_every_button_of_every_flow_fits_every_channel(flow: str) -> None:
    """Each question of each flow, and each option of each list, has buttons within 64 bytes and 60 characters."""
    for count in range(len(HAPPY[flow])):
        known = dict(list(HAPPY[flow].items())[:count])
        one = teller(flow, answers=known)
        state = replay(one.begin(), known)
        assert isinstance(state, Asking)
        found = [option.value for option in options(state)]
        for start in range(0, max(len(found), 1), 6):
            shown = teller(flow, answers=known, found=found[start : start + 6])
            moved = shown.ask()
            assert isinstance(moved, GoesOn)
            assert_fits(moved.said)
