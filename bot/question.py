"""How a step is put to a person on their channel, and how what they press or type is read as its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from bot import words
from bot.channels.channel import Button, Capabilities, Said
from bot.domain.plain import clean, plain
from bot.talk.step import Choice, Confirm, Name, Number, Option, Phrase, Pick, Refusal, Several, Step, Text, Value
from bot.talk.step import Words as Sayable

BACK, SKIP, CANCEL, DONE, YES = "<", "-", "x", ".", "yes"
"""What the engine's own buttons carry; an option's button carries "=" and its value."""

FOUND = Phrase("ask-found")
"""Stands in the place of a question whose possible answers are shown."""

_SHOWN = 6
_SIMILAR = 72
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
    """What was read: the value; or what was found for typed words, to choose from; or what is picked so far."""

    value: Value = None
    found: tuple[str, ...] | None = None
    picked: tuple[str, ...] | None = None

    @property
    def is_final(self) -> bool:
        return self.found is None and self.picked is None


# --- putting the question --------------------------------------------------------------------------------------------


def pose(asked: Asked, can: Capabilities, note: Sayable | None = None, *, private: bool = True) -> Said:
    """The question as a message; `note` stands above it ("that is no number"), and FOUND in its place."""
    options = _offered(asked)
    await_text = isinstance(asked.step, Text | Number | Pick | Several)
    by_reply = await_text and not private and can.groups_hear_replies_only
    numbered = not can.buttons or by_reply
    lines = [words.word(asked.language, note)] if note else []
    if note != FOUND:
        lines.append(words.word(asked.language, asked.step.prompt))
    if picked := _labels(asked, asked.picked):
        lines.append(words.say(asked.language, "ask-picked", {"list": ", ".join(picked)}))
    if numbered and options and not isinstance(asked.step, Number):
        lines.append("\n".join(f"{n}. {words.word(asked.language, o.label)}" for n, o in enumerate(options, 1)))
    if numbered:
        lines.append(_typed_ways(asked, by_reply=by_reply))
    rows = () if numbered else _rows(asked, options)
    return Said("\n\n".join(lines), rows=rows, await_text=await_text)


def _offered(asked: Asked) -> list[Option]:
    match asked.step:
        case Choice(options=options):
            return list(options)
        case Pick(options=options) | Several(options=options):
            found = {option.value: option for option in options}
            return [found[value] for value in asked.found if value in found]
        case Number(suggested=suggested):
            return [Option(str(number), Name(str(number))) for number in suggested]
        case Confirm(yes=yes):
            return [Option(YES, yes)]
        case _:
            return []


def _labels(asked: Asked, values: Iterable[str]) -> list[str]:
    by_value = {option.value: option for option in getattr(asked.step, "options", ())}
    return [words.word(asked.language, by_value[value].label) for value in values if value in by_value]


def _rows(asked: Asked, options: Sequence[Option]) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(_fitting(words.word(asked.language, o.label)), _data(asked, "=" + o.value)) for o in options]
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        beside = rows and len(rows[-1]) == 1 and max(len(button.label), len(rows[-1][0].label)) <= _SHORT_LABEL
        if beside:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    ways = (Button(label, _data(asked, code), quiet=code != DONE) for code, label in _engine_buttons(asked))
    return (*rows, tuple(ways))


def _fitting(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rsplit(" ", 1)[0] + "…"


def _engine_buttons(asked: Asked) -> list[tuple[str, str]]:
    """Back, skip and cancel are the engine's, in every flow, on every channel."""
    ways = []
    if asked.picked:
        ways.append((DONE, words.say(asked.language, "ask-done")))
    if asked.step.optional:
        ways.append((SKIP, skip_label(asked)))
    if asked.has_before:
        ways.append((BACK, words.say(asked.language, "ask-back")))
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


_COMMANDS = {BACK: "/lui", SKIP: "/boqua", CANCEL: "/huy", DONE: "/xong"}


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


_ENGLISH_COMMANDS = {BACK: "/back", SKIP: "/skip", CANCEL: "/cancel", DONE: "/done"}


def read_pressed(asked: Asked, code: str) -> Answer:
    """The answer that a button of this question carries. Raises Refusal for one it does not have."""
    value = code.removeprefix("=")
    match asked.step:
        case Choice(options=options) | Pick(options=options) if any(value == o.value for o in options):
            return Answer(value)
        case Several(options=options) if any(value == o.value for o in options):
            return Answer(picked=(*asked.picked, value) if value not in asked.picked else tuple(asked.picked))
        case Number():
            return read_typed(asked, value)
        case Confirm() if value == YES:
            return Answer(value=True)
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
    chosen = _by_number(asked, text) or _by_label(asked, _offered(asked), text)
    if chosen is None:
        raise Refusal(Phrase("ask-not-offered"))
    return read_pressed(asked, "=" + chosen)


def _read_pick(asked: Asked, text: str) -> Answer:
    options: Sequence[Option] = asked.step.options  # type: ignore[attr-defined]
    chosen = _by_number(asked, text) or _by_label(asked, options, text)
    if chosen is not None:
        return read_pressed(asked, "=" + chosen)
    found = search(text, options, lambda option: words.word(asked.language, option.label))
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
}


def _by_number(asked: Asked, text: str) -> str | None:
    offered = _offered(asked)
    if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= len(offered):  # noqa: PLR2004 - two digits
        return offered[int(text) - 1].value
    return None


def _by_label(asked: Asked, options: Iterable[Option], text: str) -> str | None:
    """The one option whose label this is, with or without diacritics; two that read alike are not decided here."""
    exact = [o.value for o in options if words.word(asked.language, o.label) == text]
    wanted = plain(text)
    alike = exact or [o.value for o in options if _plain_label(words.word(asked.language, o.label)) == wanted]
    return alike[0] if len(alike) == 1 else None


def search(typed: str, options: Iterable[Option], label: Callable[[Option], str]) -> list[Option]:
    """Up to six options that the typed words mean, best first: each begins a word of the name ("bac h", "sapa"); or,
    where there is none, similar names.
    """
    wanted = plain(typed)
    names = [(option, [_plain_label(name) for name in (label(option), *option.aliases)]) for option in options]
    begun = [(option, names) for option, names in names if any(_begins(wanted, name) for name in names)]
    if begun:
        begun.sort(key=lambda pair: min(len(name) for name in pair[1]))
        return [option for option, _ in begun[:_SHOWN]]
    likeness = [(max(_likeness(_together(wanted), name) for name in found), option) for option, found in names]
    alike = sorted((pair for pair in likeness if pair[0] >= _SIMILAR), key=lambda pair: -pair[0])
    return [option for _, option in alike[:_SHOWN]]


_plain_label = lru_cache(maxsize=4096)(plain)
"""For what we offer: a list of a hundred communes is compared with every word typed. Never for what a person wrote."""


def _begins(wanted: str, name: str) -> bool:
    words_, parts = wanted.split(), name.split()
    if not words_:
        return False
    each = all(any(part.startswith(word) for part in parts) for word in words_)
    return each or any(tail.startswith("".join(words_)) for tail in _tails(name))


def _likeness(wanted: str, name: str) -> float:
    """How alike they are, 0 to 100: the best of what the name's words begin, as long as what was typed, and whole."""
    return max(max(fuzz.ratio(wanted, tail), fuzz.ratio(wanted, tail[: len(wanted)])) for tail in _tails(name))


def _tails(name: str) -> list[str]:
    """The name from each of its words on, written together: "xasapa", "sapa", "pa"."""
    parts = name.split()
    return [_together(" ".join(parts[n:])) for n in range(len(parts))] or [""]


def _together(text: str) -> str:
    return "".join(text.split())
