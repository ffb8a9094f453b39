"""The rules of conversations, kept by the machine."""

from __future__ import annotations

import asyncio
from types import coroutine

import pytest

from bot.talk.ask import Ask
from bot.talk.replay import Asking, Done, FlowError, replay
from bot.talk.step import Choice, Confirm, Name, Number, Option, Phrase, Pick, Several, Step, Text, check_value

ASK = Ask("test")
COLOURS = [Option("red", Name("đỏ")), Option("blue", Name("xanh"))]


async def colour_and_why(ask: Ask) -> tuple[str, str]:
    colour = await ask.choice("colour", COLOURS)
    why = await ask.text("why", optional=True) if colour == "red" else "because"
    return colour, why


def test_a_flow_waits_where_its_answers_end() -> None:
    """The first question without an answer is asked."""
    state = replay(colour_and_why(ASK), {"colour": "red"})
    assert isinstance(state, Asking)
    assert state.step.name == "why"
    assert state.step.prompt == Phrase("test-why")


def test_a_flow_ends_with_its_value() -> None:
    """With all answers the flow returns; what was skipped is empty."""
    assert replay(colour_and_why(ASK), {"colour": "red", "why": None}) == Done(
        ("red", ""), {"colour": "red", "why": None}
    )


def test_an_answer_that_is_not_reached_is_forgotten() -> None:
    """What was said on another way is not kept."""
    state = replay(colour_and_why(ASK), {"colour": "blue", "why": "vì đẹp"})
    assert state == Done(("blue", "because"), {"colour": "blue"})


def test_an_answer_that_no_longer_fits_is_asked_again() -> None:
    """When a list has changed, what was chosen from the old one is asked again and not taken."""
    state = replay(colour_and_why(ASK), {"colour": "green"})
    assert isinstance(state, Asking)
    assert state.step.name == "colour"
    assert state.answers == {}


async def twice(ask: Ask) -> None:
    await ask.text("name")
    await ask.text("name")


async def foreign(ask: Ask) -> None:
    await ask.text("name")
    await asyncio.sleep(1)


@coroutine
def _lives_elsewhere():
    yield 42


async def stranger(ask: Ask) -> None:
    await _lives_elsewhere()


def test_a_name_met_twice_is_an_error() -> None:
    """A flow that asks twice under one name is refused, with the flow and the step named."""
    with pytest.raises(FlowError, match="twice asked for 'name' twice"):
        replay(twice(ASK), {"name": "An"})


@pytest.mark.parametrize("flow", [foreign, stranger])
def test_a_flow_awaits_steps_and_nothing_else(flow) -> None:
    """A foreign await is refused, with the flow and the step after which it stands."""
    with pytest.raises((FlowError, RuntimeError), match=f"{flow.__name__} awaited|no running event loop"):
        replay(flow(ASK), {"name": "An"})


@pytest.mark.parametrize(
    ("step", "fits", "does_not"),
    [
        (Choice("a", Name(""), options=tuple(COLOURS)), ["red"], ["green", 1, True, None, ["red"]]),
        (Pick("a", Name(""), optional=True, options=tuple(COLOURS)), ["red", None], ["green", ["red"]]),
        (Several("a", Name(""), options=tuple(COLOURS)), [["red"], ["blue", "red"]], [[], ["green"], "red", None]),
        (Text("a", Name(""), at_least=2, at_most=3), ["an", "anh"], ["a", "anhem", 12, None]),
        (Number("a", Name(""), low=0, high=100), [0, 100], [-1, 101, "50", True, None]),
        (Confirm("a", Name("")), [True], [False, "yes", 1, None]),
        (Step("a", Name("")), [], ["x", 1, True]),
    ],
)
def test_a_kept_answer_is_checked(step: Step, fits: list, does_not: list) -> None:
    """Only what its step would take today is taken from what was kept."""
    assert all(check_value(step, value) for value in fits)
    assert not any(check_value(step, value) for value in does_not)
