"""What is wrong with a plan's file, free of language; PlanError words it, one line an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.words import say

LONGEST_SHOWN = 120
"""Characters of a value out of the file that an error shows."""


class Fault(Exception):
    """A value that can't be: its key within the table ("" for the table itself), and the sentence that says why."""

    def __init__(self, key: str, sentence: str, /, **values: object) -> None:
        super().__init__(key, sentence)
        self.key = key
        self.sentence = sentence
        self.values = tuple((name, shown(str(value))) for name, value in sorted(values.items()))


class Place(NamedTuple):
    """Where an error stands: a line of the file, from 1 (0: the file as a whole), and a key ("unit[2].parent")."""

    line: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One error of a file: its place, the id of a sentence in words/plan.*.ftl, and the values the sentence takes."""

    place: Place
    sentence: str
    values: tuple[tuple[str, str], ...] = ()

    def said(self, language: str, file: str) -> str:
        """One line: file, line, key, what is wrong and what to do."""
        what = say(language, self.sentence, dict(self.values))
        if not self.place.line:
            return say(language, "plan-at-file", {"file": file, "what": what})
        values = {"file": file, "line": str(self.place.line), "key": shown(self.place.key), "what": what}
        return say(language, "plan-at-key" if self.place.key else "plan-at-line", values)


class PlanError(ValueError):
    """A plan file can't be used; `errors` says why, in the order of its lines. As a string it speaks Vietnamese."""

    def __init__(self, file: str, errors: Iterable[Mistake]) -> None:
        self.file = shown(file)
        self.errors = tuple(sorted(set(errors)))
        super().__init__(self.file, self.errors)

    def __str__(self) -> str:
        return self.said("vi")

    def said(self, language: str) -> str:
        """All errors in a language, one a line."""
        return "\n".join(error.said(language, self.file) for error in self.errors)


def mistake(place: Place, fault: Fault) -> Mistake:
    return Mistake(place, fault.sentence, fault.values)


def shown(text: str) -> str:
    """A text that may come from the file, made fit for one line of a terminal: no control characters, not too long."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return clean if len(clean) <= LONGEST_SHOWN else f"{clean[:LONGEST_SHOWN]}…"
