"""What protects citizens from a flooder and receipts from guessing; why these numbers: docs/decisions/0010-limits.md.

Keys are opaque: whoever calls has hashed the conversation, the sender or the network prefix already, under a secret
that is soon destroyed. Nothing here is ever stored, and each limit remembers at most `MOST_KEYS` keys.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.window import MOST_KEYS, Steady, Window

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NONE = timedelta()


class Limit(StrEnum):
    """Which limit was met; "limits-" and its value is the sentence that says so (words/limits.*.ftl)."""

    CONVERSATION = "conversation"
    NETWORK = "network"
    PACE = "pace"
    TIPS = "tips"
    FILES = "files"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not now: at most `most` in `per`. At `until` it is permitted, if nothing that counts was done in between."""

    limit: Limit
    most: int
    per: timedelta
    until: datetime


# --- how much in a window --------------------------------------------------------------------------------------------


class Quota:
    """How much a key may do in any stretch of length `per`: file tips, send files, send bytes."""

    def __init__(self, limit: Limit, most: int, per: timedelta, keys: int = MOST_KEYS) -> None:
        self._limit = limit
        self._clock = Steady()
        self._window = Window(most, per, keys)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._window)

    def take(self, now: datetime, key: bytes, amount: int = 1) -> Refused | None:
        """Counts `amount` and answers None, or counts nothing and says until when.

        Raises ValueError for an amount that is less than 1 or more than is ever permitted: no wait would help.
        """
        now = self._clock.read(now)
        room = self._window.room_at(now, key, amount)
        if room > now:
            return Refused(self._limit, self._window.most, self._window.per, self._clock.shown(room))
        self._window.add(now, key, amount)
        return None


def tips_a_day() -> Quota:
    """Tips that one conversation may file in 24 hours."""
    return Quota(Limit.TIPS, 5, timedelta(hours=24))


def files_an_hour() -> Quota:
    """Files that one conversation may send in an hour: those of five full tips."""
    return Quota(Limit.FILES, 50, HOUR)


def bytes_an_hour() -> Quota:
    """Bytes of files that one conversation may send in an hour: one tip of ten files of 20 MB."""
    return Quota(Limit.BYTES, 200_000_000, HOUR)


def bytes_nearby() -> Quota:
    """Bytes of files from one network prefix in an hour: twenty tips full of files. On the web a conversation costs
    nothing, so who makes ever new ones is held by this.
    """
    return Quota(Limit.BYTES, 4_000_000_000, HOUR)


# --- trying receipts -------------------------------------------------------------------------------------------------

TRIES = 6
"""Wrong receipts of one conversation in an hour."""

NETWORK_TRIES = 30
"""Wrong receipts of one network prefix in an hour before its answers come slowly: a village behind one carrier's
address shares it, and five people who each use up their own tries are already a bad hour."""

NETWORK_OPENINGS = 600
"""Receipts, right or wrong, of one network prefix in an hour before its answers come slowly: a right one costs a slow
hash too, and who has one could otherwise have it computed without end."""

SLOW_LANE = timedelta(seconds=30)
SLOW_LANE_TRIES = 4
"""After that so many tries of the prefix are under way at a time, each answered after SLOW_LANE."""

ONION_DELAY = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, eq=False)
class MayTry:
    """The receipt may be tried. The answer, right or wrong, is given `delay` after the question, never sooner:
    an answer that is quick when it is right would let a guesser hang up on the slow ones.
    """

    delay: timedelta
    at: datetime = field(repr=False)
    conversation: bytes = field(repr=False)
    network: bytes | None = field(repr=False)
    slowly: bool = field(repr=False)


class Attempts:
    """Guards the trying of receipts. Each try counts as failed from its beginning, so that many at once don't cheat.

    A conversation has TRIES failures an hour, each answered later than the one before; then it is refused. A right
    receipt is given back and ends the delay, not the count: else who has a receipt could guess between two uses of it.

    A network prefix is never refused for long. Who floods from it with ever new conversations can't be told from the
    neighbours, so neither a refusal nor a reserve for newcomers would be sound: it would lock the neighbours out, or
    nobody. Past its budget the prefix has a slow lane: few tries at a time, each answered late. A neighbour who meets
    it full is told to wait half a minute at the most. Conversations of other prefixes, and those without one, never
    notice. On an onion address all visitors share one: there the delay is fixed, and no prefix counts.
    """

    def __init__(self, keys: int = MOST_KEYS) -> None:
        self._clock = Steady()
        self._tries = Window(TRIES, HOUR, keys)
        self._since_right = Window(TRIES, HOUR, keys)
        self._failed_nearby = Window(NETWORK_TRIES, HOUR, keys)
        self._opened_nearby = Window(NETWORK_OPENINGS, HOUR, keys)
        self._slow_lane = Window(SLOW_LANE_TRIES, SLOW_LANE, keys)
        self._windows = (self._tries, self._since_right, self._failed_nearby, self._opened_nearby, self._slow_lane)

    def __len__(self) -> int:
        """The most keys that any of its windows remembers."""
        return max(map(len, self._windows))

    def begin(
        self, now: datetime, *, conversation: bytes, network: bytes | None = None, onion: bool = False
    ) -> MayTry | Refused:
        """Whether a receipt may be tried now; if so it counts as failed until `succeeded`. `network` is None where
        there is none (a chat platform); with `onion` it is not looked at.
        """
        now = self._clock.read(now)
        network = None if onion else network
        if (room := self._tries.room_at(now, conversation)) > now:
            return self._refused(Limit.CONVERSATION, self._tries, room)
        slowly = network is not None and self._is_busy(now, network)
        if network is not None and slowly and (room := self._slow_lane.room_at(now, network)) > now:
            return self._refused(Limit.NETWORK, self._slow_lane, room)
        delay = ONION_DELAY if onion else SLOW_LANE if slowly else self._delay(now, conversation)
        may = MayTry(delay, now, conversation, network, slowly)
        self._count(may)
        return may

    def succeeded(self, tried: MayTry) -> None:
        """The receipt was right: the try is given back. To be called once a try."""
        self._tries.give_back(tried.at, tried.conversation)
        self._since_right.drop(tried.conversation)
        if tried.network is not None and not tried.slowly:  # the slow lane counts what is under way, right or wrong
            self._failed_nearby.give_back(tried.at, tried.network)

    def _is_busy(self, now: datetime, network: bytes) -> bool:
        return any(window.room_at(now, network) > now for window in (self._failed_nearby, self._opened_nearby))

    def _delay(self, now: datetime, conversation: bytes) -> timedelta:
        """0, 1, 2, 4, 8 … seconds with the failures of the last hour since the last right receipt."""
        failures = self._since_right.used(now, conversation)
        return min(2 ** (failures - 1) * SECOND, SLOW_LANE) if failures else NONE

    def _count(self, may: MayTry) -> None:
        self._tries.add(may.at, may.conversation)
        self._since_right.add(may.at, may.conversation)
        if may.network is None:
            return
        for window in (self._slow_lane,) if may.slowly else (self._failed_nearby, self._opened_nearby):
            window.add(may.at, may.network)

    def _refused(self, limit: Limit, window: Window, room: datetime) -> Refused:
        return Refused(limit, window.most, window.per, self._clock.shown(room))


# --- how fast --------------------------------------------------------------------------------------------------------

BURST = 30
"""Messages one after the other that nobody is stopped for: three albums of ten pictures, or tapping through a form."""

REFILL = timedelta(seconds=1)
PAUSE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Slow(Refused):
    """The sender writes too fast: what comes until `until` is not taken. `first`: say so now, and only now."""

    first: bool


@dataclass(slots=True)
class _Bucket:
    """`full_at`: when the bucket will be full again; `paused_until`: what comes before is refused."""

    full_at: datetime
    paused_until: datetime


class Pace:
    """How fast one sender may write: BURST messages at once, one more every REFILL.

    Who goes beyond is paused for PAUSE: all refused, and told so once. Without the pause a flooder would get a message
    through and a refusal every second, and the answers would be a flood of their own. What is refused costs nothing.
    """

    def __init__(self, keys: int = MOST_KEYS) -> None:
        self._clock = Steady()
        self._most_keys = keys
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()  # the sender heard last stands last

    def __len__(self) -> int:
        """How many senders are remembered."""
        return len(self._buckets)

    def take(self, now: datetime, key: bytes) -> Slow | None:
        """None where the message is taken."""
        now = self._clock.read(now)
        bucket = self._bucket(now, key)
        if now < bucket.paused_until:
            return self._slow(bucket, first=False)
        full_at = max(bucket.full_at, now) + REFILL
        if full_at > now + BURST * REFILL:
            bucket.paused_until = now + PAUSE
            return self._slow(bucket, first=True)
        bucket.full_at = full_at
        return None

    def _bucket(self, now: datetime, key: bytes) -> _Bucket:
        """The sender's bucket; those that stand first and are full again, or are too many, are forgotten."""
        bucket = self._buckets.pop(key, None) or _Bucket(now, now)
        while self._buckets and self._may_forget(now, next(iter(self._buckets.values()))):
            self._buckets.popitem(last=False)
        self._buckets[key] = bucket
        return bucket

    def _may_forget(self, now: datetime, first: _Bucket) -> bool:
        return len(self._buckets) >= self._most_keys or max(first.full_at, first.paused_until) <= now

    def _slow(self, bucket: _Bucket, *, first: bool) -> Slow:
        return Slow(Limit.PACE, BURST, BURST * REFILL, self._clock.shown(bucket.paused_until), first)
