"""HEIC and AVIF: drawn anew as JPEG, the right way up, so nothing but the main picture's pixels is left.

Readers open JPEG everywhere; a box-by-box cleaning would have to follow item references through offsets in the file.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from bot.cleaning.cleaned import DRAWN_PIXELS, broken, check_pixels

QUALITY = 92

BROKEN = (OSError, ValueError, SyntaxError, EOFError, RuntimeError)
"""What Pillow and pillow-heif raise for a picture that contradicts itself."""

# Only the main picture is wanted; our own limit is held against its size before anything is decoded.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
Image.MAX_IMAGE_PIXELS = None


def clean(content: bytes) -> bytes:
    """The main picture as JPEG. Raises Refused for one that is broken, or a bomb."""
    with _opened(content) as picture:
        check_pixels(*picture.size, most=DRAWN_PIXELS)
        try:
            drawn = ImageOps.exif_transpose(picture).convert("RGB")
        except BROKEN:
            raise broken() from None
    drawn.info.clear()
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=("HEIF", "AVIF"))
    except BROKEN:
        raise broken() from None
