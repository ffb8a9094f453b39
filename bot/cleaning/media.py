"""Film and sound: the streams are copied into a new container without title, place, time, names, pictures or subtitles.

Nothing is decoded. Of H.264 and H.265 the messages between the pictures (SEI) go too: dashboard cameras write their
position there. Needs PyAV (the extra `media`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from functools import reduce
from typing import Any

from bot.cleaning.cleaned import HOURS, STREAMS, Uncleanable, bomb, broken, check_pixels
from bot.cleaning.kinds import Kind

try:
    import av
    from av.bitstream import BitStreamFilterContext
    from av.stream import Disposition
except ImportError:  # the extra is not installed: what plays is kept as it is, and the reader is warned
    HAS_AV = False
else:
    HAS_AV = True

READS = {
    Kind.MP4: "mov", Kind.MOV: "mov", Kind.M4A: "mov", Kind.THREEGP: "mov", Kind.OGG: "ogg", Kind.MP3: "mp3",
    Kind.WAV: "wav", Kind.FLAC: "flac", Kind.AMR: "amr", Kind.AAC: "aac", Kind.MKV: "matroska", Kind.AVI: "avi",
}  # fmt: skip
"""The demuxer of each kind. It is named, never guessed: some demuxers (playlists) open other files."""

WRITES = READS | {
    Kind.MP4: "mp4", Kind.MOV: "mov", Kind.M4A: "ipod", Kind.THREEGP: "3gp", Kind.AAC: "adts",
}  # fmt: skip
OPTIONS = {"fflags": "+bitexact"}
MUXER = {Kind.MP3: {"id3v2_version": "0", "write_id3v1": "0", "write_xing": "0"}}
MESSAGES = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}
"""Bitstream filters that take SEI away (H.264, table 7-1; H.265, table 7-1)."""

HVCC_HEAD = 23
SEI_IN_HVCC = frozenset({39, 40})


def clean(content: bytes, kind: Kind) -> bytes:
    """The film or sound without metadata. Raises Uncleanable without PyAV, or for streams the container can't hold."""
    if not HAS_AV:
        raise Uncleanable("clean-left-no-media")
    with ExitStack() as stack:
        try:
            source = stack.enter_context(av.open(io.BytesIO(content), format=READS[kind]))
        except (av.FFmpegError, ValueError):
            raise broken() from None
        streams = list(_played(source))
        _check(source, streams)
        try:
            copied = _copied(source, streams, kind)
        except (av.FFmpegError, ValueError):
            raise Uncleanable from None
        if not copied:  # nothing that plays was found in it
            raise broken()
        return reduce(_without_messages, streams, copied)


def _played(source: Any) -> Iterator[Any]:
    """The streams that are seen or heard; a cover is not."""
    for stream in source.streams:
        if stream.type in {"video", "audio"} and not stream.disposition & Disposition.attached_pic:
            yield stream


def _check(source: Any, streams: list[Any]) -> None:
    if not streams:
        raise broken()
    duration = Fraction(source.duration or 0, av.time_base)
    if len(source.streams) > 4 * STREAMS or len(streams) > STREAMS or duration > HOURS * 3600:
        raise bomb()
    for stream in streams:
        if stream.codec_context is None:  # a codec that FFmpeg does not know
            raise Uncleanable
        if stream.type == "video":
            check_pixels(stream.width, stream.height)


def _copied(source: Any, streams: list[Any], kind: Kind) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=WRITES[kind], options=OPTIONS | MUXER.get(kind, {})) as target:
        pairs = {stream.index: _pair(target, stream) for stream in streams}
        for packet in source.demux(streams):
            if not packet.size:  # how a stream's end is told
                continue
            copy, messages = pairs[packet.stream.index]
            for one in messages.filter(packet) if messages else [packet]:
                one.stream = copy
                target.mux(one)
    return out.getvalue()


def _pair(target: Any, stream: Any) -> tuple[Any, Any]:
    """The stream's copy, and what takes the messages out of it."""
    copy = target.add_stream_from_template(stream, opaque=True)
    described = MESSAGES.get(stream.codec_context.name)
    return copy, BitStreamFilterContext(described, stream, copy) if described else None


def _without_messages(content: bytes, stream: Any) -> bytes:
    """The file without the messages in the stream's header, which stands in the file as it is and passes the filter."""
    header = stream.codec_context.extradata
    if stream.codec_context.name != "hevc" or not header:
        return content
    return content.replace(header, _quiet(header))


def _quiet(header: bytes) -> bytes:
    """An H.265 header (hvcC; ISO 14496-15, 8.3.3), its SEI overwritten with zeros; another header as it is."""
    if header[:1] != b"\x01" or len(header) < HVCC_HEAD:
        return header
    quiet, at = bytearray(header), HVCC_HEAD
    for _ in range(header[HVCC_HEAD - 1]):
        kind, count = header[at : at + 1], int.from_bytes(header[at + 1 : at + 3])
        at += 3
        for _ in range(count):
            length = int.from_bytes(header[at : at + 2])
            if kind and kind[0] & 0x3F in SEI_IN_HVCC:
                quiet[at + 4 : at + 2 + length] = bytes(max(0, length - 2))
            at += 2 + length
    return bytes(quiet[: len(header)])
