"""Listening on a port, and serving an app until cancelled."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


def listen(host: str, port: int, *, or_next: int = 20) -> socket.socket:
    """A socket on the port, or on the next free one of `or_next` more; `port_of` says which. Raises OSError."""
    for candidate in range(port, port + or_next + 1):
        try:
            return socket.create_server((host, candidate), family=_family(host), backlog=512)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == port + or_next:
                raise
    raise AssertionError("the loop returns or raises")


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


async def serve(app: ASGIApp, listener: socket.socket, *, stopping: Callable[[], None] | None = None) -> None:
    """Serves until cancelled; then calls `stopping`, lets running answers end (at most 2 s) and closes the socket."""
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # no address of a visitor is ever written down
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        if stopping:
            stopping()
        await serving


class _Server(uvicorn.Server):
    """Leaves signals alone: whoever runs the loop decides when everything ends."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
