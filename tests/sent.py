"""What people send in a transcript beside words: small real pictures and recordings, albums, positions."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache

import av

from bot.channels.channel import Sort
from tests.planted import jpeg

_SENT = re.compile(
    r"\((?:(?P<one>ảnh|ghi âm)|album (?P<many>\d+)|vị trí (?P<place>[\d.]+ [\d.]+))\)(?: (?P<caption>.+))?", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One or several files with the words that came along, or a position (latitude and longitude)."""

    files: tuple[tuple[bytes, Sort], ...] = ()
    position: tuple[float, float] | None = None
    caption: str = ""


def read_sent(text: str) -> Sent | None:
    """ "(ảnh)", "(ghi âm)", "(album 3)" or "(vị trí 22.53 104.29)" and a caption; None: these are words."""
    found = _SENT.fullmatch(text)
    if found is None:
        return None
    if found["place"]:
        latitude, longitude = map(float, found["place"].split())
        return Sent(position=(latitude, longitude))
    one: tuple[bytes, Sort] = (recording(), "sound") if found["one"] == "ghi âm" else (photo(), "photo")
    return Sent((one,) * int(found["many"] or 1), caption=found["caption"] or "")


@cache
def photo() -> bytes:
    """A small JPEG, full of what a camera tells."""
    return jpeg()


@cache
def recording() -> bytes:
    """Under a second of silence, as a phone records it: Opus in OGG."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as target:
        stream = target.add_stream("libopus", rate=48_000)
        for number in range(20):
            frame = av.AudioFrame(format=stream.format.name, layout=stream.layout.name, samples=960)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.sample_rate, frame.pts = 48_000, number * 960
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()
