"""What can't be done, as a page with one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class Problem(Exception):
    """`status` of HTTP and the id of the sentence. `typed`: what was written, to be shown again."""

    status: int
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    typed: str | None = None
    reply_to: str = ""

    def about(self, typed: str, reply_to: str) -> Problem:
        """The same, with what was written."""
        return Problem(self.status, self.sentence, self.values, typed=typed, reply_to=reply_to)

    def __str__(self) -> str:
        return f"{self.status} {self.sentence}"  # never what was typed


SENTENCES = {
    400: "web-problem-form",
    403: "web-problem-foreign",
    404: "web-problem-not-found",
    405: "web-problem-method",
    408: "web-problem-slow",
    413: "web-problem-too-big",
    415: "web-problem-type",
    503: "web-problem-not-sent",
}
"""By status, where nothing more is to be said; any other is "web-problem"."""


def plain(status: int) -> Problem:
    return Problem(status, SENTENCES.get(status, "web-problem"))
