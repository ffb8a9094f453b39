"""DOCX, XLSX and PPTX (ECMA-376): what is written and shown is kept; who wrote it, when and where is left behind.

Whole parts go (`LEFT_BEHIND`), with every relationship to them; in the others, office_xml takes names and times away;
pictures go through their own cleaners. Macros go too. A part that can't be cleaned stays, and the reader is warned.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from bot.cleaning import office_xml
from bot.cleaning.archive import members as opened
from bot.cleaning.archive import packed, unpacked
from bot.cleaning.cleaned import Cleaned, Refused, Uncleanable, broken
from bot.cleaning.kinds import Kind

LEFT_BEHIND = re.compile(
    r"docprops/|customxml/|_xmlsignatures/|docmetadata/|userxml/|"
    r".*/(?:people|commentsextended|commentsids|commentsextensible|connections)\w*\.xml\Z|"
    r".*/(?:threadedcomments|persons|printersettings|revisions|querytables|webextensions|customui)/|"
    r".*/(?:vbaproject|vbaprojectsignature|attachedtoolbars|printersettings)\w*\.bin\Z|.*/vbadata\.xml\Z|"
    r"(?:.*/)?thumbnail\.\w+\Z|.*/tags/|.*/changesinfos/|.*/revisioninfo\.xml\Z|\[trash\]/"
)
"""Parts, by their lower-case names: properties, signatures, labels, people, printers, histories, macros, thumbnails."""

TYPES = "[Content_Types].xml"
MACROS = {
    "application/vnd.ms-word.document.macroEnabled.main+xml": Kind.DOCX,
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": Kind.DOCX,
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": Kind.XLSX,
    "application/vnd.ms-excel.template.macroEnabled.main+xml": Kind.XLSX,
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml": Kind.PPTX,
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml": Kind.PPTX,
}
WITHOUT_MACROS = {name: f"{kind.mime}.main+xml" for name, kind in MACROS.items()}
XML = (".xml", ".rels", ".vml")
HARMLESS = (".odttf", ".ttf", ".fntdata")
"""Fonts within the document: how it looks, not who made it."""

CleanPart = Callable[[bytes], Cleaned]


def clean(content: bytes, kind: Kind, clean_part: CleanPart) -> Cleaned:
    """The document without metadata; `clean_part` cleans what is embedded in it."""
    parts = {name: part for name, part in unpacked(opened(content)).items() if is_kept(name)}
    if TYPES not in parts:
        raise broken()
    cleaned = {name: _part(name, part, clean_part) for name, part in parts.items()}
    is_all = all(done for _, done in cleaned.values())
    whole = packed({name: part for name, (part, _) in cleaned.items()})
    return Cleaned(whole, kind.mime, kind.extension, is_all, "" if is_all else "clean-left-part")


def is_kept(name: str) -> bool:
    """Whether a part of that name is kept."""
    return not LEFT_BEHIND.match(name.lstrip("/").lower())


def _part(name: str, content: bytes, clean_part: CleanPart) -> tuple[bytes, bool]:
    """The part without metadata, and whether that worked."""
    lower = name.lower()
    if lower.endswith(XML):
        return _xml(name, content)
    if lower.endswith(HARMLESS) or not content:
        return content, True
    try:
        cleaned = clean_part(content)
    except (Refused, Uncleanable) as reason:
        if isinstance(reason, Refused) and reason.sentence != "clean-broken":
            raise
        return content, False
    same = clean_part_keeps_kind(name, cleaned)
    return (cleaned.content, cleaned.cleaned) if same else (content, False)


def clean_part_keeps_kind(name: str, cleaned: Cleaned) -> bool:
    """A cleaner that makes another kind of file (HEIC to JPEG) would leave the part under a wrong name."""
    return posixpath.splitext(name.lower())[1] not in {".heic", ".heif", ".avif"} or cleaned.extension != ".jpg"


def _xml(name: str, content: bytes) -> tuple[bytes, bool]:
    try:
        return office_xml.copied(content, _rule(name)), True
    except Refused as refused:
        if name.lower().endswith(".vml") and refused.sentence == "clean-broken":  # Excel writes some that are no XML
            return content, False
        raise


def _rule(name: str) -> office_xml.Rule:
    if name == TYPES:
        return office_xml.types(is_kept, WITHOUT_MACROS)
    if name.endswith(".rels"):
        folder = posixpath.dirname(posixpath.dirname(name))
        return office_xml.relations(lambda target: is_kept(_absolute(folder, target)))
    return office_xml.quiet


def _absolute(folder: str, target: str) -> str:
    """The name of the part that a relationship of a part in `folder` points to."""
    return posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
