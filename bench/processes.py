"""Child processes that end with us: on Ctrl+C, on SIGTERM and on any error."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parent.parent
PATIENCE = 10.0  # seconds a process has to end when it is told to


@contextmanager
def child(arguments: Sequence[str], log: Path, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """A Python process in the project's folder; what it says goes to `log`. Ended, whatever happens, on the way out."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(  # its own session: Ctrl+C reaches it through us, once
            [sys.executable, *arguments],
            cwd=ROOT, env=environment, text=True, start_new_session=True, stderr=out,
            **({"stdout": out} | more),
        )  # fmt: skip
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        _close(stream)
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        stream.close()


def peak_memory(pid: int) -> float:
    """The most memory the process has held, in MB (VmHWM; Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)
