"""The log: JSON lines on standard error, without content and without identity.

Other people's libraries log addresses and what they were given (a token stands in the Bot API's addresses), so of
their records only the name and the level are kept.
"""

from __future__ import annotations

import logging
import sys

import structlog


class _NameAndLevel(logging.Handler):
    """Writes that a library had something to say, not what."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("tinbao.library").log(record.levelno, "a library logged", library=record.name)


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
    logging.basicConfig(handlers=[_NameAndLevel()], level=logging.WARNING, force=True)
