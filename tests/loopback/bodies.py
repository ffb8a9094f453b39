"""Requests' bodies of every kind, read into a call's parameters."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from tests.loopback.spec import Upload
from tests.loopback.world import Json

BIGGEST_BODY = 52_000_000  # bytes: a file of 50 MB and the form around it


def request_of(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    return web.BaseRequest(
        message, payload, protocol, writer, task, asyncio.get_running_loop(), client_max_size=BIGGEST_BODY
    )


async def params_of(request: web.BaseRequest) -> Json | None:
    """The call's parameters, from the address and the body; None when the body can't be read."""
    params: Json = dict(request.query)
    if request.content_type == "multipart/form-data":
        return params | await _multipart(request)
    if request.content_type == "application/json":
        try:
            params |= msgspec.json.decode(await request.read() or b"{}", type=dict[str, Any])
        except msgspec.MsgspecError:
            return None
    elif request.can_read_body:
        params |= await request.post()
    return params


async def _multipart(request: web.BaseRequest) -> Json:
    form = await request.post()
    read: Json = {}
    uploads: dict[str, Upload] = {}
    for key, value in form.items():
        if isinstance(value, web.FileField):
            uploads[key] = read[key] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            read[key] = value
    attached = {key for key, value in read.items() if isinstance(value, str) and value.startswith("attach://")}
    for key in attached:
        name = read[key].removeprefix("attach://")
        read[key] = uploads.get(name, read[key])
        read.pop(name, None)
    return read
