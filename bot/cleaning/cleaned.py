"""What comes of cleaning: bytes without metadata, bytes as they were with a warning, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest file that is taken."""

PIXELS = 100_000_000
"""A picture with more pixels is a bomb: decoded, it would fill a reader's memory."""

DRAWN_PIXELS = 64_000_000
"""The same for a picture that is drawn anew: of what telephones take, and what a worker's memory holds."""

ALL_PIXELS = 500_000_000
"""The same for all frames of an animation together."""

FRAMES = 2_000
UNPACKED = 200 * 1024 * 1024
"""Bytes that the members of an archive may have together."""

RATIO = 200
"""How many times larger than itself an archive may unpack; office files stay under 50."""

ENTRIES = 5_000
PAGES = 2_000
OBJECTS = 200_000
"""Objects of a PDF."""

STREAMS = 8
HOURS = 6


class Refused(Exception):
    """A file is not taken. `sentence` says to the citizen why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Uncleanable(Exception):
    """A file may be taken, but not be cleaned. `warning` says to the reader why."""

    def __init__(self, warning: str = "clean-left-unknown") -> None:
        super().__init__(warning)
        self.warning = warning


@dataclass(frozen=True)
class Cleaned:
    """A file as it may be kept. `extension` begins with a dot. Not `cleaned`: metadata may be left, and `warning` is
    the id of a sentence for the reader.
    """

    content: bytes
    mime: str
    extension: str
    cleaned: bool
    warning: str = ""


def broken() -> Refused:
    """The refusal of what is cut off or contradicts itself."""
    return Refused("clean-broken")


def bomb() -> Refused:
    """The refusal of what is small to send and huge to open."""
    return Refused("clean-bomb")


def check_pixels(width: int, height: int, frames: int = 1, most: int = PIXELS) -> None:
    """Raises Refused for a picture that is a bomb, or has no pixels."""
    if width < 1 or height < 1:
        raise broken()
    if width * height > most or frames > FRAMES or width * height * frames > ALL_PIXELS:
        raise bomb()
