"""Tin Báo's command line. Start here; assembly/ puts the parts together, each command imports only what it needs.

The imports stand inside the commands, because `--help` must not wait for SQLAlchemy; the commands stand on one page, so
that it can be read beside `--help`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

os.environ.setdefault("TYPER_USE_RICH", "0")  # rich doubles the time to a --help

import typer

sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # structlog would take it for colours that our log has not

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Tin Báo: tips without a name, reminders of what a plan asks, notices.",
)
plan_app = typer.Typer(help="Read, check and load plans.", no_args_is_help=True)
keys_app = typer.Typer(help="The keys of those who read tips.", no_args_is_help=True)
tips_app = typer.Typer(help="Tips.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
app.add_typer(plan_app, name="plan")
app.add_typer(keys_app, name="keys")
app.add_typer(tips_app, name="tips")
app.add_typer(audit_app, name="audit")

ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.")]
CONFIG = Path("config.toml")
_MOST_READ = 100_000  # bytes of a message on standard input: more is too long in any language


def language() -> str:
    """What the operator's terminal speaks: English where LANG says so, else Vietnamese."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "vi"


def _say(sentence: str, **values: object) -> None:
    from bot.words import say

    print(say(language(), sentence, values), flush=True)


# --- running ---------------------------------------------------------------------------------------------------------


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where to serve; a taken one is told and the next free one used.")] = 8080,
    data: Annotated[Path, typer.Option(help="The demo's own folder.")] = Path("demo-data"),
) -> None:
    """A sample province on this machine, with a clock that can be moved; no token, no network."""
    from assembly.run import run_demo

    run_demo(data, port, language())


@app.command()
def run(config: ConfigPath = CONFIG) -> None:
    """Everything that config.toml enables."""
    from assembly.run import run_installation
    from bot.config import read_config

    run_installation(read_config(config), language())


@app.command()
def init(
    config: ConfigPath = CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what stands in brackets.")] = False,
    admin: Annotated[
        bool, typer.Option("--admin", help="A way in for another admin, or for one who lost theirs.")
    ] = False,
) -> None:
    """Asks what it needs, writes config.toml and keys, creates the database; never overwrites."""
    from assembly.init import Answers, found, write_config
    from bot.words import say

    def ask(sentence: str, otherwise: str) -> str:
        return otherwise if yes else typer.prompt(say(language(), sentence), default=otherwise)

    if config.exists():
        _say("cli-config-kept", path=str(config))
    else:
        plan = Path(__file__).parent / "plans/lao-cai-2026.toml"
        province = ask("cli-ask-province", "Lào Cai")
        answers = Answers(
            province, ask("cli-ask-plan", str(plan)), ask("cli-ask-address", ""), ask("cli-ask-token", "")
        )
        write_config(config, answers)
        _say("cli-config-written", path=str(config))
    names = {"admin_name": say(language(), "cli-admin-name"), "desk_name": say(language(), "invite-desk")}
    founded = asyncio.run(found(config, another_admin=admin, **names))
    _say("cli-founded", data=str(founded.config.data_folder))
    if founded.code:
        _say("cli-first-admin", code=founded.code)
    if founded.link:
        _say("cli-first-admin-link", link=founded.link)


@app.command()
def doctor(config: ConfigPath = CONFIG) -> None:
    """What is not as it should be, and what to do; exit status 1 when something is."""
    from assembly.doctor import examine
    from bot.words import word

    findings = _with_storage(config, examine, as_it_is=True)
    for finding in findings:
        print("✓" if finding.well else "✗", word(language(), finding.said))
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


# --- plans -----------------------------------------------------------------------------------------------------------


@plan_app.command("check")
def plan_check(file: Path) -> None:
    """Reads a plan's TOML file and says what is in it; exit status 2, with each error's line and key, if it is bad."""
    from documents.places import units_of
    from documents.plan_file import read_plan

    plan = read_plan(file)
    units = len(units_of(plan))
    _say("cli-plan-checked", title=plan.title, obligations=len(plan.obligations), units=units)


@plan_app.command("load")
def plan_load(
    file: Path, config: ConfigPath = CONFIG, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False
) -> None:
    """Loads a plan, with the units it speaks to, into the database; a plan that is there is replaced."""
    from assembly.plans import load_plan
    from bot.words import say
    from documents.plan_file import read_plan

    plan = read_plan(file)
    if not yes and not typer.confirm(say(language(), "cli-ask-load", {"title": plan.title})):
        raise typer.Exit(1)
    _with_storage(config, lambda opened: load_plan(opened, file))
    _say("cli-plan-loaded", title=plan.title, obligations=len(plan.obligations))


@app.command()
def calendar(
    file: Path,
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    end: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day, included.")],
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated (the default).")] = False,
    ics: Annotated[bool, typer.Option("--ics", help="iCalendar.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Every due instant of a plan between two local days."""
    from assembly.errors import Unusable
    from bot.clock import Clock
    from documents.calendar import as_csv, as_ics, as_json
    from documents.calendar import calendar as due_between
    from documents.places import units_of
    from documents.plan_file import read_plan

    if csv + ics + json > 1:
        raise Unusable("cli-one-format")
    if end < start:
        raise Unusable("cli-days-reversed", start=f"{start:%Y-%m-%d}", end=f"{end:%Y-%m-%d}")
    plan = read_plan(file)
    rows = due_between(plan, units_of(plan), _day(start), _day(end))
    text = as_json(rows) if json else as_ics(rows, Clock().now()) if ics else as_csv(rows)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def _day(instant: datetime) -> date:
    return instant.date()


# --- readers and tips ------------------------------------------------------------------------------------------------


@keys_app.command("new")
def keys_new(
    out: Annotated[Path, typer.Option("-o", help="The new key file; its public half goes to FILE.pub.")],
    name: Annotated[str, typer.Option(help="Whose key it is.")] = "",
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Protect it by nothing.")] = False,
) -> None:
    """A new reader's key, on the reader's own machine."""
    from assembly.keys import make_key
    from bot.words import say

    called = name or typer.prompt(say(language(), "cli-ask-reader"))
    words = None
    if not no_passphrase:
        words = typer.prompt(say(language(), "cli-ask-passphrase"), hide_input=True, confirmation_prompt=True)
    known = make_key(out, called, words)
    _say("cli-key-made", path=str(out), public=f"{out}.pub", fingerprint=known.fingerprint)


@keys_app.command("add")
def keys_add(file: Path, config: ConfigPath = CONFIG) -> None:
    """Lets a reader in, with the public half of their key: new tips are sealed to them too."""
    from assembly.keys import add_public, read_text
    from bot.storage.key_file import fingerprint

    text = read_text(file)
    reader = _with_storage(config, lambda opened: add_public(opened, text))
    _say("cli-reader-added", name=reader.name, id=reader.id, fingerprint=fingerprint(reader.public))


@keys_app.command("list")
def keys_list(config: ConfigPath = CONFIG) -> None:
    """Those that new tips are sealed to: id, fingerprint, name."""
    from assembly.keys import list_readers
    from bot.storage.key_file import fingerprint

    readers = _with_storage(config, list_readers)
    for reader in readers:
        print(reader.id, fingerprint(reader.public), reader.name, sep="\t")
    if not readers:
        _say("cli-no-readers")
        raise typer.Exit(1)


@keys_app.command("retire")
def keys_retire(
    reader: str,
    config: ConfigPath = CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Even if tips are lost, or nobody is left to read them.")] = False,
) -> None:
    """Nothing is sealed to this reader (an id of `keys list`) any more, and their keys to past tips are erased."""
    from assembly.keys import retire

    if not _with_storage(config, lambda opened: retire(opened, reader, at_any_cost=yes)):
        _say("cli-reader-no-such", id=reader)
        raise typer.Exit(1)
    _say("cli-reader-retired", id=reader)


@tips_app.command("read")
def tips_read(
    key: Annotated[Path, typer.Option(help="The reader's key file.")],
    config: ConfigPath = CONFIG,
    data: Annotated[Path | None, typer.Option(help="The demo's folder, in place of --config.")] = None,
    files: Annotated[Path | None, typer.Option(help="A folder to write photos, recordings and files into.")] = None,
    tip: Annotated[str, typer.Option(help="Only the tip whose name begins so.")] = "",
) -> None:
    """Opens the tips that were sealed to a reader's key, and shows them with what came with them."""
    from assembly.keys import read_text
    from assembly.reading import show_tips
    from bot.words import say

    text = read_text(key)

    def passphrase() -> str:
        words: str = typer.prompt(say(language(), "cli-ask-passphrase"), hide_input=True)
        return words

    async def show(opened: Any) -> int:
        count = 0
        async for shown in show_tips(opened, text, passphrase, language(), files=files, only=tip):
            print(shown, flush=True)
            count += 1
        return count

    if not _with_storage(config, show, demo_folder=data):
        _say("cli-no-tips")


@tips_app.command("answer")
def tips_answer(tip: str, config: ConfigPath = CONFIG) -> None:
    """Writes to whoever sent a tip (its id, or the beginning of it) what is typed, or read from standard input."""
    from assembly.answering import answer, read_message
    from bot.words import say

    is_typed = sys.stdin.isatty()
    typed = (
        typer.prompt(say(language(), "triage-cli-ask-answer")).encode()
        if is_typed
        else sys.stdin.buffer.read(_MOST_READ)
    )
    text = read_message(typed)
    _say("triage-cli-answered", name=_with_storage(config, lambda opened: answer(opened, tip, text)))


@audit_app.command("verify")
def audit_verify(config: ConfigPath = CONFIG) -> None:
    """Whether the audit log is whole; exit status 1 when a row was changed or taken out."""
    from bot.storage.audit import broken_link

    async def verify(opened: Any) -> int | None:
        async with opened.database.read() as work:
            return await broken_link(work)

    row = _with_storage(config, verify, as_it_is=True)
    if row is not None:
        _say("cli-audit-broken", row=str(row))
        raise typer.Exit(1)
    _say("cli-audit-whole")


# --- how a command ends ----------------------------------------------------------------------------------------------


def _with_storage(config: Path, do: Any, *, demo_folder: Path | None = None, as_it_is: bool = False) -> Any:
    """Opens the installation's storage, does something with it, and closes it. `as_it_is`: it is not migrated."""
    from assembly.parts import open_storage
    from bot.clock import Clock
    from bot.config import Config, read_config

    described = Config(data="data", home=demo_folder) if demo_folder else read_config(config)

    async def _do() -> Any:
        opened = await open_storage(described, Clock(), as_it_is=as_it_is)
        try:
            return await do(opened)
        finally:
            await opened.close()

    return asyncio.run(_do())


def _sentence(error: Exception) -> str | None:
    """What a known error has to say to the operator; None for one that nobody foresaw."""
    from bot.domain.trouble import Trouble
    from bot.words import say
    from documents.plan_file import PlanError

    if isinstance(error, Trouble):
        return say(language(), error.sentence, error.values)
    if isinstance(error, PlanError):
        return error.said(language())
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    about_words = getattr(error, "format_message", None)  # typer's, of what was typed; its class has no public name
    return str(about_words()) if about_words else None


def main() -> None:
    """Exit status 0, 1 (it ran and the answer is no), 2 (bad use or input, one line on standard error)."""
    os.umask(0o077)  # what we write is for its owner
    try:
        sys.exit(app(standalone_mode=False))
    except typer.Abort:
        sys.exit(1)  # asked, and not answered
    except Exception as error:
        said = _sentence(error)
        if said is None:
            raise
        print(said, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
