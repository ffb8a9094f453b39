"""Which network an address is of: what limits count by where an address itself says too much or too little."""

from __future__ import annotations

import ipaddress

_LONGEST = 100
"""Characters of an address with port and zone; more is not looked at."""

_V4, _V6 = 24, 48
"""Bits of a prefix: what a customer of a carrier is given at the most, so that having many addresses gains nothing."""


def prefix(address: str) -> str:
    """The network prefix of an IP address ("203.0.113.0/24", "2001:db8:7::/48"); "" for what is no address.

    A port ("203.0.113.9:443", "[2001:db8::1]:443") and a zone ("fe80::1%eth0") are left out; an IPv4 address written
    as IPv6 ("::ffff:203.0.113.9") is the IPv4 address.
    """
    try:
        ip = ipaddress.ip_address(_bare(address))
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    bits = _V4 if isinstance(ip, ipaddress.IPv4Address) else _V6
    return str(ipaddress.ip_network(f"{ip}/{bits}", strict=False))


def _bare(address: str) -> str:
    """The address without port, brackets and zone. Raises ValueError for what has too much of anything."""
    address = address.strip()
    if len(address) > _LONGEST:
        raise ValueError("no address is that long")
    if address.startswith("["):
        address, closed, port = address[1:].partition("]")
        _check_port(port.removeprefix(":") if port else "0" if closed else "")
    elif address.count(":") == 1:
        address, _, port = address.partition(":")
        _check_port(port)
    return address.partition("%")[0]


def _check_port(port: str) -> None:
    if not (port.isascii() and port.isdecimal()):
        raise ValueError("no port")
