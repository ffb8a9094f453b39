"""What can be typed and written is described: an undocumented command, option or key is a failing test."""

from __future__ import annotations

import re

import msgspec
import pytest
import typer
from demo_process import ROOT

import tinbao
from bot.config import Config

OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")


def commands(group, before="tinbao"):
    """("tinbao keys new", its options and arguments) of every command."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, f"{before} {name}")
        else:
            yield f"{before} {name}", [longest(parameter) for parameter in one.params if parameter.name != "help"]


def longest(parameter):
    is_option = parameter.param_type_name == "option"
    return max(parameter.opts, key=len) if is_option else parameter.name.upper()


def keys(struct=Config, section=""):
    """(section, key) of everything that may stand in config.toml."""
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from keys(field.type, field.name)
        elif field.name != "home":
            yield section, field.name


@pytest.mark.parametrize(("command", "words"), list(commands(typer.main.get_command(tinbao.app))))
def test_every_command_is_described(command, words):
    """Each command has a line of its own in docs/operations.md, with its options, arguments and what it does."""
    found = [line for line in OPERATIONS.splitlines() if line.startswith(f"| `{command}")]
    assert len(found) == 1
    shared = "take `--config FILE`"
    assert shared in OPERATIONS
    assert [word for word in words if word not in found[0] and word != "--config"] == []


def test_no_command_is_described_that_is_not_there():
    """What the manual names can be typed."""
    known = {command for command, _ in commands(typer.main.get_command(tinbao.app))}
    named = re.findall(r"`(tinbao(?: [a-z]+)+)", OPERATIONS)
    assert named
    assert {name for name in named if name not in known} == set()


@pytest.mark.parametrize(("section", "key"), list(keys()))
def test_every_key_of_the_config_is_described(section, key):
    """Each key stands in the table, under its section."""
    table = OPERATIONS.split("## config.toml")[1].split("\n## ")[0]
    parts = re.split(r"^\| `\[(\w+)\]`", table, flags=re.MULTILINE)
    part = dict(zip(["", *parts[1::2]], parts[::2], strict=True))[section]
    assert f"`{key}`" in part
