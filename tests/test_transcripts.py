"""The five stories on every platform, each line checked, everything built anew from disk before every act."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.stages import ScriptStage
from tests.telegram_stage import TelegramStage
from tests.transcript import Failed, Message, Play, Scene, matched, read_instant, read_scenes

FOLDER = Path(__file__).parent / "transcripts"
SCENES = [
    (path.stem, number, scene)
    for path in sorted(FOLDER.glob("*.txt"))
    for number, scene in enumerate(read_scenes(path), 1)
]
STAGES = {"script": ScriptStage, "telegram": TelegramStage}


@pytest.mark.parametrize("platform", STAGES)
@pytest.mark.parametrize("scene", [pytest.param(scene, id=f"{name}-{number}") for name, number, scene in SCENES])
def test_the_conversation_goes_as_the_transcript_says(tmp_path: Path, scene: Scene, platform: str) -> None:
    """What is said and heard is what stands there, and everything is built anew from disk before every act."""
    if why := asyncio.run(_failure(scene, STAGES[platform](tmp_path))):
        pytest.fail(why, pytrace=False)


async def _failure(scene: Scene, stage: ScriptStage | TelegramStage) -> str:
    try:
        await Play(scene, stage).run()
    except Failed as failed:
        return str(failed)
    finally:
        await stage.close()
    return ""


def test_the_stories_are_all_there() -> None:
    """Each of the five stories, coming in and coming back, files, and one who speaks English have a transcript."""
    citizens = {"tip", "tip.en", "receipt", "files", "forget"}
    assert {name for name, _, _ in SCENES} >= citizens | {"reminder", "progress", "notice", "restart", "join"}


SHORT = """\
# A greeting
at thứ Năm 26/02/2026 08:00
bac: citizen

bac > /start
{heard}
"""


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        ("", "was said and not expected"),
        ("< Chào bạn. …\n< Chào bạn. …", "heard nothing more"),
        ("< Chào bạn.", "and not"),
        ("< Chào bạn. … [Gửi tin báo]", "and not"),
        ("~ Chào bạn. …", "and not"),
    ],
)
def test_a_transcript_that_is_wrong_fails(tmp_path: Path, heard: str, why: str) -> None:
    """A missing line, one too many, other words, a missing button and a change that was none are all told."""
    (tmp_path / "wrong.txt").write_text(SHORT.format(heard=heard))
    [scene] = read_scenes(tmp_path / "wrong.txt")
    assert why in asyncio.run(_failure(scene, ScriptStage(tmp_path / "house")))


def test_a_day_has_its_weekday() -> None:
    """A transcript that gets a weekday wrong is refused."""
    with pytest.raises(Failed, match="thứ Hai"):
        read_instant("thứ Ba 02/03/2026 08:00")


def test_what_stands_for_anything() -> None:
    """An ellipsis, a digit and a name stand for what they say, and for nothing else."""
    message = Message("Mã tin của bạn: 0123 4567\n\nHãy chép lại.", ("Tôi đã chép",))
    assert matched("Mã tin của bạn: #### #### …", message) == {}
    assert matched("Mã tin của bạn: {a} {b} … [Tôi đã chép]", message) == {"a": "0123", "b": "4567"}
    assert matched("Mã tin của bạn: ### #### …", message) is None
    assert matched("Mã tin của bạn: … [Tôi đã]", message) is None
