"""Files with a marker in every place where metadata can sit, made by hand or by the libraries themselves."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image
from PIL.PngImagePlugin import PngInfo

MARKER = b"QKZCANARY"
TEXT = MARKER.decode()


def marked(place: str) -> bytes:
    return f"{TEXT}-{place}".encode()


def picture(width=64, height=48, mode="RGB") -> Image.Image:
    return Image.effect_noise((width, height), 60).convert(mode)


def saved(image: Image.Image, kind: str, **more) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def exif(orientation: int = 6) -> bytes:
    """A TIFF block with an orientation, a maker, a description and a position."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010E] = block[0x010F] = TEXT
    block.get_ifd(0x8825)[29] = TEXT
    block.get_ifd(0x8769)[0x9286] = MARKER
    return block.tobytes().removeprefix(b"Exif\0\0")


def jpeg(image: Image.Image | None = None, *, orientation: int = 6, **more) -> bytes:
    """A JPEG with a marker in each kind of segment, between scans, in the JFIF thumbnail and behind its end."""
    plain = saved(image or picture(), "JPEG", quality=90, **more)
    thumbnail = b"JFIF\0\x01\x02\x01\0\x48\0\x48\x03\x01" + MARKER
    told = b"".join([
        segment(0xE0, thumbnail),
        segment(0xE0, b"JFXX\0\x10" + saved(picture(8, 8), "JPEG", comment=MARKER)),
        segment(0xE1, b"Exif\0\0" + exif(orientation)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + marked("Xmp") + b"</x:xmpmeta>"),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01" + marked("Icc")),
        segment(0xE2, b"MPF\0" + marked("Mpf")),
        *(segment(marker, b"own\0" + marked("Private")) for marker in range(0xE3, 0xED)),
        segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + marked("Iptc")),
        segment(0xEE, b"Adobe\0d\0\0\0\0\x01" + MARKER),
        segment(0xFE, marked("Comment")),
    ])  # fmt: skip
    after_jfif = 2 + 2 + struct.unpack_from(">H", plain, 4)[0]
    scan = plain.index(b"\xff\xda")
    whole = plain[:2] + told + plain[after_jfif:scan] + segment(0xFE, marked("Before")) + plain[scan:]
    film = b"\0\0\0\x18ftypmp42" + MARKER
    return whole + saved(picture(8, 8), "JPEG", comment=MARKER) + film + archive({"a.txt": MARKER})


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png(image: Image.Image | None = None, *, orientation: int = 3) -> bytes:
    """A PNG with a marker in each kind of chunk, behind the compressed pixels and behind its end."""
    told = PngInfo()
    told.add_text("Author", TEXT)
    told.add_text("Comment", TEXT, zip=True)
    told.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{TEXT}</x:xmpmeta>")
    plain = saved(image or picture(), "PNG", pnginfo=told, exif=b"Exif\0\0" + exif(orientation))
    extra = b"".join(
        chunk(name, MARKER)
        for name in (b"iCCP", b"tIME", b"pHYs", b"cHRM", b"prVt", b"dSIG", b"acTL", b"fcTL", b"fdAT", b"sPLT", b"gAMA")
    )
    end = plain.index(b"IDAT") - 4
    tail = plain.index(b"IEND") - 4
    hidden = chunk(b"IDAT", MARKER)
    return plain[:end] + extra + plain[end:tail] + hidden + plain[tail:] + MARKER + archive({"a": MARKER})


def webp(image: Image.Image | None = None, **more) -> bytes:
    plain = saved(
        image or picture(), "WEBP", exif=b"Exif\0\0" + exif(6), xmp=MARKER, icc_profile=MARKER * 20, **more,
    )  # fmt: skip
    own = b"qkzc" + struct.pack("<I", len(MARKER) + 1) + MARKER + b"\0"
    body = plain[8:] + own
    return b"RIFF" + struct.pack("<I", len(body)) + body + MARKER


def gif(frames: int = 3) -> bytes:
    """An animated GIF with a comment, XMP, a plain text and a trailer."""
    first, *others = [picture(32, 24, "P") for _ in range(frames)]
    plain = saved(first, "GIF", save_all=True, append_images=others, loop=0, duration=70, comment=MARKER)
    sub = bytes([len(MARKER)]) + MARKER + b"\0"
    own = b"\x21\xff\x0bXMP DataXMP" + sub + b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0" + sub
    text = b"\x21\x01\x0c" + bytes(12) + sub
    return plain[:-1] + own + text + plain[-1:] + MARKER + archive({"a": MARKER})


def archive(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = MARKER
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 9))
            entry.comment, entry.compress_type = MARKER, zipfile.ZIP_DEFLATED
            entry.extra = struct.pack("<HH", 0x7A7A, len(MARKER)) + MARKER
            file.writestr(entry, content)
    return out.getvalue()


def everything(content: bytes) -> Iterator[bytes]:
    """The bytes, and those of every member if it is an archive, and of members of these."""
    yield content
    yield content.replace(b"\0", b"")  # UTF-16
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for name in file.namelist():
                yield name.encode()
                yield from everything(file.read(name))


def found(content: bytes) -> int:
    """How often the marker is in it, packed or not."""
    return sum(part.count(MARKER) for part in everything(content))


def pixels(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content)) as image:
        return image.mode, image.size, image.tobytes()
