"""GIF (GIF89a): frames, their timing and the number of repeats are copied; comments, texts, what other programs put in
(XMP, ICC) and what follows the file's end are left behind. Pixels and animation are untouched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bot.cleaning.cleaned import broken, check_pixels

EXTENSION, FRAME, END = 0x21, 0x2C, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
CONTROL_LENGTH = 8
LOOP = b"\x0bNETSCAPE2.0\x03\x01"


def clean(content: bytes) -> bytes:
    """The picture without metadata. Raises Refused for one that is broken, or a bomb."""
    if len(content) < 13:  # noqa: PLR2004 - the head
        raise broken()
    start = 13 + _colours(content[10])
    blocks = list(_blocks(content, start))
    frames = [block for block in blocks if block[:1] == b","]
    _check_sizes(content, frames)
    return b"".join([b"GIF89a", content[6:start], *blocks, bytes([END])])


def _check_sizes(content: bytes, frames: list[bytes]) -> None:
    if not frames:
        raise broken()
    canvas = struct.unpack_from("<HH", content, 6)
    sizes = [struct.unpack_from("<HH", frame, 5) for frame in frames]
    check_pixels(
        max(canvas[0], *(width for width, _ in sizes)), max(canvas[1], *(high for _, high in sizes)), len(frames)
    )


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(content: bytes, at: int) -> Iterator[bytes]:
    """The blocks that are kept, up to the end (which may be missing)."""
    while at < len(content) and content[at] != END:
        start = at
        if content[at] == FRAME:
            flags = content[at + 9 : at + 10] or b"\0"
            at = _after(content, at + 10 + _colours(flags[0]) + 1)
        elif content[at] == EXTENSION:
            at = _after(content, at + 2)
        else:
            raise broken()
        yield _kept(content[start:at])


def _kept(block: bytes) -> bytes:
    if block[0] == FRAME:
        return block
    if block[1] == CONTROL and len(block) == CONTROL_LENGTH:
        return block
    if block[1] == APPLICATION and block[2:].startswith(LOOP):
        return block[:2] + LOOP + block[2 + len(LOOP) : 4 + len(LOOP)] + b"\0"
    return b""


def _after(content: bytes, at: int) -> int:
    """Where a chain of sub-blocks that begins here has ended."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    if at >= len(content):
        raise broken()
    return at + 1
