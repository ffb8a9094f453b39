"""Film and sound are copied packet by packet, and lose what is told about them."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from fractions import Fraction

import av
import pytest
from demo_process import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import MARKER, TEXT, archive, found

from bot.cleaning import Refused, clean
from bot.cleaning import media as media_cleaner
from bot.cleaning.kind_of import kind_of

TOLD = {
    "title": TEXT,
    "location": f"+21+105/{TEXT}",
    "comment": TEXT,
    "artist": TEXT,
    "creation_time": "2024-05-06T07:08:09Z",
}
SAMPLES = 48_000
QUIET_X265 = {"x265-params": "log-level=none"}
KINDS = [
    ("mp4", "libx264", "aac", "video/mp4"), ("mp4", "libx265", "aac", "video/mp4"), ("mp4", "mpeg4", None, "video/mp4"),
    ("mov", "libx264", "aac", "video/quicktime"), ("3gp", "libx264", "aac", "video/3gpp"),
    ("ipod", None, "aac", "audio/mp4"), ("mp3", None, "libmp3lame", "audio/mpeg"),
    ("ogg", None, "libopus", "audio/ogg"), ("ogg", None, "flac", "audio/ogg"),
    ("wav", None, "pcm_s16le", "audio/wav"), ("flac", None, "flac", "audio/flac"), ("adts", None, "aac", "audio/aac"),
    ("matroska", "libx264", "aac", "video/x-matroska"), ("webm", "libvpx", "libopus", "video/x-matroska"),
    ("avi", "mpeg4", "libmp3lame", "video/x-msvideo"),
]  # fmt: skip


def made(form: str, film: str | None, sound: str | None) -> bytes:
    """Under a second of black and silence, with a marker in the container and in each stream."""
    out = io.BytesIO()
    with av.open(out, "w", format=form, options={"movflags": "use_metadata_tags"} if form == "mp4" else {}) as target:
        target.metadata.update(TOLD)
        streams = []
        if film:
            stream = target.add_stream(film, rate=10, options=QUIET_X265 if film == "libx265" else {})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            streams.append(stream)
        if sound:
            streams.append(target.add_stream(sound, rate=SAMPLES))
        for stream in streams:
            stream.metadata.update({"title": TEXT, "handler_name": TEXT, "comment": TEXT})
        for stream in streams:
            for frame in pictures() if stream.type == "video" else sounds(stream):
                target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
    return out.getvalue()


def pictures():
    for number in range(10):
        frame = av.VideoFrame(64, 48, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.pts, frame.time_base = number, Fraction(1, 10)
        yield frame


def sounds(stream):
    size = stream.codec_context.frame_size or 960
    for number in range(20):
        frame = av.AudioFrame(format=stream.format.name, layout=stream.layout.name, samples=size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = SAMPLES, number * size
        yield frame


def packets(content: bytes) -> list[tuple[int, str, int]]:
    """How many packets each stream has, of which codec, and how many pictures or sounds they decode to."""
    form = media_cleaner.READS[kind_of(content)]
    told = []
    with av.open(io.BytesIO(content), format=form) as source:
        count = len(source.streams)
    for index in range(count):
        with av.open(io.BytesIO(content), format=form) as source:
            stream = source.streams[index]
            all_of = [packet for packet in source.demux(stream) if packet.size]
            source.seek(0)
            told.append((len(all_of), stream.codec_context.name, sum(1 for _ in source.decode(stream))))
    return told


@pytest.mark.parametrize(("form", "film", "sound", "mime"), KINDS)
def test_media_keep_their_streams_and_nothing_else(form, film, sound, mime):
    """No title, place, time, comment or name is left, and as many packets decode to as many pictures and sounds."""
    planted = made(form, film, sound)
    cleaned = clean(planted)
    assert found(planted) > 0 or form == "adts"
    assert found(cleaned.content) == 0
    assert (cleaned.mime, cleaned.cleaned, cleaned.warning) == (mime, True, "")
    assert packets(cleaned.content) == packets(planted)
    for word in (b"2024", b"x264", b"x265", b"\xa9xyz", b"loci", b"Lavf6"):
        assert word not in cleaned.content
    assert clean(planted).content == cleaned.content


def test_a_film_stays_the_right_way_up():
    """How a telephone was held is kept with a film, as with a picture."""
    planted = bytearray(made("mp4", "libx264", None))
    turned = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    at = planted.index(b"tkhd") + 44
    planted[at : at + 36] = turned
    cleaned = clean(bytes(planted)).content
    assert turned in cleaned


def test_what_stands_behind_or_between_is_left_behind():
    """An archive behind a film, a place beside it, a tag and a cover on a song."""
    film = made("mp4", "libx264", "aac")
    place = (
        struct.pack(">I4s", 8 + len(MARKER), b"free")
        + MARKER
        + struct.pack(">I4s", 24 + len(MARKER), b"uuid")
        + bytes(16)
    )
    song = made("mp3", None, "libmp3lame")
    tag = (b"TAG" + MARKER * 20)[:128]
    assert found(clean(film + place + MARKER + archive({"a": MARKER})).content) == 0
    assert found(clean(song + b"APETAGEX" + MARKER * 4 + tag).content) == 0


def test_a_broken_film_is_refused():
    """What has no stream that plays is refused."""
    film = made("mp4", "libx264", None)
    for broken in (film[:200], b"OggS" + bytes(100), b"fLaC" + MARKER * 9, b"ID3\3" + bytes(60)):
        with pytest.raises(Refused) as refused:
            clean(broken)
        assert refused.value.sentence == "clean-broken"


WITHOUT = """
import sys
sys.modules["av"] = None
from bot.cleaning import clean
cleaned = clean(sys.stdin.buffer.read())
print(cleaned.cleaned, cleaned.warning, cleaned.extension)
"""


def test_without_the_extra_media_are_kept_with_a_warning():
    """Where PyAV is not installed, everything else works, and the reader is told."""
    film = made("mp4", "mpeg4", None)
    told = subprocess.run([sys.executable, "-c", WITHOUT], input=film, capture_output=True, cwd=ROOT, check=True).stdout
    assert told.decode().split() == ["False", "clean-left-no-media", ".mp4"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([made("mp4", "libx264", "aac"), made("ogg", None, "libopus"), made("matroska", "libx264", "aac")]),
    st.data(),
)
def test_damaged_media_are_answered(planted, data):
    """A few bytes changed anywhere: cleaned, kept with a warning, or refused; never another error."""
    damaged = bytearray(planted)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(planted) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert clean(bytes(damaged)).content
    except Refused as refused:
        assert refused.sentence.startswith("clean-")  # noqa: PT017 - either is right
