"""One conversation: what is kept of it between two messages, and how a message takes it further.

One long page: all that a message can do to a form is read together, as each rule holds only beside the others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from bot.channels.channel import Capabilities, Said, SealFor, Sort
from bot.question import (
    BACK,
    CANCEL,
    CLEAR,
    DONE,
    FOUND,
    SKIP,
    WHICH,
    Answer,
    Asked,
    engine_word,
    pose,
    read_pressed,
    read_typed,
)
from bot.talk.replay import Asking, Done, replay
from bot.talk.step import Confirm, Files, Phrase, Pick, Refusal, Several, Step, Text, Value, check_value
from bot.talk.step import Words as Sayable
from bot.words import word

MOST_HELD = 10
"""Files that wait for the question that takes them: as many as any question takes."""


class Form(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The filled-in form and nothing else. `about` is what the flow was begun with; `nonce` marks its buttons.

    `known` are answers that were understood before they were asked for ("80%" in a reply); each is used up when the
    flow comes to its question. `held` are parts that were sent before the question that takes files; `trace` names what
    is kept for erasing the conversation's messages (bot/storage/traces.py), `sound` the recordings that are played.
    `changing` is the answer that is being changed, as it was: going back leaves it so.
    """

    flow: str
    nonce: str
    language: str
    about: dict[str, str | int] = {}
    answers: dict[str, Value] = {}
    known: dict[str, Value] = {}
    found: list[str] = []
    picked: list[str] = []
    held: list[str] = []
    changing: dict[str, Value] = {}
    trace: str = ""
    sound: str = ""

    @property
    def parts(self) -> list[str]:
        """The ids of all parts that it holds."""
        answers = (*self.answers.values(), *self.known.values(), *self.changing.values())
        return [*self.held, *self.picked, *(part for one in answers if isinstance(one, list) for part in one)]


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that can be had.

    `given` reads what the flow needs to know (inside the turn's work), `begin` makes the coroutine from it, and
    `finish` does the effects of what it returned. `again` is the button (its sentence and its choice) that stands under
    the word that all was cancelled. `seal_for` says whom its files and spoken answers are sealed for, at once, as they
    come; a flow without one takes none. `drop` takes away what was kept for it when it is cancelled.
    """

    given: Callable[[Any, Form], Awaitable[Any]]
    begin: Callable[[Any], Coroutine[Any, Any, Any]]
    finish: Callable[[Any, Any, Any], Awaitable[None]]
    again: tuple[str, str] | None = None
    seal_for: Callable[[Any, Form], Awaitable[SealFor]] | None = None
    drop: Callable[[Any, Form], Awaitable[None]] | None = None


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
    """Takes one conversation further: the form, the flow with what it was given, and where it is held; whom answers are
    sealed for, and the recordings there are.
    """

    form: Form
    begin: Callable[[], Coroutine[Any, Any, Any]]
    can: Capabilities
    private: bool
    seal: SealFor | None = None
    recordings: frozenset[str] = frozenset()

    def ask(self, note: Sayable | None = None) -> Moved:
        """The question that the form's answers lead to."""
        state = self._replayed()
        if isinstance(state, Done):
            return IsOver(state.value)
        return GoesOn(self._posed(self._asked(state), note))

    def _posed(self, asked: Asked, note: Sayable | None) -> Said:
        said = pose(asked, self.can, note or _so_far(asked), private=self.private, seal=self.seal)
        prompt = asked.step.prompt
        sound = f"{self.form.sound}/{prompt.id}" if isinstance(prompt, Phrase) else ""
        return msgspec.structs.replace(said, sound=sound) if sound in self.recordings else said

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
        if code in {BACK, SKIP, CANCEL, DONE, CLEAR}:
            return self._engine(asked, code)
        return self._take(asked, lambda: read_pressed(asked, code))

    def takes_files(self) -> bool:
        """Whether the open question takes files, or a spoken answer."""
        asked, _ = self._now()
        return asked is not None and isinstance(asked.step, Files | Text) and self.seal is not None

    def takes_words(self) -> bool:
        """Whether it takes words as well, so that a caption is an answer and not a remark on a file."""
        asked, _ = self._now()
        return asked is not None and isinstance(asked.step, Text)

    def hear_files(self, parts: Sequence[tuple[str, Sort]], caption: str = "") -> Moved:
        """What files do that have been taken in as parts: answer, or wait for the question that takes them."""
        asked, over = self._now()
        if asked is None:
            return over
        if isinstance(asked.step, Files):
            files = [part for part, sort in parts if sort != "words"]
            return self._add(asked.step, files) if files else self.ask(Phrase("ask-files-wanted"))
        told = [part for part, sort in parts if sort in ("sound", "words")]
        if isinstance(asked.step, Text) and told and (asked.step.or_spoken or asked.step.sealed):
            self.form.held += [part for part, _ in parts if part != told[0]]
            return self._keep(asked, [told[0]])
        self.form.held += [part for part, _ in parts]
        if len(self.form.held) > MOST_HELD:
            self.form.held = self.form.held[:MOST_HELD]
            return self.ask(Phrase("ask-files-too-many", {"most": MOST_HELD}))
        return self.hear_typed(caption) if caption else self.ask(Phrase("ask-files-held"))

    def _add(self, step: Files, parts: Sequence[str]) -> Moved:
        whole = [*self.form.picked, *parts]
        self.form.picked = whole[: step.at_most]
        too_many = Phrase("ask-files-too-many", {"most": step.at_most})
        return self.ask(too_many if len(whole) > step.at_most else None)

    def hear_place(self, latitude: float, longitude: float) -> Moved:
        """What a shared position does where a place is asked for: the nearest are shown, and it is dropped."""
        asked, over = self._now()
        if asked is None:
            return over
        if not isinstance(asked.step, Pick) or asked.step.near is None:
            return self.ask(Phrase("ask-place-not-here"))
        found = tuple(asked.step.near(latitude, longitude))
        return self._show_found(replace(asked, found=found)) if found else self.ask(Phrase("ask-place-far"))

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
            value = self._with_held(state.step, form.known.pop(state.step.name))
            if not check_value(state.step, value):
                break
            state = replay(self.begin(), state.answers | {state.step.name: value})
        form.answers = state.answers
        return state

    def _with_held(self, step: Step, value: Value) -> Value:
        """What was sent while an earlier answer was changed comes along with the files that were sent before."""
        held = self.form.held
        if not isinstance(step, Files) or not held:
            return value
        self.form.held = []
        return [*(value if isinstance(value, list) else []), *held][: step.at_most]

    def _asked(self, state: Asking) -> Asked:
        form = self.form
        if isinstance(state.step, Files) and form.held:
            form.picked, form.held = [*form.picked, *form.held][: state.step.at_most], []
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
        if code == BACK and self._stays(asked):
            return self.ask()
        if code == BACK and answers:
            return self._go_back(asked)
        if code == SKIP and asked.step.optional and not asked.picked:
            answers[name] = None
        elif code == CLEAR and asked.picked:
            self.form.picked = []
            return self.ask(Phrase("ask-files-cleared"))
        elif code == DONE and asked.picked:
            answers[name] = list(asked.picked)
        else:
            return self.ask(Phrase("ask-not-offered"))
        self._turn_page()
        return self.ask()

    def _stays(self, asked: Asked) -> bool:
        """Back from a change that was not made: all stays as it was, and the summary stands again."""
        form, name = self.form, asked.step.name
        if name in form.changing:
            form.answers[name] = form.changing[name]
        elif not (isinstance(asked.step, Confirm) and asked.found):
            return False
        self._turn_page()
        return True

    def _go_back(self, asked: Asked) -> Moved:
        """The question before; what was picked for it is still picked, and files that were sent wait for their own."""
        if isinstance(asked.step, Files):
            self.form.held = list(asked.picked)
        _, undone = self.form.answers.popitem()
        self._turn_page()
        if isinstance(undone, list) and isinstance(self._now_asked(), Files | Several):
            self.form.picked = undone
        return self.ask()

    def _take(self, asked: Asked, read: Callable[[], Answer]) -> Moved:
        try:
            answer = read()
        except Refusal as refusal:
            self.form.found = []
            return self.ask(refusal.why)
        if answer.is_final:
            return self._keep(asked, answer.value)
        if answer.change:
            return self._change(answer.change)
        if answer.picked is not None:
            self.form.picked, self.form.found = list(answer.picked), []
            return self.ask()
        return self._show_found(replace(asked, found=answer.found or ()))

    def _keep(self, asked: Asked, value: Value) -> Moved:
        self.form.answers[asked.step.name] = value
        self._turn_page()
        return self.ask()

    def _change(self, name: str) -> Moved:
        """One answer is asked for again; those that followed it are known, and not asked for unless it changes them."""
        form, names = self.form, list(self.form.answers)
        after = names[names.index(name) + 1 :] if name in names else []
        form.known |= {later: form.answers.pop(later) for later in after}
        undone = form.answers.pop(name, None)
        self._turn_page()
        form.changing = {name: undone}
        if isinstance(undone, list) and isinstance(self._now_asked(), Files):
            form.picked = undone
        return self.ask()

    def _now_asked(self) -> object:
        asked, _ = self._now()
        return asked.step if asked else None

    def _show_found(self, asked: Asked) -> Moved:
        self.form.found = list(asked.found)
        return GoesOn(self._posed(asked, WHICH if isinstance(asked.step, Confirm) else FOUND))

    def _turn_page(self) -> None:
        self.form.found, self.form.picked, self.form.changing = [], [], {}


def _so_far(asked: Asked) -> Phrase | None:
    """How many files were sent already."""
    step, count = asked.step, len(asked.picked)
    if not isinstance(step, Files) or not count:
        return None
    return Phrase(
        "ask-files-full" if count >= step.at_most else "ask-files-so-far", {"count": count, "most": step.at_most}
    )
