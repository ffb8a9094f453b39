"""The process that cleans: reads a file from standard input, writes what came of it to standard output, and again.

It has no secrets in its environment, opens no network, writes no file (the limit on a file's size is 0), says nothing
on standard error, and ends when its input does. Whatever a hostile file does to a library, only this process suffers.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

from bot.cleaning.cleaned import LARGEST, Refused
from bot.cleaning.cleaners import clean

LENGTH = struct.Struct(">I")
MEMORY = 1280 * 1024 * 1024
"""Bytes of address space, libraries included. A HEIC of 64 million pixels, drawn anew, takes four fifths of it."""

SECONDS = 30
"""Of processor time, and nearly of time, that a file may take."""

OPEN_FILES = 64
COURTESY = 5
"""Who waits for an answer comes before who waits for a picture."""


def main() -> None:
    """Cleans one file after another."""
    _limit()
    os.nice(COURTESY)
    while (content := _read(sys.stdin.buffer)) is not None:
        _allow_time()
        _write(sys.stdout.buffer, content)
        signal.alarm(0)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def _allow_time() -> None:
    """Both clocks kill, also where the process that started this one has died meanwhile."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.alarm(2 * SECONDS)


def _read(source: BinaryIO) -> bytes | None:
    """The next file; None when there will be none."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = source.read(length)
    return content if len(content) == length <= LARGEST else None


def _write(target: BinaryIO, content: bytes) -> None:
    """Two lengths, what came of it as JSON, and the bytes. Of an error that nobody foresaw nothing is told."""
    try:
        cleaned = clean(content)
        told = {name: getattr(cleaned, name) for name in ("mime", "extension", "cleaned", "warning")}
        body = cleaned.content
    except Refused as refused:
        told, body = {"refused": refused.sentence}, b""
    except Exception:  # noqa: BLE001 - a library's own error: the file is broken, and its words must not be repeated
        told, body = {"refused": "clean-broken"}, b""
    head = json.dumps(told).encode()
    target.write(LENGTH.pack(len(head)) + LENGTH.pack(len(body)) + head)
    target.write(body)
    target.flush()


if __name__ == "__main__":
    main()
