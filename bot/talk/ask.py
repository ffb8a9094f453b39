"""What a flow is written with: `kind = await ask.choice("kind", …)`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import cast

from bot.talk.step import Choice, Confirm, Number, Option, Phrase, Pick, Several, Step, Text, Value, Words

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
        self, name: str, options: Sequence[Option], *, optional: bool = False, prompt: Words | None = None
    ) -> str:
        """The value of the option chosen; "" when skipped. `prompt` stands for the step's own sentence."""
        step = Choice(name, prompt or self._prompt(name), optional, tuple(options))
        return cast("str | None", await _Waiting(step)) or ""

    async def pick(self, name: str, options: Sequence[Option], *, optional: bool = False) -> str:
        """The value of one option of a long list, found by typing; "" when skipped."""
        step = Pick(name, self._prompt(name), optional, tuple(options))
        return cast("str | None", await _Waiting(step)) or ""

    async def several(self, name: str, options: Sequence[Option]) -> tuple[str, ...]:
        """The values of at least one option of a long list."""
        step = Several(name, self._prompt(name), options=tuple(options))
        return tuple(cast("list[str]", await _Waiting(step)))

    async def text(self, name: str, *, at_least: int = 1, at_most: int = 4000, optional: bool = False) -> str:
        """What the person wrote, trimmed, of `at_least` to `at_most` characters; "" when skipped."""
        step = Text(name, self._prompt(name), optional, at_least, at_most)
        return cast("str | None", await _Waiting(step)) or ""

    async def number(self, name: str, low: int, high: int, *, suggested: Sequence[int] = ()) -> int:
        """A whole number from `low` to `high`."""
        step = Number(name, self._prompt(name), low=low, high=high, suggested=tuple(suggested))
        return cast("int", await _Waiting(step))

    async def confirm(self, name: str, summary: Words, *, yes: Words = _YES) -> None:
        """Shows `summary` and goes on when the person says yes."""
        await _Waiting(Confirm(name, summary, yes=yes))

    def _prompt(self, name: str) -> Phrase:
        return Phrase(f"{self.about}-{name}")
