"""The worker: a process that a hostile file may take down, and nothing else with it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import psutil
import pytest
from demo_process import ROOT
from planted import found, jpeg, picture, png

from bot.cleaning import Cleaned, Cleaner, Refused, cleaner

SLOW = """
import sys, time
head = sys.stdin.buffer.read(4)
time.sleep(600)
"""


def with_cleaner(talk, **more):
    async def go():
        own = Cleaner(**more)
        try:
            return await talk(own)
        finally:
            await own.close()
            assert workers() == []

    return asyncio.run(go())


def workers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_one_worker_cleans_many_files_one_after_another():
    """It is started on first need, and again only when it has ended."""

    async def talk(own):
        assert workers() == []
        seen = set()
        for content in (jpeg(), png(), jpeg()):
            cleaned = await own.clean(content)
            assert (cleaned.cleaned, found(cleaned.content)) == (True, 0)
            seen |= {one.pid for one in workers()}
        return seen

    assert len(with_cleaner(talk)) == 1


def test_a_refusal_comes_back_as_one():
    """What the worker refuses is refused; it goes on working."""

    async def talk(own):
        for content, sentence in ((b"MZ\x90\0" + bytes(99), "clean-program"), (jpeg()[:50], "clean-broken")):
            with pytest.raises(Refused) as refused:
                await own.clean(content)
            assert refused.value.sentence == sentence
        with pytest.raises(Refused):
            await own.clean(b"")
        assert len(workers()) == 1
        assert await own.clean(b"hello") == Cleaned(b"hello", "text/plain", ".txt", cleaned=True)

    with_cleaner(talk)


def test_a_worker_that_died_while_it_rested_is_replaced():
    """The next file is cleaned as if nothing had been."""

    async def talk(own):
        await own.clean(jpeg())
        first = workers()[0]
        first.kill()
        assert (await own.clean(jpeg())).cleaned
        assert workers()[0].pid != first.pid

    with_cleaner(talk)


def test_a_file_that_kills_its_worker_is_broken(monkeypatch):
    """The worker ends in the midst of the file: refused; the next file gets a new worker."""

    async def talk(own):
        monkeypatch.setattr(cleaner, "WORKER", ("-c", "import os; os.abort()"))
        with pytest.raises(Refused) as refused:
            await own.clean(jpeg())
        assert refused.value.sentence == "clean-broken"
        monkeypatch.undo()
        assert (await own.clean(jpeg())).cleaned

    with_cleaner(talk)


def test_a_file_that_takes_too_long_is_broken(monkeypatch):
    """The worker is killed, and the next file gets a new one."""

    async def talk(own):
        monkeypatch.setattr(cleaner, "WORKER", ("-c", SLOW))
        with pytest.raises(Refused) as refused:
            await own.clean(jpeg())
        assert refused.value.sentence == "clean-broken"
        assert workers() == []

    with_cleaner(talk, patience=0.5)


def test_who_gives_up_leaves_no_worker_at_work(monkeypatch):
    """A turn that is cancelled takes its worker with it."""

    async def talk(own):
        monkeypatch.setattr(cleaner, "WORKER", ("-c", SLOW))
        turn = asyncio.create_task(own.clean(jpeg()))
        while not workers():
            await asyncio.sleep(0.01)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert workers() == []

    with_cleaner(talk)


def test_at_most_two_at_once():
    """Eight files together: two workers, each file its own answer."""

    async def talk(own):
        pictures = [jpeg(picture(16 + number, 16)) for number in range(8)]
        alone = [await own.clean(one) for one in pictures]
        most = 0
        tasks = [asyncio.create_task(own.clean(one)) for one in pictures]
        while not all(task.done() for task in tasks):
            most = max(most, len(workers()))
            await asyncio.sleep(0)
        assert [task.result() for task in tasks] == alone
        return most

    assert with_cleaner(talk) == 2


def test_an_idle_worker_ends(monkeypatch):
    """A worker with nothing to do ends by itself."""

    async def talk(own):
        monkeypatch.setattr(cleaner, "IDLE", 0.05)
        await own.clean(jpeg())
        while workers():
            await asyncio.sleep(0.02)
        assert (await own.clean(jpeg())).cleaned

    with_cleaner(talk)


def test_a_worker_ends_when_its_input_does():
    """Whoever started it may die without a word."""
    with subprocess.Popen(
        [sys.executable, *cleaner.WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as one:
        assert one.stdin is not None
        one.stdin.close()
        assert one.wait(20) == 0


LIMITS = """
import resource, sys
from bot.cleaning import worker
worker.SECONDS = 1
worker._limit()
worker._allow_time()
try:
    bytearray(2 * worker.MEMORY)
except MemoryError:
    print("no memory", flush=True)
try:
    open(sys.argv[1], "wb", buffering=0).write(b"x")
except OSError:
    print("no file", flush=True)
print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)
while True:
    pass
"""


def test_a_worker_has_little_memory_no_files_and_little_time(tmp_path):
    """Beyond its memory it gets none, it can't write a file, leaves no core, and is killed when it counts forever."""
    told = subprocess.run(
        [sys.executable, "-c", LIMITS, tmp_path / "must-not-be"],
        capture_output=True, cwd=ROOT, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.stdout.splitlines() == ["no memory", "no file", "0"]
    assert told.returncode in {-signal.SIGXCPU, -signal.SIGALRM}
    assert (tmp_path / "must-not-be").read_bytes() == b""


def test_a_worker_knows_no_secrets(monkeypatch):
    """Of our environment nothing is handed on."""
    monkeypatch.setenv("TINBAO_SECRET", "x")

    async def talk(own):
        await own.clean(jpeg())
        return workers()[0].environ()

    assert set(with_cleaner(talk)) <= set(cleaner.ENVIRONMENT) | {"LC_CTYPE"}


def test_a_worker_opens_no_file_and_no_connection():
    """After cleaning it holds its three pipes and nothing else."""

    async def talk(own):
        await own.clean(jpeg())
        process = workers()[0]
        return process.num_fds(), process.net_connections()

    assert with_cleaner(talk) == (3, [])


def test_the_main_process_carries_none_of_the_libraries():
    """Importing the room loads neither Pillow nor pikepdf nor PyAV."""
    asked = "import sys, bot.cleaning; print(sorted({'PIL', 'pikepdf', 'av', 'pillow_heif'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, cwd=ROOT, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_main_process_does_not_grow():
    """A hundred large files leave no more behind than one."""

    async def talk(own):
        large = jpeg(picture(1500, 1000)) * 4
        for _ in range(10):
            await own.clean(large)
        before = psutil.Process(os.getpid()).memory_info().rss
        for _ in range(100):
            await own.clean(large)
        return psutil.Process(os.getpid()).memory_info().rss - before

    assert with_cleaner(talk) < 30_000_000
