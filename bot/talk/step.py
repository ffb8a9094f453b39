"""The steps a flow can wait for: what is asked, by which name, and which answers it takes.

A step holds names of sentences and values, never words in a language; `bot.turn` words it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.talk.options import option_of

Value: TypeAlias = str | int | bool | list[str] | None
"""What an answer is, as it is kept: plain JSON. None means: skipped."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to be worded later: its id in the .ftl files and the values it takes (a value may be a phrase)."""

    id: str
    values: Mapping[str, str | int | Phrase] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """Words that are the same in every language: a commune, an agency, what a person wrote."""

    text: str


Words: TypeAlias = Phrase | Name


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen. `value` is at most 40 ASCII characters, so that it fits any channel's button."""

    value: str
    label: Words
    aliases: tuple[str, ...] = ()
    link: str = ""  # an address that is opened instead, where the channel has buttons for that


@dataclass(frozen=True, slots=True)
class Step:
    """What every question has. `name` is unique in its flow; `prompt` is what is asked."""

    name: str
    prompt: Words
    optional: bool = False
    can_cancel: bool = True  # False where one of the options is the way out


@dataclass(frozen=True, slots=True)
class Choice(Step):
    """One of a few options, all shown."""

    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Several(Step):
    """Any number of options of a long list, found by typing; a list of values."""

    options: Sequence[Option] = ()


@dataclass(frozen=True, slots=True)
class Pick(Step):
    """One option of a long list, found by typing part of its name; or, where there is `near`, by a position: it takes
    latitude and longitude and returns the values of the options that are nearest.
    """

    options: Sequence[Option] = ()
    near: Callable[[float, float], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Text(Step):
    """Free words. Lengths in characters after trimming.

    With `or_spoken` a voice message is a full answer; `sealed` words may come sealed by the sender's browser. Either
    is then kept as a list of one part's id.
    """

    at_least: int = 1
    at_most: int = 4000
    or_spoken: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Files(Step):
    """Photos, videos, recordings, files: a list of at most `at_most` parts' ids."""

    at_most: int = 10


@dataclass(frozen=True, slots=True)
class Number(Step):
    """A whole number from `low` to `high`; `suggested` ones are offered as buttons."""

    low: int = 0
    high: int = 100
    suggested: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirm(Step):
    """Everything said so far, shown once more; goes on only with a yes. `yes` is the label of that button."""

    yes: Words = Phrase("confirm-yes")
    edits: tuple[Option, ...] = ()  # the answers that can be changed from here: the name of each's step, what it is


@dataclass(eq=False)  # not frozen: a context manager that it passes through gives it its traceback back
class Refusal(Exception):
    """Why an answer is not taken, as a sentence for the person. Nothing is changed."""

    why: Words


def check_value(step: Step, value: Value) -> bool:  # noqa: PLR0911 - a row a kind of step
    """Whether `value`, kept under this step's name, still answers it (a plan or a list may have changed since)."""
    if value is None:
        return step.optional
    match step:
        case Choice(options=options) | Pick(options=options):
            return option_of(options, value) is not None
        case Several(options=options):
            return isinstance(value, list) and bool(value) and all(option_of(options, one) for one in value)
        case Text(or_spoken=spoken, sealed=sealed) if isinstance(value, list):
            return (spoken or sealed) and len(value) == 1
        case Text(at_least=least, at_most=most):
            return isinstance(value, str) and least <= len(value) <= most
        case Files(at_most=most):
            return isinstance(value, list) and 1 <= len(value) <= most
        case Number(low=low, high=high):
            return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        case Confirm():
            return value is True
        case _:
            return False
