"""Small counts are hidden, and an adversary who knows the totals and what the marks mean can't work them out."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.counts import Mark, suppress, with_totals


def table_of(inner):
    rows, columns = len(inner), len(inner[0])
    return with_totals(tuple(f"r{n}" for n in range(rows)), tuple(f"c{n}" for n in range(columns)), inner)


def computed(grid):
    """What linear arithmetic finds: the hidden places that have one value only, by Gauss over fractions."""
    bottom, right = len(grid) - 1, len(grid[0]) - 1
    hidden = [(r, c) for r in range(bottom + 1) for c in range(right + 1) if isinstance(grid[r][c], Mark)]
    sums = [[(r, c) for c in range(right + 1)] for r in range(bottom + 1)]
    sums += [[(r, c) for r in range(bottom + 1)] for c in range(right + 1)]
    # Parts minus total is nothing; what is shown plays no part in whether there is one answer.
    matrix = [[Fraction((place in places) * (-1 if place == places[-1] else 1)) for place in hidden] for places in sums]
    solved = reduced(matrix, len(hidden))
    return {hidden[next(n for n, x in enumerate(row) if x)] for row in solved if sum(x != 0 for x in row) == 1}


def reduced(matrix, width):
    done = 0
    for column in range(width):
        pivot = next((n for n in range(done, len(matrix)) if matrix[n][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        matrix[done] = [x / matrix[done][column] for x in matrix[done]]
        for n in range(len(matrix)):
            if n != done and matrix[n][column]:
                factor = matrix[n][column]
                matrix[n] = [x - factor * y for x, y in zip(matrix[n], matrix[done], strict=True)]
        done += 1
    return matrix[:done]


def fits(shown, count):
    if shown is Mark.SMALL:
        return 0 <= count <= 4
    return count >= 5 if shown is Mark.KEPT else count == shown


def others(table, shown):
    """For each "<5": the values it has among all tables near the true one that would look the same."""
    inner = [line[:-1] for line in table.grid[:-1]]
    width = len(inner[0])
    near = [
        range(max(0, count - 1), count + 2) if isinstance(mark, Mark) else [count]
        for line, marks in zip(inner, shown.grid, strict=False)
        for count, mark in zip(line, marks, strict=False)
    ]
    found = {}
    for filled in product(*near):
        like = table_of([filled[at : at + width] for at in range(0, len(filled), width)])
        pairs = [(mark, like.grid[r][c], (r, c)) for r, marks in enumerate(shown.grid) for c, mark in enumerate(marks)]
        if all(fits(mark, count) for mark, count, _ in pairs):
            for mark, count, place in pairs:
                if mark is Mark.SMALL:
                    found.setdefault(place, set()).add(count)
    return found


tables = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 4) | st.integers(0, 9) | st.just(30), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_nothing_small_is_shown_and_nothing_shown_is_changed(inner):
    """Every count under 5 is a mark, every other one is itself or kept back."""
    table = table_of(inner)
    shown = suppress(table)
    for line, marks in zip(table.grid, shown.grid, strict=True):
        for count, mark in zip(line, marks, strict=True):
            assert isinstance(mark, Mark) if count < 5 else mark in (count, Mark.KEPT)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_no_hidden_count_is_found_by_linear_arithmetic(inner):
    """Sums solved for what is hidden give no count under 5."""
    table = table_of(inner)
    found = computed(suppress(table).grid)
    assert not [place for place in found if table.grid[place[0]][place[1]] < 5]


@settings(max_examples=60, deadline=None)
@given(tables)
def test_each_small_count_could_be_another(inner):
    """Even who knows that "<5" is 0 to 4 and "…" 5 or more has at least two values for each "<5"."""
    table = table_of(inner)
    shown = suppress(table)
    small = [(r, c) for r, marks in enumerate(shown.grid) for c, mark in enumerate(marks) if mark is Mark.SMALL]
    found = others(table, shown)
    assert all(len(found[place]) > 1 for place in small)


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ([[9, 9], [9, 9]], [[9, 9, 18], [9, 9, 18], [18, 18, 36]]),
        ([[2, 9], [9, 9]], [["<5", "…", 11], ["…", "…", 18], [11, 18, 29]]),
        ([[2, 3, 20]], [["<5", "<5", 20, 25], ["<5", "<5", 20, 25]]),
        ([[0]], [["<5", "<5"], ["<5", "<5"]]),
        ([[4, 4]], [["<5", "<5", "…"], ["<5", "<5", "…"]]),
    ],
)
def test_tables_by_hand(inner, wanted):
    """Nothing to hide; one small count takes three others along; two hide one another; 4 + 4 = 8 would tell both."""
    assert [list(line) for line in suppress(table_of(inner)).grid] == wanted


def test_where_the_marks_would_tell_nothing_is_told():
    """Five rows of four ones: rows of at most 4 in columns of at least 5 are 4 each, so not even "<5" is said."""
    assert {count for line in suppress(table_of([[1] * 4] * 5)).grid for count in line} == {Mark.KEPT}


def test_the_adversary_can_find_what_is_badly_hidden():
    """Without the complement the small count is found: the judge judges."""
    assert computed([[Mark.SMALL, 9, 11], [9, 9, 18], [11, 18, 29]]) == {(0, 0)}
