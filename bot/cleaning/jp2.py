"""JPEG 2000 as it stands in PDF (ISO 15444-1, annex I): boxes that pixels need are copied, others left behind."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cleaning.cleaned import broken

CODESTREAM = b"\xff\x4f\xff\x51"
KEPT = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"rreq"})
LONG = 16


def clean(content: bytes) -> bytes:
    """The picture without XML, UUID and other boxes; a bare codestream is given back as it is."""
    if content.startswith(CODESTREAM):
        return content
    return b"".join(_kept(content))


def _kept(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + LONG])
        end = at + length if length else len(content)
        if end < at + 8 or end > len(content):
            raise broken()
        if name in KEPT:
            yield content[at:end]
        at = end
