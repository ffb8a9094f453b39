"""`tinbao init`: a new installation, or what is missing of one; and the first admin's code. Never overwrites."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assembly.errors import Unusable
from assembly.parts import create_keys, open_storage
from assembly.plans import load_plan
from assembly.telegram import read_token
from bot import chance
from bot.clock import Clock
from bot.config import Config, read_config
from bot.domain.member import Member, Role
from bot.storage.members import Invitation, add_invitation, all_members
from bot.storage.units import all_plans
from handlers.join import CODE_LENGTH, LASTS, code_key, open_room

_TEMPLATE = """\
# Tin Báo: what an operator may change. Every key is explained in docs/operations.md.
data = "data"
plans = [{plan}]

[province]
name = {name}

[web]
enabled = true
host = "127.0.0.1"
port = 8080
address = {address}
secure = {secure}

[telegram]
enabled = {telegram}
token_file = {token_file}
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` asks for. `token_file` empty: no Telegram; `address` empty: this machine only."""

    province: str
    plan: str
    address: str = ""
    token_file: str = ""


def write_config(path: Path, answers: Answers) -> None:
    """Writes config.toml. Raises Unusable for a token file that holds no token; then nothing was written."""
    if answers.token_file:
        read_token(path.parent / answers.token_file)
    text = _TEMPLATE.format(
        plan=_quoted(answers.plan),
        name=_quoted(answers.province),
        address=_quoted(answers.address),
        secure="true" if answers.address.startswith("https://") else "false",
        telegram="true" if answers.token_file else "false",
        token_file=_quoted(answers.token_file),
    )
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if any(not letter.isprintable() for letter in text):
        raise Unusable("cli-bad-value", value=escaped.encode("unicode_escape").decode())
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Founded:
    """What an installation has after `init`: a code or a link for an admin; neither where there is one already."""

    config: Config
    code: str = ""
    link: str = ""


async def found(path: Path, *, another_admin: bool, admin_name: str, desk_name: str) -> Founded:
    """Makes the keys, the database, the plans and the first admin's way in, whatever of them is missing.

    On Telegram the admin comes in with a code; without it, with a personal link to the coordinators' room on the web.
    """
    config = read_config(path)
    create_keys(config.data_folder)
    opened = await open_storage(config, Clock(), alone=True)
    try:
        async with opened.database.work() as work:
            has_plans = bool(await all_plans(work))
            has_admin = any(one.role is Role.ADMIN for one in (await all_members(work)).values())
        if not has_plans:
            for plan in config.plans:
                await load_plan(opened, config.home / plan)
        if has_admin and not another_admin:
            return Founded(config)
        async with opened.database.work() as work:
            if not config.telegram.enabled:
                admin = Member(chance.name(), admin_name, Role.ADMIN)
                secret = await open_room(work, opened.keyring, admin, desk_name)
                return Founded(config, link=f"{config.web_address}/r/{secret}")
            code = chance.code(CODE_LENGTH)
            invitation = Invitation("member", Role.ADMIN, None, opened.clock.now() + LASTS, None)
            await add_invitation(work, code_key(opened.keyring, code), invitation)
            return Founded(config, code=code)
    finally:
        await opened.close()
