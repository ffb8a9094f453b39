"""`tinbao demo` as a process of its own, on a free port and in a folder of its own, to be killed and started again."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPOKEN = {**{name: value for name, value in os.environ.items() if name != "LC_ALL"}, "LANG": "C.UTF-8"}
"""An operator's environment in which tinbao speaks Vietnamese."""
COMMAND = (sys.executable, str(ROOT / "tinbao.py"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def command(*words: str | Path, cwd: Path = ROOT, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a command of tinbao to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        check=False,
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        env=SPOKEN,
        timeout=60,
    )


@dataclass
class DemoProcess:
    folder: Path
    port: int = field(default_factory=free_port)
    address: str = ""
    said: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it; returns when it has said where it is."""
        words = [*COMMAND, "demo", "--port", str(self.port), "--data", str(self.folder)]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True, env=SPOKEN)
        assert self.process.stdout
        self.said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", self.said)):
            line = self.process.stdout.readline()
            assert line, self.log
            self.said += line
        self.address, self.port = found[0], int(found[1])

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process
        self.process.kill()
        self._end()

    def stop(self) -> int:
        """As its operator would; returns its exit status."""
        assert self.process
        self.process.terminate()
        return self._end()

    def _end(self) -> int:
        assert self.process
        assert self.process.stdout
        status = self.process.wait(20)
        self.process.stdout.close()
        self.process = None
        return status

    @property
    def log(self) -> str:
        return self._log.read_text()

    @property
    def _log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"
