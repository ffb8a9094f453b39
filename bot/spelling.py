"""How the name of a place may be typed: without diacritics, with its kind or a short form of it, with what the place
belongs to, or with the keys of a Vietnamese keyboard that was switched off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from bot.domain.plain import plain

LONGEST = 400
"""Characters of what was typed that are looked at; no name or address is longer."""

_WORD = re.compile(r"\w+|,")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ABOVE = (("huyen",), ("quan",), ("tinh",), ("thi", "xa"), ("thanh", "pho"), ("tp",), ("tx",))
_KINDS: dict[tuple[str, ...], str] = {
    **dict.fromkeys((("xa",), ("x",)), "xã"),
    **dict.fromkeys((("phuong",), ("p",), ("f",)), "phường"),
    **dict.fromkeys((("dac", "khu"), ("dk",)), "đặc khu"),
    **dict.fromkeys((("thi", "tran"), ("tt",), ("h",), ("q",), ("t",)), ""),
    **dict.fromkeys(_ABOVE, ""),
}
_LEFT_BY_KEYS = re.compile(
    r"(?<=[aeiouy])[wsfrxjz]+|(?<=[a-z])[sfrxjz]$|(?<=[a-z])[0-9]+|(?<=a)a|(?<=e)e|(?<=o)o|(?<=d)d"
)


class Word(NamedTuple):
    """A word without diacritics, and as it is spelt, wherever its tone was put ("thuỷ" and "thủy" are one)."""

    plain: str
    spelt: str


Words = tuple[Word, ...]

COMMA = Word(",", ",")


def words_of(text: str) -> Words:
    """The words of what somebody typed, and its commas."""
    return tuple(map(word_of, _raw(text)))


def known_words(text: str) -> Words:
    """The same of a name that we offer; its words are remembered. Never for what a person wrote."""
    return tuple(map(_known_word, _raw(text)))


def _raw(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text.replace("\n", ",")))


def word_of(raw: str) -> Word:
    """A word that is composed (NFC)."""
    letters = unicodedata.normalize("NFD", raw.lower())
    return Word(plain(raw), "".join(sorted(letters, key=_TONES.__contains__)))


_known_word = lru_cache(maxsize=8192)(word_of)


def together(words: Words) -> str:
    """The words without diacritics and spaces, "bacha"; y is written i, as one is taken for the other ("Y Ti")."""
    return "".join([word.plain for word in words]).replace(",", "").replace("y", "i")


def spelt(words: Words) -> str:
    """The words with their diacritics, without spaces."""
    return "".join(word.spelt for word in words).replace(",", "")


def kind_of(words: Words) -> tuple[str, Words]:
    """The kind that stands before a name, "" for none or for one that communes no longer have; and the name."""
    for many in (2, 1):
        found = _KINDS.get(tuple(word.plain for word in words[:many]))
        if found is not None and len(words) > many:
            return found, words[many:]
    return "", words


def name_and_where(words: Words) -> tuple[Words, Words]:
    """What stands before the first comma, and the last thing that stands after one, without its kind."""
    if COMMA not in words:
        return words, ()
    name = tuple(takewhile(lambda word: word != COMMA, words))
    after = tuple(takewhile(lambda word: word != COMMA, reversed(words[len(name) + 1 :])))
    return name, kind_of(after[::-1])[1]


def core(words: Words) -> Words:
    """The commune's name alone, of all that was typed."""
    return kind_of(_commune_in(words))[1]


def readings(words: Words) -> Sequence[Words]:
    """The names that stand in typed words, the likeliest first."""
    return tuple(word for word in words if word != COMMA), _commune_in(words), core(words)


def guesses(words: Words) -> Sequence[Words]:
    """The names that may be meant if none stands there: with the kind behind it ("Lào Cai phường"), or without keys."""
    bare = core(words)
    return kind_of(bare[-1:] + bare[:-1])[1], without_keys(bare)


def without_keys(words: Words) -> Words:
    """Words typed for a keyboard that was off, "baws ha" (Telex) or "ba81 ha2" (VNI), without those keys."""
    return tuple(Word(bare, bare) for bare in (_LEFT_BY_KEYS.sub("", word.plain) for word in words) if bare)


def ends(words: Words) -> Iterator[tuple[Words, Words]]:
    """The ways to take the last words, at most four, for where a place is: what stands before them, and they."""
    for many in range(1, min(5, len(words))):
        before, end = words[:-many], words[-many:]
        if tuple(word.plain for word in before) not in _KINDS:
            yield before, end


def _commune_in(words: Words) -> Words:
    """Of "thôn 2, xã Bắc Hà, huyện Bắc Hà" the commune: the piece that says it is one, else the first."""
    pieces = [piece for piece in _pieces(words) if piece]
    said = (piece for piece in pieces if kind_of(piece)[0])
    return next(said, pieces[0] if pieces else ())


def _pieces(words: Words) -> Iterator[Words]:
    """The parts between commas, and before what a commune belongs to."""
    begun = 0
    for at, word in enumerate(words):
        if word == COMMA or (at > begun and ((word.plain,) in _ABOVE or _pair(words, at) in _ABOVE)):
            yield words[begun:at]
            begun = at + (word == COMMA)
    yield words[begun:]


def _pair(words: Words, at: int) -> tuple[str, ...]:
    return tuple(word.plain for word in words[at : at + 2 or None])
