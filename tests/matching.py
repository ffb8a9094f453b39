"""A matching script: who was when, guessed from all that a seized data folder shows without its keys.

It is given what an attacker can know: the files, what the file system says of them, the code (so the length of what we
say, and how many messages a tip takes), and the tips of each hour.
Every trace that could carry an order is followed by itself; `strength` says how far its guess is from chance.
"""

from __future__ import annotations

import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist, fmean

FEWEST = 4
"""An hour with fewer tips says nothing."""

Places = dict[str, float]
"""A tip's id -> where a trace puts it: only the order of these numbers means something."""


@dataclass(frozen=True)
class Evening:
    """What is known of the truth: the tips in the order they were told (or added to), each with its hour, the length of
    its notice, the ids of the parts that came then, and how many messages were heard in that conversation.
    """

    order: Sequence[str]
    hours: Mapping[str, int]
    lengths: Mapping[str, int]
    parts: Mapping[str, frozenset[str]]
    heard: Mapping[str, int]
    is_telling: bool = True

    def owners(self) -> dict[str, str]:
        """What stands for a tip in this evening: its id, where it was told, and its parts' ids."""
        own = {tip: tip for tip in self.order} if self.is_telling else {}
        return own | {part: tip for tip, parts in self.parts.items() for part in parts}


@dataclass(frozen=True)
class Shelf:
    """What the file system says of one sealed file: its place in the folder's listing, and all of `stat`."""

    name: str
    listed: int
    stat: os.stat_result


def shelves(folder: Path) -> list[Shelf]:
    """The files of data/files as they lie there: a copy of the folder would not know."""
    with os.scandir(folder) as found:
        return [Shelf(one.name, number, one.stat()) for number, one in enumerate(found) if one.is_file()]


def traces(folder: Path, files: Sequence[Shelf], evening: Evening) -> dict[str, Places]:
    """Every trace by name. `folder`: a copy of the data folder; `files`: its sealed files where they were."""
    contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    with sqlite3.connect(f"file:{folder / 'tinbao.sqlite'}", uri=True) as database:
        database.row_factory = sqlite3.Row
        found = dict(_in_rows(database, evening)) | _in_columns(database, evening)
        found |= _on_shelves(database, files, evening) | _by_count(database, evening)
        if evening.is_telling:
            found |= _by_length(database, evening, "outbox", "id")
            found |= _by_length(database, evening, "outbox", "not_before")
            found |= _by_length(database, evening, "web_message", "number")
        pieces = _pieces(database, evening)
    database.close()
    return found | _in_files(contents, pieces)


def _in_rows(database: sqlite3.Connection, evening: Evening) -> Iterable[tuple[str, Places]]:
    """Where the tips stand in each table that names them, as it is read from its beginning and by every index."""
    owners = evening.owners()
    ways = [(table, "") for table in _tables(database)]
    indexes = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ways += [(row["tbl_name"], f"INDEXED BY {row['name']}") for row in database.execute(indexes)]
    for table, way in ways:
        places: Places = {}
        for number, row in enumerate(_read(database, table, way)):
            for tip in _named(row, owners):
                places.setdefault(tip, number)
        if places:
            yield f"rows of {table} {way}".strip(), places


def _in_columns(database: sqlite3.Connection, evening: Evening) -> dict[str, Places]:
    """What stands in the rows that name a tip, beside its name: numbers, what is missing, and how long something is."""
    owners, found = evening.owners(), defaultdict[str, Places](dict)
    for table in _tables(database):
        for row in _read(database, table, ""):
            for tip in _named(row, owners):
                for column, cell in zip(row.keys(), row, strict=True):
                    place = _place(cell)
                    places = found[f"{column} of {table}"]
                    places[tip] = min(place, places.get(tip, place))
    return found


def _place(cell: object) -> float:
    if isinstance(cell, int | float):
        return cell
    return len(cell) if isinstance(cell, bytes | str) else -1


def _on_shelves(database: sqlite3.Connection, files: Sequence[Shelf], evening: Evening) -> dict[str, Places]:
    """When each file was made and changed, its number in the file system, its size, its place in the folder; and the
    number of the one that was made after it: who copies and erases one by one gives a copy the number of the file that
    was erased before it.
    """
    owners = evening.owners()
    rows = {row["file"]: owners.get(row["id"]) for row in database.execute("SELECT id, file FROM tip_part")}
    made = sorted(files, key=lambda one: one.stat.st_mtime_ns)
    after = {one.name: then.stat.st_ino for one, then in pairwise(made)}
    told: dict[str, Callable[[Shelf], float]] = {
        **{name: lambda one, name=name: getattr(one.stat, name) for name in _STAT},  # type: ignore[misc]
        "listed": lambda one: one.listed,
        "number of the next": lambda one: after.get(one.name, 0),
    }
    found: dict[str, Places] = {}
    for what, tell in told.items():
        places: Places = {}
        for one in files:
            if (tip := rows.get(one.name)) is not None:
                places[tip] = min(tell(one), places.get(tip, tell(one)))
        found[f"{what} of files"] = places
    return found


_STAT = ("st_mtime_ns", "st_ctime_ns", "st_atime_ns", "st_ino", "st_size", "st_blocks", "st_mode")


def _by_count(database: sqlite3.Connection, evening: Evening) -> dict[str, Places]:
    """A conversation of which so many messages are traced can be that of a tip which took about as many to tell."""
    rows: dict[bytes, list[int]] = defaultdict(list)
    for number, row in enumerate(_read(database, "trace", "")):
        rows[row["name"]].append(number)
    traced = [fmean(some) for some in sorted(rows.values(), key=lambda some: (len(some), some))]
    if not traced:
        return {}
    places: Places = {}
    for count in sorted(set(evening.heard.values())):
        alike = [tip for tip in evening.order if evening.heard[tip] == count]  # not to be told apart
        start, end = (len(traced) * (len(places) + many) // len(evening.heard) for many in (0, len(alike)))
        places |= dict.fromkeys(alike, fmean(traced[start:end] or [0.0]))
    return {"rows of trace by count": places}


def _tables(database: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _read(database: sqlite3.Connection, table: str, way: str) -> list[sqlite3.Row]:
    return database.execute(f"SELECT * FROM {table} {way}").fetchall()


def _named(row: sqlite3.Row, owners: Mapping[str, str]) -> set[str]:
    return {owners[word] for cell in row for word in _words(cell) if word in owners}


def _words(cell: object) -> Iterable[str]:
    return cell.replace(":", " ").replace("/", " ").split() if isinstance(cell, str) else ()


def _pieces(database: sqlite3.Connection, evening: Evening) -> dict[str, dict[str, bytes]]:
    """Bytes that belong to one tip and to nothing else."""
    owners, found = evening.owners(), defaultdict[str, dict[str, bytes]](dict)
    for row in _read(database, "tip", "") if evening.is_telling else ():
        found[row["id"]] |= {
            "id": row["id"].encode(),
            "body's beginning": row["body"][:48],
            "body's end": row["body"][-48:],
            "look-up": row["look_up"],
            "receipt's public key": row["receipt_public"],
        }
    for row in _read(database, "tip_part", ""):
        if tip := owners.get(row["id"]):
            body = row["body"] or row["file"].encode()
            found[tip] |= {"part's id": row["id"].encode(), "part's beginning": body[:48], "part's end": body[-48:]}
    for row in _read(database, "tip_key", ""):
        of = row["tip"] if row["part"] == "text" else row["part"]
        if tip := owners.get(of):
            found[tip]["reader's key" if of == tip else "part's key"] = row["sealed"]
    return found


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
