"""The receipt: the secret with which a citizen comes back to a tip. Not a string, so that it can't be logged as one."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable
from typing import NoReturn, Self, final

LENGTH = 16
"""Digits of a receipt: over 53 bits."""

LONGEST_TYPED = 80
"""Characters somebody may need to type 16 digits, however they part them; more is not looked at."""

_ALMOST = range(LENGTH - 2, LENGTH + 3)
_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf"})  # spaces, dashes, and marks nobody sees
_SEPARATORS = frozenset("\t\r\n.,_·•\N{MINUS SIGN}")


@final
class Receipt:
    """Sixteen digits. `grouped()` is the only door out; printing, logging, pickling and hashing lead nowhere."""

    __slots__ = ("__digits",)
    __hash__ = None  # type: ignore[assignment]  # a hash of 53 bits in a set or a log can be searched back

    def __init__(self, digits: str) -> None:
        if not (len(digits) == LENGTH and digits.isascii() and digits.isdecimal()):
            raise ValueError("a receipt is 16 digits")
        self.__digits = digits

    @classmethod
    def make(cls, digits: Callable[[int], str]) -> Self:
        """A new receipt, of digits drawn by `digits(how many)` (in the running system: `bot.chance.digits`)."""
        return cls(digits(LENGTH))

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """The receipt somebody typed, with spaces, dots or dashes, in the digits of any script; else None."""
        digits = _digits(typed)
        return cls(digits) if digits is not None and len(digits) == LENGTH else None

    def grouped(self) -> str:
        """Four groups of four, as it is shown to the citizen: "4096 1187 5530 2741"."""
        return " ".join(self.__digits[at : at + 4] for at in range(0, LENGTH, 4))

    def __eq__(self, other: object) -> bool:
        """In constant time, so that an answer's time tells nothing of the digits."""
        if not isinstance(other, Receipt):
            return NotImplemented
        return hmac.compare_digest(self.__digits, other.__digits)

    def __repr__(self) -> str:
        return "Receipt(…)"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a receipt is not pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a receipt is not pickled")


def looks_like_receipt(text: str) -> bool:
    """Whether somebody meant a receipt: nothing but digits and what parts them, 16 of them or up to two off.

    So a receipt with a digit lost is answered as one, and is never taken for the words of something else.
    """
    digits = _digits(text)
    return digits is not None and len(digits) in _ALMOST


def _digits(typed: str) -> str | None:
    """The digits in `typed` as 0-9; None if there is anything but digits and separators, or far too much."""
    if len(typed) > LONGEST_TYPED:
        return None
    kept = [char for char in typed if not _parts(char)]
    values = [unicodedata.decimal(char, None) for char in kept]
    return None if None in values else "".join(str(value) for value in values)


def _parts(char: str) -> bool:
    return char in _SEPARATORS or unicodedata.category(char) in _SEPARATOR_CATEGORIES
