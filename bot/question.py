"""How a step is put to a person on their channel, and how what they press or type is read as its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import words
from bot.channels.channel import Button, Capabilities, Said, SealFor, Takes
from bot.domain.plain import clean, plain
from bot.finding import find, named
from bot.talk.options import option_of
from bot.talk.step import (
    Choice,
    Confirm,
    Files,
    Name,
    Number,
    Option,
    Phrase,
    Pick,
    Refusal,
    Several,
    Step,
    Text,
    Value,
)
from bot.talk.step import Words as Sayable

BACK, SKIP, CANCEL, DONE, CLEAR, YES, EDIT = "<", "-", "x", ".", "0", "yes", "edit"
"""What the engine's own buttons carry; an option's button carries "=" and its value."""

FOUND, WHICH = Phrase("ask-found"), Phrase("ask-edit-which")
"""Stand in the place of a question whose possible answers are shown, or of a summary from which one is changed."""

_SHORT_LABEL = 17
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands: the step, whose conversation it is, and what was found and picked so far."""

    step: Step
    nonce: str
    language: str
    has_before: bool = False
    found: Sequence[str] = ()
    picked: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read: the value; or what was found, to choose from; or what is picked so far; or the name of the step
    whose answer is to be changed.
    """

    value: Value = None
    found: tuple[str, ...] | None = None
    picked: tuple[str, ...] | None = None
    change: str = ""

    @property
    def is_final(self) -> bool:
        return self.found is None and self.picked is None and not self.change


# --- putting the question --------------------------------------------------------------------------------------------


def pose(
    asked: Asked,
    can: Capabilities,
    note: Sayable | None = None,
    *,
    private: bool = True,
    seal: SealFor | None = None,
) -> Said:
    """The question as a message; `note` stands above it ("that is no number"), FOUND and WHICH in its place. `seal`:
    whom a browser that can seals the answer for.
    """
    options = _offered(asked)
    await_text = isinstance(asked.step, Text | Number | Pick | Several | Files)
    by_reply = await_text and not private and can.groups_hear_replies_only
    numbered = not can.buttons or by_reply
    lines = [words.word(asked.language, note)] if note else []
    if note not in (FOUND, WHICH):
        lines.append(words.word(asked.language, asked.step.prompt))
    if picked := _labels(asked, asked.picked):
        lines.append(words.say(asked.language, "ask-picked", {"list": ", ".join(picked)}))
    if numbered and options and not isinstance(asked.step, Number):
        lines.append("\n".join(f"{n}. {words.word(asked.language, o.label)}" for n, o in enumerate(options, 1)))
    if numbered:
        lines.append(_typed_ways(asked, by_reply=by_reply))
    rows = () if numbered else _rows(asked, options)
    return Said("\n\n".join(lines), rows=rows, await_text=await_text, takes=_takes(asked, can, seal))


def _takes(asked: Asked, can: Capabilities, seal: SealFor | None) -> Takes | None:
    match asked.step:
        case Files(at_most=most) if can.files_in:
            return Takes(files=most - len(asked.picked), seal=seal)
        case Text(or_spoken=True, at_least=least, at_most=most):
            return Takes(voice=can.files_in, seal=seal, least=least, most=most)
        case Pick(near=near) if near is not None and can.location:
            return Takes(place=True)
    return None


def _offered(asked: Asked) -> list[Option]:
    match asked.step:
        case Choice(options=options):
            return list(options)
        case Pick(options=options) | Several(options=options):
            return [option for value in asked.found if (option := option_of(options, value))]
        case Number(suggested=suggested):
            return [Option(str(number), Name(str(number))) for number in suggested]
        case Confirm(edits=edits) if asked.found:
            return list(edits)
        case Confirm(yes=yes, edits=edits):
            return [Option(YES, yes), *([Option(EDIT, Phrase("ask-edit"))] if edits else [])]
        case _:
            return []


def _labels(asked: Asked, values: Iterable[str]) -> list[str]:
    options: Sequence[Option] = getattr(asked.step, "options", ())
    found = (option_of(options, value) for value in values)
    return [words.word(asked.language, option.label) for option in found if option]


def _rows(asked: Asked, options: Sequence[Option]) -> tuple[tuple[Button, ...], ...]:
    buttons = [_button(asked, option) for option in options]
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        beside = rows and len(rows[-1]) == 1 and max(len(button.label), len(rows[-1][0].label)) <= _SHORT_LABEL
        if beside:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    ways = tuple(Button(label, _data(asked, code), quiet=code != DONE) for code, label in _engine_buttons(asked))
    return (*rows, ways) if ways else tuple(rows)


def _button(asked: Asked, option: Option) -> Button:
    label = _fitting(words.word(asked.language, option.label))
    return Button(label, link=option.link) if option.link else Button(label, _data(asked, "=" + option.value))


def _fitting(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rsplit(" ", 1)[0] + "…"


def _engine_buttons(asked: Asked) -> list[tuple[str, str]]:
    """Back, skip and cancel are the engine's, in every flow, on every channel."""
    ways = []
    if asked.picked:
        ways.append((DONE, words.say(asked.language, "ask-done")))
    if asked.picked and isinstance(asked.step, Files):
        ways.append((CLEAR, words.say(asked.language, "ask-clear-files")))
    if asked.step.optional and not asked.picked:
        ways.append((SKIP, skip_label(asked)))
    if asked.has_before:
        ways.append((BACK, words.say(asked.language, "ask-back")))
    if asked.step.can_cancel:
        ways.append((CANCEL, words.say(asked.language, "ask-cancel")))
    return ways


def skip_label(asked: Asked) -> str:
    """What skipping is called here: the step's own word ("Không nhớ"), or "Bỏ qua"."""
    prompt = asked.step.prompt
    own = f"{prompt.id}-skip" if isinstance(prompt, Phrase) else ""
    return words.say(asked.language, own if own and words.has(asked.language, own) else "ask-skip")


def _typed_ways(asked: Asked, *, by_reply: bool) -> str:
    ways = " · ".join(f"{_COMMANDS[code]} {label}" for code, label in _engine_buttons(asked))
    return (words.say(asked.language, "ask-by-reply") + "\n" if by_reply else "") + ways


_COMMANDS = {CLEAR: "/bohet", BACK: "/lui", SKIP: "/boqua", CANCEL: "/huy", DONE: "/xong"}


def _data(asked: Asked, code: str) -> str:
    return f"~{asked.nonce}.{asked.step.name}.{code}"


# --- reading the answer ----------------------------------------------------------------------------------------------


def engine_word(asked: Asked, typed: str) -> str | None:
    """BACK, SKIP, CANCEL or DONE when that is what was typed: the label of a button that is there, or the command.

    A command is never an answer, also where there is nothing to go back to or to skip.
    """
    said = plain(typed.strip())
    for code, label in _engine_buttons(asked):
        if said == plain(label):
            return code
    return next((code for code in _COMMANDS if said in {_COMMANDS[code], _ENGLISH_COMMANDS[code]}), None)


_ENGLISH_COMMANDS = {CLEAR: "/clear", BACK: "/back", SKIP: "/skip", CANCEL: "/cancel", DONE: "/done"}


def read_pressed(asked: Asked, code: str) -> Answer:
    """The answer that a button of this question carries. Raises Refusal for one it does not have."""
    value = code.removeprefix("=")
    match asked.step:
        case Choice(options=options) | Pick(options=options) if option_of(options, value):
            return Answer(value)
        case Several(options=options) if option_of(options, value):
            return Answer(picked=(*asked.picked, value) if value not in asked.picked else tuple(asked.picked))
        case Number():
            return read_typed(asked, value)
        case Confirm() if value == YES:
            return Answer(value=True)
        case Confirm(edits=edits) if value == EDIT and edits:
            return Answer(found=tuple(option.value for option in edits))
        case Confirm(edits=edits) if any(value == option.value for option in edits):
            return Answer(change=value)
    raise Refusal(Phrase("ask-not-offered"))


def read_typed(asked: Asked, typed: str) -> Answer:
    """The answer that typed words mean. Raises Refusal with the reason when they mean none."""
    text = clean(typed)
    if not text:
        raise Refusal(Phrase("ask-empty"))
    return _READERS[type(asked.step)](asked, text)


def _read_text(asked: Asked, text: str) -> Answer:
    assert isinstance(asked.step, Text)
    if len(text) < asked.step.at_least:
        raise Refusal(Phrase("ask-too-short", {"least": asked.step.at_least}))
    if len(text) > asked.step.at_most:
        raise Refusal(Phrase("ask-too-long", {"length": len(text), "most": asked.step.at_most}))
    return Answer(text)


def _read_files(_asked: Asked, _text: str) -> Answer:
    raise Refusal(Phrase("ask-files-wanted"))


def _read_number(asked: Asked, text: str) -> Answer:
    assert isinstance(asked.step, Number)
    digits = text.rstrip(" %")
    limits = {"low": asked.step.low, "high": asked.step.high}
    if not digits.isdecimal() or len(digits) > 9:  # noqa: PLR2004 - longer than any bound
        raise Refusal(Phrase("ask-no-number", limits))
    number = int(digits)
    if not asked.step.low <= number <= asked.step.high:
        raise Refusal(Phrase("ask-out-of-range", limits | {"number": number}))
    return Answer(number)


def _read_choice(asked: Asked, text: str) -> Answer:
    chosen = _by_number(asked, text) or _by_label(asked, text)
    if chosen is None:
        raise Refusal(Phrase("ask-not-offered"))
    return read_pressed(asked, "=" + chosen.value)


def _read_pick(asked: Asked, text: str) -> Answer:
    options: Sequence[Option] = asked.step.options  # type: ignore[attr-defined]
    chosen = _by_number(asked, text) or named(text, options, asked.language)
    if chosen is not None:
        return read_pressed(asked, "=" + chosen.value)
    found = find(text, options, asked.language)
    if not found:
        raise Refusal(Phrase("ask-nothing-found", {"typed": text[:40]}))
    return Answer(found=tuple(option.value for option in found))


_READERS = {
    Text: _read_text,
    Number: _read_number,
    Choice: _read_choice,
    Confirm: _read_choice,
    Pick: _read_pick,
    Several: _read_pick,
    Files: _read_files,
}


def _by_number(asked: Asked, text: str) -> Option | None:
    offered = _offered(asked)
    if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= len(offered):  # noqa: PLR2004 - two digits
        return offered[int(text) - 1]
    return None


def _by_label(asked: Asked, text: str) -> Option | None:
    """The one option offered whose label this is, with or without diacritics; two that read alike are not decided."""
    labels = [(option, words.word(asked.language, option.label)) for option in _offered(asked)]
    exact = [option for option, label in labels if label == text]
    alike = exact or [option for option, label in labels if plain(label) == plain(text)]
    return alike[0] if len(alike) == 1 else None
