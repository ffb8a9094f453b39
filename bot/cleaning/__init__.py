"""Files that citizens send lose their metadata here, or are kept with a warning to the reader, or are refused.

A file is cleaned in a process of its own (`Cleaner`); only there the libraries are loaded that read foreign formats.
"""

from __future__ import annotations

from importlib import import_module

from bot.cleaning.cleaned import LARGEST, Cleaned, Refused
from bot.cleaning.cleaner import Cleaner

__all__ = ["LARGEST", "Cleaned", "Cleaner", "Refused", "clean"]


def clean(content: bytes) -> Cleaned:
    """The file without metadata, in this process: for the worker, for tests and measurements. Raises Refused.

    The libraries are loaded at the first call, so that who only needs `Cleaner` does not carry them.
    """
    cleaned: Cleaned = import_module("bot.cleaning.cleaners").clean(content)
    return cleaned
