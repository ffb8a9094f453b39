"""Something an operator must mend, as a sentence of the .ftl files and its values."""

from __future__ import annotations


class Trouble(Exception):
    """It can't go on like this. `sentence` says what is wrong and what to do; str() is its id only, safe to log."""

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values
