"""A long list to choose from, made once and carried by every question that asks for one of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar, overload


class Valued(Protocol):
    """What stands in the list: bot/talk/step.py's Option."""

    @property
    def value(self) -> str: ...


Item = TypeVar("Item", bound=Valued)


class Options(Sequence[Item]):
    """Options in their order, each found by its value at once; the first `home` of them are near at hand (the communes
    of the own province; all, if nothing is said) and stand before equally good ones when somebody types a name.

    It is what it is for as long as the process runs: two are equal only when they are the same one, so that what was
    prepared for it (bot/finding.py) is prepared once.
    """

    def __init__(self, items: Iterable[Item], home: int | None = None) -> None:
        self._items = tuple(items)
        self._by_value = {item.value: item for item in reversed(self._items)}  # the first one of a value stays
        self.home = len(self._items) if home is None else home

    def find(self, value: object) -> Item | None:
        """The option of this value, if there is one."""
        return self._by_value.get(value) if isinstance(value, str) else None

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        return self._items[at]

    def __repr__(self) -> str:
        some = ", ".join(item.value for item in islice(self._items, 3))
        return f"<Options: {len(self._items)}, {some} …>"


def option_of(options: Sequence[Item], value: object) -> Item | None:
    """The option of this value in a list of any kind, if there is one."""
    if isinstance(options, Options):
        return options.find(value)
    return next((item for item in options if item.value == value), None)
