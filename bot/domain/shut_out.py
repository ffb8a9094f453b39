"""Senders shut out for the rest of a day, in memory only (docs/decisions/0012-shadow-block.md).

Nothing here is ever stored: a restart forgets it. A sender is a hash under a key of the day, in memory too
(bot/senders.py): after the day nobody can tell whose it was, and it fits nobody any more.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

KEPT = timedelta(hours=24)
"""After so long it is not known any more from which sender a tip came."""

MOST = 10_000


class ShutOut:
    """Which sender a tip came from, for a day, and which are shut out; at most `most` of each, the oldest go."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of: OrderedDict[str, tuple[bytes, datetime]] = OrderedDict()
        self._shut: OrderedDict[bytes, datetime] = OrderedDict()

    def remember(self, tip: str, sender: bytes, now: datetime) -> None:
        """The tip came from this sender; one without a hash is nobody."""
        self._tidy(now)
        if not sender:
            return
        self._of[tip] = sender, now + KEPT
        self._of.move_to_end(tip)
        if len(self._of) > self._most:
            self._of.popitem(last=False)

    def forget(self, tip: str) -> None:
        """The tip is dealt with: nobody has to know any more who sent it."""
        self._of.pop(tip, None)

    def shut_out(self, tip: str, until: datetime, now: datetime) -> None:
        """Whoever sent the tip is shut out until then, if that is still known."""
        self._tidy(now)
        if found := self._of.get(tip):
            self._shut[found[0]] = until
            self._shut.move_to_end(found[0])
        if len(self._shut) > self._most:
            self._shut.popitem(last=False)

    def let_in(self, tip: str) -> None:
        """It was a mistake: whoever sent the tip is not shut out any more."""
        if found := self._of.get(tip):
            self._shut.pop(found[0], None)

    def is_shut_out(self, sender: bytes, now: datetime) -> bool:
        until = self._shut.get(sender)
        return until is not None and now < until

    def __len__(self) -> int:
        """How many tips' senders are remembered."""
        return len(self._of)

    def _tidy(self, now: datetime) -> None:
        """What is over is forgotten. Whoever came first is over first, but for a clock that was set back."""
        while self._of and next(iter(self._of.values()))[1] <= now:
            self._of.popitem(last=False)
        for sender in [one for one, until in self._shut.items() if until <= now]:
            del self._shut[sender]
