"""The marks of those who tell tips: canaries in all that a platform or a person gives away, and in every word and file.

Nothing here is anybody's: no account, number or address of these is in use.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import av
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.planted import MARKER, TEXT, jpeg, picture, segment

Marks = dict[str, "str | bytes"]


@dataclass(frozen=True)
class Account:
    """All that tells one person from another, on any channel."""

    sender: str
    chat: str
    first: str
    last: str
    username: str
    phone: str
    token: str
    address: str
    agent: str

    def marks(self, channel: str) -> Marks:
        """What of it that channel is given."""
        match channel:
            case "web":
                network = self.address.rpartition(".")[0] + "."
                return {"cookie": self.token, "token": self.token[2:], "address": self.address, "network": network,
                        "browser": self.agent}  # fmt: skip
            case "telegram":
                return {"sender": self.sender, "name": self.first, "last": self.last, "username": self.username,
                        "phone": self.phone}  # fmt: skip
        return {"sender": self.sender, "chat": self.chat, "name": self.first, "last": self.last,
                "message": self.number("")}  # fmt: skip

    def number(self, of: object) -> str:
        """A message's number on the script channel."""
        return f"msg{self.sender[::-1]}x{of}"


TELLER = Account("7402913586", "8391047265", "Zephyrina", "Quanglockhoa", "zephyrquang_88", "+84917340286",
                 "c.Kx7Canary-token_of_the_cookie42", "127.83.41.97", "Kestrelbrowser/9.7")  # fmt: skip
OTHER = Account("6920485137", "9153720468", "Wilhelmtine", "Ngocbichvan", "wilhelm_ngoc_7", "+84936815024",
                "c.Qm4Other-secret_of_a_second_phone", "127.92.167.53", "Ospreybrowser/4.2")  # fmt: skip
"""Who tells the tip, and the account from which the same person comes back with the receipt."""

PLACES = ("Xyloquarz", "Thủy Nguyệt Đình", "0987123465")
WORDS = "Có người bán ma tuý ở quán {}, cạnh cầu {}, xin gọi {}.".format(*PLACES)
EDITED = "Tôi nhớ nhầm, quán tên là Dravonyxum."
ADDED = "Nó có thêm kho ở xóm Brixelhaven."
ASKED = "Bạn cho biết biển số xe ở Fenstermoor được không?"
CAPTION = "Cổng nhà Hjalmarquist nhìn từ đường"
NAME = "nha-cua-Krombolzky.jpg"
SPOKEN: Marks = {
    **{f"the tip's words {n}": word for n, word in enumerate(PLACES, 1)},
    "edited words": "Dravonyxum",
    "added words": "Brixelhaven",
    "the desk's words": "Fenstermoor",
    "a caption": "Hjalmarquist",
    "a file's name": "Krombolzky",
}

POSITION = (22.5374861, 104.2861357)
COMMUNE = "Xã Bắc Hà"
PLACED: Marks = {
    "latitude": str(POSITION[0])[:9],
    "longitude": str(POSITION[1])[:10],
    **{f"degrees {at:.0f}, packed {way}": struct.pack(way, at) for at in POSITION for way in ("<d", ">d")},
    **{f"both, packed {way}": struct.pack(way, *POSITION) for way in ("<ff", ">ff")},
}  # fmt: skip
"""A shared position, as text cut to six places (four stand in many a time of day) and as numbers."""

_GPS = (7_654_321, 1_234_567)
_XMP_GPS = "22,32.249166N"
HIDDEN: Marks = {
    "metadata": TEXT,
    "metadata's position": _XMP_GPS,
    **{f"GPS, packed {way}": struct.pack(way, *_GPS) for way in ("<II", ">II")},
}
"""What a camera or a phone writes into a file beside what is seen and heard."""


@cache
def photo(width: int = 320) -> bytes:
    """A JPEG with a marker in every place for one, and a position in EXIF and XMP."""
    block = Image.Exif()
    block.get_ifd(0x8825).update({1: "N", 2: (IFDRational(*_GPS),) * 3})
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><exif:GPSLatitude>" + _XMP_GPS.encode() + b"</exif:GPSLatitude>"
    plain = jpeg(picture(width, width * 3 // 4))
    told = segment(0xE1, b"Exif\0\0" + block.tobytes().removeprefix(b"Exif\0\0")) + segment(0xE1, xmp)
    return plain[:2] + told + plain[2:]


@cache
def voice() -> bytes:
    """A fifth of a second of silence, with a marker."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as target:
        target.metadata["title"] = TEXT
        stream = target.add_stream("libopus", rate=48_000)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=9_600)
        frame.sample_rate = 48_000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


PHOTO, SMALL = photo(), photo(32)
"""One whose sealed body is a file of its own, and one whose body stays in the database."""


def pixels(content: bytes) -> bytes:
    """Some of what a picture shows: cleaning keeps it as it is."""
    _, _thumbnail, scan, *_ = content.split(b"\xff\xda")
    return scan[40:64]


def seen(photos: Mapping[str, bytes]) -> Marks:
    return {f"what {name} shows": pixels(content) for name, content in photos.items()}


assert MARKER in PHOTO
