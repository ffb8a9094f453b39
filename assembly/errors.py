"""What an operator did that can't work."""

from __future__ import annotations

from bot.domain.trouble import Trouble


class Unusable(Trouble):
    """A command can't be done with what it was given: exit status 2, and the sentence on standard error."""
