"""What a flow is written with: `kind = await ask.choice("kind", …)`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import cast

from bot.talk.step import Choice, Confirm, Files, Number, Option, Phrase, Pick, Several, Step, Text, Value, Words

_YES = Phrase("confirm-yes")


@dataclass(frozen=True, slots=True)
class _Waiting:
    step: Step

    def __await__(self) -> Generator[Step, Value, Value]:
        return (yield self.step)


@dataclass(frozen=True, slots=True)
class Ask:
    """Asks one person. `about` is the first part of the sentence ids: step "what" of "tip" is asked by `tip-what`."""

    about: str

    async def choice(
        self,
        name: str,
        options: Sequence[Option],
        *,
        optional: bool = False,
        prompt: Words | None = None,
        can_cancel: bool = True,
    ) -> str:
        """The value of the option chosen; "" when skipped. `prompt` stands for the step's own sentence."""
        step = Choice(name, prompt or self._prompt(name), optional, can_cancel, tuple(options))
        return cast("str | None", await _Waiting(step)) or ""

    async def pick(
        self,
        name: str,
        options: Sequence[Option],
        *,
        optional: bool = False,
        near: Callable[[float, float], Sequence[str]] | None = None,
        prompt: Words | None = None,
    ) -> str:
        """The value of one option of a long list, found by typing or by a position; "" when skipped."""
        step = Pick(name, prompt or self._prompt(name), optional, options=options, near=near)
        return cast("str | None", await _Waiting(step)) or ""

    async def several(self, name: str, options: Sequence[Option]) -> tuple[str, ...]:
        """The values of at least one option of a long list."""
        step = Several(name, self._prompt(name), options=options)
        return tuple(cast("list[str]", await _Waiting(step)))

    async def text(self, name: str, *, at_least: int = 1, at_most: int = 4000, optional: bool = False) -> str:
        """What the person wrote, trimmed, of `at_least` to `at_most` characters; "" when skipped."""
        step = Text(name, self._prompt(name), optional, at_least=at_least, at_most=at_most)
        return cast("str | None", await _Waiting(step)) or ""

    async def told(
        self, name: str, *, at_least: int = 1, at_most: int = 4000, optional: bool = False, prompt: Words | None = None
    ) -> str | list[str]:
        """What the person wrote; or, spoken or sealed by their browser, a list of one part's id. "" when skipped."""
        asked = prompt or self._prompt(name)
        step = Text(name, asked, optional, at_least=at_least, at_most=at_most, or_spoken=True, sealed=True)
        return cast("str | list[str] | None", await _Waiting(step)) or ""

    async def files(self, name: str, *, at_most: int = 10) -> tuple[str, ...]:
        """The ids of the parts that were sent, none when skipped."""
        step = Files(name, self._prompt(name), optional=True, at_most=at_most)
        return tuple(cast("list[str] | None", await _Waiting(step)) or ())

    async def number(self, name: str, low: int, high: int, *, suggested: Sequence[int] = ()) -> int:
        """A whole number from `low` to `high`."""
        step = Number(name, self._prompt(name), low=low, high=high, suggested=tuple(suggested))
        return cast("int", await _Waiting(step))

    async def confirm(self, name: str, summary: Words, *, yes: Words = _YES, edits: Sequence[Option] = ()) -> None:
        """Shows `summary` and goes on when the person says yes. `edits`: the answers that can be changed from here."""
        await _Waiting(Confirm(name, summary, yes=yes, edits=tuple(edits)))

    def _prompt(self, name: str) -> Phrase:
        return Phrase(f"{self.about}-{name}")
