"""Text without diacritics, so that what is typed on an old phone is still understood."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text in small letters without diacritics, one letter for one."""
    return "".join(_bare(letter) for letter in unicodedata.normalize("NFC", text)).lower()


def _bare(letter: str) -> str:
    return "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0]


def clean(text: str) -> str:
    """What a person wrote, composed (NFC) and without control characters but line breaks and tabs, trimmed."""
    kept = (
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"}
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()
