"""Plays a transcript without expecting anything and prints it with what is said: to write one, or to write it anew.

python -m tests.play FILE [telegram]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.stages import ScriptStage
from tests.telegram_stage import TelegramStage
from tests.transcript import Play, Scene, read_scenes


async def _play(scene: Scene, on: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stage = TelegramStage(Path(folder)) if on == "telegram" else ScriptStage(Path(folder))
        play = Play(scene, stage, records=True)
        try:
            await play.run()
        finally:
            print(scene.head, "", *play.written, "", sep="\n")
            await stage.close()


def main() -> None:
    for scene in read_scenes(Path(sys.argv[1])):
        asyncio.run(_play(scene, "".join(sys.argv[2:])))


if __name__ == "__main__":
    main()
