"""What an operator did that can't work, as one line that says what to do."""

from __future__ import annotations

from bot.talk.step import Phrase
from bot.words import word


class Unusable(Exception):
    """A command can't be done with what it was given: exit status 2, and the sentence on standard error."""

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.why = Phrase(sentence, values)

    def said(self, language: str) -> str:
        return word(language, self.why)
