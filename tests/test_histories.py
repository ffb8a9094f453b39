"""Conversations that were open when an earlier version ran must still go on where they stood."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from bot.conversation import Form
from bot.talk.replay import Asking, Done, replay
from bot.talk.step import Value
from tests.flows import FLOWS, HAPPY

FOLDER = Path(__file__).parent / "histories"
VERSION = "0.1.0"


class History(msgspec.Struct):
    """A form as a version kept it, and the step it waited for; empty: it was over."""

    version: str
    form: Form
    waits_for: str


def write_histories() -> None:
    """Writes the histories of this version: each flow after each of its answers. Once a version, by hand:
    `python -c "from tests.test_histories import write_histories; write_histories()"`. Histories are never changed.
    """
    for flow, answers in HAPPY.items():
        histories = [_history(flow, dict(list(answers.items())[:count])) for count in range(len(answers) + 1)]
        text = msgspec.json.format(msgspec.json.encode(histories), indent=2)
        (FOLDER / f"{flow}-{VERSION}.json").write_bytes(text + b"\n")


def _history(flow: str, answers: dict[str, Value]) -> History:
    form = Form(flow=flow.partition("-")[0], nonce="N0NC", language="vi", answers=answers)
    state = replay(FLOWS[flow](), answers)
    return History(VERSION, form, state.step.name if isinstance(state, Asking) else "")


def _kept() -> list[tuple[str, History]]:
    files = sorted(FOLDER.glob("*.json"))
    return [
        (file.stem.rpartition("-")[0], history)
        for file in files
        for history in msgspec.json.decode(file.read_bytes(), type=list[History])
    ]


@pytest.mark.parametrize(
    ("flow", "history"), [pytest.param(flow, one, id=f"{flow}-{n}") for n, (flow, one) in enumerate(_kept())]
)
def test_a_conversation_of_an_earlier_version_goes_on_where_it_stood(flow: str, history: History) -> None:
    """No answer that was kept is lost, and the question that waits is the one that waited."""
    state = replay(FLOWS[flow](), history.form.answers)
    assert state.answers == history.form.answers
    if history.waits_for:
        assert isinstance(state, Asking)
        assert state.step.name == history.waits_for
    else:
        assert isinstance(state, Done)


def test_every_flow_has_its_history() -> None:
    """Each flow of this version is kept, from its beginning to its end."""
    kept = [(flow, history.waits_for) for flow, history in _kept()]
    assert {flow for flow, _ in kept} == set(FLOWS)
    assert {flow for flow, waits_for in kept if not waits_for} == set(FLOWS)
