"""config.toml: what an operator may change. Secrets come from files that it names, never from the file itself."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bot.domain.trouble import Trouble


class ConfigError(Trouble):
    """config.toml can't be used; the sentence names the file, the key and what to do."""


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Province(_Section, frozen=True):
    """`name` as the government writes it ("Lào Cai"); `zone` is where its clocks are."""

    name: str = "Lào Cai"
    zone: str = "Asia/Ho_Chi_Minh"
    hotlines: tuple[str, ...] = ()  # empty: the plan's
    days_off: tuple[date, ...] = ()  # beside Saturdays, Sundays and the public holidays


class DatabaseSection(_Section, frozen=True):
    """`url` empty: SQLite in the data folder."""

    url: str = ""


class WebSection(_Section, frozen=True):
    enabled: bool = True
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8080
    address: str = ""  # as people reach it, "https://tinbao.example"; empty: http://host:port
    exit_to: str = "https://vnexpress.net"
    secure: bool = True  # cookies only over https; the demo turns it off
    proxies: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0  # how many of ours stand before us and add X-Forwarded-For
    onion: Annotated[str, msgspec.Meta(pattern=r"^(http://[a-z2-7]{56}\.onion)?$")] = ""


class TelegramSection(_Section, frozen=True):
    enabled: bool = False
    token_file: str = ""
    api: str = "https://api.telegram.org"


class TipsSection(_Section, frozen=True):
    """`notice_delay`: the random minutes that the notice of a tip that is not urgent waits, from and to. `recordings`:
    a folder of the questions as an operator has had them spoken, `hmong/tip-what.ogg`; empty: none.
    """

    notice_delay: tuple[int, int] = (2, 9)
    draft_hours: Annotated[int, msgspec.Meta(ge=1)] = 24
    way_back_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 90
    recordings: str = ""
    clocks: str = ""  # a file of the terms that run for a tip; empty: ours
    remote: tuple[str, ...] = ()  # communes with the longer term to pass a tip on, by code: "xa-02647"


class Config(_Section, frozen=True):
    data: str = "data"
    plans: tuple[str, ...] = ("plans/lao-cai-2026.toml",)
    province: Province = Province()
    database: DatabaseSection = DatabaseSection()
    web: WebSection = WebSection()
    telegram: TelegramSection = TelegramSection()
    tips: TipsSection = TipsSection()
    source: str = ""  # where the running version's source can be had; empty: the web page's /source
    home: Path = Path()  # the folder of the file; set by read_config, not by the file

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.province.zone)

    @property
    def data_folder(self) -> Path:
        return self.home / self.data

    @property
    def recordings_folder(self) -> Path | None:
        return self.home / self.tips.recordings if self.tips.recordings else None

    @property
    def clocks_file(self) -> Path | None:
        return self.home / self.tips.clocks if self.tips.clocks else None

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
        raise ConfigError("config-missing", path=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError("config-no-toml", path=str(path), why=str(error)) from None
    if "home" in raw:
        raise ConfigError("config-unknown-key", path=str(path), key="home", section="none")
    try:
        config = msgspec.convert(raw | {"home": path.parent}, Config, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise _wrong_value(path, error) from None
    _check(path, config)
    return config


def _path(_type: type, value: object) -> object:
    return value


def _wrong_value(path: Path, error: msgspec.ValidationError) -> ConfigError:
    what, _, where = str(error).partition(" - at `$")
    where = where.strip("`.")
    if "unknown field" in what:
        return ConfigError("config-unknown-key", path=str(path), key=what.split("`")[1], section=where or "none")
    return ConfigError("config-wrong-value", path=str(path), key=where, why=what)


def _check(path: Path, config: Config) -> None:
    try:
        ZoneInfo(config.province.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError("config-no-zone", path=str(path), zone=config.province.zone) from None
    if config.telegram.enabled and not config.web.enabled and not config.source:
        raise ConfigError("config-no-source", path=str(path))
    if config.telegram.enabled and not config.telegram.token_file:
        raise ConfigError("config-no-token-file", path=str(path))
    if urlsplit(config.web.exit_to).scheme not in {"http", "https"}:
        raise ConfigError("config-exit", path=str(path))
    if config.recordings_folder is not None and not config.recordings_folder.is_dir():
        raise ConfigError("config-no-recordings", path=str(path), folder=config.tips.recordings)
    low, high = config.tips.notice_delay
    if not 0 <= low <= high:
        raise ConfigError("config-notice-delay", path=str(path))
