"""What tomllib and msgspec say about a plan's file in their own terms, as plain sentences."""

from __future__ import annotations

import re

from documents.plan_errors import Fault, Place
from documents.plan_lines import Lines
from documents.plan_shape import CHOICES, HINTS

_SYNTAX = {
    r"Illegal character '\\[nr]|Unterminated string|Expected (\"'\"|\"'''\")": "plan-toml-string",
    "Illegal character|Found invalid character": "plan-toml-character",
    r"Unescaped '\\'|Invalid hex value|Escaped character": "plan-toml-backslash",
    "Cannot |Duplicate ": "plan-toml-twice",
    r"Expected '\]": "plan-toml-header",
    "Expected '='": "plan-toml-equals",
    "Expected newline": "plan-toml-rest",
    "Unclosed": "plan-toml-unclosed",
    "Invalid (statement|initial character)": "plan-toml-statement",
    "Invalid (value|date)|Exceeds the limit": "plan-toml-value",
}
"""Sentences, by what tomllib's messages begin with; the first that fits."""

_LIMITS = {
    r"Expected `array` of length >= (\d+)": "plan-list-empty",
    r"Expected `str` of length >= (\d+)": "plan-text-empty",
    r"Expected `str` of length <= (\d+)": "plan-text-long",
    r"Expected `(?:int|float)` >= (-?\d+)": "plan-number-low",
    r"Expected `(?:int|float)` <= (-?\d+)": "plan-number-high",
}
"""Sentences, by what msgspec's messages about limits look like; the limit is `bound`."""


def syntax_fault(message: str, lines: Lines) -> tuple[Place, Fault]:
    """What tomllib says, with the key at that place; a day like 2026-02-30 is named."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(found[1]) if found else max(len(lines.texts), 1)
    text = lines.texts[line - 1] if line <= len(lines.texts) else ""
    column = int(found[2]) - 1 if found else len(text)
    told = next((sentence for sign, sentence in _SYNTAX.items() if re.match(sign, message)), "plan-toml")
    return Place(line, lines.key_at(line, column)), _no_moment(text, column) or Fault("", told)


def _no_moment(text: str, column: int) -> Fault | None:
    """Whether what stands at this place of a line is meant as a day or a time and is none; tomllib does not say so."""
    for found in re.finditer(r"(\d{4}-\d{2}-\d{2})|\d{1,2}:\d{2}(?::\d{2})?", text):
        if found.start() <= column < found.end():
            return Fault("", "plan-no-day" if found[1] else "plan-no-time", value=found[0])
    return None


def value_fault(message: str) -> Fault:
    """What msgspec says, as key and sentence: "... - at `$.deadline.before`"."""
    found = re.fullmatch(r"(.*?)(?: - at `\$(.*)`)?", message, re.DOTALL)
    told, path = (found[1], found[2] or "") if found else (message, "")
    key = re.sub(r"\[\.\.\.\]|\[\d+\]", "", path).lstrip(".")
    return _key_fault(key, told) or _type_fault(key, told) or _limit_fault(key, told) or Fault(key, "plan-value")


def _key_fault(key: str, told: str) -> Fault | None:
    found = re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", told, re.DOTALL)
    if not found:
        return None
    full = ".".join(filter(None, [key, found[2]]))
    return Fault(full, "plan-key-unknown" if "unknown" in found[1] else "plan-key-missing")


def _type_fault(key: str, told: str) -> Fault | None:
    if found := re.fullmatch(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", told):
        return Fault(key, "plan-type" if key else "plan-no-table", wanted=found[1], got=found[2])
    if found := re.match(r"Invalid (?:enum )?value (.*)", told, re.DOTALL):
        choices = CHOICES.get(key.rpartition(".")[2], ())
        return Fault(key, "plan-choice", value=found[1].strip("'\""), choices=", ".join(choices))
    return None


def _limit_fault(key: str, told: str) -> Fault | None:
    for sign, sentence in _LIMITS.items():
        if found := re.match(sign, told):
            return Fault(key, sentence, bound=found[1])
    hint = next((hint for sign, hint in HINTS.items() if sign in told or repr(sign) in told), None)
    return Fault(key, hint) if hint else None
