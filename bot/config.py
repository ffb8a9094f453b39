"""config.toml: what an operator may change. Secrets come from files that it names, never from the file itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec


class ConfigError(ValueError):
    """config.toml can't be used; the message is one line that says what to do."""


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Province(_Section, frozen=True):
    """`name` as the government writes it ("Lào Cai"); `zone` is where its clocks are."""

    name: str = "Lào Cai"
    zone: str = "Asia/Ho_Chi_Minh"
    hotlines: tuple[str, ...] = ()  # empty: the plan's
    days_off: tuple[str, ...] = ()  # ISO days, beside the public holidays


class DatabaseSection(_Section, frozen=True):
    """`url` empty: SQLite in the data folder."""

    url: str = ""


class WebSection(_Section, frozen=True):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = 8080
    address: str = ""  # as people reach it, "https://tinbao.example"; empty: http://host:port
    exit_to: str = "https://vnexpress.net"
    secure: bool = True  # cookies only over https; the demo turns it off


class TelegramSection(_Section, frozen=True):
    enabled: bool = False
    token_file: str = ""
    api: str = "https://api.telegram.org"


class TipsSection(_Section, frozen=True):
    """`notice_delay`: the random minutes that the notice of a tip that is not urgent waits, from and to."""

    notice_delay: tuple[int, int] = (2, 9)
    draft_hours: int = 24


class Config(_Section, frozen=True):
    data: str = "data"
    plans: tuple[str, ...] = ("plans/lao-cai-2026.toml",)
    province: Province = Province()
    database: DatabaseSection = DatabaseSection()
    web: WebSection = WebSection()
    telegram: TelegramSection = TelegramSection()
    tips: TipsSection = TipsSection()
    home: Path = Path()  # the folder of the file; set by read_config, not by the file

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.province.zone)

    @property
    def data_folder(self) -> Path:
        return self.home / self.data

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite+aiosqlite:///{self.data_folder / 'tinbao.sqlite'}"

    @property
    def web_address(self) -> str:
        return (self.web.address or f"http://{self.web.host}:{self.web.port}").rstrip("/")


def read_config(path: Path) -> Config:
    """Reads config.toml. Raises ConfigError, one line, naming the file, the key and what to do."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; 'tinbao init' makes one") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path}: can't be read as TOML: {error}") from None
    if "home" in raw:
        raise ConfigError(f"{path}: unknown key 'home'; remove it")
    try:
        config = msgspec.convert(raw | {"home": path.parent}, Config, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_say(error)}") from None
    _check(path, config)
    return config


def _path(_type: type, value: object) -> object:
    return value


def _say(error: msgspec.ValidationError) -> str:
    what, _, where = str(error).partition(" - at `$")
    if "unknown field" in what:
        key = what.split("`")[1]
        section = where.strip("`.")
        return (
            f"unknown key '{key}'" + (f" in [{section}]" if section else "") + "; remove it or see docs/operations.md"
        )
    return f"{where.strip('`.') or 'the file'}: {what[0].lower()}{what[1:]}"


def _check(path: Path, config: Config) -> None:
    try:
        ZoneInfo(config.province.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(
            f"{path}: province.zone: there is no time zone '{config.province.zone}'; Viet Nam's is Asia/Ho_Chi_Minh"
        ) from None
    if config.telegram.enabled and not config.telegram.token_file:
        raise ConfigError(
            f"{path}: telegram.token_file: name the file that holds the bot's token, or set enabled = false"
        )
    low, high = config.tips.notice_delay
    if not 0 <= low <= high:
        raise ConfigError(f"{path}: tips.notice_delay: two numbers of minutes, the first not above the second")
