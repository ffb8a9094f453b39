"""How much a key did in the last hour (or day, or half minute): what the limits count with, bounded in memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MOST_KEYS = 50_000
"""Keys remembered at a time; beyond that the one that did something longest ago is forgotten."""

MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Steady:
    """A clock that never goes back, made of instants that may.

    Up to a minute back is two turns told in the wrong order: time stands still. More is a clock that was set back:
    time goes on from where it was, so that nobody is locked out by a clock that was wrong for a while.
    """

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._last: datetime | None = None

    def read(self, now: datetime) -> datetime:
        """The steady instant for `now`, which has a time zone."""
        steady = now + self._ahead
        if self._last is not None and steady < self._last:
            if self._last - steady > MINUTE:
                self._ahead += self._last - steady
            steady = self._last
        self._last = steady
        return steady

    def shown(self, steady: datetime) -> datetime:
        """What the caller's clock will show at that steady instant."""
        return steady - self._ahead


@dataclass(slots=True)
class _Cell:
    """What was done within one grain of time; `leaves` is when it no longer counts."""

    leaves: datetime
    amount: int


class Window:
    """What each key did in the last `per`, at most `most` of it. Instants given to it never go back (`Steady`).

    Kept in cells of a sixtieth of `per`, a minute at the most; a cell counts until its end is `per` ago. So a key has
    at most 1 + per / grain cells, no stretch of length `per` holds more than `most`, and room may come a grain late.
    """

    def __init__(self, most: int, per: timedelta, keys: int = MOST_KEYS) -> None:
        self.most = most
        self.per = per
        self._grain = min(per / 60, MINUTE)
        self._most_keys = keys
        # The key that did something last stands last. Lists: they are short, and an empty deque takes 600 bytes.
        self._cells: OrderedDict[bytes, list[_Cell]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._cells)

    def used(self, now: datetime, key: bytes) -> int:
        """How much the key did in the last `per`."""
        return sum(cell.amount for cell in self._live(now, key))

    def room_at(self, now: datetime, key: bytes, amount: int = 1) -> datetime:
        """The first instant at which the key may do that much: now, or when enough of what it did has left."""
        if not 0 < amount <= self.most:
            raise ValueError("more at once than is ever permitted, or nothing")
        cells = self._live(now, key)
        over = sum(cell.amount for cell in cells) + amount - self.most
        room = now
        for cell in cells:
            if over <= 0:
                break
            over -= cell.amount
            room = cell.leaves
        return room

    def add(self, now: datetime, key: bytes, amount: int = 1) -> None:
        """Counts it, whether there is room or not."""
        self._forget_old(now)
        cells = self._cells.setdefault(key, [])
        self._cells.move_to_end(key)
        leaves = self._leaves(now)
        if cells and cells[-1].leaves == leaves:
            cells[-1].amount += amount
        else:
            cells.append(_Cell(leaves, amount))
        while len(self._cells) > self._most_keys:
            self._cells.popitem(last=False)

    def give_back(self, at: datetime, key: bytes, amount: int = 1) -> None:
        """Takes back what was counted at `at`; nothing where it has left already."""
        for cell in self._cells.get(key, ()):
            if cell.leaves == self._leaves(at):
                cell.amount = max(cell.amount - amount, 0)

    def drop(self, key: bytes) -> None:
        """Forgets all that the key did."""
        self._cells.pop(key, None)

    def _leaves(self, at: datetime) -> datetime:
        return _EPOCH + ((at - _EPOCH) // self._grain + 1) * self._grain + self.per

    def _live(self, now: datetime, key: bytes) -> list[_Cell]:
        """The key's cells that still count, the oldest first."""
        self._forget_old(now)
        cells = self._cells.get(key, [])
        while cells and cells[0].leaves <= now:
            del cells[0]
        return cells

    def _forget_old(self, now: datetime) -> None:
        """Forgets the keys that did nothing in the last `per`: they stand first."""
        while self._cells:
            first = next(iter(self._cells.values()))
            if first and first[-1].leaves > now:
                return
            self._cells.popitem(last=False)
