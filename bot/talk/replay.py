"""Drives a flow from the answers kept by name, without an event loop.

The rules (docs/design.md, section 4) are kept here, by the machine: a flow awaits steps and nothing else, a name is
met once, an answer that the flow no longer reaches is forgotten.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.talk.step import Step, Value, check_value

T = TypeVar("T")


class FlowError(Exception):
    """A flow broke a rule of conversations; the message names the flow and the step."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The flow waits for `step`; `answers` are the ones it reached, in the order it asked for them."""

    step: Step
    answers: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The flow is over and returned `value`."""

    value: T
    answers: dict[str, Value]


def replay(flow: Coroutine[Any, Any, T], answers: Mapping[str, Value]) -> Asking | Done[T]:
    """Runs the flow from its start through the kept answers, to the first question that has none.

    Raises FlowError when the flow awaits something that is not a step, or meets a name twice.
    """
    reached: dict[str, Value] = {}
    met: set[str] = set()
    try:
        step = _checked(flow, flow.send(None), met)
        while step.name in answers and check_value(step, answers[step.name]):
            reached[step.name] = answers[step.name]
            step = _checked(flow, flow.send(answers[step.name]), met)
    except StopIteration as stop:
        return Done(stop.value, reached)
    finally:
        flow.close()
    return Asking(step, reached)


def _checked(flow: Coroutine[Any, Any, T], awaited: object, met: set[str]) -> Step:
    name = getattr(flow, "__qualname__", "a flow")
    if not isinstance(awaited, Step):
        after = ", ".join(met) or "its start"
        raise FlowError(f"{name} awaited {type(awaited).__name__} after {after}: a flow awaits steps and nothing else")
    if awaited.name in met:
        raise FlowError(f"{name} asked for '{awaited.name}' twice: step names are unique; number them in a loop")
    met.add(awaited.name)
    return awaited
