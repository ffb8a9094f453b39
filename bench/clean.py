"""How long a photograph takes to lose its metadata, beside Pillow encoding it anew. See bench/README.md."""

from __future__ import annotations

import argparse
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from PIL import Image  # noqa: E402 - the project's folder must be known first
from planted import found, jpeg  # noqa: E402

from bot.cleaning import clean  # noqa: E402

SIZE = (4000, 3000)
MOST = 0.1  # of Pillow's time


def photograph() -> Image.Image:
    """12 million pixels with as much detail as a telephone's photograph has: about 4 MB as JPEG."""
    ground = Image.effect_mandelbrot(SIZE, (-2.0, -1.2, 1.0, 1.2), 60)
    return Image.merge("RGB", [Image.blend(ground, Image.effect_noise(SIZE, spread), 0.15) for spread in (40, 50, 60)])


def again(content: bytes) -> bytes:
    """What many do instead: decoded and encoded again, at the same quality."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.save(out, "JPEG", quality=90)
    return out.getvalue()


def milliseconds(do: Callable[[bytes], object], content: bytes) -> float:
    began = time.perf_counter()
    do(content)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    content = jpeg(photograph())
    took = [(milliseconds(clean, content), milliseconds(again, jpeg_only(content))) for _ in range(given.rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*took, strict=True))
    left = found(clean(content).content)
    figures = {"megabytes": len(content) / 1e6, "planted": found(content), "left": left, "clean_ms": ours,
               "pillow_ms": theirs, "ratio": ours / theirs}  # fmt: skip
    print(json.dumps(figures) if given.json else table(figures))
    raise SystemExit(0 if left == 0 and figures["ratio"] <= MOST else 1)


def jpeg_only(content: bytes) -> bytes:
    """The same picture without the markers, some of which (a profile that is none) Pillow would stumble over."""
    return clean(content).content


def table(figures: dict[str, float]) -> str:
    return (
        f"JPEG, 4000 x 3000, {figures['megabytes']:.1f} MB, {figures['planted']:.0f} markers planted\n"
        f"cleaned            {figures['clean_ms']:8.1f} ms, {figures['left']:.0f} markers left\n"
        f"encoded by Pillow  {figures['pillow_ms']:8.1f} ms\n"
        f"ratio              {figures['ratio']:8.3f} (at most {MOST})"
    )


if __name__ == "__main__":
    main()
