"""What time it is: the only file that asks. Everything else is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's clock. Always UTC; who shows a time shows it in the province's zone."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock(Clock):
    """A clock that stands `ahead` of the machine's, for the demo and for simulations; a negative one lags behind."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    @classmethod
    def showing(cls, instant: datetime) -> MovableClock:
        """A clock that shows `instant` now and goes on from there."""
        return cls(instant - datetime.now(UTC))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_to(self, instant: datetime) -> None:
        """Shows `instant` from now on."""
        self.ahead = instant - datetime.now(UTC)


class StoppedClock(Clock):
    """A clock that shows one instant until it is set to another: for tests and simulations."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant
