"""An operator's recordings of what we say, as the pages play them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.channels.web.problem import plain

_NAME = re.compile(r"[a-z0-9-]{1,60}/[a-z0-9-]{1,60}")
_TYPES = {".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}


@dataclass(frozen=True)
class Recordings:
    """The folder of the recordings, "hmong/tip-what.ogg" and so on; None where there are none."""

    folder: Path | None = None

    def find(self, sound: str) -> Path | None:
        """The file of a recording ("hmong/tip-what"), in whichever form there is."""
        if self.folder is None or not _NAME.fullmatch(sound):
            return None
        return next((path for kind in _TYPES if (path := self.folder / f"{sound}{kind}").is_file()), None)

    async def play(self, request: Request) -> Response:
        """One recording; a part of it where the browser asks for a part."""
        path = self.find(f"{request.path_params['folder']}/{request.path_params['name']}")
        if path is None:
            raise plain(404)
        return FileResponse(path, media_type=_TYPES[path.suffix])
