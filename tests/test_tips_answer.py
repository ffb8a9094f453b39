"""`tinbao tips answer`: how the desk writes to a citizen from the command line, while the house runs beside it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from demo_process import ROOT

from assembly.answering import LONGEST, answer, read_message
from assembly.errors import Unusable
from assembly.parts import open_storage
from bot.storage import tables
from bot.storage.audit import read_audit
from tests.town import HERE, NEWS, Town, story, w

ASKED = "Xe máy màu gì? Bạn trả lời khi thấy an toàn nhé."


async def answered(town: Town, name: str, text: str = ASKED) -> str:
    """What the command does, in a process of its own: with a database of its own, beside the house that runs."""
    opened = await open_storage(town.config, town.clock)
    try:
        return await answer(opened, name, text)
    finally:
        await opened.close()


async def refused(town: Town, name: str) -> str:
    with pytest.raises(Unusable) as caught:
        await answered(town, name)
    return caught.value.sentence


def test_what_is_answered_is_read_at_the_receipt_and_by_readers(tmp_path):
    """Kept sealed beside a running house, which then tells the citizen that there is something; each in its order."""

    async def tell(town):
        receipt = await town.tell("bac", back=HERE)
        (tip,) = await town.tips()
        town.news("bac")
        assert await answered(town, tip[:6]) == tip[:6]
        assert await answered(town, tip, "Cảm ơn bạn.") == tip[:6]
        await town.settle()
        assert town.news("bac") == [NEWS, NEWS]
        shown, _ = await town.answer("co", receipt)
        assert shown.index(ASKED) < shown.index("Cảm ơn bạn.")
        (read,) = await town.read()
        assert [part.words for part in read.parts] == [ASKED, "Cảm ơn bạn."]
        async with town.work() as work:
            acts = [(who, act, about) async for _, who, act, about in read_audit(work)]
        assert acts[-1] == ("operator", "tip.answer", f"tip:{tip[:6]}")
        assert "Xe máy" not in str(await town.rows(tables.tip_part)) + str(acts)

    story(tmp_path, tell)


def test_who_can_not_be_answered_is_told_of(tmp_path):
    """No such tip, several that begin so, and a talk that the citizen has closed: a sentence each, and nothing kept."""

    async def tell(town):
        receipt = await town.tell("bac")
        (tip,) = await town.tips()
        for unknown in ("zzzzzz9", "", "%", "ạ"):
            assert await refused(town, unknown) == "triage-cli-tip-unknown"
        async with town.work() as work:
            row = {**(await work.do(tables.tip.select())).one()._mapping}
            await work.put(tables.tip, [row | {"id": tip[:2] + "0" * 24, "look_up": bytes(32)}])
        assert await refused(town, tip[:2]) == "triage-cli-tip-many"
        await town.hear("bac", receipt)
        await town.press("bac", w("talk-close-for-good"))
        await town.press("bac", w("talk-close-yes"))
        assert await refused(town, tip) == "triage-cli-talk-over"
        assert await town.rows(tables.tip_part) == []

    story(tmp_path, tell)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (b"", "triage-cli-answer-empty"),
        (b" \n\x00\t ", "triage-cli-answer-empty"),
        (b"\xff\xfe", "triage-cli-answer-no-text"),
        ("ạ".encode() * (LONGEST + 1), "triage-cli-answer-long"),
    ],
    ids=["empty", "blank", "no text", "long"],
)
def test_what_is_no_message_is_not_sent(typed, sentence):
    """Nothing, nothing that is seen, no text, and too much."""
    with pytest.raises(Unusable) as caught:
        read_message(typed)
    assert caught.value.sentence == sentence


def test_the_longest_message_is_taken():
    """As many characters as a citizen may write, in any script."""
    assert len(read_message("ạ".encode() * LONGEST + b"\n")) == LONGEST


def test_the_command_reads_standard_input(tmp_path):
    """An unknown tip and an empty message: exit status 2, one line on standard error."""
    for words in (["init", "--yes"], ["tips", "answer", "abcdef"]):
        done = subprocess.run(
            [sys.executable, ROOT / "tinbao.py", *words],
            cwd=tmp_path,
            input=b"ch\xc3\xa0o" if words[0] == "tips" else b"",
            capture_output=True,
            env=os.environ | {"LC_ALL": "vi_VN.UTF-8", "PYTHONUTF8": "1"},
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1
    assert "abcdef" in done.stderr.decode()
