"""One of a long list found by what a person types: the whole name, how it begins, or one like it.

What is near at hand (the own province) comes first among equally good ones, and before better ones elsewhere when it is
but a slip away; four of the six places are kept for names elsewhere that were typed in full. "Bắc Hà, Lào Cai" as an
alias says where a place is, so that both "bac ha" and "bac ha lao cai" find it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from bot import words as sentences
from bot.spelling import (
    LONGEST,
    Words,
    core,
    ends,
    guesses,
    kind_of,
    known_words,
    name_and_where,
    readings,
    spelt,
    together,
    without_keys,
    words_of,
)
from bot.talk.options import Options
from bot.talk.step import Name, Option

SHOWN = 6
SIMILAR, SIMILAR_ELSEWHERE = 72, 80
"""Out of 100; below it two names are two names. One wrong letter in five leaves 80; there are many names elsewhere."""

_EXACT, _BEGUN, _INSIDE, _EACH = 100, 92, 86, 80
_AS_SPELT, _HOME, _SAME_KIND = 30, 20, 3
_LONG = 4
"""Letters that the end of a name needs to be compared; shorter ones are like too much."""

_KEPT = 4
"""Places kept for names elsewhere that were typed in full; a good many communes share theirs."""

Scores = dict[int, float]
"""How well each is meant, by position in the list: 100 for the name itself, SIMILAR for one barely like it."""


def find(typed: str, options: Sequence[Option], language: str) -> list[Option]:
    """Up to six options that the typed words mean, best first; [] when they mean none."""
    index = prepared(options, language)
    scores = index.scores(words_of(typed[:LONGEST]))
    best = sorted(scores, key=lambda at: (-scores[at], at))
    if best and scores[best[0]] >= _EXACT + _HOME:  # one near at hand was typed in full: what is only like it is none
        best = [at for at in best if scores[at] >= _EXACT]
    kept = [at for at in best if at >= index.home and scores[at] >= _EXACT][:_KEPT]
    shown = set(kept).union([at for at in best if at not in kept][: SHOWN - len(kept)])
    return [options[at] for at in best if at in shown]


def named(typed: str, options: Sequence[Option], language: str) -> Option | None:
    """The one option whose label this is, with or without diacritics; two that read alike are not decided here."""
    found = prepared(options, language).labelled(words_of(typed[:LONGEST]))
    return options[found[0]] if len(found) == 1 else None


class Index:
    """The names of options, prepared: their positions in the list by how they are written."""

    def __init__(self, options: Sequence[Option], language: str) -> None:
        self.home = options.home if isinstance(options, Options) else len(options)
        self._labels, self._names, self._spelt = _Written(), _Written(), _Written()
        self._where, self._inside, self._words = _Written(), _Written(), _Written()
        self._kinds, self._alike = _Written(), _Written()
        for at, option in enumerate(options):
            self._add(at, known_words(sentences.word(language, option.label)), [*map(known_words, option.aliases)])
        self._here = _Likeness(self._alike, range(self.home))
        self._elsewhere = _Likeness(self._alike, range(self.home, len(options)))

    def _add(self, at: int, label: Words, aliases: Sequence[Words]) -> None:
        """A comma in a label is part of it, unless an alias has one: then it says where the place is."""
        self._labels.put(at, {spelt(label), together(label)})
        wheres = [where for _, where in map(name_and_where, aliases) if where]
        self._where.put(at, map(together, wheres))
        texts = [name for name, _ in map(name_and_where, (label, *aliases))] if wheres else [label, *aliases]
        for name in {together(text): text for text in reversed(texts)}.values():  # of those alike the label, well spelt
            kind, bare = kind_of(name)
            self._kinds.put(at, [kind])
            self._names.put(at, {together(name), together(bare)})
            self._spelt.put(at, {spelt(name), spelt(bare)})
            self._inside.put(at, {together(name[n:]) for n in range(1, len(name))})
            self._alike.put(
                at, {together(bare[n:]) for n in range(len(bare)) if len(together(bare[n:])) >= _LONG or not n}
            )
            self._words.put(at, {word.plain for word in name})

    def labelled(self, words: Words) -> Sequence[int]:
        """The positions of a label as it is spelt, or without diacritics."""
        return (self._labels.at(spelt(words)) or self._labels.at(together(words))) if words else ()

    def scores(self, words: Words) -> Scores:
        """How well each is meant by a name, or by a name and where it is; where alone ("Hà Nội") means none."""
        if not self._names.at(together(words)):
            for before, end in ends(words):
                there = frozenset(self._where.at(together(end)))
                if there and (found := self._meant(before, there)):
                    return found
        return self._meant(words, None)

    def _meant(self, words: Words, among: frozenset[int] | None) -> Scores:
        """The names that the words begin; and, where at home or anywhere none does, those like them."""
        ways, more_ways = readings(words), guesses(words)
        stands = self._first_begun(ways, among)
        begun = stands or self._first_begun(more_ways, among)
        found = begun or _only(among, self._with_more(core(words)))
        keys = {key for way in (core(words), without_keys(core(words))) if not self._where.at(key := together(way))}
        if not any(at < self.home for at in stands):
            _raise(found, _only(among, self._here.like(keys, SIMILAR)))
        if not begun:
            _raise(found, _only(among, self._elsewhere.like(keys, SIMILAR_ELSEWHERE)))
        return self._weighed(found, (*ways, *more_ways))

    def _first_begun(self, ways: Iterable[Words], among: frozenset[int] | None) -> Scores:
        all_ways = (_only(among, self._begun(way)) for way in dict.fromkeys(ways) if way)
        return next((found for found in all_ways if found), {})

    def _begun(self, words: Words) -> Scores:
        """Whose name this is or begins; whose name goes on so after a word or two; each word of which begins a word."""
        key, found = together(words), Scores()
        if len(words) > 1:
            begins = {word.plain for word in words}
            each = ({at for _, places in self._words.starting(begin) for at in places} for begin in begins)
            found |= dict.fromkeys(set.intersection(*each), _EACH)
        for written, worth in ((self._inside, _INSIDE), (self._names, _BEGUN)):
            for name, places in written.starting(key):
                _raise(found, dict.fromkeys(places, worth - min(5, (len(name) - len(key)) / 4)))
        return found | dict.fromkeys(self._names.at(key), _EXACT)

    def _with_more(self, words: Words) -> Scores:
        """Whose name is followed by something more: "Văn Phú Yên Bái"."""
        ways = (self._names.at(together(words[:many])) for many in range(len(words) - 1, 1, -1))
        return dict.fromkeys(next((places for places in ways if places), ()), _EACH)

    def _weighed(self, found: Scores, ways: Sequence[Words]) -> Scores:
        """More for what is near at hand, for the diacritics, and for the kind that was typed."""
        as_spelt = {at for way in ways if _has_marks(way) for at in self._spelt.at(spelt(way))}
        same_kind = {at for way in ways for at in self._kinds.at(kind_of(way)[0])}
        return {
            at: score + _HOME * (at < self.home) + _AS_SPELT * (at in as_spelt) + _SAME_KIND * (at in same_kind)
            for at, score in found.items()
        }


_EVERY = ""
_indexes: WeakKeyDictionary[Options[Option], dict[str, Index]] = WeakKeyDictionary()


def prepared(options: Sequence[Option], language: str) -> Index:
    """The index of a list: made once for Options (a tenth of a second or two for 3,321), anew for any other list; one
    of names that are the same in every language serves all.
    """
    if not isinstance(options, Options):
        return Index(options, language)
    by_language = _indexes.setdefault(options, {})
    found = by_language.get(_EVERY) or by_language.get(language)
    if found is None:
        is_same = all(isinstance(option.label, Name) for option in options)
        found = by_language[_EVERY if is_same else language] = Index(options, language)
    return found


class _Written:
    """Positions by a key, and by how a key begins."""

    def __init__(self) -> None:
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._sorted: list[str] = []

    def put(self, at: int, keys: Iterable[str]) -> None:
        """Positions come in their order; a key that is "" is none."""
        for key in keys:
            if key and self._places[key][-1:] != [at]:
                self._places[key].append(at)

    def at(self, key: str) -> Sequence[int]:
        return self._places.get(key, ())

    def sorted(self) -> Sequence[str]:
        if len(self._sorted) != len(self._places):
            self._sorted = [*self._places]
            self._sorted.sort()
        return self._sorted

    def starting(self, key: str) -> Iterator[tuple[str, Sequence[int]]]:
        keys = self.sorted()
        for at in range(bisect_left(keys, key), len(keys)):
            if not keys[at].startswith(key):
                return
            yield keys[at], self._places[keys[at]]


class _Likeness:
    """The names of a part of the list, to be compared with what was typed."""

    def __init__(self, written: _Written, part: range) -> None:
        here = ((name, [at for at in places if at in part]) for name, places in written.starting(""))
        self._places = {name: places for name, places in here if places}
        self._names = list(self._places)

    def like(self, keys: Iterable[str], least: int) -> Scores:
        """Those alike, whole or as far as was typed: out of 100, `least` at least."""
        found: Scores = {}
        for key in filter(None, keys):
            begun = [name[: len(key)] for name in self._names]
            for names, less in ((self._names, 0), (begun, 1)):
                for _, score, n in process.extract(key, names, scorer=fuzz.ratio, score_cutoff=least, limit=None):
                    _raise(found, dict.fromkeys(self._places[self._names[n]], score - less))
        return found


def _has_marks(words: Words) -> bool:
    return not spelt(words).isascii()


def _only(among: frozenset[int] | None, found: Scores) -> Scores:
    return found if among is None else {at: score for at, score in found.items() if at in among}


def _raise(found: Scores, others: Scores) -> None:
    """Takes over what is better."""
    for at, score in others.items():
        if score > found.get(at, 0):
            found[at] = score
