"""What the desk needs, put together: the terms that run for a tip."""

from __future__ import annotations

from bot.config import Config
from bot.domain.clock_row import ClockRow
from bot.domain.deadline import DayOff
from documents.tip_clocks import our_clocks, read_tip_clocks
from handlers.clocks import ClockRules


def clock_rows(config: Config) -> tuple[tuple[ClockRow, ...], frozenset[str]]:
    """The rows that clocks are counted with, and the remote communes. Raises TipClocksError for an operator's file."""
    rows = read_tip_clocks(config.clocks_file) if config.clocks_file else our_clocks()
    return rows, frozenset(config.tips.remote)


def desk_rooms(config: Config, is_day_off: DayOff) -> dict[type, object]:
    """What handlers keep for the desk, by type (bot/turn.py, House.rooms)."""
    return {ClockRules: ClockRules(*clock_rows(config), is_day_off)}
