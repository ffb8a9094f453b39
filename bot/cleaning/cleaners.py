"""Which cleaner is for which kind of file. Runs in the worker (or in a test): this page loads the libraries."""

from __future__ import annotations

from collections.abc import Callable

from bot.cleaning import gif, heic, jpeg, media, office, pdf, png, webp
from bot.cleaning.archive import kind_of_archive, members
from bot.cleaning.cleaned import LARGEST, Cleaned, Refused, Uncleanable
from bot.cleaning.kind_of import kind_of
from bot.cleaning.kinds import Kind

SAME_KIND: dict[Kind, Callable[[bytes], bytes]] = {
    Kind.JPEG: jpeg.clean, Kind.PNG: png.clean, Kind.WEBP: webp.clean, Kind.GIF: gif.clean, Kind.PDF: pdf.clean,
}  # fmt: skip
OFFICE = frozenset({Kind.DOCX, Kind.XLSX, Kind.PPTX})
DRAWN_ANEW = frozenset({Kind.HEIC, Kind.AVIF})
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def clean(content: bytes) -> Cleaned:
    """The file without metadata, or as it was with a warning. Raises Refused."""
    if not content:
        raise Refused("clean-empty")
    if len(content) > LARGEST:
        raise Refused("clean-too-big")
    kind = kind_of(content)
    if kind is Kind.ZIP:
        kind = kind_of_archive(members(content))
    if kind is Kind.PROGRAM:
        raise Refused("clean-program")
    try:
        return _cleaned(content, kind)
    except Uncleanable as reason:
        return Cleaned(content, kind.mime, kind.extension, cleaned=False, warning=reason.warning)
    except MemoryError:
        raise Refused("clean-bomb") from None


def _cleaned(content: bytes, kind: Kind) -> Cleaned:
    if kind in OFFICE:
        return office.clean(content, kind, _embedded)
    if kind in DRAWN_ANEW:
        return _as(Kind.JPEG, heic.clean(content))
    if kind in SAME_KIND:
        return _as(kind, SAME_KIND[kind](content))
    if kind in media.READS:
        return _as(kind, media.clean(content, kind))
    if kind is Kind.TEXT:
        return _as(kind, content)
    raise Uncleanable(
        "clean-left-encrypted" if kind is Kind.OLE and ENCRYPTED_OFFICE in content else "clean-left-unknown"
    )


def _as(kind: Kind, content: bytes) -> Cleaned:
    return Cleaned(content, kind.mime, kind.extension, cleaned=True)


def _embedded(content: bytes) -> Cleaned:
    """What is embedded in an office file. Documents within documents are not followed."""
    kind = kind_of(content)
    if kind is Kind.PROGRAM:
        raise Refused("clean-program")
    return _cleaned(content, kind)
