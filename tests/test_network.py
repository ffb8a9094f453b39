"""The network prefix of an address: the same for neighbours, however the address is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.network import prefix


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("203.0.113.9:443", "203.0.113.0/24"),
        (" 203.0.113.9 ", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("::ffff:cb00:7109", "203.0.113.0/24"),
        ("[::ffff:203.0.113.9]:8080", "203.0.113.0/24"),
        ("2001:db8:7:1::5", "2001:db8:7::/48"),
        ("2001:0DB8:0007:ffff:ffff:ffff:ffff:ffff", "2001:db8:7::/48"),
        ("[2001:db8:7::1]:443", "2001:db8:7::/48"),
        ("[2001:db8:7::1]", "2001:db8:7::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("[fe80::1%eth0]:80", "fe80::/48"),
        ("::1", "::/48"),
        ("127.0.0.1", "127.0.0.0/24"),
    ],
)
def test_an_address_is_of_its_network(address, expected):
    """IPv4 by its first 24 bits, IPv6 by its first 48; port, zone and writing make no difference."""
    assert prefix(address) == expected


@pytest.mark.parametrize(
    "garbage",
    [
        "", "unknown", "_hidden", "203.0.113", "203.0.113.9:", "203.0.113.9:http", "203.0.113.256", "0203.0.113.9", "1",
        "203.0.113.0/24", "203.0.113.9, 198.51.100.1", "2001:db8::1:::", "[2001:db8::1", "[2001:db8::1]443x",
        "[203.0.113.9", "[", "[]", ":", "%", "::1/48", "\x00", "\ud800", "٢٠٣.0.113.9", "203.0.113.9:٤٤٣",
        "9" * 100_000, "[::1]" + ":" * 100_000,
    ],
)  # fmt: skip
def test_garbage_has_no_network(garbage):
    """What is no address has no prefix, and is no error."""
    assert prefix(garbage) == ""


@given(st.one_of(st.text(max_size=60), st.text("0123456789abcdef.:%[]/", max_size=60)))
def test_nothing_breaks_it(text):
    """Whatever a proxy hands on, the answer is a network or nothing."""
    found = prefix(text)
    assert found == "" or str(ipaddress.ip_network(found)) == found


@given(st.ip_addresses(v=4), st.integers(0, 255), st.integers(0, 65_535))
def test_neighbours_share_a_prefix(ip, last, port):
    """Addresses that differ in their last byte are of one network, with or without port, also written as IPv6."""
    neighbour = ipaddress.ip_address((int(ip) & ~255) | last)
    assert prefix(str(ip)) == prefix(f"{neighbour}:{port}") == prefix(f"[::ffff:{neighbour}]:{port}") != ""


@given(st.ip_addresses(v=6, network="2000::/3"), st.integers(0, 2**80 - 1), st.integers(1, 2**16 - 1))
def test_a_customer_of_ipv6_is_one_network(ip, below, other):
    """All that lies below 48 bits is one network; what differs above is another."""
    neighbour = ipaddress.ip_address((int(ip) >> 80 << 80) | below)
    assert prefix(str(ip)) == prefix(f"[{neighbour}]:1")
    assert prefix(str(ip)) != prefix(str(ipaddress.ip_address(int(ip) ^ (other << 80))))
