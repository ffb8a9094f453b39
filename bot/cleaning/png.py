"""PNG (W3C PNG, third edition): the chunks that pixels need are copied, everything else is left behind.

Left behind: text, time, EXIF (but the orientation), ICC profiles, the screen's density and primaries, private chunks,
animation, whatever follows the picture's end, in the file or in the compressed pixels. Pixels are untouched.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from bot.cleaning import orientation
from bot.cleaning.cleaned import bomb, broken, check_pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SHORT_ONES = {b"PLTE": 768, b"tRNS": 256, b"gAMA": 4, b"sRGB": 1, b"sBIT": 4, b"bKGD": 6, b"cICP": 4}
"""What may stand beside IHDR, IDAT and IEND, and its greatest length."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type."""

PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Adam7: first column, first row, step across, step down."""

PIECE = 1 << 20


def clean(content: bytes) -> bytes:
    """The picture without metadata. Raises Refused for one that is broken, or a bomb."""
    head, pixels, turned = b"", [], orientation.UPRIGHT
    before: dict[bytes, bytes] = {}
    for name, payload in _chunks(content):
        if name == b"IHDR" and not head:
            head = payload
        elif name == b"IDAT":
            pixels.append(payload)
        elif name == b"eXIf":
            turned = orientation.read(payload)
        elif len(payload) <= SHORT_ONES.get(name, -1):
            before.setdefault(name, _chunk(name, payload))
        elif name[:1].isupper():  # a chunk without which the picture can't be drawn
            raise broken()
    length = _raw_length(head)
    if turned != orientation.UPRIGHT:
        before[b"eXIf"] = _chunk(b"eXIf", orientation.write(turned))
    data = _without_tail(b"".join(pixels), length)
    return b"".join([SIGNATURE, _chunk(b"IHDR", head), *before.values(), _chunk(b"IDAT", data), _chunk(b"IEND", b"")])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The name and payload of each chunk before IEND."""
    at, name = len(SIGNATURE), b""
    while True:
        if at + 12 > len(content):
            raise broken()
        length, name = struct.unpack_from(">I4s", content, at)
        payload = content[at + 8 : at + 8 + length]
        at += length + 12
        if at > len(content):
            raise broken()
        if struct.pack(">I", zlib.crc32(payload, zlib.crc32(name))) != content[at - 4 : at]:
            raise broken()
        if name == b"IEND":
            return
        yield name, payload


def _chunk(name: bytes, payload: bytes) -> bytes:
    return b"".join([struct.pack(">I4s", len(payload), name), payload, _crc(name, payload)])


def _crc(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(payload, zlib.crc32(name)))


def _raw_length(head: bytes) -> int:
    """Bytes of the unpacked rows, each with its filter byte. Raises Refused for what no header says."""
    try:
        width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    except struct.error:
        raise broken() from None
    if colour not in CHANNELS or interlaced > 1:
        raise broken()
    check_pixels(width, height)
    bits = depth * CHANNELS[colour]
    passes = PASSES if interlaced else ((0, 0, 1, 1),)
    sizes = ((-((x - width) // dx), -((y - height) // dy)) for x, y, dx, dy in passes)
    return sum(down * (1 + (across * bits + 7) // 8) for across, down in sizes if across > 0)


def _without_tail(packed: bytes, length: int) -> bytes:
    """The compressed pixels without what stands behind their end. `length`: of the pixels, unpacked."""
    unpacking, waiting, seen, more = zlib.decompressobj(), packed, 0, True
    try:
        while more and not unpacking.eof:
            piece = unpacking.decompress(waiting, PIECE)
            waiting = unpacking.unconsumed_tail
            seen += len(piece)
            more = bool(piece or waiting)
            if seen > length:
                raise bomb()
    except zlib.error:
        raise broken() from None
    if seen != length or not unpacking.eof:
        raise broken()
    return packed[: len(packed) - len(unpacking.unused_data)]
