"""How long a commune takes to be found among 3,321, typed or by a position: milliseconds, median, p99 and the most.

.venv/bin/python -m bench.places
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from statistics import median

from bot.domain.plain import plain
from bot.finding import find, named, prepared
from bot.talk.options import Options
from bot.talk.step import Name, Option
from documents.near import nearest
from documents.places import all_communes

PLACES = all_communes("Lào Cai")
OWN = [place for place in PLACES if place.own]
OPTIONS = Options((Option(place.code, Name(place.label), place.aliases) for place in PLACES), home=len(OWN))
STRANGE = ["a " * 200, "a," * 200, "xa " * 130, "huyen " * 60, "z" * 400, "lao cai " * 50, "a", "x", "xa", "1" * 400]


def slips() -> list[str]:
    """Every own commune with each of its letters left out in turn."""
    names = [plain(place.aliases[0]) for place in OWN]
    return [name[:n] + name[n + 1 :] for name in names for n in range(len(name))]


def measure(what: str, act: Callable[[str], object], given: Iterable[str]) -> None:
    took = []
    for one in given:
        began = time.perf_counter()
        act(one)
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    print(f"{what:34}{len(took):6}{median(took):9.2f}{took[int(len(took) * 0.99)]:9.2f}{took[-1]:9.2f}")


def main() -> None:
    print(f"{'':34}{'times':>6}{'median':>9}{'p99':>9}{'most':>9}")
    measure("prepared, once a list and language", lambda language: prepared(OPTIONS, language), ["vi"])
    measure("a name", lambda typed: find(typed, OPTIONS, "vi"), [plain(place.name) for place in PLACES])
    measure("with its province", lambda typed: find(typed, OPTIONS, "vi"), [plain(place.label) for place in PLACES])
    measure("a letter left out", lambda typed: find(typed, OPTIONS, "vi"), slips())
    measure("strange words", lambda typed: find(typed, OPTIONS, "vi"), STRANGE * 5)
    measure("a label in full", lambda typed: named(typed, OPTIONS, "vi"), [place.label for place in PLACES])
    nearest(22.3, 104.0)
    measure("a position", lambda north: nearest(float(north), 104.0), [str(21 + n / 200) for n in range(300)])


if __name__ == "__main__":
    main()
