"""Where a request comes from: a hash of this hour, one name for all who come through Tor, and nothing anywhere else."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta

import httpx
import pytest
from test_web import NOW, at_house

from bot.config import ConfigError, read_config

HOST = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"
ONION = f"http://{HOST}"
SEEN = {"x-forwarded-for": "203.0.113.9"}


async def network(house, *, headers=None, peer="198.51.100.7"):
    """What the house hears as the network of somebody at `peer`."""
    transport = httpx.ASGITransport(house.web.app, client=(peer, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url="https://tinbao.test", headers=headers) as client:
        key = f"key-of-a-form-{len(house.heard):06}"
        form = {"text": "a", "key": key, "fresh": "c.abcdefghijklmnopqrstuvwxyz"}
        answer = await client.post("/say", data=form)
        assert answer.status_code == 303
    return house.heard[-1].network


def test_a_network_is_the_same_for_an_hour(tmp_path):
    """Neighbours of one prefix are one network, others are not; in the next hour, and after a restart, the same visitor
    has another hash, and none of them holds the address.
    """
    instant = [NOW]

    async def tell(house):
        first = await network(house)
        assert re.fullmatch("[0-9a-f]{32}", first)
        assert await network(house, peer="198.51.100.200") == first
        assert await network(house, peer="198.51.101.7") != first
        assert await network(house, peer="::ffff:198.51.100.8") == first
        six = await network(house, peer="2001:db8:7:1::1")
        assert await network(house, peer="2001:db8:7:2::9") == six != first
        instant[0] = NOW + timedelta(minutes=59)
        assert await network(house) == first
        instant[0] = NOW + timedelta(minutes=60)
        second = await network(house)
        instant[0] = NOW
        tell.seen.add(first)
        assert len({first, second, six, await network(house)}) == 4
        assert not [one for one in house.heard if re.search(r"198\.51|2001:db8", repr(one))]
        assert await network(house, peer="testclient") == ""

    tell.seen = set()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        at_house(tmp_path / folder, tell, now=lambda: instant[0])
    assert len(tell.seen) == 2


def test_the_hour_s_key_is_forgotten_in_time(tmp_path, monkeypatch):
    """When its hour is over the key goes, though no visitor comes; before, it stays."""
    monkeypatch.setattr("bot.channels.web.visitors.LOOK", 0.01)
    instant = [NOW]

    async def tell(house):
        await network(house)
        visitors = house.web.visitors
        key = visitors._key
        instant[0] = NOW + timedelta(minutes=59)
        await asyncio.sleep(0.1)
        assert visitors._key == key != b""
        instant[0] = NOW + timedelta(minutes=60)
        async with asyncio.timeout(10):
            while visitors._key:
                await asyncio.sleep(0.01)

    at_house(tmp_path, tell, now=lambda: instant[0])


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counts"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "10.9.9.9,, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "", "198.51.100.7"),
    ],
)
def test_only_what_our_own_proxies_saw_counts(tmp_path, proxies, forwarded, counts):
    """The address is what the outermost of the operator's proxies saw; what a visitor writes before it is no use."""

    async def tell(house):
        told = await network(house, headers={"x-forwarded-for": forwarded})
        house.web.visitors.proxies = 0
        assert told == await network(house, peer=counts)

    at_house(tmp_path, tell, proxies=proxies)


def test_two_lines_of_a_header_are_one(tmp_path):
    """A second X-Forwarded-For line, which a proxy may add, stands to the right of the first."""

    async def tell(house):
        headers = [("x-forwarded-for", "10.9.9.9"), ("x-forwarded-for", "203.0.113.9")]
        told = await network(house, headers=headers)
        house.web.visitors.proxies = 0
        assert told == await network(house, peer="203.0.113.9")

    at_house(tmp_path, tell, proxies=1)


def test_all_who_come_through_tor_are_one(tmp_path):
    """By the onion address everybody's network is "onion", whatever they write of where they come from: but only from
    Tor on this machine or on the proxy's. Who merely says that name from elsewhere is counted by where they are.
    """

    async def tell(house):
        by_onion = {"host": HOST}
        assert await network(house, headers=by_onion, peer="127.0.0.1") == "onion"
        assert await network(house, headers={"host": HOST.upper()}, peer="::1") == "onion"
        assert await network(house, headers=by_onion) != "onion"
        assert await network(house, headers=by_onion | SEEN, peer="127.0.0.1") == "onion"
        assert await network(house, headers=by_onion | SEEN, peer="::ffff:127.0.0.1") == "onion"
        assert await network(house, headers=by_onion | SEEN) != "onion"
        assert await network(house, headers=by_onion | {"x-forwarded-for": "127.0.0.1, 203.0.113.9"}) != "onion"
        assert await network(house, headers=by_onion | {"x-forwarded-for": "127.0.0.1"}, peer="127.0.0.1") == "onion"
        assert await network(house, headers={"host": "tinbao.test"}, peer="127.0.0.1") != "onion"

    at_house(tmp_path, tell, proxies=1, onion=ONION)


def test_tor_browser_is_told_of_the_onion_address(tmp_path):
    """Every page tells its own place in Tor; nothing else does, nor a page that is read there, nor without one."""

    async def tell(house):
        for path in ("/", "/?lang=en", "/r/binh", "/nowhere"):
            assert (await house.get(path)).headers["onion-location"] == ONION + path
        for path in ("/static/page.css", "/source", "/events"):
            assert "onion-location" not in (await house.get(path)).headers
        assert "onion-location" not in (await house.get("/", headers={"host": HOST})).headers
        assert "onion-location" not in (await house.post("/say", {"text": "a"})).headers
        odd = await house.get("/%0d%0aset-cookie:x?a=%0d%0ab")
        assert odd.headers["onion-location"] == f"{ONION}/%0d%0aset-cookie:x?a=%0d%0ab"

    at_house(tmp_path, tell, onion=ONION)

    async def without(house):
        assert "onion-location" not in (await house.get("/")).headers

    at_house(tmp_path, without)


@pytest.mark.parametrize(("host", "is_secure"), [("tinbao.test", True), (HOST, False), (f"{HOST}.evil.test", True)])
def test_the_cookie_works_over_the_onion_address(tmp_path, host, is_secure):
    """An onion address has no https: the cookie is not kept for it there, and is everywhere else."""

    async def tell(house):
        form = await house.form("/")
        house.client.cookies.clear()
        answer = await house.post("/say", form, headers={"host": host})
        assert ("Secure" in answer.headers["set-cookie"].split("; ")) == is_secure

    at_house(tmp_path, tell, secure=True, onion=ONION)


@pytest.mark.parametrize("host", ["evil.test", "evil.test:99", "", "a b", "tinbao.test@evil.test", "<script>"])
def test_a_made_up_host_is_told_to_nobody(tmp_path, host):
    """Whatever host a request names, it stands on no page, in no header and in no address we lead to."""

    async def tell(house):
        for path in ("/", "/r/binh", "/nowhere"):
            answer = await house.get(path, headers={"host": host})
            for part in (answer.text, repr(answer.headers)):
                assert "evil" not in part
                assert "<script>" not in part
        answer = await house.post("/say", await house.form("/"), headers={"host": host})
        assert answer.headers["location"] == "/#end"
        foreign = {"host": "tinbao.test", "origin": "https://evil.test"}
        assert (await house.post("/r/binh/say", {"text": "a", "key": "k" * 20}, headers=foreign)).status_code == 403

    at_house(tmp_path, tell, onion=ONION)


def test_an_address_is_in_no_log(tmp_path, caplog):
    """At DEBUG neither the address, nor what a proxy told, nor the hash of it is in a log line."""
    caplog.set_level(logging.DEBUG)

    async def tell(house):
        tell.network = await network(house, headers=SEEN)
        house.fails = True
        await house.post("/r/binh/say", {"text": "a", "key": "k" * 20}, headers=SEEN)

    at_house(tmp_path, tell, proxies=1)
    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore")))
    assert "a turn failed" in ours
    assert not [one for one in ("203.0.113", "198.51.100", tell.network) if one in ours]


@pytest.mark.parametrize(
    "line",
    ["proxies = -1", "proxies = 10", 'proxies = "1"', 'onion = "https://a.onion"', f'onion = "{ONION}/"',
     'onion = "http://short.onion"', f'onion = "{HOST}"'],
)  # fmt: skip
def test_odd_config_is_refused(tmp_path, line):
    """A number of proxies or an onion address that can't be one is an error that names its key."""
    (tmp_path / "config.toml").write_text(f"[web]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        read_config(tmp_path / "config.toml")
    assert told.value.values["key"] == f"web.{line.split()[0]}"
    (tmp_path / "config.toml").write_text(f'[web]\nproxies = 2\nonion = "{ONION}"\n', encoding="utf-8")
    assert read_config(tmp_path / "config.toml").web.onion == ONION
