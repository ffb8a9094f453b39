"""How a short answer in words is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.progress import QuickAnswer, read_quick_answer


@pytest.mark.parametrize(
    ("text", "percent", "result", "difficulties"),
    [
        ("xong 80%, vướng kinh phí", 80, "", "kinh phí"),
        ("xong 80% vướng kinh phí", 80, "", "kinh phí"),
        ("80%", 80, "", None),
        ("đạt 65 phần trăm", 65, "", None),
        ("dat 65 phan tram", 65, "", None),
        ("4/4 cơ sở đã kiểm tra, chưa vướng gì", 100, "4/4 cơ sở đã kiểm tra", ""),
        ("3/4 cơ sở đã kiểm tra", 75, "3/4 cơ sở đã kiểm tra", None),
        ("đã xong", 100, "", None),
        ("Hoàn thành", 100, "", None),
        ("hoan thanh", 100, "", None),
        ("chưa xong, thiếu người", None, "chưa xong", "thiếu người"),
        ("chưa làm, chờ hướng dẫn", 0, "chưa làm", "chờ hướng dẫn"),
        ("chưa triển khai", 0, "chưa triển khai", None),
        ("không vướng gì", None, "", ""),
        ("xong 100%, không có khó khăn", 100, "", ""),
        ("done 80%, stuck on funding", 80, "", "stuck on funding"),
        ("not started", 0, "not started", None),
        ("vướng mắc: chưa có kinh phí", None, "", "chưa có kinh phí"),
    ],
)
def test_a_short_answer_is_understood(text: str, percent: int | None, result: str, difficulties: str | None) -> None:
    """Percentage, result and difficulty are found in what officers write, with or without diacritics."""
    assert read_quick_answer(text) == QuickAnswer(percent, result, difficulties)


@pytest.mark.parametrize(
    "text", ["chào các đồng chí", "ok", "mai họp lúc 14:00 ngày 3/3/2026", "gửi ai ạ?", "150%", "", "xin lùi hạn"]
)
def test_what_is_no_answer_is_not_taken_for_one(text: str) -> None:
    """Greetings, questions, dates and impossible percentages are no progress."""
    assert read_quick_answer(text) is None


@pytest.mark.parametrize(
    "text", ["họp ngày 3/3", "họp lúc 8h ngày 27/2 không kịp", "gửi công văn số 12/2026", "lớp 3/4"]
)
def test_a_date_is_no_share(text: str) -> None:
    """A day of the month, or a number of a document, is not a share of the work."""
    quick = read_quick_answer(text)
    assert quick is None or quick.percent is None, quick


@given(st.text(max_size=300))
def test_any_text_is_read_without_harm(text: str) -> None:
    """No text breaks it, and a percentage is one."""
    quick = read_quick_answer(text)
    assert quick is None or quick.percent is None or 0 <= quick.percent <= 100
