"""A text too long for one message, cut where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_PAUSES = (
    re.compile(r"\n[^\S\n]*\n\s*"),  # a paragraph
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?…;])\s+(?!\d)"),  # a sentence; not "1. 000"
    re.compile(r"(?<!\d)\s+|\s+(?!\d)"),  # a word; "1 000 000" is one
)
_IN_NUMBER = re.compile(r"\d(?:[\d.,:/\- ]*\d)?")
_JOINERS = {"\u200d", "\ufe0f"}
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)


def split(text: str, limit: int) -> list[str]:
    """The text (NFC, trimmed) in pieces of at most `limit` UTF-16 code units, which is what Telegram counts.

    Cut between paragraphs, else lines, sentences, words; never inside a number or a composed character unless that
    alone is longer than half a message. Space at a cut is lost, nothing else. An empty text gives no piece.
    """
    if limit < 16:  # noqa: PLR2004 - shorter than one emoji family, no cut could be kept clean
        raise ValueError(f"a limit of {limit} is too small")
    return list(_pieces(unicodedata.normalize("NFC", text).strip(), limit))


def width(text: str) -> int:
    """The length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def _pieces(rest: str, limit: int) -> Iterator[str]:
    while width(rest) > limit:
        end = _fitting(rest, limit)
        cut = _pause(rest, end) or _clean_cut(rest, end)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start fit."""
    end = min(len(text), limit)
    while width(text[:end]) > limit:
        end -= (width(text[:end]) - limit + 1) // 2
    return end


def _pause(text: str, end: int) -> int:
    """The last good pause in the second half of what fits; 0 when there is none."""
    for pause in _PAUSES:
        found = [one.start() for one in pause.finditer(text, 0, end + 1) if end // 2 < one.start() <= end]
        if found:
            return found[-1]
    return 0


def _clean_cut(text: str, end: int) -> int:
    """The last place before `end` that is in no number and no composed character, or `end` where there is none."""
    numbers = [one.span() for one in _IN_NUMBER.finditer(text, 0, end + 1)]
    for cut in range(end, end // 2, -1):
        if not _is_composed(text, cut) and not any(start < cut < stop for start, stop in numbers[-2:]):
            return cut
    return next((cut for cut in range(end, 0, -1) if not _is_composed(text, cut)), end)


def _is_composed(text: str, cut: int) -> bool:
    """Whether the characters on both sides of the cut are drawn as one."""
    before, after = text[cut - 1], text[cut]
    if unicodedata.combining(after) or unicodedata.category(after) in {"Mn", "Me", "Mc"}:
        return True
    if before == "\u200d" or after in _JOINERS or ord(after) in _SKIN or ord(after) in _TAGS:
        return True
    return ord(before) in _FLAG and ord(after) in _FLAG and _flags_before(text, cut) % 2 == 1


def _flags_before(text: str, cut: int) -> int:
    """How many halves of flags stand in a row before the cut: after an odd number a flag is cut in two."""
    start = cut
    while start and ord(text[start - 1]) in _FLAG:
        start -= 1
    return cut - start
