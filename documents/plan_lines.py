"""Where things stand in a plan's TOML file: so that an error can name line and key."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(slots=True)
class Lines:
    """The lines of a file: of each table's header ("obligation", 3), and of each key within its table."""

    headers: dict[tuple[str, int], int] = field(default_factory=dict)
    keys: dict[tuple[str, int, str], int] = field(default_factory=dict)
    tables: list[tuple[str, int]] = field(default_factory=list)  # the table that each line belongs to
    texts: list[str] = field(default_factory=list)

    def of(self, table: str, number: int, key: str = "") -> int:
        """The line of a key ("deadline.before" may stand in the line of "deadline"), else of the table's header."""
        while key:
            if (table, number, key) in self.keys:
                return self.keys[table, number, key]
            key = key.rpartition(".")[0]
        places = (self.headers.get((table, number)), self.headers.get((table, 1)), self.keys.get(("", 0, table)))
        return next(filter(None, places), 1)

    def key_at(self, line: int, column: int) -> str:
        """The name of the key whose value stands at a place of the file: "obligation[3].deadline.before"."""
        if not 1 <= line <= len(self.texts):
            return ""
        table, number = self.tables[line - 1]
        before = re.findall(r"([A-Za-z0-9_-]+)\s*=", self.texts[line - 1][:column])
        return ".".join(filter(None, [named(table, number), *dict.fromkeys(before[:1] + before[-1:])]))


def named(table: str, number: int) -> str:
    """How a table is called in an error: counted from 1 where there can be several."""
    return f"{table}[{number}]" if number else table


def find_lines(text: str) -> Lines:
    """Reads a file line by line. It need not be right TOML; what stands in multi-line strings is passed over."""
    lines, counts, quoted = Lines(), Counter[str](), ""
    table, number = "", 0
    for at, line in enumerate(text.rstrip("\n").split("\n"), start=1):  # as TOML counts, not as Unicode does
        header = None if quoted else _HEADER.match(line)
        if header:
            table = header[2]
            counts[table] += header[1] == "[["
            number = counts[table]
            lines.headers[table, number] = at
        elif not quoted:
            _note_keys(lines, table, number, at, line)
        lines.tables.append((table, number))
        lines.texts.append(line)
        quoted = _still_quoted(line, quoted)
    return lines


def _note_keys(lines: Lines, table: str, number: int, at: int, line: str) -> None:
    if found := _KEY.match(line):
        lines.keys.setdefault((table, number, found[1]), at)


def _still_quoted(line: str, quoted: str) -> str:
    """The delimiter of the multi-line string that is open after this line; empty where there is none."""
    for mark in re.findall(r'"""|\'\'\'', line):
        quoted = "" if quoted == mark else quoted or mark
    return quoted
