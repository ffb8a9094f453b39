"""The one thing of EXIF that a picture needs: which way up it is (CIPA DC-008, tag 0x0112)."""

from __future__ import annotations

import struct

UPRIGHT = 1
TAG, SHORT, ENTRY = 0x0112, 3, 12


def read(tiff: bytes) -> int:
    """The orientation, 1 to 8, that an EXIF block (from its TIFF header on) tells; 1 if it makes no sense."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        return _in_first_directory(tiff, order)
    except struct.error:
        return UPRIGHT


def _in_first_directory(tiff: bytes, order: str) -> int:
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for at in range(start + 2, start + 2 + count * ENTRY, ENTRY):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if tag == TAG:
            return value if kind == SHORT and 1 <= value <= 8 else UPRIGHT  # noqa: PLR2004 - the eight orientations
    return UPRIGHT


def write(orientation: int) -> bytes:
    """An EXIF block, from its TIFF header on, that tells the orientation and nothing else; 26 bytes."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, TAG, SHORT, 1, orientation, 0, 0)
