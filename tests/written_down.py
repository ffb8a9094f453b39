"""All that is logged at DEBUG and all that comes on standard error, as files in a folder."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from bot.logs import set_up_logs

LIBRARIES = ("aiosqlite", "sqlalchemy", "aiogram", "aiohttp", "asyncio", "uvicorn", "starlette", "python_multipart",
             "apscheduler", "filelock", "PIL", "av", "libav", "pikepdf")  # fmt: skip
OUR_BROWSER = ("httpx", "httpcore")
"""What the citizen's browser is made of here: in the same process, but no part of the server."""


@contextmanager
def written_down(folder: Path) -> Iterator[Path]:
    """`stderr.txt` is what the house's own set-up writes, `operator.log` what a handler catches that an operator added,
    `stdout.txt` what is printed.
    """
    folder.mkdir()
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    before, levels = list(root.handlers), {name: logging.getLogger(name).level for name in (*LIBRARIES, *OUR_BROWSER)}
    with _kept(folder / "stdout.txt", 1), _kept(folder / "stderr.txt", 2):
        set_up_logs("debug")
        handler = logging.FileHandler(folder / "operator.log")
        root.addHandler(handler)
        for name in LIBRARIES:
            logging.getLogger(name).setLevel(logging.DEBUG)
        for name in OUR_BROWSER:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            yield folder
        finally:
            handler.close()
            root.handlers[:] = before
            logging.setLogRecordFactory(factory)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
            structlog.reset_defaults()


@contextmanager
def _kept(path: Path, descriptor: int) -> Iterator[None]:
    """What goes to the descriptor, by Python's stream or past it, goes to the file."""
    name = {1: "stdout", 2: "stderr"}[descriptor]
    stream, copy = getattr(sys, name), os.dup(descriptor)
    with path.open("w", encoding="utf-8", buffering=1) as written:
        setattr(sys, name, written)
        os.dup2(written.fileno(), descriptor)
        try:
            yield
        finally:
            os.dup2(copy, descriptor)
            os.close(copy)
            setattr(sys, name, stream)
