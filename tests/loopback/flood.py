"""The pace that Telegram allows: 1 a second in a chat, 20 a minute in a group, 30 a second in all.

Nobody outside knows the exact rules; these are sliding windows over what was accepted. A little burst is let through.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Flood:
    """How many sends are accepted in how many seconds; `share` below 1 allows less than one is told."""

    overall: int = 30
    chat: int = 1
    group: int = 20
    burst: int = 3  # more than `chat` a second are tolerated that often in a row
    share: float = 1.0
    refused: int = 0
    _sent: dict[object, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, chat: int, now: float) -> int:
        """0: the send is accepted and counted. Otherwise the seconds to wait."""
        rules = [("all", self.overall, 1.0), (chat, self.chat + self.burst, 1.0 + self.burst)]
        if chat < 0:
            rules.append((("group", chat), self.group, 60.0))
        waits = [self._wait(key, limit * self.share, window, now) for key, limit, window in rules]
        if any(waits):
            self.refused += 1
            return max(waits)
        for key, _, _ in rules:
            self._sent[key].append(now)
        return 0

    def _wait(self, key: object, limit: float, window: float, now: float) -> int:
        sent = self._sent[key]
        while sent and sent[0] <= now - window:
            sent.popleft()
        return 0 if len(sent) + 1 <= max(limit, 1) else max(1, int(sent[0] + window - now) + 1)
