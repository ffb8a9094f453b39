"""Chance: the only file that knows `random` and `secrets`.

The functions draw from the operating system. `Chance` is the same as an object that can be handed in, so that a
simulation or a test can hand in a seeded one.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What a code is made of: no 0 and O, no 1, I and L, which people mistake for one another."""


class Chance:
    """Chance of the operating system, fit for secrets."""

    __slots__ = ("_source",)

    def __init__(self) -> None:
        self._source: random.Random = random.SystemRandom()

    @classmethod
    def seeded_for_tests(cls, seed: int) -> Chance:
        """Chance that can be foretold, for tests and simulations: nothing drawn from it is a secret."""
        chance = cls()
        chance._source = random.Random(seed)
        return chance

    def token(self, bytes_: int = 32) -> bytes:
        """That many bytes nobody can guess."""
        return self._source.randbytes(bytes_)

    def name(self) -> str:
        """A new id of a row or a file: 26 characters of a-z and 2-7, 130 bits, without any order in time."""
        return base64.b32encode(self.token(17)).decode().lower()[:26]

    def code(self, length: int) -> str:
        """A code to be read aloud and typed, of CODE_ALPHABET: just under five bits a character."""
        return "".join(self._source.choice(CODE_ALPHABET) for _ in range(length))

    def digits(self, n: int) -> str:
        """`n` decimal digits, each as likely as any other, the first one too."""
        return f"{self._source.randrange(10**n):0{n}d}"

    def shuffled(self, things: Iterable[T]) -> list[T]:
        """The same things in an order nobody can guess."""
        shuffled = list(things)
        self._source.shuffle(shuffled)
        return shuffled

    def minutes(self, low: float, high: float) -> timedelta:
        """A delay between `low` and `high` minutes, any of them as likely."""
        return timedelta(minutes=self._source.uniform(low, high))


_system = Chance()
token = _system.token
name = _system.name
code = _system.code
digits = _system.digits
minutes = _system.minutes
shuffled = _system.shuffled
