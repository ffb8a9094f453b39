"""One conversation: what is kept of it between two messages, and how a message takes it further."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from bot.channels.channel import Capabilities, Said
from bot.question import BACK, CANCEL, DONE, FOUND, SKIP, Answer, Asked, engine_word, pose, read_pressed, read_typed
from bot.talk.replay import Asking, Done, replay
from bot.talk.step import Phrase, Refusal, Value, check_value
from bot.talk.step import Words as Sayable
from bot.words import word


class Form(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The filled-in form and nothing else. `about` is what the flow was begun with; `nonce` marks its buttons.

    `known` are answers that were understood before they were asked for ("80%" in a reply); each is used up when the
    flow comes to its question.
    """

    flow: str
    nonce: str
    language: str
    about: dict[str, str | int] = {}
    answers: dict[str, Value] = {}
    known: dict[str, Value] = {}
    found: list[str] = []
    picked: list[str] = []


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that can be had.

    `given` reads what the flow needs to know (inside the turn's work), `begin` makes the coroutine from it, and
    `finish` does the effects of what it returned. `again` is the button (its sentence and its choice) that stands under
    the word that all was cancelled.
    """

    given: Callable[[Any, Form], Awaitable[Any]]
    begin: Callable[[Any], Coroutine[Any, Any, Any]]
    finish: Callable[[Any, Any, Any], Awaitable[None]]
    again: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The conversation waits for the next answer; None: nothing new is to be said."""

    said: Said | None


@dataclass(frozen=True, slots=True)
class IsOver:
    """The flow returned this value."""

    value: Any


@dataclass(frozen=True, slots=True)
class IsCancelled:
    """The person does not want to go on."""


Moved = GoesOn | IsOver | IsCancelled


@dataclass(frozen=True, slots=True)
class Teller:
    """Takes one conversation further: the form, the flow with what it was given, and where it is held."""

    form: Form
    begin: Callable[[], Coroutine[Any, Any, Any]]
    can: Capabilities
    private: bool

    def ask(self, note: Sayable | None = None) -> Moved:
        """The question that the form's answers lead to."""
        state = self._replayed()
        if isinstance(state, Done):
            return IsOver(state.value)
        return GoesOn(pose(self._asked(state), self.can, note, private=self.private))

    def hear_typed(self, typed: str) -> Moved:
        """What typed words do: an answer, or one of the engine's words (back, skip, cancel)."""
        asked, over = self._now()
        if asked is None:
            return over
        if code := engine_word(asked, typed):
            return self._engine(asked, code)
        return self._take(asked, lambda: read_typed(asked, typed))

    def hear_pressed(self, step: str, code: str) -> Moved:
        """What a button of this conversation does. One of an earlier question does nothing but ask again; but whoever
        presses "Cancel" means it, wherever it stands.
        """
        asked, over = self._now()
        if asked is None:
            return over
        if step != asked.step.name and code != CANCEL:
            if self._is_repeated(step, code):
                return GoesOn(Said(word(self.form.language, Phrase("ask-answered"))))
            return self.ask(Phrase("ask-old-button"))
        if code in {BACK, SKIP, CANCEL, DONE}:
            return self._engine(asked, code)
        return self._take(asked, lambda: read_pressed(asked, code))

    def _now(self) -> tuple[Asked | None, Moved]:
        state = self._replayed()
        if isinstance(state, Done):
            return None, IsOver(state.value)
        return self._asked(state), GoesOn(None)

    def _replayed(self) -> Asking | Done[Any]:
        """Where the answers lead; a question whose answer is known already is not asked."""
        form = self.form
        state = replay(self.begin(), form.answers)
        while isinstance(state, Asking) and state.step.name in form.known:
            value = form.known.pop(state.step.name)
            if not check_value(state.step, value):
                break
            state = replay(self.begin(), state.answers | {state.step.name: value})
        form.answers = state.answers
        return state

    def _asked(self, state: Asking) -> Asked:
        form = self.form
        return Asked(state.step, form.nonce, form.language, bool(state.answers), tuple(form.found), tuple(form.picked))

    def _is_repeated(self, step: str, code: str) -> bool:
        """Whether this press was taken already: the same button, pressed twice."""
        if step not in self.form.answers:
            return False
        kept = self.form.answers[step]
        return (code == SKIP and kept is None) or code == f"={kept}" or (code == "=yes" and kept is True)

    def _engine(self, asked: Asked, code: str) -> Moved:
        name, answers = asked.step.name, self.form.answers
        if code == CANCEL:
            return IsCancelled()
        if code == BACK and answers:
            return self._go_back()
        if code == SKIP and asked.step.optional:
            answers[name] = None
        elif code == DONE and asked.picked:
            answers[name] = list(asked.picked)
        else:
            return self.ask(Phrase("ask-not-offered"))
        self._turn_page()
        return self.ask()

    def _go_back(self) -> Moved:
        """The question before; what was picked for it is still picked."""
        _, undone = self.form.answers.popitem()
        self.form.found, self.form.picked = [], undone if isinstance(undone, list) else []
        return self.ask()

    def _take(self, asked: Asked, read: Callable[[], Answer]) -> Moved:
        try:
            answer = read()
        except Refusal as refusal:
            return self.ask(refusal.why)
        if answer.is_final:
            self.form.answers[asked.step.name] = answer.value
            self._turn_page()
            return self.ask()
        if answer.picked is not None:
            self.form.picked, self.form.found = list(answer.picked), []
            return self.ask()
        return self._show_found(replace(asked, found=answer.found or ()))

    def _show_found(self, asked: Asked) -> Moved:
        self.form.found = list(asked.found)
        return GoesOn(pose(asked, self.can, FOUND, private=self.private))

    def _turn_page(self) -> None:
        self.form.found, self.form.picked = [], []
