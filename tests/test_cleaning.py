"""Pictures lose all that is told about them, and no pixel; what is no picture is known for what it is."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence
from pillow_heif import register_heif_opener
from planted import MARKER, archive, chunk, exif, found, gif, jpeg, picture, pixels, png, saved, segment, webp

from bot import words
from bot.cleaning import LARGEST, Cleaned, Refused, clean
from bot.cleaning import jpeg as jpeg_cleaner

REFUSALS = {"clean-bomb", "clean-empty", "clean-broken", "clean-program", "clean-too-big"}
WARNINGS = {"clean-left-encrypted", "clean-left-unknown", "clean-left-part", "clean-left-no-media"}


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(content)
    return refused.value.sentence


def answer(content: bytes, cleaner=clean) -> str:
    """The refusal or the warning; "" for what was cleaned, which then has no marker."""
    try:
        cleaned = cleaner(content)
    except Refused as refused:
        return refused.sentence
    if isinstance(cleaned, Cleaned) and not cleaned.cleaned:
        return cleaned.warning
    assert found(cleaned.content if isinstance(cleaned, Cleaned) else cleaned) == 0
    return ""


def orientation(content: bytes) -> int:
    with Image.open(io.BytesIO(content)) as image:
        return image.getexif().get(0x0112, 1)


def header(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def test_every_answer_is_worded():
    """What a citizen or a reader is told stands in both languages."""
    for language in words.LANGUAGES:
        assert {name for name in words.sentences(language) if name.startswith("clean-")} == REFUSALS | WARNINGS


@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"restart_marker_blocks": 2}, {"subsampling": 0}])
def test_a_jpeg_keeps_pixels_and_orientation_and_nothing_else(more):
    """From a JPEG with 22 planted markers none is left, and it decodes to the same pixels, as it was turned."""
    image = picture()
    planted = jpeg(image, **more)
    cleaned = clean(planted)
    assert found(planted) > 20
    assert found(cleaned.content) == 0
    assert pixels(cleaned.content) == pixels(saved(image, "JPEG", quality=90, **more))
    assert orientation(cleaned.content) == 6
    assert (cleaned.mime, cleaned.extension, cleaned.cleaned, cleaned.warning) == ("image/jpeg", ".jpg", True, "")
    with Image.open(io.BytesIO(cleaned.content)) as image:
        assert set(image.getexif()) == {0x0112}
        assert "icc_profile" not in image.info
        assert b"comment" not in image.info


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
def test_a_jpeg_of_any_colours_keeps_its_pixels(mode):
    """Grey, CMYK and RGB pictures decode to the same pixels: the Adobe segment that tells the transform is kept."""
    plain = saved(picture(mode=mode), "JPEG", comment=MARKER)
    assert pixels(clean(plain).content) == pixels(plain)
    assert found(clean(plain).content) == 0


def test_an_upright_jpeg_has_no_exif():
    """Orientation 1 needs no telling."""
    assert b"Exif" not in clean(jpeg(orientation=1)).content
    assert b"Exif" in clean(jpeg(orientation=8)).content


def test_cleaning_twice_changes_nothing():
    """What is clean stays as it is, byte by byte."""
    for planted in (jpeg(), png(), webp(), gif()):
        once = clean(planted).content
        assert clean(once).content == once


def test_a_jpeg_cut_off_anywhere_is_cleaned_or_refused():
    """Cut at every byte: never another error, never a marker left."""
    planted = jpeg(picture(16, 16))
    for length in range(1, len(planted)):
        part = planted[:length]
        assert answer(part, jpeg_cleaner.clean) in {"clean-broken", ""}


def test_a_jpeg_cut_off_in_its_pixels_is_still_shown():
    """What has arrived of a picture is evidence."""
    plain = saved(picture(), "JPEG")
    cleaned = clean(plain[: len(plain) * 3 // 4])
    assert cleaned.content.endswith(b"\xff\xd9")
    assert Image.open(io.BytesIO(cleaned.content)).size == (64, 48)


def test_words_hidden_behind_a_table_are_refused():
    """A quantization or Huffman segment with more in it than tables is no picture's."""
    plain = saved(picture(), "JPEG")
    at = plain.index(b"\xff\xdb")
    (length,) = struct.unpack_from(">H", plain, at + 2)
    whole = plain[at + 4 : at + 2 + length]
    assert refusal(plain[:at] + segment(0xDB, whole + MARKER) + plain[at + 2 + length :]) == "clean-broken"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "1", "L", "LA", "I;16"])
def test_a_png_keeps_pixels_and_orientation_and_nothing_else(mode):
    """Text, time, profiles, private chunks, what hides behind the pixels or the end: gone."""
    image = picture() if mode == "RGB" else Image.new(mode, (33, 17), 1 if mode in {"1", "I;16"} else 0)
    planted = png(image)
    cleaned = clean(planted)
    assert found(planted) > 10
    assert found(cleaned.content) == 0
    assert pixels(cleaned.content) == pixels(saved(image, "PNG"))
    assert orientation(cleaned.content) == 3
    assert (cleaned.mime, cleaned.cleaned) == ("image/png", True)


def test_a_png_cut_off_anywhere_is_refused():
    """Without its end a PNG is refused; behind its end nothing matters."""
    planted = png(picture(8, 8))
    end = planted.index(b"IEND") + 8
    for length in range(8, end):
        assert refusal(planted[:length]) == "clean-broken"
    assert found(clean(planted[: end + 3]).content) == 0


def test_an_interlaced_png_keeps_its_pixels():
    """Seven passes have another length than plain rows."""
    width, height = 5, 3
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = b""
    for x, y, dx, dy in passes:
        across, down = len(range(x, width, dx)), len(range(y, height, dy))
        rows += (b"\0" + b"\x55" * across * 3) * down if across else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    planted = b"".join([
        b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows) + MARKER), chunk(b"IEND", b""),
    ])  # fmt: skip
    cleaned = clean(planted).content
    assert found(cleaned) == 0
    assert pixels(cleaned)[2] == b"\x55" * (width * height * 3)


@pytest.mark.parametrize("more", [{}, {"lossless": True}, {"quality": 40}])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_keeps_pixels_and_orientation_and_nothing_else(mode, more):
    """Lossy or lossless, with or without transparency."""
    planted = webp(picture(mode=mode), **more)
    cleaned = clean(planted)
    assert found(planted) > 4
    assert found(cleaned.content) == 0
    assert pixels(cleaned.content) == pixels(planted)
    assert orientation(cleaned.content) == 6
    assert cleaned.mime == "image/webp"


def test_a_moving_webp_moves_on():
    """All frames, and how long each is shown."""
    planted = webp(save_all=True, append_images=[picture(), picture()], duration=90)
    cleaned = clean(planted).content
    assert found(cleaned) == 0
    assert frames(cleaned) == frames(planted)
    assert len(frames(cleaned)) == 3


def test_a_moving_gif_moves_on():
    """All frames, their timing and the endless loop; no comment, no other program's words."""
    planted = gif()
    cleaned = clean(planted).content
    assert found(planted) >= 6
    assert found(cleaned) == 0
    assert frames(cleaned) == frames(planted)
    assert Image.open(io.BytesIO(cleaned)).info["loop"] == 0


def frames(content: bytes) -> list[tuple[int, bytes]]:
    with Image.open(io.BytesIO(content)) as image:
        return [
            (frame.info.get("duration"), frame.convert("RGBA").tobytes()) for frame in ImageSequence.Iterator(image)
        ]


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_a_heic_or_avif_becomes_a_jpeg(kind):
    """Drawn anew: same size, nothing told."""
    register_heif_opener()
    planted = saved(picture(), kind, exif=b"Exif\0\0" + exif(1), xmp=MARKER)
    cleaned = clean(planted)
    assert found(planted) > 2
    assert found(cleaned.content) == 0
    assert (cleaned.mime, cleaned.extension, cleaned.cleaned) == ("image/jpeg", ".jpg", True)
    assert Image.open(io.BytesIO(cleaned.content)).size == (64, 48)


def test_a_turned_avif_is_drawn_the_right_way_up():
    """A picture taken upright stays upright."""
    planted = saved(picture(), "AVIF", exif=b"Exif\0\0" + exif(6))
    assert Image.open(io.BytesIO(clean(planted).content)).size == (48, 64)


BOMBS = {
    "jpeg": jpeg().replace(struct.pack(">BHH", 8, 48, 64), struct.pack(">BHH", 8, 60000, 60000), 10),
    "jpeg without a height": jpeg().replace(struct.pack(">BHH", 8, 48, 64), struct.pack(">BHH", 8, 0, 60000), 10),
    "png": b"\x89PNG\r\n\x1a\n" + header(50_000, 50_000) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "png of many rows": b"\x89PNG\r\n\x1a\n"
    + header(4, 4)
    + chunk(b"IDAT", zlib.compress(bytes(50_000_000)))
    + chunk(b"IEND", b""),
    "gif": gif()[:6] + b"\xff\xff\xff\xff" + gif()[10:],
    "gif of many frames": b"GIF89a\x10\x00\x10\x00\x00\x00\x00"
    + (b"\x2c\0\0\0\0\x10\0\x10\0\0\x02\x01\0\0") * 3000
    + b";",
    "zip": archive({"a.txt": bytes(50_000_000)}),
    "zip of many": archive({f"{number}": b"" for number in range(6000)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name):
    """What is small to send and huge to open is refused with its own sentence, before it is opened."""
    assert refusal(BOMBS[name]) == "clean-bomb"


PROGRAMS = {
    "windows": b"MZ\x90\0\x03" + bytes(100),
    "linux": b"\x7fELF\x02\x01\x01" + bytes(60),
    "mac": b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(20),
    "script": b"#!/bin/sh\nrm -rf ~\n",
    "batch": b"@ECHO OFF\r\ndel *\r\n",
    "page": b"\n<!-- hi -->\n<!DOCTYPE HTML><body>Hi</body>",
    "page with mark": "\ufeff<html><script>1</script>".encode(),
    "page in utf-16": "<html>hello</html>".encode("utf-16"),
    "drawing with script": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "drawing that listens": b'<svg onload="fetch(1)"></svg>',
    "app": archive({"AndroidManifest.xml": b"x", "classes.dex": b"dex\n035"}),
    "jar": archive({"META-INF/MANIFEST.MF": b"Main-Class: A"}),
    "zip with program": archive({"anh.jpg": b"\xff\xd8", "xem.exe": b"x"}),
    "zip with disguised program": archive({"anh.jpg": b"MZ\x90\0" + bytes(100)}),
    "installer": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + bytes.fromhex("84100c0000000000c000000000000046"),
    "link": b"L\0\0\0\x01\x14\x02\0" + bytes(60),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_refused(name):
    """Whatever runs when it is opened is refused, by its content, under any name."""
    assert refusal(PROGRAMS[name]) == "clean-program"


def test_plain_text_passes():
    """Text tells nothing but its words, even where these look like a file's beginning."""
    likes = (b"Carefree", b"ID3 la gi?", b"Tep bat dau bang %PDF-1.7", b"MZ la gi?", b"BM 24")
    for text in (*likes, "Tối nào cũng có nhóm ở cuối ngõ.\r\n\tBiển số 24A".encode(), "Nhà số 5".encode("utf-16")):
        assert clean(text) == Cleaned(text, "text/plain", ".txt", cleaned=True)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"Rar!\x1a\x07\x01\0" + MARKER, ".rar"),
        (b"7z\xbc\xaf\x27\x1c" + MARKER, ".7z"),
        (archive({"a.txt": b"hello"}), ".zip"),
        (b"{\\rtf1 hello}", ".rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".doc"),
        (b"II*\0" + bytes(60), ".tif"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='5'/></svg>", ".svg"),
        (b"Received: from a by b\r\nFrom: x@y\r\n\r\nhello", ".bin"),
        (b"hello\x00world", ".bin"),
        ("Nhà".encode("windows-1258", "replace") + b"\xe0", ".bin"),
    ],
)
def test_what_is_not_known_is_kept_with_a_warning(content, extension):
    """It is as it was, and the reader is warned."""
    assert (kept := clean(content)).content == content
    assert (kept.extension, kept.cleaned, kept.warning) == (extension, False, "clean-left-unknown")


def test_nothing_and_too_much_are_refused():
    """0 bytes, and one byte more than 20 MB."""
    assert refusal(b"") == "clean-empty"
    assert refusal(bytes(LARGEST + 1)) == "clean-too-big"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x20\0\0\0WEBP", b"PK\x03\x04", b"OggS"]
    ),
    st.binary(max_size=300),
)
def test_random_bytes_are_answered(start, rest):
    """Any bytes, behind any start, are cleaned, kept with a warning, or refused."""
    assert answer(start + rest) in REFUSALS | WARNINGS | {""}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([jpeg(picture(8, 8)), png(picture(8, 8)), webp(picture(8, 8)), gif(1)]), st.data())
def test_damaged_pictures_are_answered(planted, data):
    """One byte changed anywhere: kept, refused, or cleaned; never another error."""
    at = data.draw(st.integers(0, len(planted) - 1))
    damaged = planted[:at] + bytes([data.draw(st.integers(0, 255))]) + planted[at + 1 :]
    assert answer(damaged) in REFUSALS | WARNINGS | {""}
