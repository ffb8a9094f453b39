"""Every sentence a person reads: the .ftl files beside this one, and how they are worded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource

from bot.talk.step import Name, Phrase
from bot.talk.step import Words as Sayable

LANGUAGES = ("vi", "en")


class UnknownSentence(KeyError):
    """A sentence is not in the .ftl files of the language."""


@lru_cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name == f"{language}.ftl" or file.name.endswith(f".{language}.ftl"):
            bundle.add_resource(FluentResource(file.read_text("utf-8")))
    return bundle


def has(language: str, sentence: str) -> bool:
    """Whether there is such a sentence."""
    return bool(_bundle(language).has_message(sentence))


def known(language: str) -> str:
    """The language of ours that fits what a platform says ("en-US"): Vietnamese unless it says English."""
    return "en" if language.lower().startswith("en") else "vi"


def say(language: str, sentence: str, values: Mapping[str, object] | None = None) -> str:
    """The sentence in the language. Raises UnknownSentence for one that is not there, or lacks a value."""
    return _worded(language, sentence, values) if values else _constant(language, sentence)


@lru_cache(maxsize=4096)
def _constant(language: str, sentence: str) -> str:
    """A sentence without values is worded once."""
    return _worded(language, sentence, {})


def _worded(language: str, sentence: str, values: Mapping[str, object]) -> str:
    bundle = _bundle(language)
    if not bundle.has_message(sentence):
        raise UnknownSentence(f"{sentence} ({language})")
    pattern = bundle.get_message(sentence).value
    assert pattern is not None
    worded, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        raise UnknownSentence(f"{sentence} ({language}): {errors[0]}")
    return str(worded)


def word(language: str, words: Sayable) -> str:
    """A phrase or a name, with the phrases inside it, in the language."""
    if isinstance(words, Name):
        return words.text
    values = {key: word(language, value) if isinstance(value, Phrase) else value for key, value in words.values.items()}
    return say(language, words.id, values)


def sentences(language: str) -> Iterable[str]:
    """The ids of all sentences of the language."""
    return _bundle(language)._messages.keys()  # noqa: SLF001 - fluent.runtime has no public way to list them
