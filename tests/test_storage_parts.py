"""Parts of tips, sealed files, traces for erasing, subscribers; and that a tip only stands where it can stand."""

from __future__ import annotations

import asyncio
import resource
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, insert, select
from stored import NOW, whole

from bot import chance
from bot.domain.tip import Outcome, TipKind, TipLine, TipState, Urgency, WrongMove
from bot.storage import tables
from bot.storage.contents import Header, pack, unpack
from bot.storage.database import Database, open_database
from bot.storage.files import Files
from bot.storage.keys import Keyring
from bot.storage.seal import SealBroken, SealedTip, Vault, open_tip, seal_tip
from bot.storage.subscribers import Subscriber, Subscribers
from bot.storage.tip_parts import (
    SHOWN,
    Part,
    PartTaken,
    add_part,
    count_parts,
    drop_silent,
    drop_staged,
    files_kept,
    mark_seen,
    prolong_parts,
    send_parts,
    sent_parts,
    talk,
)
from bot.storage.tips import (
    ReaderKey,
    ReceiptMark,
    add_reader,
    close_talk,
    destroy_old_ways_back,
    destroy_ways_back,
    file_tip,
    find_by_receipt,
    find_tip,
    move_tip,
    retire_reader,
    way_back,
    ways_back,
)
from bot.storage.traces import LIVES, forget_old_traces, keep_traces, new_trace, take_traces
from tests.town import BY_RECEIPT, WORDS, story, w

KEYS = {name: X25519PrivateKey.generate() for name in ("hoa", "nam")}
PUBLIC = {name: key.public_key().public_bytes_raw() for name, key in KEYS.items()}
HOUR = NOW.replace(minute=0)
UNTIL = NOW + timedelta(hours=24)
HOURS = (NOW + timedelta(hours=n) for n in count())  # each sweep an hour after the one before


async def count(work, table) -> int:
    return (await work.do(select(func.count()).select_from(table))).scalar_one()


async def furnish(work) -> None:
    for name, public in PUBLIC.items():
        await add_reader(work, ReaderKey(name, name, public))


def part(name, tip="t1", content=b"canary-words", at=NOW, **more) -> Part:
    sealed = seal_tip(content, PUBLIC, f"{tip}/{name}".encode())
    return Part(name, tip, more.pop("by", "citizen"), at, sealed.keys, **({"body": sealed.body} | more))


async def read(work, tip, reader="hoa") -> dict[str, bytes]:
    found = await sent_parts(work, tip, reader)
    return {
        one.id: open_tip(KEYS[reader], key, one.body, f"{tip}/{one.id}".encode())
        for one, key in found
        if one.body is not None
    }


# --- parts -----------------------------------------------------------------------------------------------------------


@whole
async def test_a_part_is_read_once_it_is_sent(database):
    """A staged part is nobody's to read; sent, every reader opens it with their own key and nobody with another's."""
    async with database.work() as work:
        await furnish(work)
        await add_part(work, part("a"), UNTIL)
        assert await sent_parts(work, "t1", "hoa") == []
        assert await send_parts(work, "t1", ["a"]) == 1
        assert await read(work, "t1", "hoa") == await read(work, "t1", "nam") == {"a": b"canary-words"}
        ((one, key),) = await sent_parts(work, "t1", "hoa")
        with pytest.raises(SealBroken):
            open_tip(KEYS["nam"], key, one.body, b"t1/a")
        with pytest.raises(SealBroken):
            open_tip(KEYS["hoa"], key, one.body, b"t1/b")


@whole
async def test_only_what_was_sent_is_sent(database):
    """Sending names the parts: others of the tip, of other tips, unknown ones and those sent before are left alone."""
    async with database.work() as work:
        await furnish(work)
        for one in (part("a"), part("b"), part("c", tip="t2")):
            await add_part(work, one, UNTIL)
        assert await send_parts(work, "t1", ["a", "c", "unknown"]) == 1
        assert await send_parts(work, "t1", ["a"]) == await send_parts(work, "t1", []) == 0
        assert set(await read(work, "t1")) == {"a"}
        assert await read(work, "t2") == {}
        assert await count_parts(work, "t1") == 2


@whole
async def test_what_is_dropped_goes_with_its_keys(database):
    """Dropping takes what is staged for one tip, and its keys; what was sent stays, and so do other tips' parts."""
    async with database.work() as work:
        await furnish(work)
        for one in (part("a"), part("b", file="f-b", body=None), part("c", tip="t2", file="f-c", body=None)):
            await add_part(work, one, UNTIL)
        await send_parts(work, "t1", ["a"])
        assert await files_kept(work) == {"f-b", "f-c"}
        await drop_staged(work, "t1")
        assert await files_kept(work) == {"f-c"}
        assert await count_parts(work, "t1") == 1
        assert await count(work, tables.tip_key) == 4
        assert set(await read(work, "t1")) == {"a"}


@whole
async def test_a_silent_conversation_loses_its_parts(database):
    """Staged parts go when their conversation has been silent, not before, and not while it goes on; sent ones stay."""
    async with database.work() as work:
        await furnish(work)
        for name, tip in (("sent", "t1"), ("silent", "t1"), ("going on", "t2")):
            await add_part(work, part(name, tip), UNTIL)
        await send_parts(work, "t1", ["sent"])
        await drop_silent(work, UNTIL - timedelta(seconds=1))
        assert await count(work, tables.tip_part) == 3
        await prolong_parts(work, "t2", UNTIL + timedelta(hours=1))
        await prolong_parts(work, "t1", UNTIL)
        await drop_silent(work, UNTIL)
        assert await count(work, tables.tip_part) == 2
        assert await count(work, tables.tip_key) == 4
        await drop_silent(work, UNTIL + timedelta(hours=1))
        assert set((await work.do(select(tables.tip_key.c.part))).scalars()) == {"sent"}
        assert set(await read(work, "t1")) == {"sent"}


@whole
async def test_an_id_is_taken_once(database):
    """A second part with an id that is there is refused, for this tip and any other, and changes nothing."""
    async with database.work() as work:
        await furnish(work)
        await add_part(work, part("a"))
        for tip in ("t1", "t2"):
            with pytest.raises(PartTaken):
                await add_part(work, part("a", tip, b"another"))
        assert await read(work, "t1") == {"a": b"canary-words"}
        assert await count(work, tables.tip_key) == 2


@whole
async def test_a_part_knows_the_hour_only(database):
    """A part's row keeps its hour and nothing nearer, and parts of an hour come by their random ids."""
    async with database.work() as work:
        await furnish(work)
        for minute, name in ((50, "b"), (10, "c"), (30, "a")):
            await add_part(work, part(name, at=HOUR + timedelta(minutes=minute, seconds=7)))
        found = [one for one, _ in await sent_parts(work, "t1", "hoa")]
        assert [(one.id, one.hour) for one in found] == [("a", HOUR), ("b", HOUR), ("c", HOUR)]


@whole
async def test_a_part_is_of_the_hour_it_was_sent_in(database):
    """Sent hours after it was staged, a part is of the hour in which the tip was sent; how long a staged one is kept is
    told to the hour, rounded up.
    """
    async with database.work() as work:
        await furnish(work)
        await add_part(work, part("a"), UNTIL + timedelta(seconds=7))
        rows = (await work.do(select(tables.tip_part.c.silent_at))).scalars().all()
        assert rows == [UNTIL + timedelta(hours=1)]
        await send_parts(work, "t1", ["a"], NOW + timedelta(hours=5, minutes=20))
        ((one, _),) = await sent_parts(work, "t1", "hoa")
        assert one.hour == HOUR + timedelta(hours=5)


@whole
async def test_what_one_device_drops_is_its_own(database):
    """Dropping named parts of a tip leaves its other staged parts, and what was sent."""
    async with database.work() as work:
        await furnish(work)
        for name in ("mine", "theirs", "sent"):
            await add_part(work, part(name), UNTIL)
        await send_parts(work, "t1", ["sent"])
        await drop_staged(work, "t1", ["mine", "sent"])
        await drop_staged(work, "t1", [])
        assert set((await work.do(select(tables.tip_part.c.id))).scalars()) == {"theirs", "sent"}


@whole
async def test_a_retired_readers_keys_of_parts_are_erased(database):
    """Who is retired loses the keys of parts too; the others read on."""
    async with database.work() as work:
        await furnish(work)
        await add_part(work, part("a"))
        await retire_reader(work, "hoa", NOW)
        assert await sent_parts(work, "t1", "hoa") == []
        assert await read(work, "t1", "nam") == {"a": b"canary-words"}


@whole
async def test_a_talk_is_what_the_receipt_opens(database):
    """A talk holds what was sent and is sealed to the receipt, the newest hours of it; the desk's is marked as seen."""
    async with database.work() as work:
        await furnish(work)
        await add_part(work, part("for readers"))
        await add_part(work, part("staged", receipt_key=b"k"), UNTIL)
        await add_part(work, part("a file", receipt_key=b"k", file="f", body=None))
        await add_part(work, part("old", receipt_key=b"k", at=NOW - timedelta(days=1)))
        for n in range(SHOWN):
            await add_part(work, part(f"n{n}", receipt_key=b"k", by="desk" if n % 2 else "citizen"))
        assert {one.id for one in await talk(work, "t1")} == {f"n{n}" for n in range(SHOWN)}
        await mark_seen(work, "t1")
        assert {one.seen for one in await talk(work, "t1") if one.by == "desk"} == {True}
        assert {one.seen for one in await talk(work, "t1") if one.by == "citizen"} == {False}


# --- files -----------------------------------------------------------------------------------------------------------


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_read_before_and_after_it_is_settled(tmp_path):
    """What was put is read under its random name, in the same bytes, before it is in its place and afterwards."""

    async def _run():
        files = Files(tmp_path / "files")
        names = [await files.put(f"sealed {n}".encode()) for n in range(3)]
        assert {len(name) for name in names} == {26}
        for _ in range(2):
            assert [await files.read(name) for name in names] == [b"sealed 0", b"sealed 1", b"sealed 2"]
            await files.settle(next(HOURS), names)
        assert set(on_disk(tmp_path / "files")) == set(names)
        with pytest.raises(FileNotFoundError):
            await files.read("unknown")

    asyncio.run(_run())


def test_only_the_owner_may_read_files(tmp_path):
    """Files and their folders are closed to everybody else on the machine."""

    async def _run():
        files = Files(tmp_path / "files")
        name = await files.put(b"sealed")
        await files.put(b"another")
        await files.settle(next(HOURS), [name])
        for path in (tmp_path / "files", *(tmp_path / "files").rglob("*")):
            assert not path.stat().st_mode & 0o077, path

    asyncio.run(_run())


def test_the_order_of_files_is_lost(tmp_path):
    """New files lie in the order they came; in their place their times tell another one, and none is from before."""

    async def _run():
        files = Files(tmp_path / "files")
        names = [await files.put(bytes([n]) * 50_000) for n in range(40)]
        came = [(tmp_path / "files/new" / name).stat().st_mtime_ns for name in names]
        assert came == sorted(came)
        await files.settle(next(HOURS), names)
        found = [(tmp_path / "files" / name).stat() for name in names]
        assert all(one.st_mtime_ns >= came[-1] and one.st_ctime_ns >= came[-1] for one in found)
        placed = [one.st_mtime_ns for one in found]
        if len(set(placed)) == 1:
            pytest.skip("this file system does not remember so finely when a file was made")
        assert placed != sorted(placed)

    asyncio.run(_run())


def test_a_young_file_stays_where_it_is(tmp_path):
    """A file of an hour that is not over yet is not put in its place, and not swept either."""

    async def _run():
        files = Files(tmp_path)
        old, young = await files.put(b"old"), await files.put(b"young")
        for _ in range(3):
            await files.settle(next(HOURS), [old, young], [young])
            assert on_disk(tmp_path) == {old: b"old", f"new/{young}": b"young"}
        await files.settle(next(HOURS), [old, young])
        assert on_disk(tmp_path) == {old: b"old", young: b"young"}

    asyncio.run(_run())


def test_nothing_is_kept_that_no_row_refers_to(tmp_path):
    """What nobody refers to goes: from its place at once; a new file, which may be in flight, the second time."""

    async def _run():
        folder = tmp_path / "files"
        files = Files(folder)
        await files.settle(next(HOURS), [])  # there is no folder yet
        kept, dropped = await files.put(b"kept"), await files.put(b"dropped later")
        await files.settle(next(HOURS), [kept, dropped])
        flying, lost = await files.put(b"in flight"), await files.put(b"never committed")
        await files.settle(next(HOURS), [kept])
        assert set(on_disk(folder)) == {kept, f"new/{flying}", f"new/{lost}"}
        await files.settle(next(HOURS), [kept, flying])
        assert on_disk(folder) == {kept: b"kept", flying: b"in flight"}
        await files.settle(next(HOURS), [])
        assert on_disk(folder) == {}

    asyncio.run(_run())


def test_a_file_in_flight_stays_for_an_hour_however_often_is_swept(tmp_path):
    """Bells that follow one another take nothing from a turn not committed yet; an hour later it is nobody's."""

    async def _run():
        files = Files(tmp_path)
        name = await files.put(b"in flight")
        for seconds in (0, 5, 10, 3599):
            await files.settle(NOW + timedelta(seconds=seconds), [])
            assert await files.read(name) == b"in flight"
        await files.settle(NOW + timedelta(hours=1), [])
        with pytest.raises(FileNotFoundError):
            await files.read(name)

    asyncio.run(_run())


def test_one_in_flight_survives_a_restart(tmp_path):
    """A new process has met nothing before: it too sweeps a new file only the second time."""

    async def _run():
        name = await Files(tmp_path).put(b"in flight")
        await Files(tmp_path).settle(next(HOURS), [])
        again = Files(tmp_path)
        await again.settle(next(HOURS), [])
        assert await again.read(name) == b"in flight"
        await again.settle(next(HOURS), [])
        with pytest.raises(FileNotFoundError):
            await again.read(name)

    asyncio.run(_run())


@pytest.mark.parametrize("left", ["half a copy", "a whole copy not named yet", "both"])
@pytest.mark.parametrize("wanted", [True, False])
def test_a_crash_while_settling_loses_and_leaves_nothing(tmp_path, left, wanted):
    """Wherever settling broke off, the next one ends it: one whole copy of what is wanted, nothing of what is not."""

    async def _run():
        before = Files(tmp_path)
        name = await before.put(b"sealed bytes")
        if left == "both":
            (tmp_path / name).write_bytes(b"sealed bytes")
        else:
            (tmp_path / f".{name}").write_bytes(b"sealed bytes"[: 6 if left.startswith("half") else 99])
        files = Files(tmp_path)
        assert await files.read(name) == b"sealed bytes"
        for _ in range(2):
            await files.settle(next(HOURS), [name] if wanted else [])
        assert on_disk(tmp_path) == ({name: b"sealed bytes"} if wanted else {})

    asyncio.run(_run())


@contextmanager
def no_file_bigger_than(size: int):
    """As on a disk that fills up while a file is written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_half_of_nothing(tmp_path):
    """A file that could not be written whole is an OSError, and the half of it is swept; others are as they were."""

    async def _run():
        files = Files(tmp_path)
        kept = await files.put(b"kept")
        with no_file_bigger_than(10_000):
            with pytest.raises(OSError, match="File too large"):
                await files.put(bytes(20_000))
            small = await files.put(b"small")
        for _ in range(2):
            await files.settle(next(HOURS), [kept, small])
        assert on_disk(tmp_path) == {kept: b"kept", small: b"small"}

    asyncio.run(_run())


def test_a_full_disk_while_settling_loses_nothing(tmp_path):
    """Where a copy can't be written, the file stays where it is and is read; the next settling places it."""

    async def _run():
        files = Files(tmp_path)
        name = await files.put(bytes(20_000))
        with no_file_bigger_than(10_000), pytest.raises(OSError, match="File too large"):
            await files.settle(next(HOURS), [name])
        assert await files.read(name) == bytes(20_000)
        await files.settle(next(HOURS), [name])
        assert on_disk(tmp_path) == {name: bytes(20_000)}

    asyncio.run(_run())


def test_on_a_full_disk_the_conversation_stands(tmp_path):
    """A file that the disk has no room for is answered so; the question stands, what is smaller is taken, and the tip
    goes with it; of the other nothing is left.
    """

    async def tell(town):
        await town.hear("bac", "/tin")
        for label in ("tip-go", "tip-kind-selling", "tip-place-skip"):
            await town.press("bac", w(label))
        await town.hear("bac", WORDS)
        for about in ("happened", "known", "official", "urgency"):
            await town.press("bac", w(f"tip-{about}-skip"))
        town.news("bac")
        with no_file_bigger_than(8_000_000):  # the database is far smaller
            await town.send("bac", b"a" * 9_000_000, sort="file")
            refused, asked = town.news("bac")
            assert refused == w("files-not-kept")
            assert asked == w("tip-evidence")
            await town.send("bac", b"b" * 900_000, sort="file")
        await town.press("bac", w("ask-done"))
        await town.press("bac", BY_RECEIPT)
        await town.press("bac", w("tip-send"))
        for _ in range(2):
            await town.pass_time(hours=1)
        (read,) = await town.read()
        assert [part.content for part in read.parts] == [b"b" * 900_000]
        assert len(on_disk(town.config.data_folder / "files")) == 1

    story(tmp_path, tell)


# --- traces ----------------------------------------------------------------------------------------------------------


@whole
async def test_a_trace_is_read_with_its_name_only(database):
    """Rows of traces show neither name nor ref nor how long it is; who has the name takes them, oldest first, once."""
    one, other = new_trace(), new_trace()
    refs = ["99", "100", "9223372036854775807", "1002003"]
    async with database.work() as work:
        await keep_traces(work, [(one, ref) for ref in refs] + [(other, "555")], NOW)
        await keep_traces(work, [], NOW)
        rows = (await work.do(select(tables.trace))).all()
        assert len({len(row.sealed) for row in rows}) == 1
        shown = b"|".join(bytes(row.name) + bytes(row.id) + bytes(row.sealed) for row in rows)
        assert not [word for word in (one, other, *refs[2:]) if word.encode() in shown]
        assert await take_traces(work, new_trace(), NOW) == ([], [])
        assert await take_traces(work, one, NOW) == (["99", "100", "1002003", "9223372036854775807"], [])
        assert await take_traces(work, one, NOW) == ([], [])
        assert await count(work, tables.trace) == 1


@whole
async def test_a_name_of_a_trace_opens_no_other(database):
    """With one trace's name another's rows can't be opened, though they are put in its place."""
    one, other = new_trace(), new_trace()
    async with database.work() as work:
        await keep_traces(work, [(one, "1")], NOW)
        name = (await work.do(select(tables.trace.c.name))).scalar_one()
        await keep_traces(work, [(other, "2")], NOW)
        theirs = (await work.do(select(tables.trace).where(tables.trace.c.name != name))).one()
        row = {"name": name, "id": chance.token(16), "day": theirs.day, "sealed": theirs.sealed}
        await work.do(insert(tables.trace), row)
        with pytest.raises(SealBroken):
            await take_traces(work, one, NOW)


@whole
async def test_what_is_too_old_is_counted(database):
    """Messages older than 48 hours are counted and not handed out; at the last second they still are."""
    trace = new_trace()
    async with database.work() as work:
        await keep_traces(work, [(trace, "1"), (trace, "2")], NOW)
        await keep_traces(work, [(trace, "3")], NOW + timedelta(seconds=1))
        assert await take_traces(work, trace, NOW + LIVES) == (["3"], ["1", "2"])
        assert await count(work, tables.trace) == 0


@whole
async def test_old_traces_are_forgotten(database):
    """Traces that nothing can be erased by any more go by themselves, all others stay."""
    old, young = new_trace(), new_trace()
    async with database.work() as work:
        await keep_traces(work, [(old, "1")], NOW)
        await keep_traces(work, [(young, "2")], NOW + timedelta(days=1))
        await forget_old_traces(work, NOW + LIVES - timedelta(seconds=1))
        assert await count(work, tables.trace) == 2
        await forget_old_traces(work, NOW + timedelta(days=3))
        assert await take_traces(work, old, NOW) == ([], [])
        assert await take_traces(work, young, NOW + timedelta(days=1)) == (["2"], [])


# --- subscribers -----------------------------------------------------------------------------------------------------


@whole
async def test_a_subscriber_is_on_the_list_once(database):
    """Who joins twice is there once, in the language of the second time; who leaves is gone, and the others are not."""
    listed = Subscribers(Keyring(bytes(32)).vault("subscribers"))
    async with database.work() as work:
        await listed.add(work, Subscriber("telegram", "1", "vi"))
        await listed.add(work, Subscriber("telegram", "1", "en"))
        await listed.add(work, Subscriber("zalo", "1", "vi"))
        assert await listed.count(work) == 2
        assert {(one.channel, one.language) for one in await listed.all(work)} == {("telegram", "en"), ("zalo", "vi")}
        assert await listed.remove(work, "telegram", "1")
        assert not await listed.remove(work, "telegram", "1")
        assert not await listed.has(work, "telegram", "1")
        assert await listed.has(work, "zalo", "1")


@whole
async def test_the_list_says_only_how_long_it_is(database):
    """Without the key outside the database a row tells neither the chat nor how long its address is."""
    async with database.work() as work:
        listed = Subscribers(Vault(bytes(32)))
        for chat in ("7", "7402913586", "canary-" * 20):
            await listed.add(work, Subscriber("telegram", chat, "vi"))
        rows = (await work.do(select(tables.subscriber))).all()
        assert len({len(row.sealed) for row in rows}) == 1
        assert not [row for row in rows if b"740291" in row.sealed + row.id or b"canary" in row.sealed + row.id]
        with pytest.raises(SealBroken):
            await Subscribers(Vault(bytes(31) + b"x")).all(work)


# --- what a part holds -----------------------------------------------------------------------------------------------

HEADERS = st.builds(
    Header,
    sort=st.sampled_from(["words", "photo", "video", "sound", "file"]),
    mime=st.text(max_size=40),
    cleaned=st.booleans(),
    where=st.sampled_from(["server", "browser"]),
    warning=st.text(max_size=40),
    number=st.integers(-(2**63), 2**63 - 1),
    said=st.text(max_size=200),
)


@given(HEADERS, st.binary(max_size=200))
def test_what_is_packed_is_unpacked(header, content):
    """A header with any words in it and any bytes come out as they went in."""
    assert unpack(pack(header, content)) == (header, content)


def changed(packed: bytes, at: int, byte: int) -> bytes:
    return packed[:at] + bytes([byte]) + packed[at + 1 :]


HOSTILE = st.one_of(
    st.binary(max_size=80),
    st.builds(lambda told, rest: len(told).to_bytes(4, "big") + told + rest, st.binary(max_size=60), st.binary()),
    st.builds(changed, st.builds(pack, HEADERS, st.binary(max_size=9)), st.integers(0, 90), st.integers(0, 255)),
)


@given(HOSTILE)
def test_hostile_bytes_are_unpacked_or_broken(content):
    """Whatever a browser sealed, it is a header and bytes, or it is broken; nothing else is ever raised."""
    try:
        header, rest = unpack(content)
    except SealBroken:
        return
    assert header.sort in ("words", "photo", "video", "sound", "file")
    assert content.endswith(rest)


@pytest.mark.parametrize(
    "told",
    [
        b'{"sort":"words","said":"\xff\xfe"}',
        b'{"sort":"words","more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"sort":"words","said":"\\ud800"}',
        b'{"sort":"words","number":' + b"9" * 5000 + b"}",
        b'{"sort":"program"}',
        b'["words"]',
        b"",
    ],
    ids=["no UTF-8", "too deep", "half a character", "a long number", "no sort of ours", "a list", "nothing"],
)
def test_what_nobody_packed_is_broken(told):
    """A header that is not one is broken, like a part sealed with another key: the reader reads on."""
    with pytest.raises(SealBroken):
        unpack(len(told).to_bytes(4, "big") + told + b"rest")


def test_a_length_beyond_the_end_is_broken():
    """A header that claims to be longer than all there is costs nothing."""
    with pytest.raises(SealBroken):
        unpack(b"\xff\xff\xff\xff" + b'{"sort":"wor')


# --- where a tip stands ----------------------------------------------------------------------------------------------

MOVES = {
    "received": {"taken", "closed"},
    "taken": {"received", "checking", "closed"},
    "checking": {"received", "taken", "closed"},
    "closed": {"checking"},
}


class Standing(RuleBasedStateMachine):
    """One tip, moved about as nobody should, and what it must then look like."""

    runner: ClassVar[asyncio.Runner]
    database: ClassVar[Database]

    @initialize()
    def file(self):
        self.id, self.look_up = chance.name(), chance.token(32)
        self.hour, self.now = HOUR, NOW + timedelta(minutes=17)
        self.state, self.outcome, self.since, self.talks = "received", "", HOUR, True
        self.way = chance.token(40)
        line = TipLine(self.id, self.hour, TipKind.USING, "", Urgency.CALM)
        self.do(
            lambda work: file_tip(
                work, line, SealedTip(b"body", {"hoa": b"key"}), ReceiptMark(self.look_up, bytes(32)), self.way
            )
        )

    def do(self, act):
        async def _do():
            async with self.database.work() as work:
                return await act(work)

        return self.runner.run(_do())

    @rule(to=st.sampled_from(TipState), outcome=st.sampled_from(Outcome), minutes=st.integers(0, 200))
    def move(self, to, outcome, minutes):
        self.now += timedelta(minutes=minutes)
        fits = (to == "closed") == (outcome != "")
        try:
            line = self.do(lambda work: move_tip(work, self.id, to, self.now, outcome))
        except WrongMove:
            assert to not in MOVES[self.state]
            return
        except ValueError:
            assert to in MOVES[self.state]
            assert not fits
            return
        assert to in MOVES[self.state]
        assert fits
        self.state, self.outcome = str(to), str(outcome)
        self.since = self.now.replace(minute=0, second=0, microsecond=0)
        assert line == self.do(lambda work: find_tip(work, self.id))[0]

    @rule()
    def close(self):
        self.do(lambda work: close_talk(work, self.id))
        self.talks, self.way = False, None

    @rule()
    def destroy(self):
        self.do(lambda work: destroy_ways_back(work, [self.id]))
        self.way = None

    @rule(days=st.integers(0, 3))
    def keep_for(self, days):
        before = self.now - timedelta(days=days)
        self.do(lambda work: destroy_old_ways_back(work, before))
        if self.hour < before:
            self.way = None

    @rule()
    def lose(self):
        with pytest.raises(LookupError):
            self.do(lambda work: move_tip(work, chance.name(), TipState.TAKEN, self.now))

    @invariant()
    def stands(self):
        line, _ = self.do(lambda work: find_tip(work, self.id))
        assert (line.state, line.outcome, line.since, line.talks) == (
            self.state,
            self.outcome,
            self.since,
            self.talks,
        )
        assert (line.state == "closed") == (line.outcome != "")
        assert (line.since.minute, line.since.second, line.hour) == (0, 0, HOUR)
        assert bool(self.do(lambda work: find_by_receipt(work, self.look_up))) == self.talks
        assert self.do(lambda work: way_back(work, self.id)) == self.way


def test_a_tip_stands_only_where_it_can(url):
    """Whatever is done to a tip in whatever order: it is closed with an outcome or open without one, moves only as the
    desk may move it, since an hour's beginning, and what was closed or destroyed for good never comes back.
    """
    with asyncio.Runner() as runner:
        database = open_database(url)

        async def _furnish():
            async with database.work() as work:
                await furnish(work)

        runner.run(_furnish())
        Standing.runner, Standing.database = runner, database
        run_state_machine_as_test(
            Standing,
            settings=settings(
                max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
        runner.run(database.close())


@whole
async def test_ways_back_are_destroyed_by_name(database):
    """All ways back can be gone through; those named are destroyed, none for an empty list, and the others stay."""
    async with database.work() as work:
        await furnish(work)
        sealed = seal_tip(b"words", PUBLIC, b"about")
        for n, way in enumerate([b"w0", b"w1", b"w2", None]):
            line = TipLine(f"t{n}", HOUR, TipKind.USING, "", Urgency.CALM)
            await file_tip(work, line, sealed, ReceiptMark(bytes([n]) * 32, bytes(32)), way)
        await destroy_ways_back(work, [])
        assert {found async for found in ways_back(work)} == {("t0", b"w0"), ("t1", b"w1"), ("t2", b"w2")}
        await destroy_ways_back(work, ["t0", "t2", "unknown"])
        assert [found async for found in ways_back(work)] == [("t1", b"w1")]
