"""Progress: what an officer answers for an assignment, and how a short answer in words is understood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from bot.domain.plain import plain


@dataclass(frozen=True, slots=True)
class Progress:
    """One answer. `percent` from 0 to 100; `difficulties` empty: none were named."""

    assignment: int
    revision: int
    at: datetime
    member: str
    percent: int
    result: str
    difficulties: str


@dataclass(frozen=True, slots=True)
class QuickAnswer:
    """What could be read out of a short answer. None: it did not say."""

    percent: int | None = None
    result: str = ""
    difficulties: str | None = None


_PERCENT = re.compile(r"(?<![\d.,/])(\d{1,3})\s*(?:%|phần trăm|phan tram|percent)", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\d.,/])(\d{1,5})\s*/\s*(\d{1,5})(?![\d/])")
_NO_SHARE_AFTER = re.compile(r"\b(?:ngay|hom|thang|quy|so|lop|truoc|den|tu|sang|chieu|toi|han|thu \w+|date|no)[ .]*$")
"""What stands before a day, a document's number or a school class: "ngày 3/3", "số 12/2026", "lớp 3/4"."""
_THEN_DIFFICULTY = re.compile(r"(?:%|phan tram|percent)()\s+(?=(?:vuong|kho khan|thieu|cho huong dan|stuck|blocked)\b)")
_NOTHING_IN_THE_WAY = re.compile(
    r"\b(?:khong|chua|ko|k)\s+(?:con\s+)?(?:co\s+)?(?:bi\s+)?(?:gi\s+)?(?:vuong|kho khan)"
    r"|\b(?:no difficult(?:y|ies)|nothing in the way)\b",
    re.IGNORECASE,
)
_IN_THE_WAY = re.compile(r"\b(?:vuong mac|vuong|kho khan|thieu|cho huong dan|stuck|blocked)\b", re.IGNORECASE)
_NOT_BEGUN = re.compile(r"^(?:chua (?:lam|trien khai|bat dau|thuc hien)|not started)\b", re.IGNORECASE)
_FINISHED = re.compile(r"\b(?:xong|hoan thanh|da lam|da xong|done|finished)\b", re.IGNORECASE)
_ONLY_FINISHED = re.compile(r"\b(?:moi|da|lam|xong|duoc|hoan thanh|dat|done|finished)\b")
_HEADING = re.compile(r"(?:(?:con|dang|bi)\s+)?(?:vuong mac|vuong|kho khan)(?:\s+(?:ve|la|do))?\b[ :]*")
_UNFINISHED = re.compile(
    r"\b(?:chua|khong|ko|k|not)\s+(?:the\s+|lam\s+)?(?:xong|hoan thanh|done|finished)\b", re.IGNORECASE
)


def read_quick_answer(text: str) -> QuickAnswer | None:
    """Reads "xong 80%, vướng kinh phí", "4/4 cơ sở đã kiểm tra", "chưa làm, chờ hướng dẫn"; None: not an answer.

    A percentage that is written wins over one that is meant ("xong" is 100). A clause that names a difficulty is the
    difficulty, the others are the result.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if text.endswith("?"):  # somebody asks
        return None
    percent = _percent(text)
    clauses = _clauses(text)
    stuck = [clause for clause in clauses if _names_difficulty(clause)]
    free = any(_NOTHING_IN_THE_WAY.search(plain(clause)) for clause in clauses)
    if percent is None and not stuck and not free:
        return None
    rest = [clause for clause in clauses if clause not in stuck and _says_more(clause)]
    difficulties = ", ".join(_bare_difficulty(clause) for clause in stuck) if stuck else ("" if free else None)
    return QuickAnswer(percent, ", ".join(rest), difficulties)


def _clauses(text: str) -> list[str]:
    """What stands between commas and full stops; and a difficulty that follows a percentage without any."""
    if then := _THEN_DIFFICULTY.search(plain(text)):
        text = text[: then.start(1)] + "," + text[then.start(1) :]
    return [clause.strip(" .") for clause in re.split(r"[,;\n]|\.\s", text) if clause.strip(" .")]


def _percent(text: str) -> int | None:
    bare = plain(text)
    written = {int(number) for number in _PERCENT.findall(text)}
    if len(written) > 1:  # "giảm 20%, tăng 50%": which one is meant can't be told
        return None
    if written and max(written) <= 100:  # noqa: PLR2004 - per cent
        return written.pop()
    share = _SHARE.search(text)
    if share and 0 < int(share[2]) >= int(share[1]) and not _NO_SHARE_AFTER.search(bare[: share.start()]):
        return round(100 * int(share[1]) / int(share[2]))
    if _NOT_BEGUN.search(bare):
        return 0
    if _UNFINISHED.search(bare):
        return None
    return 100 if _FINISHED.search(bare) else None


def _names_difficulty(clause: str) -> bool:
    bare = plain(clause)
    return bool(_IN_THE_WAY.search(bare)) and not _NOTHING_IN_THE_WAY.search(bare)


def _says_more(clause: str) -> bool:
    """Whether a clause holds more than "xong 80%" or "không vướng gì", which is kept as a number and as none."""
    bare = plain(_without_percent(clause))
    return not _NOTHING_IN_THE_WAY.search(bare) and bool(_ONLY_FINISHED.sub("", bare).strip())


def _bare_difficulty(clause: str) -> str:
    """A clause such as "vướng kinh phí" without its first word, which the heading says."""
    whole = _without_percent(clause)
    return whole[found.end() :].strip() or whole if (found := _HEADING.match(plain(whole))) else whole


def _without_percent(clause: str) -> str:
    """A clause such as "80% vướng kinh phí" without its number, which is kept as the percentage."""
    return " ".join(_PERCENT.sub("", clause).split()).strip(" ,.-")
