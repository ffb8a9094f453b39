"""What kind of file some bytes are. A program is a program, whatever else it also looks like at the start."""

from __future__ import annotations

import re

from bot.cleaning.kinds import Kind

BRANDS = {
    b"heic": Kind.HEIC, b"heix": Kind.HEIC, b"heim": Kind.HEIC, b"heis": Kind.HEIC, b"hevc": Kind.HEIC,
    b"hevx": Kind.HEIC, b"mif1": Kind.HEIC, b"msf1": Kind.HEIC, b"avif": Kind.AVIF, b"avis": Kind.AVIF,
    b"qt  ": Kind.MOV, b"M4A ": Kind.M4A, b"M4B ": Kind.M4A,
}  # fmt: skip
STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG), (b"\x89PNG\r\n\x1a\n", Kind.PNG), (b"GIF87a", Kind.GIF), (b"GIF89a", Kind.GIF),
    (b"PK\x03\x04", Kind.ZIP), (b"PK\x05\x06", Kind.ZIP), (b"OggS", Kind.OGG), (b"fLaC", Kind.FLAC),
    (b"#!AMR", Kind.AMR), (b"\x1a\x45\xdf\xa3", Kind.MKV), (b"Rar!\x1a\x07", Kind.RAR),
    (b"ID3\2", Kind.MP3), (b"ID3\3", Kind.MP3), (b"ID3\4", Kind.MP3),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OLE), (b"{\\rtf", Kind.RTF),
    (b"II*\0", Kind.TIFF), (b"MM\0*", Kind.TIFF),
)  # fmt: skip
RIFF = {b"WEBP": Kind.WEBP, b"WAVE": Kind.WAV, b"AVI ": Kind.AVI}
OLD_MOVIE = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
PROGRAMS = (
    b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
    b"dex\n0", b"\0asm", b"L\0\0\0\x01\x14\x02\0", b"@echo off", b"!<arch>\ndebian", b"\xed\xab\xee\xdb",
)  # fmt: skip
"""ELF, Mach-O, Java, Android, WebAssembly, Windows link, batch file, Debian and Red Hat packages."""

INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
"""The class of an MSI package's root in an OLE file ([MS-CFB], 2.6.1)."""

SCRIPTED = re.compile(rb"<[\w:]*script|\bon\w+\s*=|javascript:|foreignobject|<!entity|<iframe|<embed", re.IGNORECASE)
PAGE = re.compile(
    rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|script|iframe|title|style|meta|link)\b",
    re.IGNORECASE | re.DOTALL,
)
MAIL = re.compile(rb"(?:received|return-path|delivered-to|message-id|mime-version|from|x-[\w-]+): ", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SNIFFED = 1024
"""Bytes at the start in which a PDF may begin, as readers accept it."""


def kind_of(content: bytes) -> Kind:
    """The kind of file; a ZIP still has to be looked into."""
    if is_program(content):
        return Kind.PROGRAM
    for start, kind in STARTS:
        if content.startswith(start):
            return _ole(content) if kind is Kind.OLE else kind
    if content[:4] == b"RIFF":
        return RIFF.get(content[8:12], Kind.UNKNOWN)
    if content[4:8] == b"ftyp":
        return _brand(content[8:12])
    if content[4:8] in OLD_MOVIE and content[:1] == b"\0":
        return Kind.MOV
    return _less_certain(content)


def is_program(start: bytes) -> bool:
    """Whether something that begins so is run when it is opened. The first kilobyte is enough."""
    if start.startswith(b"MZ"):
        return b"\0" in start[:SNIFFED]  # unless all of it is text
    if start.startswith(b"#!"):
        return not start.startswith(b"#!AMR")
    return start[:20].lower().startswith(b"@echo off") or start.startswith(PROGRAMS)


def _ole(content: bytes) -> Kind:
    return Kind.PROGRAM if INSTALLER in content else Kind.OLE


def _brand(brand: bytes) -> Kind:
    return Kind.THREEGP if brand[:2] == b"3g" else BRANDS.get(brand, Kind.MP4)


def _less_certain(content: bytes) -> Kind:
    if content.lstrip()[:5] == b"%PDF-":
        return Kind.PDF
    if len(content) > 4 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0 and content[:2] != b"\xff\xfe":  # noqa: PLR2004
        return Kind.AAC if content[1] & 0xF6 == 0xF0 else Kind.MP3  # noqa: PLR2004 - layer bits: 0 is AAC in ADTS
    kind = _text(content)
    return Kind.PDF if kind is Kind.UNKNOWN and b"%PDF-" in content[:SNIFFED] else kind


def _text(content: bytes) -> Kind:
    """Plain text is UTF-8, or UTF-16 with its mark; pages and mails are more than that."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return Kind.UNKNOWN
    if CONTROL.search(text):
        return Kind.UNKNOWN
    plain = text.encode()
    if PAGE.match(plain.lstrip()[: 4 * SNIFFED]):
        return Kind.PROGRAM
    if plain.lstrip()[:5].lower() in {b"<?xml", b"<svg "} or plain.lstrip()[:4] == b"<!--":
        return Kind.PROGRAM if SCRIPTED.search(plain) else Kind.SVG if b"<svg" in plain else Kind.UNKNOWN
    return Kind.UNKNOWN if MAIL.match(plain) or plain.startswith(b"%!PS") else Kind.TEXT
