"""The few files that the pages load, and the source code of the running version."""

from __future__ import annotations

import asyncio
import gzip
import io
import tarfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

import bot
from bot.channels.web.problem import plain

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ROOT = Path(bot.__file__).parents[1]
_CODE = ("tinbao.py", "assembly", "bot", "handlers", "scheduler", "console", "documents", "plans")
_AROUND = (
    *("pyproject.toml", "requirements.lock", "Makefile", "LICENSE", "CHANGELOG.md", "README.md", "README.vi.md"),
    *("docs", "scripts", "tests", "bench"),
)
"""What lies beside the code in a checkout; an installed package has other people's folders there."""
_KINDS = frozenset(
    (".py", ".ftl", ".toml", ".html", ".css", ".js", ".svg", ".md", ".txt", ".json", ".mako", ".lock", ".png", ".csv")
)


async def static(request: Request) -> Response:
    """One of the files in `static`, packed where the browser takes it."""
    file = _read(request.path_params["name"])
    if file is None:
        raise plain(404)
    kind, content, packed = file
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=kind, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return Response(content, media_type=kind, headers={"Vary": "Accept-Encoding"})


async def source(_request: Request) -> Response:
    """The source code of the running version: AGPL-3.0, section 13."""
    archive = await asyncio.to_thread(pack_source)
    headers = {"Content-Disposition": 'attachment; filename="tinbao-source.tar.gz"'}
    return Response(archive, media_type="application/gzip", headers=headers)


@lru_cache(maxsize=16)
def _read(name: str) -> tuple[str, bytes, bytes] | None:
    path = _STATIC / name
    if path.name != name or path.suffix not in _TYPES or not path.is_file():
        return None
    content = path.read_bytes()
    return _TYPES[path.suffix], content, gzip.compress(content, mtime=0)


@lru_cache(maxsize=1)
def pack_source() -> bytes:
    """A .tar.gz of our own files and nothing else: no data, no config, no owner, no time."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as outer, tarfile.open(fileobj=outer, mode="w") as archive:
        for path in _source_files():
            content = path.read_bytes()
            entry = tarfile.TarInfo(f"tinbao/{path.relative_to(_ROOT).as_posix()}")
            entry.size = len(content)
            entry.mode = 0o755 if path.parent.name == "scripts" else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _source_files() -> Iterator[Path]:
    is_checkout = (_ROOT / "pyproject.toml").is_file()
    for name in (*_CODE, *_AROUND) if is_checkout else _CODE:
        top = _ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not path.is_symlink() and _is_source(path.relative_to(_ROOT)):
                yield path


def _is_source(path: Path) -> bool:
    hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
    bare = not path.suffix and path.parent.name in ("", "scripts")  # Makefile, LICENSE, scripts/setup
    return not hidden and (bare or path.suffix in _KINDS)
