"""PDF (ISO 32000): what the pages show is kept, what is told about the document and its makers is left behind.

Of the catalogue and of pages only what the lists allow is kept. From every other object go the keys of `TELLING`, in
whatever dictionary they sit. The file is written anew from what is still referred to: no old revision remains.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.settings import set_qpdf_limits

from bot.cleaning import jp2, jpeg
from bot.cleaning.cleaned import OBJECTS, PAGES, UNPACKED, Refused, Uncleanable, bomb, broken


def _names(listed: str) -> frozenset[str]:
    return frozenset("/" + name for name in listed.split())


CATALOGUE = _names("Type Version Pages PageLabels Names Dests PageLayout PageMode Outlines AcroForm OCProperties Lang")
PAGE = _names(
    "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots UserUnit Kids Count"
)
TELLING = _names("""
    Metadata PieceInfo LastModified Thumb AA OpenAction JS JavaScript EmbeddedFiles EF AF RF XFA CreationDate ModDate
    CreatorInfo Usage SpiderInfo OutputIntents StructParent StructParents Perms DSS PTEX.FileName PTEX.InfoDict
    PTEX.PageNumber PTEX.Fullbanner OPI Measure GeoSpatial LGIDict VP RichMediaContent RichMediaSettings 3DD Movie
    Sound ByteRange Cert Reason ContactInfo Location Prop_Build
""")
"""Keys that tell of makers, times, places, or that run, play or carry something else."""

ON_NOTES = _names("T M NM RC Subj Name")
"""Keys of an annotation that tell who wrote it and when. (/T of a form's field is the field's name, and stays.)"""

PLAYERS = _names("FileAttachment Sound Movie Screen 3D RichMedia TrapNet Projection")
QUIET_ACTIONS = _names("GoTo URI Named")
DRAWN = frozenset({Name.Font, Name.XObject, Name.ExtGState, Name.Pattern})
DRAWN_BY = _names("PatternType ShadingType FunctionType")
BROKEN = (pikepdf.PdfError, pikepdf.ForeignObjectError, RuntimeError, ValueError, TypeError, KeyError, AttributeError)
"""What pikepdf raises for a document that contradicts itself."""

DEVICE = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}


def clean(content: bytes) -> bytes:
    """The document without metadata. Raises Uncleanable for one that needs a password."""
    set_qpdf_limits(flate_max_memory=UNPACKED, run_length_max_memory=UNPACKED, png_max_memory=UNPACKED)
    try:
        with warnings.catch_warnings(), pikepdf.open(io.BytesIO(content)) as pdf:
            warnings.simplefilter("ignore")  # what pikepdf would tell a person who works on the document
            _strip(pdf)
            return _written(pdf)
    except pikepdf.PasswordError:
        raise Uncleanable("clean-left-encrypted") from None
    except BROKEN:
        raise broken() from None


def _strip(pdf: Pdf) -> None:
    if len(pdf.objects) > OBJECTS or len(pdf.pages) > PAGES:
        raise bomb()
    for key in [str(key) for key in pdf.trailer.keys() if key not in {"/Root", "/Size"}]:  # noqa: SIM118 - not a dict
        del pdf.trailer[key]
    _keep_only(pdf.Root, CATALOGUE)
    if isinstance(pdf.Root.get("/Names"), Dictionary):
        _keep_only(pdf.Root.Names, frozenset({"/Dests"}))
    for page in pdf.pages:
        _keep_only(page.obj, PAGE)
    for thing in pdf.objects:
        for one in _inside(thing):
            _strip_one(pdf, one)


def _written(pdf: Pdf) -> bytes:
    out = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,  # an /ID made of the content, not of the time
        encryption=False,
    )
    return out.getvalue()


def _keep_only(holder: Object, allowed: frozenset[str]) -> None:
    for key in [key for key in holder.keys() if key not in allowed]:  # noqa: SIM118 - not a dict
        del holder[key]


def _inside(thing: Object) -> Iterator[Object]:
    """The object, and every array and dictionary that stands in it and has no number of its own."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, (Dictionary, Stream)):
            yield one
            waiting += [value for _, value in one.items() if _is_part(value)]
        elif isinstance(one, Array):
            yield one
            waiting += [value for value in one.as_list() if _is_part(value)]


def _is_part(value: object) -> bool:
    return isinstance(value, (Dictionary, Array)) and not value.is_indirect


def _strip_one(pdf: Pdf, one: Object) -> None:
    if isinstance(one, Array):
        for index, value in enumerate(one.as_list()):
            if _is_profile(value):
                one[index] = _device(value)
        return
    keys = [str(key) for key in one.keys()]  # noqa: SIM118 - not a dict
    for key in keys:
        if (key in TELLING and not _is_drawn(one[key])) or key.startswith("/AAPL:"):
            del one[key]
        elif _is_profile(one[key]):
            one[key] = _device(one[key])
    _strip_note(one)
    _strip_action(one)
    if isinstance(one, Stream):
        _strip_stream(pdf, one)


def _is_drawn(value: object) -> bool:
    """Whether it is a font, a picture or a pattern: among a page's resources it may bear any name, even one of ours."""
    return isinstance(value, (Dictionary, Stream)) and (
        value.get("/Type") in DRAWN
        or value.get("/Subtype") in {Name.Image, Name.Form}
        or not DRAWN_BY.isdisjoint(value.keys())
    )


def _strip_note(one: Object) -> None:
    if isinstance(one.get("/Annots"), Array):
        for index in reversed(range(len(one.Annots))):
            note = one.Annots[index]
            if not isinstance(note, Dictionary) or str(note.get("/Subtype")) in PLAYERS:
                del one.Annots[index]
    if "/Rect" in one and "/Subtype" in one and one.get("/Subtype") != Name.Widget:
        for key in ON_NOTES & set(one.keys()):
            del one[key]
    if one.get("/FT") == Name.Sig and "/V" in one:
        del one["/V"]
    if one.get("/Type") in {Name.Sig, Name.DocTimeStamp}:
        _keep_only(one, frozenset({"/Type"}))


def _strip_action(one: Object) -> None:
    """Takes away what runs, opens or sends something when it is pressed; links stay."""
    action = one.get("/A")
    if isinstance(action, Dictionary) and "/S" in action and str(action.S) not in QUIET_ACTIONS:
        del one["/A"]
    if "/Next" in one and str(one.get("/S")) in QUIET_ACTIONS:
        del one["/Next"]


def _is_profile(value: object) -> bool:
    return isinstance(value, Array) and len(value) == 2 and value[0] == Name.ICCBased  # noqa: PLR2004 - name, stream


def _device(value: Object) -> Object:
    """The plain colour space with as many channels as the profile's."""
    return DEVICE.get(int(value[1].get("/N", 3)), Name.DeviceRGB)


def _strip_stream(pdf: Pdf, stream: Stream) -> None:
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, Name) else [Name(str(one)) for one in filters or ()]
    cleaner = {"/DCTDecode": _jpeg, "/DCT": _jpeg, "/JPXDecode": jp2.clean}.get(str(names[-1]) if names else "")
    if cleaner is None:
        return
    parameters = stream.get("/DecodeParms")
    last = parameters[-1] if isinstance(parameters, Array) else parameters
    raw = stream.read_raw_bytes() if len(names) == 1 else _unwrapped(pdf, stream, names[:-1])
    try:
        stream.write(cleaner(raw), filter=names[-1], decode_parms=last if isinstance(last, Dictionary) else None)
    except Refused as refused:
        raise _in_document(refused) from None


def _unwrapped(pdf: Pdf, stream: Stream, names: list[Name]) -> bytes:
    """What is left of a stream when all filters but the last are undone."""
    return Stream(pdf, stream.read_raw_bytes(), Filter=Array(names)).read_bytes()


def _jpeg(content: bytes) -> bytes:
    return jpeg.clean(content, keep_orientation=False)


def _in_document(refused: Refused) -> Exception:
    """One broken picture is no reason to refuse a document; then it can't be cleaned, and the reader is warned."""
    return refused if refused.sentence == "clean-bomb" else Uncleanable()
