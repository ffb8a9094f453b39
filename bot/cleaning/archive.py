"""What is in a ZIP: read within bounds, and told whether it is an office file, a program, or a plain archive."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from bot.cleaning.cleaned import ENTRIES, RATIO, UNPACKED, Uncleanable, bomb, broken
from bot.cleaning.kind_of import is_program
from bot.cleaning.kinds import Kind

RUN_NAMES = (
    "exe dll scr com bat cmd msi ps1 vbs vbe js jse wsf wsh hta lnk pif cpl jar apk class dex so dylib sh deb rpm"
)
RUN = frozenset(RUN_NAMES.split())
"""Extensions of what is run when it is opened."""

PACKAGES = frozenset({"AndroidManifest.xml", "META-INF/MANIFEST.MF", "classes.dex"})
OFFICE = (("word/", Kind.DOCX), ("xl/", Kind.XLSX), ("ppt/", Kind.PPTX))
ENCRYPTED = 1
START = 1024

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    UnicodeError,
)
"""What zipfile raises for an archive that is broken, or compressed in a way it does not know."""


def members(content: bytes) -> zipfile.ZipFile:
    """The archive, opened. Raises Refused for a broken one, or a bomb: told by its directory, before unpacking."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except UNREADABLE:
        raise broken() from None
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * len(content):
        raise bomb()
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise broken()
    return archive


def kind_of_archive(archive: zipfile.ZipFile) -> Kind:
    """PROGRAM, if any member is one; DOCX, XLSX or PPTX; or ZIP."""
    names = set(archive.namelist())
    if names & PACKAGES or any(PurePosixPath(name).suffix.lower()[1:] in RUN for name in names):
        return Kind.PROGRAM
    if any(is_program(_start(archive, entry)) for entry in archive.infolist()):
        return Kind.PROGRAM
    if "[Content_Types].xml" in names:
        return next((kind for folder, kind in OFFICE if any(name.startswith(folder) for name in names)), Kind.ZIP)
    return Kind.ZIP


def _start(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & ENCRYPTED or entry.is_dir():
        return b""
    try:
        with archive.open(entry) as member:
            return member.read(START)
    except UNREADABLE:
        raise broken() from None


def unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """All members' contents by name, no more of each than the directory told. Raises Uncleanable for a locked one."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Uncleanable("clean-left-encrypted")
    try:
        return {entry.filename: archive.read(entry) for entry in entries}
    except UNREADABLE:
        raise broken() from None


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of these members in this order; no times, no attributes, no system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.compress_type, entry.external_attr = 0, zipfile.ZIP_DEFLATED, 0
            archive.writestr(entry, content)
    return out.getvalue()
