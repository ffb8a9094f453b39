"""The judge: what the Bot API's specification says of a call's parameters and of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FACTS = Path(__file__).with_name("telegram-bot-api-10.3.facts.json")
PLAIN: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "Float": (int, float),
    "True": bool,
}
ARRAY = "Array of "
WHOLE = re.compile(r"-?\d{1,18}\Z")


class Field(msgspec.Struct, array_like=True, frozen=True):
    """One parameter or member: any of `types`; one of `enum` where that is not empty."""

    types: tuple[str, ...]
    required: bool
    enum: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """A method (with `returns`), an object (with `fields`) or a choice of objects (with `subtypes`)."""

    fields: dict[str, Field] = {}
    returns: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()


class Spec(msgspec.Struct, frozen=True):
    """The whole specification."""

    version: str
    released: str
    methods: dict[str, Entry]
    types: dict[str, Entry]

    def read(self, method: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """A call's parameters as they are meant: a form's strings become numbers, booleans and objects."""
        fields = self.methods[method].fields
        return {name: _meant(fields.get(name), value) for name, value in raw.items() if value is not None}

    def faults_of_call(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """What is wrong with a call, a phrase each: unknown, missing, of a wrong type, not one of the allowed."""
        return list(self._faults_of_fields(method, self.methods[method].fields, params))

    def faults_of_answer(self, method: str, result: Any) -> list[str]:
        """What is wrong with a result, a phrase each."""
        return list(self._faults(method, self.methods[method].returns, result))

    def faults_of(self, type_: str, value: Any) -> list[str]:
        """What is wrong with an object of a type, a phrase each."""
        return list(self._faults(type_, (type_,), value))

    def _faults_of_fields(self, where: str, fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[str]:
        for name, field in fields.items():
            if field.required and name not in values:
                yield f"{where}: {name} is missing"
        for name, value in values.items():
            if (known := fields.get(name)) is None:
                yield f"{where}: {name} is unknown"
            elif known.enum and isinstance(value, str) and value not in known.enum:
                yield f"{where}.{name}: not one of {', '.join(known.enum[:5])}"
            else:
                yield from self._faults(f"{where}.{name}", known.types, value)

    def _faults(self, where: str, types: tuple[str, ...], value: Any) -> Iterator[str]:
        nearest: list[str] | None = None
        for type_ in types:
            found = list(self._faults_of_one(where, type_, value))
            if not found:
                return
            nearest = found if nearest is None or len(found) < len(nearest) else nearest
        yield from nearest or ()

    def _faults_of_one(self, where: str, type_: str, value: Any) -> Iterator[str]:
        if type_.startswith(ARRAY):
            yield from self._faults_of_array(where, type_.removeprefix(ARRAY), value)
        elif type_ in PLAIN:
            if not _is_plain(type_, value):
                yield f"{where}: not {type_}"
        elif type_ == "InputFile":
            if not isinstance(value, Upload):
                yield f"{where}: not a file"
        elif self.types[type_].subtypes:
            yield from self._faults(where, self.types[type_].subtypes, value)
        elif isinstance(value, dict):
            yield from self._faults_of_fields(where, self.types[type_].fields, value)
        elif type_ != "RichText" or not isinstance(value, str):
            yield f"{where}: not {type_}"

    def _faults_of_array(self, where: str, type_: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: not an array"
            return
        for number, item in enumerate(value):
            yield from self._faults(f"{where}[{number}]", (type_,), item)


class Upload(msgspec.Struct, frozen=True):
    """A file that came in a multipart body."""

    name: str
    content: bytes
    kind: str


def _is_plain(type_: str, value: Any) -> bool:
    if isinstance(value, bool) and type_ not in {"Boolean", "True"}:
        return False
    return isinstance(value, PLAIN[type_])


def _meant(field: Field | None, value: Any) -> Any:
    """A string where the field wants none is read as the real server reads it; what can't be read stays."""
    if field is None or not isinstance(value, str) or "String" in field.types:
        return value
    if "Boolean" in field.types:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(value.lower(), value)
    if "Integer" in field.types:
        return int(value) if WHOLE.match(value) else value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value


@cache
def bot_api() -> Spec:
    """Bot API 10.3."""
    return msgspec.json.decode(FACTS.read_bytes(), type=Spec)
