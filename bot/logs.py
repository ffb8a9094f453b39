"""The log: JSON lines on standard error, without content and without identity.

Other people's libraries log addresses and what they were given (a token stands in the Bot API's addresses; at DEBUG
aiosqlite writes every statement's values, a sender's id among them), so of their records only the name and the level
are kept: from the moment a record is made, so that a handler that an operator adds sees no more of it.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_ROOMS = frozenset({"assembly", "bot", "console", "documents", "handlers", "scheduler"})
_NOT_WHAT = "a library logged"


class _Record(logging.LogRecord):
    """One that we made says what it says; a library's says that it had something to say, not what."""

    def __init__(self, name: str, *rest: Any, **named: Any) -> None:
        super().__init__(name, *rest, **named)
        if name.partition(".")[0] not in _ROOMS:
            self.msg, self.args, self.exc_info, self.stack_info = _NOT_WHAT, (), None, None


class _Lines(logging.Handler):
    """Writes the records of the standard library's logging as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("tinbao.library").log(record.levelno, record.getMessage(), library=record.name)


def set_up_logs(level: str = "info") -> None:
    """Sends our own events to standard error, and of the libraries' the warnings' names."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.setLogRecordFactory(_Record)
    logging.basicConfig(handlers=[_Lines()], level=logging.WARNING, force=True)
