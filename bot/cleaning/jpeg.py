"""JPEG (ITU-T T.81): the segments that pixels need are copied, everything else is left behind. Pixels are untouched.

Left behind: EXIF, XMP, ICC profiles, IPTC, comments, maker's notes, thumbnails, pictures and films after the first
picture's end. Of EXIF the orientation is kept. Nothing is decoded, so it takes about as long as copying.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.cleaning import orientation
from bot.cleaning.cleaned import bomb, broken, check_pixels

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
SOS, DQT, DHT, DAC, DNL, DRI, COM = 0xDA, 0xDB, 0xC4, 0xCC, 0xDC, 0xDD, 0xFE
APP0, APP1, APP14, APP15 = 0xE0, 0xE1, 0xEE, 0xEF
FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, DAC}
ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
"""Markers without a length: a restart marker outside a scan and TEM mean nothing."""

END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker that ends entropy-coded data: neither a stuffed zero, nor a restart, nor fill."""

JFIF = b"\xff\xe0\0\x10JFIF\0\x01\x01\0%b\0\0"
SQUARE = b"\0\x01\0\x01"
SCANS = 500
"""A progressive picture has about ten scans; each takes a decoder through all pixels again."""

SEGMENTS = 20_000
"""A long XMP or profile takes some hundred."""

FIXED = {DNL: 2, DRI: 2}
TABLES = {DQT, DHT, DAC}


@dataclass
class _Walk:
    """What the walk along the segments has found so far."""

    kept: list[bytes | memoryview] = field(default_factory=list)
    orientation: int = orientation.UPRIGHT
    jfif: bytes = b""
    frames: int = 0
    scans: int = 0


def clean(content: bytes, *, keep_orientation: bool = True) -> bytes:
    """The picture without metadata. Raises Refused for one that is broken, or a bomb."""
    walk = _walk(content)
    if not walk.scans or walk.frames != 1:
        raise broken()
    head = [SOI, walk.jfif]
    if keep_orientation and walk.orientation != orientation.UPRIGHT:
        exif = b"Exif\0\0" + orientation.write(walk.orientation)
        head.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    return b"".join([*head, *walk.kept, EOI])


def _walk(content: bytes) -> _Walk:
    walk, view = _Walk(), memoryview(content)
    for number, (marker, start, end, after) in enumerate(_segments(content)):
        if number > SEGMENTS:
            raise bomb()
        if marker == SOS:
            _check_scan(walk, view[start:end])
            walk.kept += [b"\xff\xda", view[start - 2 : after]]
        else:
            _take(walk, marker, bytes(view[start:end]))
    return walk


def _segments(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Each segment up to the end of the picture: marker, where its payload starts and ends, and where the next one is
    (after the entropy-coded data, for a scan). The end may be missing: a picture can be cut off in its last scan.
    """
    at = len(SOI)
    scanned = False
    while content[at : at + 2] != EOI:
        if scanned and at >= len(content):
            return
        at, marker = _marker(content, at)
        if marker in ALONE:
            continue
        (length,) = _unpack(">H", content, at)
        start, end = at + 2, at + length
        if length < 2 or end > len(content):  # noqa: PLR2004 - the length counts itself
            raise broken()
        scanned = marker == SOS
        at = _scan_end(content, end) if scanned else end
        yield marker, start, end, at


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """Where the segment's length is, and its marker. Any marker may be preceded by fill (T.81, B.1.1.2)."""
    if content[at : at + 1] != b"\xff":
        raise broken()
    while content[at : at + 1] == b"\xff":
        at += 1
    if at >= len(content):
        raise broken()
    return at + 1, content[at]


def _scan_end(content: bytes, start: int) -> int:
    found = END_OF_SCAN.search(content, start)
    return found.start() if found else len(content.rstrip(b"\xff"))


def _take(walk: _Walk, marker: int, payload: bytes) -> None:
    """Keeps the segment if the list allows it."""
    if marker in FRAMES:
        _check_frame(payload)
        walk.frames += 1
        _keep(walk, marker, payload)
    elif marker in TABLES or FIXED.get(marker) == len(payload):
        _check_table(marker, payload)
        _keep(walk, marker, payload)
    elif marker == APP0 and payload.startswith(b"JFIF\0"):
        walk.jfif = walk.jfif or _jfif(payload)
    elif marker == APP1 and payload.startswith(b"Exif\0\0"):
        walk.orientation = orientation.read(payload[6:])
    elif marker == APP14 and payload.startswith(b"Adobe") and len(payload) >= 12:  # noqa: PLR2004 - its fixed part
        _keep(walk, marker, payload[:5] + b"\0\x64\0\0\0\0" + payload[11:12])  # only the colour transform matters
    elif not (APP0 <= marker <= APP15 or marker == COM):
        raise broken()


def _keep(walk: _Walk, marker: int, payload: bytes) -> None:
    walk.kept.append(struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload)


def _jfif(payload: bytes) -> bytes:
    """The JFIF segment anew: without thumbnail; of the density only a pixel's shape."""
    across, down = _unpack(">HH", payload, 8)
    return JFIF % (SQUARE if across == down or not across * down else payload[8:12])


def _check_frame(payload: bytes) -> None:
    """A height of 0 is told after the first scan (DNL): counted as the highest there can be."""
    _, height, width, components = _unpack(">BHHB", payload, 0)
    if len(payload) != 6 + 3 * components:
        raise broken()
    check_pixels(width, height or 0xFFFF)


def _check_scan(walk: _Walk, payload: memoryview) -> None:
    walk.scans += 1
    if walk.scans > SCANS:
        raise bomb()
    if not payload or len(payload) != 4 + 2 * payload[0]:
        raise broken()


def _check_table(marker: int, payload: bytes) -> None:
    """Raises Refused if there is more in the segment than its tables."""
    at = 0
    while at < len(payload) and marker in {DQT, DHT}:
        if marker == DQT:
            at += 129 if payload[at] >> 4 else 65
        else:
            at += 17 + sum(payload[at + 1 : at + 17])
    if at > len(payload):
        raise broken()


def _unpack(form: str, content: bytes, at: int) -> tuple[int, ...]:
    try:
        return struct.unpack_from(form, content, at)
    except struct.error:
        raise broken() from None
