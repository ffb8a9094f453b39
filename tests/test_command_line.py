"""The command line: what other programs rely on.

Where nothing depends on a process of its own, a command runs in ours: `main` is what `tinbao` runs.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, datetime

import msgspec
import pytest
from demo_process import ROOT, DemoProcess, command

import tinbao
from bot.channels.telegram import UnknownToken
from bot.domain.tip import Draft, TipKind, TipLine, Urgency, WayBack
from bot.domain.unit import UnknownUnits
from bot.storage.database import open_database
from bot.storage.seal import seal_tip
from bot.storage.tips import ReceiptMark, active_readers, file_tip
from bot.storage.units import all_units
from documents.places import UnknownProvinceError

PLAN = ROOT / "plans/lao-cai-2026.toml"


def call(*words, cwd=ROOT, typed=""):
    """Runs a command in this process; returns what `command` does."""
    out, errors, status = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as set_up, redirect_stdout(out), redirect_stderr(errors):
        set_up.chdir(cwd)
        set_up.setattr(sys, "argv", ["tinbao", *map(str, words)])
        set_up.setattr(sys, "stdin", io.StringIO(typed))
        set_up.setenv("LANG", "C.UTF-8")
        set_up.delenv("LC_ALL", raising=False)
        ours = os.umask(0o022)
        try:
            tinbao.main()
        except SystemExit as end:
            status = end.code or 0
        finally:
            os.umask(ours)
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def refused(done):
    """Exit status 2, nothing on standard output, one line on standard error: this line."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def well(done):
    """Exit status 0, nothing on standard error: what stands on standard output."""
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A folder in which `tinbao init` has run; tests of this module share it and leave no change that others see."""
    folder = tmp_path_factory.mktemp("founded")
    well(command("init", "--yes", cwd=folder))
    return folder


def mode(path):
    return path.stat().st_mode & 0o777


# --- bad use ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["nosuch"],
        ["plan", "nosuch"],
        ["calendar", PLAN, "--from", "2026-01-01"],
        ["calendar", PLAN, "--from", "2026-13-01", "--to", "2026-12-31"],
        ["calendar", PLAN, "--from", "2026-12-31", "--to", "2026-01-01"],
        ["calendar", PLAN, "--from", "2026-01-01", "--to", "2026-01-31", "--csv", "--json"],
        ["calendar", "no-such-file.toml", "--from", "2026-01-01", "--to", "2026-01-31"],
        ["demo", "--port", "many"],
        ["demo", "--colour", "red"],
        ["keys", "add", "no-such-file.pub"],
        ["plan", "check", "no-such-file.toml"],
        ["plan", "check", ROOT],
    ],
    ids=lambda words: " ".join(str(word).removeprefix(f"{ROOT}/") for word in words),
)
def test_bad_use_is_one_line(tmp_path, words):
    """Whatever is wrong with what was typed: exit status 2 and one line."""
    refused(call(*words, cwd=tmp_path))


@pytest.mark.parametrize(
    "words", [["run"], ["doctor"], ["keys", "list"], ["audit", "verify"], ["plan", "load", PLAN, "--yes"]]
)
def test_a_config_that_cannot_be_used_is_one_line(tmp_path, words):
    """No config.toml, one that is no TOML, one with an unknown key: each command says so and names it."""
    config = tmp_path / "config.toml"
    assert "tinbao init" in refused(call(*words, "--config", config))
    config.write_text("data = = 1")
    assert "config.toml" in refused(call(*words, "--config", config))
    config.write_text('colour = "red"')
    assert "colour" in refused(call(*words, "--config", config))
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_plan_with_a_wrong_date_is_told_with_line_and_key(tmp_path):
    """Line and key of the date; nothing of the plan is loaded."""
    text = PLAN.read_text("utf-8").replace("before = 2026-02-25", 'before = "25/02/2026"')
    bad = tmp_path / "bad.toml"
    bad.write_text(text, "utf-8")
    line = text[: text.index("25/02/2026")].count("\n") + 1
    said = refused(call("plan", "check", bad))
    assert re.search(rf"\b(dòng|line) {line}\b", said)
    assert "deadline" in said
    well(call("init", "--yes", cwd=tmp_path))
    assert refused(call("plan", "load", bad, "--yes", cwd=tmp_path)) == said


def test_a_taken_port_is_told_and_the_next_free_one_used(tmp_path):
    """The demo names the port that was taken and serves on another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        demo = DemoProcess(tmp_path / "demo", taken.getsockname()[1])
        demo.start()
        assert str(taken.getsockname()[1]) in demo.said
        assert demo.port != taken.getsockname()[1]
        assert demo.stop() == 0


def test_an_installation_serves_on_its_own_port_or_not_at_all(tmp_path):
    """A proxy knows one port: where it is taken, `tinbao run` says so and ends; as without a plan or a channel."""
    well(call("init", "--yes", cwd=tmp_path))
    config = tmp_path / "config.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(config.read_text().replace("port = 8080", f"port = {port}"))
        assert str(port) in refused(command("run", cwd=tmp_path))
    config.write_text("[web]\nenabled = false")
    assert "enabled = true" in refused(command("run", cwd=tmp_path))
    with closing(sqlite3.connect(tmp_path / "data/tinbao.sqlite")) as database, database:
        database.execute("delete from plan")
    assert "tinbao plan load" in refused(command("run", cwd=tmp_path))


def test_a_second_process_on_the_same_folder_is_refused(tmp_path):
    """A sentence, and the first goes on undisturbed."""
    demo = DemoProcess(tmp_path / "demo")
    demo.start()
    refused(command("demo", "--data", tmp_path / "demo"))
    assert demo.stop() == 0
    assert demo.log == ""


# --- init ------------------------------------------------------------------------------------------------------------


def test_init_founds_and_never_overwrites(tmp_path):
    """Config, keys and database for their owner only; a second time says what was kept, and changes no byte of it."""
    first = well(call("init", "--yes", cwd=tmp_path))
    kept = [tmp_path / "config.toml", tmp_path / "data/installation.key"]
    before = [path.read_bytes() for path in kept]
    again = well(call("init", "--yes", cwd=tmp_path))
    assert [path.read_bytes() for path in kept] == before
    assert "config.toml" in again
    assert again.splitlines()[0] != first.splitlines()[0]
    assert mode(tmp_path / "data") == 0o700
    assert {mode(path) for path in tmp_path.rglob("*") if path.is_file()} == {0o600}
    link = r"http://127\.0\.0\.1:8080/r/[0-9a-f]{40}"
    assert re.search(link, first)
    assert not re.search(link, again)  # there is an admin
    another = well(call("init", "--yes", "--admin", cwd=tmp_path))
    assert re.search(link, another)[0] != re.search(link, first)[0]


def test_with_telegram_the_first_admin_gets_a_code(tmp_path):
    """Where there is a bot, the way in is a code that works once; until it was used, init gives another."""
    (tmp_path / "token").write_text("123456:ABC-def", encoding="utf-8")
    (tmp_path / "config.toml").write_text('[telegram]\nenabled = true\ntoken_file = "token"\n', encoding="utf-8")
    plans = f'plans = ["{PLAN}"]\n'
    (tmp_path / "config.toml").write_text(plans + (tmp_path / "config.toml").read_text("utf-8"), encoding="utf-8")
    codes = [re.search(r"/ma ([2-9A-Z]{10})", well(call("init", cwd=tmp_path)))[1] for _ in range(2)]
    assert codes[0] != codes[1]


def test_init_asks(tmp_path):
    """What is typed stands in config.toml, quotes and all; a token file that is not there is told, nothing written."""
    typed = 'Tỉnh "Mẫu"\n\nhttps://tinbao.example\n\n'
    well(call("init", cwd=tmp_path, typed=typed))
    config = (tmp_path / "config.toml").read_text("utf-8")
    assert 'name = "Tỉnh \\"Mẫu\\""' in config
    assert "secure = true" in config
    (tmp_path / "other").mkdir()
    done = call("init", cwd=tmp_path / "other", typed="Lào Cai\n\n\nno-such-token\n")
    assert done.returncode == 2
    assert "no-such-token" in done.stderr
    assert not list((tmp_path / "other").iterdir())


# --- plans -----------------------------------------------------------------------------------------------------------


def test_the_calendar_of_lao_cai(tmp_path):
    """Every due instant of thirteen months, as CSV by default, and the same in JSON and iCalendar."""
    days = ["--from", "2026-01-01", "--to", "2027-01-31"]
    plain = well(call("calendar", PLAN, *days))
    assert well(call("calendar", PLAN, *days, "--csv")) == plain
    rows = list(csv.reader(io.StringIO(plain)))
    assert rows[0] == ["due", "obligation", "unit", "title"]
    assert rows[1:] == sorted(rows[1:], key=lambda row: row[0])
    weekly = [row for row in rows if row[1] == "lc-bao-cao-tuan" and row[2] == "so-y-te"]
    assert weekly[0][0] == "2026-03-02T10:00:00+07:00"
    documents = json.loads(well(call("calendar", PLAN, *days, "--json")))
    assert len(documents) == len(rows) - 1
    assert len(documents) == len({(row[0], row[1], row[2]) for row in rows[1:]})
    assert well(call("calendar", PLAN, *days, "--ics")).count("BEGIN:VEVENT") > 0


def test_a_plan_is_checked_and_loaded_only_when_wanted(founded):
    """`check` says what is in it; `load` without a yes is exit status 1 and loads nothing."""
    assert "Lào Cai" in well(call("plan", "check", PLAN))
    unsure = call("plan", "load", PLAN, cwd=founded, typed="n\n")
    assert unsure.returncode == 1
    assert "Lào Cai" in well(call("plan", "load", PLAN, "--yes", cwd=founded))


# --- readers, tips, the audit log ------------------------------------------------------------------------------------


def test_readers_come_and_go(tmp_path):
    """new, add, list, retire: a key is never overwritten, nor added twice, and who is retired is not listed."""
    well(call("init", "--yes", cwd=tmp_path))
    none = call("keys", "list", cwd=tmp_path)
    assert none.returncode == 1
    made = well(call("keys", "new", "-o", "an.key", "--name", "An", "--no-passphrase", cwd=tmp_path))
    fingerprint = re.search(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}", made)[0]
    assert mode(tmp_path / "an.key") == 0o600
    refused(call("keys", "new", "-o", "an.key", "--name", "An", "--no-passphrase", cwd=tmp_path))
    well(call("keys", "add", "an.key.pub", cwd=tmp_path))
    refused(call("keys", "add", "an.key.pub", cwd=tmp_path))
    id_, listed, name = well(call("keys", "list", cwd=tmp_path)).strip().split("\t")
    assert (listed, name) == (fingerprint, "An")
    assert call("keys", "retire", "nobody", cwd=tmp_path).returncode == 1
    assert "--yes" in refused(call("keys", "retire", id_, cwd=tmp_path))
    well(call("keys", "list", cwd=tmp_path))
    well(call("keys", "retire", id_, "--yes", cwd=tmp_path))
    assert call("keys", "list", cwd=tmp_path).returncode == 1
    assert "An" in refused(call("tips", "read", "--key", "an.key", cwd=tmp_path))
    well(call("keys", "add", "an.key.pub", cwd=tmp_path))
    assert well(call("keys", "list", cwd=tmp_path)).split("\t")[0] == id_
    with closing(sqlite3.connect(tmp_path / "data/tinbao.sqlite")) as database:
        acts = database.execute("select who, act, about from audit order by id").fetchall()
    about = f"reader:{id_}"
    assert acts == [("operator", f"reader.{act}", about) for act in ("add", "retire", "add")]
    well(call("audit", "verify", cwd=tmp_path))


def test_a_tip_is_shown_with_its_place_and_the_hour_there(tmp_path):
    """The commune's name and the hour on the province's clocks; who alone can open it is not retired unasked."""
    well(call("init", "--yes", cwd=tmp_path))
    for name in ("an", "chi"):
        well(call("keys", "new", "-o", f"{name}.key", "--name", name, "--no-passphrase", cwd=tmp_path))
    well(call("keys", "add", "an.key.pub", cwd=tmp_path))
    reader = well(call("keys", "list", cwd=tmp_path)).split("\t")[0]
    asyncio.run(_file_tip(tmp_path))
    read = well(call("tips", "read", "--key", "an.key", cwd=tmp_path))
    assert "2026-02-27 06:00" in read
    assert "Mường Bo" in read
    assert "xa-" not in read
    well(call("keys", "add", "chi.key.pub", cwd=tmp_path))
    assert " 1 tin " in refused(call("keys", "retire", reader, cwd=tmp_path))
    assert well(call("tips", "read", "--key", "an.key", cwd=tmp_path)) == read


async def _file_tip(folder):
    database = open_database(f"sqlite+aiosqlite:///{folder}/data/tinbao.sqlite")
    hour = datetime(2026, 2, 26, 23, tzinfo=UTC)
    draft = Draft(TipKind.STORING, "", "x", Urgency.CALM, WayBack.NONE)
    async with database.work() as work:
        commune = next(unit.code for unit in await all_units(work) if unit.name.endswith("Mường Bo"))
        readers = {reader.id: reader.public for reader in (await active_readers(work)).values()}
        sealed = seal_tip(msgspec.json.encode(draft), readers, b"tip-1/text")
        line = TipLine("tip-1", hour, draft.kind, commune, draft.urgency)
        await file_tip(work, line, sealed, ReceiptMark(b"l" * 32, b"p" * 32), None)
    await database.close()


def test_who_only_looks_changes_nothing(tmp_path):
    """A database of another version is left as it is by `doctor` and `audit verify`, and they say so."""
    well(call("init", "--yes", cwd=tmp_path))
    with closing(sqlite3.connect(tmp_path / "data/tinbao.sqlite")) as database, database:
        database.execute("drop table alembic_version")
        tables = database.execute("select name from sqlite_master order by name").fetchall()
    said = refused(call("doctor", cwd=tmp_path))
    assert refused(call("audit", "verify", cwd=tmp_path)) == said
    with closing(sqlite3.connect(tmp_path / "data/tinbao.sqlite")) as database:
        assert database.execute("select name from sqlite_master order by name").fetchall() == tables


@pytest.mark.parametrize("error", [UnknownProvinceError("Atlantis"), UnknownUnits("so-nao"), UnknownToken()], ids=repr)
def test_what_is_unknown_is_told_in_the_operators_language(monkeypatch, error):
    """A province, a unit and a token that nobody knows are each a sentence, in both languages."""
    said = []
    for spoken in ("vi_VN.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LC_ALL", spoken)
        said.append(tinbao._sentence(error))
    assert len({*said, str(error)}) == 3


def test_tips_are_read_with_the_right_key_only(founded):
    """No tips is no error; a file that is no key, another's key and a wrong passphrase are each one line."""
    key = founded / "chi.key"
    words = ["keys", "new", "-o", key, "--name", "Chi"]
    assert command(*words, typed="bí mật\nbí mật\n").returncode == 0
    well(call("keys", "add", f"{key}.pub", cwd=founded))
    read = ["tips", "read", "--key", key]
    assert command(*read, cwd=founded, typed="bí mật\n").returncode == 0
    wrong = command(*read, cwd=founded, typed="khác\n")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False)
    refused(call("tips", "read", "--key", PLAN, cwd=founded))
    refused(call("tips", "read", "--key", "no-such.key", cwd=founded))
    refused(call("tips", "read", "--key", f"{key}.pub", cwd=founded))
    other = founded / "other.key"
    well(call("keys", "new", "-o", other, "--name", "Khác", "--no-passphrase"))
    refused(call("tips", "read", "--key", other, cwd=founded))


def test_the_audit_log_shows_a_forged_row(tmp_path):
    """Whole: exit status 0; with a row that somebody put in by hand: 1, and doctor says so too."""
    well(call("init", "--yes", cwd=tmp_path))
    well(call("audit", "verify", cwd=tmp_path))
    forged = "insert into audit (at, who, act, about, chain) values (0, 'nobody', 'join', 'admin', x'00')"
    with closing(sqlite3.connect(tmp_path / "data/tinbao.sqlite")) as database, database:
        database.execute(forged)
    broken = call("audit", "verify", cwd=tmp_path)
    assert (broken.returncode, broken.stderr) == (1, "")
    assert "✗ Nhật ký đã bị sửa từ dòng 1." in call("doctor", cwd=tmp_path).stdout


def test_doctor_says_what_is_missing(founded):
    """A new installation has no desk and no groups: exit status 1, one line for each thing looked at."""
    done = call("doctor", cwd=founded)
    assert (done.returncode, done.stderr) == (1, "")
    assert all(line[0] in "✓✗" for line in done.stdout.splitlines())
    assert "✓ Nhật ký nguyên vẹn." in done.stdout


# --- what it costs to start, and what is packed ----------------------------------------------------------------------


def imported_after(statement):
    code = f"import sys; sys.argv = ['tinbao', '--help']\n{statement}\nprint(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, text=True)
    return set(done.stderr.split())


def test_help_imports_no_machinery():
    """`tinbao --help` starts without the database, the bots and the web."""
    loaded = imported_after("import tinbao\ntry: tinbao.main()\nexcept SystemExit: pass")
    assert "tinbao" in loaded
    assert not loaded & {
        "sqlalchemy",
        "aiogram",
        "aiohttp",
        "alembic",
        "starlette",
        "uvicorn",
        "rich.console",
        "holidays",
    }


def test_no_memory_goes_to_colours():
    """What a running installation imports has neither rich nor pygments, though they are installed."""
    assert not imported_after("import tinbao, assembly.run") & {"rich.console", "rich.traceback", "pygments"}


def test_the_demo_does_without_telegram():
    """Nor does anything that only speaks on the web import aiogram."""
    assert not imported_after("import assembly.demo, assembly.run") & {"aiogram", "aiohttp"}


def test_the_wheel_holds_everything(tmp_path):
    """Pages, words, migrations and plans are in the package that is installed."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    packed = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    rooms = ("bot", "handlers", "scheduler", "console", "documents", "assembly", "plans")
    wanted = {"tinbao.py"} | {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in wanted if name.endswith((".html", ".css", ".js", ".ftl", ".mako", ".toml"))} <= packed
    assert {name for name in wanted if name.endswith(".py")} <= packed
    assert not any(name.startswith(("tests/", "bench/")) for name in packed)
