"""Text without diacritics, so that what is typed on an old phone is still understood."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text in small letters without diacritics, one letter for one."""
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFC", text)).lower()


def _bare(letter: str) -> str:
    return "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0]


_REORDERING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the order of letters around, so that a name reads as something else."""


def clean(text: str) -> str:
    """What a person wrote: composed (NFC), trimmed, without control characters (but line breaks and tabs) and without
    marks that reorder it.
    """
    kept = (letter for letter in text.translate(_REORDERING) if _is_writing(letter))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_writing(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"}
