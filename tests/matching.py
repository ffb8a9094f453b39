"""A matching script: who was when, guessed from all that a seized data folder shows without its keys.

It is given what an attacker can know: the files, the code (so the length of what we say), and the tips of each hour.
Every trace that could carry an order is followed by itself; `strength` says how far its guess is from chance.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist, fmean

FEWEST = 4
"""An hour with fewer tips says nothing."""

Places = dict[str, float]
"""A tip's id -> where a trace puts it: only the order of these numbers means something."""


@dataclass(frozen=True)
class Evening:
    """What is known of the truth: the tips in the order they came in, each with its hour and its notice's length."""

    order: Sequence[str]
    hours: Mapping[str, int]
    lengths: Mapping[str, int]


def traces(folder: Path, evening: Evening) -> dict[str, Places]:
    """Every trace by name. `folder`: a copy of the data folder."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    with sqlite3.connect(f"file:{folder / 'tinbao.sqlite'}", uri=True) as database:
        database.row_factory = sqlite3.Row
        found = dict(_in_rows(database))
        found |= _by_length(database, evening, "outbox", "id")
        found |= _by_length(database, evening, "outbox", "not_before")
        found |= _by_length(database, evening, "web_message", "number")
        pieces = {row["id"]: _pieces(database, row) for row in database.execute("SELECT * FROM tip")}
    database.close()
    return found | _in_files(files, pieces)


def _in_rows(database: sqlite3.Connection) -> Iterable[tuple[str, Places]]:
    """Where the tips stand in each table that names them, as it is read from its beginning and by every index."""
    tips = {row["id"] for row in database.execute("SELECT id FROM tip")}
    ways = [(row["name"], "") for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    indexes = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ways += [(row["tbl_name"], f"INDEXED BY {row['name']}") for row in database.execute(indexes)]
    for table, way in ways:
        places: Places = {}
        for number, row in enumerate(_read(database, table, way)):
            for tip in tips & {part for cell in row for part in _words(cell)}:
                places.setdefault(tip, number)
        if places:
            yield f"rows of {table} {way}".strip(), places


def _read(database: sqlite3.Connection, table: str, way: str) -> list[sqlite3.Row]:
    return database.execute(f"SELECT * FROM {table} {way}").fetchall()


def _words(cell: object) -> Iterable[str]:
    return cell.replace(":", " ").replace("/", " ").split() if isinstance(cell, str) else ()


def _pieces(database: sqlite3.Connection, tip: sqlite3.Row) -> dict[str, bytes]:
    """Bytes that belong to one tip and to nothing else."""
    keys = database.execute("SELECT sealed FROM tip_key WHERE tip = ?", (tip["id"],)).fetchall()
    return {
        "id": tip["id"].encode(),
        "body's beginning": tip["body"][:48],
        "body's end": tip["body"][-48:],
        "look-up": tip["look_up"],
        "receipt's public key": tip["receipt_public"],
        "reader's key": keys[0]["sealed"],
    }


def _in_files(files: Mapping[str, bytes], pieces: Mapping[str, Mapping[str, bytes]]) -> dict[str, Places]:
    """Where in each file a piece of the tip comes first, and last: pages, and the gaps and cells within a page."""
    found: dict[str, Places] = defaultdict(dict)
    for tip, named in pieces.items():
        for piece, wanted in named.items():
            for name, content in files.items():
                for which, place in (("first", content.find(wanted)), ("last", content.rfind(wanted))):
                    if place >= 0:
                        found[f"{which} {piece} in {name}"][tip] = place
    return found


def _by_length(database: sqlite3.Connection, evening: Evening, table: str, column: str) -> dict[str, Places]:
    """A notice of a tip says its kind, so its length tells which tips it can be; of these, those of an earlier hour
    came first. What sealing adds to a length is a constant, the one that fits most rows.
    """
    rows = [(row[column], len(row["sealed"])) for row in _read(database, table, "")]
    if not rows:
        return {}
    apart = Counter(length - told for _, length in rows for told in evening.lengths.values())
    added = max(apart, key=lambda one: (apart[one], one))
    places: Places = {}
    for told in set(evening.lengths.values()):
        tips = sorted(tip for tip, length in evening.lengths.items() if length == told)
        fitting = sorted(float(place) for place, length in rows if length == told + added)
        places |= _paired(sorted(tips, key=lambda tip: evening.hours[tip]), fitting, evening)
    return {f"{column} of {table} by length": places}


def _paired(tips: Sequence[str], rows: Sequence[float], evening: Evening) -> Places:
    """The n-th tip is the n-th row; tips of one hour can't be told apart and share the middle of their rows."""
    pairs = list(zip(tips, rows, strict=False))
    of_hour: dict[int, list[float]] = defaultdict(list)
    for tip, row in pairs:
        of_hour[evening.hours[tip]].append(row)
    return {tip: fmean(of_hour[evening.hours[tip]]) for tip, _ in pairs}


def strength(places: Mapping[str, float], evening: Evening) -> float:
    """How far from chance the trace's order of the tips within each hour is: a standard normal number under chance.

    Spearman's rho of an hour with m tips has mean 0 and variance 1 / (m - 1); the hours are added up.
    """
    hours: dict[int, list[str]] = defaultdict(list)
    for tip in evening.order:
        if tip in places:
            hours[evening.hours[tip]].append(tip)
    told = [[places[tip] for tip in tips] for tips in hours.values() if len(tips) >= FEWEST]
    whole = sum((len(one) - 1) ** 0.5 * spearman(one) for one in told)
    return whole / len(told) ** 0.5 if told else 0.0


def spearman(places: Sequence[float]) -> float:
    """The rank correlation of the places with 0, 1, 2, …; of places that are all the same, 0."""
    ranks, middle = _ranks(places), (len(places) - 1) / 2
    spread = sum((rank - middle) ** 2 for rank in ranks) * sum((n - middle) ** 2 for n in range(len(places)))
    shared = sum((rank - middle) * (n - middle) for n, rank in enumerate(ranks))
    return float(shared / spread**0.5) if spread else 0.0


def _ranks(places: Sequence[float]) -> list[float]:
    ordered = sorted(places)
    return [ordered.index(place) + (ordered.count(place) - 1) / 2 for place in places]


def bound(traces_followed: int) -> float:
    """What all of so many strengths together stay under with probability 99.9 %, if there is nothing but chance."""
    return NormalDist().inv_cdf(1 - 0.001 / 2 / traces_followed)
