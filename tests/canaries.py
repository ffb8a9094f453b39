"""Canaries: words that must never lie anywhere, and the search for them in every guise that a careless program leaves.

A find is told by the canary's name and the guise, never by a place's content.
"""

from __future__ import annotations

import base64
import html
import json
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from bot.domain.plain import plain

Finds = set[tuple[str, str, str]]
"""Where, the canary's name, the guise."""

SHORTEST = 6
"""A guise of fewer bytes is not looked for: it would turn up by chance."""
_PACKED = {b"\x1f\x8b\x08": 31, b"\x78\x01": 15, b"\x78\x5e": 15, b"\x78\x9c": 15, b"\x78\xda": 15}
"""How a gzip or zlib member begins, and zlib's window bits for it."""
_LONGEST_NUMBER = 14  # digits: what fits into 47 bits
_DEEPEST = 2
_MOST_UNPACKED = 1 << 22
_LONGEST_BYTES = 200  # of a long run its beginning is looked for
_CHUNK, _OVERLAP = 1 << 14, 1 << 10  # bytes; a guise that begins in one chunk ends in its overlap
_clean: dict[bytes, set[str | bytes]] = {}  # chunks, and the words that are not in them


@dataclass(frozen=True)
class Canaries:
    """By name: the words (text), or bytes that are looked for as they are and in base64 and hex."""

    words: Mapping[str, str | bytes]
    searched: list[str] = field(default_factory=list)

    def search(self, content: bytes, where: str, depth: int = 0) -> Finds:
        """Finds as (where, the canary's name, the guise), also inside what is packed."""
        finds: Finds = set()
        for start in range(0, len(content), _CHUNK):
            finds |= {(where, name, guise) for name, guise in self._in(content[start : start + _CHUNK + _OVERLAP])}
        if depth < _DEEPEST:
            for member in unpacked(content):
                finds |= self.search(member, f"{where}, unpacked", depth + 1)
        return finds

    def search_folder(self, folder: Path) -> Finds:
        """All files of a folder, and their names."""
        finds: Finds = set()
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            self.searched.append(name)
            finds |= self.search(name.encode(), f"the name of {name}")
            if path.is_file():
                finds |= self.search(path.read_bytes(), name)
        return finds

    def _in(self, chunk: bytes) -> Iterator[tuple[str, str]]:
        """The canaries' names and guises in a chunk. Most of a file is as it was when it was searched last."""
        clean = _clean.setdefault(chunk, set())
        for name, word in self.words.items():
            if word in clean:
                continue
            found = [guise for guise, wanted in guises(word) if wanted in chunk]
            yield from ((name, guise) for guise in found)
            if not found:
                clean.add(word)


@cache
def guises(word: str | bytes) -> frozenset[tuple[str, bytes]]:
    """The guises of a canary: (what it is called, the bytes)."""
    found: set[tuple[str, bytes]] = set()
    for what, content in _encoded(word):
        found.add((what, content))
        found |= {(f"{what} in hex", content.hex().encode()), (f"{what} in hex", content.hex().upper().encode())}
        for offset in range(3):
            for way in (base64.standard_b64encode, base64.urlsafe_b64encode):
                found.add((f"{what} in base64", _inner(way(bytes(offset) + content), offset, len(content))))
    assert all(len(content) <= _OVERLAP for _, content in found)
    return frozenset((what, content) for what, content in found if len(content) >= SHORTEST)


def _inner(text: bytes, offset: int, length: int) -> bytes:
    """The characters that depend on the canary alone, wherever it stands in what was encoded."""
    first = -(-offset * 8 // 6)
    last = (offset + length) * 8 // 6
    return text[first:last]


def _encoded(word: str | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(word, bytes):
        yield "the bytes", word[:_LONGEST_BYTES]
        return
    for what, text in _spelt(word):
        yield what, text.encode()
        yield f"{what}, UTF-16", text.encode("utf-16-le")
        yield f"{what}, UTF-16", text.encode("utf-16-be")
    if word.isdecimal() and len(word) <= _LONGEST_NUMBER:
        number = int(word)
        yield "a number", number.to_bytes(6, "big", signed=True)  # as SQLite keeps one of this size
        yield "a number", number.to_bytes(8, "little", signed=True)


def _spelt(word: str) -> Iterator[tuple[str, str]]:
    """Every spelling once, by the first name it has here."""
    spelt = {
        unicodedata.normalize("NFD", word): "decomposed",
        plain(word): "plain",
        word.lower(): "lower case",
        word.upper(): "upper case",
        json.dumps(word)[1:-1]: "JSON",
        quote(word): "an address",
        html.escape(word): "HTML",
        repr(word.encode())[2:-1]: "a repr",
        word: "as it is",
    }
    for text, what in spelt.items():
        yield what, text


def unpacked(content: bytes) -> Iterator[bytes]:
    """What is inside the gzip and zlib members that begin anywhere in the bytes."""
    for magic, bits in _PACKED.items():
        start = content.find(magic)
        while start >= 0:
            if member := _unpack(content[start : start + _MOST_UNPACKED], bits):
                yield member
            start = content.find(magic, start + 1)


def _unpack(content: bytes, bits: int) -> bytes:
    """What can be unpacked; a member that breaks off still yields its beginning."""
    unpacker = zlib.decompressobj(bits)
    found = b""
    try:
        for start in range(0, len(content), 512):
            found += unpacker.decompress(content[start : start + 512], _MOST_UNPACKED)
            if unpacker.eof or len(found) > _MOST_UNPACKED:
                break
    except zlib.error:
        pass
    return found if len(found) >= SHORTEST else b""
