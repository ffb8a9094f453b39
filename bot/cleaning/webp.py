"""WebP (RFC 9649): the chunks that pixels need are copied; EXIF (but the orientation), XMP, ICC profiles, unknown
chunks and what follows the file's end are left behind. Pixels, transparency and animation are untouched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bot.cleaning import orientation
from bot.cleaning.cleaned import broken, check_pixels

PICTURES = frozenset({b"VP8 ", b"VP8L"})
IN_FRAME = PICTURES | {b"ALPH"}
ALPHA, EXIF, ANIMATION = 0x10, 0x08, 0x02
FRAME_HEAD = 16
RIFF_HEAD = 12


def clean(content: bytes) -> bytes:
    """The picture without metadata. Raises Refused for one that is broken, or a bomb."""
    chunks = list(_chunks(content[RIFF_HEAD : 8 + int.from_bytes(content[4:8], "little")]))
    if not chunks:
        raise broken()
    name, head = chunks[0]
    body = b"".join(_simple(name, head) if name in PICTURES else _extended(head, chunks))
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _simple(name: bytes, payload: bytes) -> Iterator[bytes]:
    check_pixels(*_size(name, payload))
    yield _chunk(name, payload)


def _extended(head: bytes, chunks: list[tuple[bytes, bytes]]) -> Iterator[bytes]:
    if chunks[0][0] != b"VP8X" or len(head) < 10:  # noqa: PLR2004 - its fixed length
        raise broken()
    frames = [payload for name, payload in chunks if name == b"ANMF"]
    stills = [(name, payload) for name, payload in chunks if name in PICTURES]
    moves = bool(head[0] & ANIMATION)
    if not (frames if moves else stills):
        raise broken()
    check_pixels(_canvas(head[4:7]), _canvas(head[7:10]), max(len(frames), 1))
    turned = next(
        (orientation.read(payload.removeprefix(b"Exif\0\0")) for name, payload in chunks if name == b"EXIF"), 1
    )
    flags = head[0] & (ALPHA | ANIMATION) | (EXIF if turned != orientation.UPRIGHT else 0)
    yield _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + head[4:10])
    yield from _moving(chunks, frames) if moves else _still(chunks, stills[0])
    if flags & EXIF:
        yield _chunk(b"EXIF", orientation.write(turned))


def _still(chunks: list[tuple[bytes, bytes]], picture: tuple[bytes, bytes]) -> Iterator[bytes]:
    check_pixels(*_size(*picture))
    yield from (_chunk(name, payload) for name, payload in chunks[:-1] if name == b"ALPH")
    yield _chunk(*picture)


def _moving(chunks: list[tuple[bytes, bytes]], frames: list[bytes]) -> Iterator[bytes]:
    yield from (_chunk(name, payload[:6]) for name, payload in chunks if name == b"ANIM" and len(payload) >= 6)  # noqa: PLR2004
    for frame in frames:
        inside = [(name, payload) for name, payload in _chunks(frame[FRAME_HEAD:]) if name in IN_FRAME]
        for name, payload in inside:
            if name in PICTURES:
                check_pixels(*_size(name, payload), len(frames))
        yield _chunk(b"ANMF", frame[:FRAME_HEAD] + b"".join(_chunk(*one) for one in inside))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        if at + 8 + length > len(content):
            raise broken()
        yield name, content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _canvas(three: bytes) -> int:
    return 1 + int.from_bytes(three, "little")


def _size(name: bytes, payload: bytes) -> tuple[int, int]:
    """Width and height that a picture's own header tells (RFC 6386, 9.1; RFC 9649, 3.4)."""
    if name == b"VP8 ":
        if payload[3:6] != b"\x9d\x01\x2a" or len(payload) < 10:  # noqa: PLR2004 - the frame's head
            raise broken()
        width, height = struct.unpack_from("<HH", payload, 6)
        return width & 0x3FFF, height & 0x3FFF
    if payload[:1] != b"\x2f" or len(payload) < 5:  # noqa: PLR2004
        raise broken()
    bits = int.from_bytes(payload[1:5], "little")
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
