"""The bell: rings again and again, and what is due then is found in our own tables. Only this file knows APScheduler.

One job in memory: it can't be lost, doubled or dropped, because it holds nothing (docs/design.md, section 9).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Ring = Callable[[], Awaitable[None]]
SECONDS = 5

_log = structlog.get_logger("tinbao.clockwork")


class Clockwork:
    """Rings every few seconds; `ring` can also be called by hand, by a demo or a simulation."""

    def __init__(self, acts: Sequence[tuple[str, Ring]]) -> None:
        self._acts = acts
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begins to ring. A bell that was missed while the machine slept rings once."""
        self._scheduler.add_job(
            self.ring, "interval", seconds=SECONDS, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()

    async def ring(self) -> None:
        """Does what is due now. An act that fails is said and does not keep the others from theirs."""
        for name, act in self._acts:
            try:
                await act()
            except Exception as error:  # noqa: BLE001 - the next bell tries again; nothing was half done
                _log.error("an act of the clock failed", act=name, error=type(error).__name__)

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
