"""How long our own commands take to start, and what the demo holds."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.processes import ROOT, child, peak_memory

WITHIN = 30.0  # seconds in which the demo must be ready


def help_seconds() -> float:
    """From process start to the end of `tinbao --help`, the second of two runs."""
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run([sys.executable, str(ROOT / "tinbao.py"), "--help"], check=True, capture_output=True)
        took = time.perf_counter() - began
    return took


def demo(folder: Path) -> tuple[float, float]:
    """A first `tinbao demo` on a new folder: seconds from process start to HTTP 200, and MB after some pages."""
    log = folder / "demo.log"
    began = time.perf_counter()
    with child([str(ROOT / "tinbao.py"), "demo", "--port", "8480", "--data", str(folder / "demo")], log) as process:
        address = ""
        while not (address and _is_served(address)):
            if time.perf_counter() - began > WITHIN or process.poll() is not None:
                raise SystemExit(f"the demo does not start: {log.read_text()[-500:]}")
            found = re.search(r"http://[0-9.:]+", log.read_text())
            address = found[0] if found else ""
            time.sleep(0.01)
        took = time.perf_counter() - began
        for _ in range(20):
            _is_served(address)
        return took, peak_memory(process.pid)


def _is_served(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return bool(page.status == 200)
    except urllib.error.URLError:
        return False
