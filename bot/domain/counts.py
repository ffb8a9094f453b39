"""Tables of counts, and the hiding of small ones so that nobody can work them out.

In a table with its totals every line adds up to zero once the totals are counted with the opposite sign. So a hidden
count can be other than it is exactly if it can be raised or lowered along a closed path of hidden counts, each staying
within what its mark tells of it (a table as a graph of rows and columns: D. Gusfield, "A graph theoretic approach to
statistical data security", SIAM J. Comput. 17, 1988). Where there is no such path, the cheapest one is hidden as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from bot.domain.tip import Outcome, TipKind, TipLine

LEAST_SHOWN = 5
"""Counts under this are shown as "<5" outside the desk."""


class Mark(StrEnum):
    """What stands for a count that is hidden: it is under 5; or it would tell of another that is."""

    SMALL = "<5"
    KEPT = "…"


Count = int | Mark


@dataclass(frozen=True, slots=True)
class Axis:
    """What a table's rows or columns are: their labels, and under which a tip is counted; under another: nowhere."""

    labels: tuple[str, ...]
    of: Callable[[TipLine], str]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts with their totals: `grid` has a row for each of `rows` and one of totals, and columns likewise."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    grid: tuple[tuple[Count, ...], ...]

    def at(self, row: str, column: str) -> Count:
        return self.grid[self.rows.index(row)][self.columns.index(column)]

    @property
    def total(self) -> Count:
        return self.grid[-1][-1]


def by_kind() -> Axis:
    return Axis(tuple(TipKind), lambda line: line.kind)


def by_outcome() -> Axis:
    return Axis(tuple(Outcome), lambda line: line.outcome)


def by_commune(codes: Iterable[str]) -> Axis:
    """The last label, "", is for tips of no, of another, or of a hidden commune: never a commune by itself."""
    labels = (*dict.fromkeys(code for code in codes if code), "")
    known = frozenset(labels)
    return Axis(labels, lambda line: line.commune if line.commune in known else "")


def by_month(months: Sequence[str], zone: ZoneInfo) -> Axis:
    """`months` as "2026-03", in the province's zone."""
    return Axis(tuple(months), lambda line: f"{line.hour.astimezone(zone):%Y-%m}")


def tabled(tips: Iterable[TipLine], rows: Axis, columns: Axis) -> Table:
    """Counts the tips; all labels are there, also those of none: a row that is left out tells too."""
    found = Counter((rows.of(tip), columns.of(tip)) for tip in tips)
    inner = [[found[row, column] for column in columns.labels] for row in rows.labels]
    return with_totals(rows.labels, columns.labels, inner)


def with_totals(rows: tuple[str, ...], columns: tuple[str, ...], inner: Sequence[Sequence[int]]) -> Table:
    """A table of counts, with the totals of its rows, of its columns, and of all."""
    lines = [(*line, sum(line)) for line in inner]
    last = tuple(sum(line[at] for line in lines) for at in range(len(columns) + 1))
    return Table(rows, columns, (*lines, last))


def suppress(table: Table) -> Table:
    """The table without counts under 5, and without those from which they could be computed.

    Zero is under 5 too: whether there is one or none is not told. Whatever else is known of the table (that sums add
    up, that "<5" is 0 to 4 and "…" at least 5), each "<5" could be another number. Where that can't be reached, every
    hidden count is "…", and every line with one of them has its totals hidden: then nothing is known of them at all.
    """
    hiding = _Hiding([[int(count) for count in line] for line in table.grid])
    return Table(table.rows, table.columns, hiding.done())


Place = tuple[int, int]
Node = tuple[bool, int]
"""A line of the table: (True, row) or (False, column)."""
Way = tuple[int, tuple[Place, ...]]
"""A path: how many tips it would hide that are still shown, and its places."""


class _Hiding:
    """Which counts of a grid are hidden so far."""

    def __init__(self, grid: list[list[int]]) -> None:
        self.grid = grid
        self.bottom, self.right = len(grid) - 1, len(grid[0]) - 1
        self.places = [(row, column) for row in range(len(grid)) for column in range(len(grid[0]))]
        self.hidden = {place for place in self.places if self._is_small(place)}
        self.free: set[Place] = set()  # those that could be another number

    def done(self) -> tuple[tuple[Count, ...], ...]:
        for place in sorted(self.hidden):
            if place not in self.free and not self._set_free(place):
                return self._blotted()
        return self._marked(Mark.SMALL)

    def _is_small(self, place: Place) -> bool:
        return self.grid[place[0]][place[1]] < LEAST_SHOWN

    def _set_free(self, place: Place) -> bool:
        """Hides what must be hidden so that a count could be another; False where nothing is enough."""
        row, column = (True, place[0]), (False, place[1])
        ends = {True: (column, row), False: (row, column)}
        found = (self._cheapest(*ends[raised], place) for raised in ends if self._may(place, raised=raised))
        ways = [way for way in found if way is not None]
        if not ways:
            return False
        path = min(ways)[1]
        self.hidden.update(path)
        self.free.update(path)
        return True

    def _cheapest(self, start: Node, goal: Node, but: Place) -> Way | None:
        """The path on which the fewest tips are still shown. Dijkstra's way, ended early by a path that hides none."""
        ahead: list[tuple[Way, Node]] = [((0, ()), start)]
        seen: set[Node] = set()
        while ahead:
            (cost, way), node = heappop(ahead)
            if node == goal:
                return cost, way
            if node not in seen:
                seen.add(node)
                for place, there in self._steps(node):
                    if place != but and there not in seen:
                        further = cost + self._cost(place), (*way, place)
                        if there == goal and not further[0]:
                            return further
                        heappush(ahead, (further, there))
        return None

    def _steps(self, node: Node) -> Iterator[tuple[Place, Node]]:
        """From a row one goes on by raising a count, from a column by lowering one: the line's sum stays."""
        is_row, at = node
        for other in range(self.right + 1 if is_row else self.bottom + 1):
            place = (at, other) if is_row else (other, at)
            if self._may(place, raised=is_row):
                yield place, (not is_row, other)

    def _may(self, place: Place, *, raised: bool) -> bool:
        """Whether a count could be one more or less (a total's sign is turned) by what its mark would tell of it."""
        count, is_total = self.grid[place[0]][place[1]], (place[0] == self.bottom) != (place[1] == self.right)
        if self._is_small(place):
            return count < LEAST_SHOWN - 1 if raised != is_total else count > 0
        return raised != is_total or count > LEAST_SHOWN

    def _cost(self, place: Place) -> int:
        return 0 if place in self.hidden else self.grid[place[0]][place[1]]

    def _marked(self, small: Mark) -> tuple[tuple[Count, ...], ...]:
        return tuple(
            tuple(self._mark((row, column), small) for column in range(self.right + 1))
            for row in range(self.bottom + 1)
        )

    def _mark(self, place: Place, small: Mark) -> Count:
        if place not in self.hidden:
            return self.grid[place[0]][place[1]]
        return small if self._is_small(place) else Mark.KEPT

    def _blotted(self) -> tuple[tuple[Count, ...], ...]:
        rows, columns = {row for row, _ in self.hidden}, {column for _, column in self.hidden}
        self.hidden |= {(row, self.right) for row in rows} | {(self.bottom, column) for column in columns}
        self.hidden.add((self.bottom, self.right))
        return self._marked(Mark.KEPT)
