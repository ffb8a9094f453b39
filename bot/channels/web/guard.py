"""What holds for every answer: the headers, and that no failure says more than where it happened."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; "
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}


class Guard:
    """Stands around the app. `framed`: our own pages may show our rooms in frames (the demo). `onion_location`: where
    the page that is asked for is in Tor, if it is.
    """

    def __init__(self, app: ASGIApp, *, framed: bool, onion_location: Callable[[Request], str]) -> None:
        self._app = app
        self._onion_location = onion_location
        frames = "frame-src 'self'; frame-ancestors 'self'" if framed else "frame-ancestors 'none'"
        self._headers = {**_HEADERS, "Content-Security-Policy": _POLICY + frames}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if headers.get("content-type", "").startswith("text/html") and (
                    location := self._onion_location(Request(scope))
                ):
                    headers["Onion-Location"] = location
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except ClientDisconnect:
            pass  # they closed the page
        except Exception as error:  # noqa: BLE001 - whatever it is, the log must not hold its words
            log_failure("a page", error)


def log_failure(what: str, error: Exception) -> None:
    """Says which kind of failure, and where; never its message, which may hold somebody's words."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
    _log.error("%s failed: %s at %s", what, type(error).__name__, where)
