"""Where a request comes from: kept as a hash of this hour only, to slow down who guesses, and used for nothing else."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.domain.network import prefix

LOOK = 60.0
"""Seconds between two looks whether the key's hour is over."""

ONION = "onion"
"""The network of all who come by the onion address: there is no telling them apart."""


@dataclass(eq=False)
class Visitors:
    """`proxies`: how many of the operator's proxies stand before us. `onion`: the address in Tor, "http://….onion"."""

    token: Callable[[], str]
    now: Callable[[], datetime]
    proxies: int = 0
    onion: str = ""
    _key: bytes = field(default=b"", init=False, repr=False)
    _hour: datetime | None = field(default=None, init=False)

    def network(self, request: Request) -> str:
        """A hash of the network prefix under a key of the hour, which was never stored; "onion"; "" for no address."""
        address = self._address(request)
        if self.by_onion(request) and (_is_this_machine(address) or _is_this_machine(_peer(request))):
            return ONION  # whatever they wrote of where they come from: Tor adds nothing to it and takes nothing away
        network = prefix(address)
        return hmac.digest(self._key_now(), network.encode(), "sha256").hex()[:32] if network else ""

    def by_onion(self, request: Request) -> bool:
        """Whether the onion address is what they typed. Anybody may say so: what counts attempts asks for more."""
        return bool(self.onion) and request.headers.get("host", "").lower() == urlsplit(self.onion).netloc

    def onion_location(self, request: Request) -> str:
        """Where this page is in Tor; empty where there is no such place, or where they are there already."""
        if not self.onion or self.by_onion(request) or request.method not in ("GET", "HEAD"):
            return ""
        path = request.scope.get("raw_path", b"/").partition(b"?")[0].decode("latin-1")
        query = request.scope.get("query_string", b"").decode("latin-1")
        return f"{self.onion}{path}{f'?{query}' if query else ''}"

    def _address(self, request: Request) -> str:
        """The socket's other end, or what the outermost proxy of ours saw; whatever stands left of it was made up."""
        seen = ",".join(request.headers.getlist("x-forwarded-for")).split(",") if self.proxies else []
        if self.proxies and len(seen) >= self.proxies and seen[-self.proxies].strip():
            return seen[-self.proxies].strip()
        return _peer(request)

    async def forget_in_time(self) -> None:
        """Forgets the key of an hour that is over, though nobody comes; until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            self.forget()

    def forget(self) -> None:
        """Without the key, what an hour's hashes were made of can't be found by trying all addresses."""
        if self._hour != self._this_hour():
            self._hour, self._key = None, b""

    def _key_now(self) -> bytes:
        hour = self._this_hour()
        if hour != self._hour:
            self._hour, self._key = hour, self.token().encode()
        return self._key

    def _this_hour(self) -> datetime:
        return self.now().replace(minute=0, second=0, microsecond=0)


def _peer(request: Request) -> str:
    """The socket's other end."""
    return request.client.host if request.client else ""


def _is_this_machine(address: str) -> bool:
    """Where Tor runs: a visitor from elsewhere who merely says the onion's name is counted by where they are."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
