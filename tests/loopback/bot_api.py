"""Telegram's Bot API on 127.0.0.1: bodies, tokens, envelopes, long polling, and faults on demand.

In a test: `async with BotApi() as server: …`. By itself, for benches: `python -m tests.loopback.bot_api --port 8081`
(a POST of a JSON array of updates to /control/queue queues them; /control/state tells counts).
"""

from __future__ import annotations

import argparse
import asyncio
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

import msgspec
from aiohttp import web

from tests.loopback import files, methods, setting
from tests.loopback.bodies import params_of, request_of
from tests.loopback.people import Group, Person, Seen
from tests.loopback.sending import METHODS
from tests.loopback.spec import Spec, bot_api
from tests.loopback.updates import Terminated
from tests.loopback.world import PATIENCE, TOKEN, ApiError, Chat, Json, World

CONFLICT = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
EMPTY = {"text": "message text is empty", "chat_id": "chat_id is empty"}
assert files
assert methods
assert setting  # their methods are in the table once they are imported


class Trouble(msgspec.Struct, frozen=True):
    """What befalls one call: `status` and `description` answered; or `cut` off, or `hangs`; `done`: it took effect.

    The method of a download is "file".
    """

    method: str
    status: int = 0
    description: str = ""
    parameters: dict[str, int] = {}
    cut: bool = False
    hangs: bool = False
    done: bool = False


class BotApi(World):
    """The server. `check_every`: which share of calls is judged by the specification (1: each, 0: none)."""

    def __init__(
        self, token: str = TOKEN, username: str = "tinbao_bot", *, privacy: bool = True, check_every: int = 1
    ) -> None:
        super().__init__(token, username, privacy=privacy)
        self.spec: Spec = bot_api()
        self.check_every = check_every
        self.url = ""
        self.troubles: deque[Trouble] = deque()
        self.hides_length = False  # downloads do not say how long they are
        self._count = 0
        self._runner: web.ServerRunner | None = None
        self._stopping = asyncio.Event()

    # for tests

    def person(self, id: int, first_name: str = "", **more: str) -> Person:  # noqa: A002 - Telegram's own word
        """Somebody with an account (`username`, `last_name`, `language_code`); the same one for the same id."""
        if (known := self.chats.get(id)) and not more and not first_name:
            return Person(self, known.users[id])
        user: Json = {"id": id, "is_bot": False, "first_name": first_name or f"Người {id}", **more}
        names = {key: value for key, value in user.items() if key in {"first_name", "last_name", "username"}}
        self.chats[id] = Chat(id, "private", names, {id: user}, is_open=False)
        return Person(self, user)

    def group(
        self, title: str, members: Iterable[Person] = (), *, supergroup: bool = False, bot: str = "member"
    ) -> Group:
        """A group that the bot is in already (`bot="left"`: it is not)."""
        number = -1000 - len(self.chats) - (1_000_000_000_000 if supergroup else 0)
        chat = Chat(number, "supergroup" if supergroup else "group", {"title": title}, bot_status=bot)
        chat.users = {person.id: person.user for person in members}
        self.chats[number] = chat
        return Group(self, chat)

    def says(self, group: Group, text: str) -> Seen:
        """The bot has written into a group, without a call."""
        message = self.new_message(group.chat, self.bot, {"text": text})
        return Seen(message["message_id"], text, chat=group.chat)

    def queue(self, update: Any, number: int | None = None) -> None:
        """Queues any JSON (or bytes that are JSON) as an update, malformed or not; `number`: what confirms it."""
        raw = update if isinstance(update, bytes) else msgspec.json.encode(update)
        if number is None and isinstance(update, dict) and isinstance(update.get("update_id"), int):
            number = update["update_id"]
        self.updates.add_raw(raw, number)

    def fails(self, method: str, status: int, description: str, **parameters: int) -> None:
        """The next call of the method is answered with an error."""
        self.troubles.append(Trouble(method, status, description, parameters))

    def cuts(self, method: str, *, done: bool = False) -> None:
        """The next call's connection breaks off after the request was read (`done`: after it took effect)."""
        self.troubles.append(Trouble(method, cut=True, done=done))

    def hangs(self, method: str, *, done: bool = False) -> None:
        """The next call is never answered."""
        self.troubles.append(Trouble(method, hangs=True, done=done))

    async def settled(self, quiet: float = 0.1, within: float = PATIENCE) -> None:
        """Waits until every update is confirmed, the bot waits for more, and nothing was called for a while."""
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        while loop.time() < end:
            await self.until(self._is_idle, end - loop.time())
            before = self._count
            await asyncio.sleep(quiet)
            if self._is_idle() and before == self._count:
                return
        raise AssertionError(f"the bot is not done: {len(self.updates)} updates wait, polled: {self.updates.is_polled}")

    def _is_idle(self) -> bool:
        return not len(self.updates) and self.updates.is_polled

    # serving

    async def start(self, port: int = 0) -> Self:
        """Listens on 127.0.0.1; port 0 takes a free one. Sets `url`."""
        self._stopping.clear()
        served = web.Server(self._answer, request_factory=request_of, access_log=None)
        self._runner = web.ServerRunner(served, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Stops listening; what the world knows stays, and `start` goes on with it."""
        self._stopping.set()
        self.updates.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        head, _, name = request.path[1:].partition("/")
        if head == "control":
            return await self._control(name, request)
        if head == "file":
            return await self._download(name, request)
        if head != f"bot{self.token}":
            known = head.startswith("bot") and ":" in head
            return _refused(ApiError(401, "Unauthorized") if known else ApiError(404, "Not Found"))
        return await self._serve(_METHOD_NAMES.get(name.lower(), name), request)

    async def _serve(self, method: str, request: web.BaseRequest) -> web.StreamResponse:
        raw = await params_of(request)
        if (trouble := self._trouble(method)) is not None:
            return await self._suffer(trouble, method, raw, request)
        if method == "getUpdates":
            return await self._poll(raw)
        return self._perform(method, raw)

    async def _suffer(
        self, trouble: Trouble, method: str, raw: Json | None, request: web.BaseRequest
    ) -> web.StreamResponse:
        if trouble.done:
            self._perform(method, raw)
        if trouble.cut and method == "file":
            await self._begin_download(request)
        if trouble.hangs:
            await self._stopping.wait()
        if trouble.hangs or trouble.cut:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return _refused(ApiError(trouble.status, trouble.description, **trouble.parameters))

    def _trouble(self, method: str) -> Trouble | None:
        found = next((one for one in self.troubles if one.method in {method, "*"}), None)
        if found is not None:
            self.troubles.remove(found)
        return found

    def _perform(self, method: str, raw: Json | None) -> web.Response:
        self._count += 1
        self.calls[method] += 1
        try:
            params = self._read(method, raw)
            result = self._run(method, params)
        except ApiError as refusal:
            return _refused(refusal)
        if self.check_every and self._count % self.check_every == 0:
            self.complaints += [f"answer of {fault}" for fault in self.spec.faults_of_answer(method, result)]
        if self.watch is not None:
            self.watch(method, params, result)
        return _json(b'{"ok":true,"result":' + msgspec.json.encode(result) + b"}")

    def _read(self, method: str, raw: Json | None) -> Json:
        if method not in self.spec.methods:
            self.complaints.append(f"{method}: no such method")
            raise ApiError(404, "Not Found: method not found")
        if raw is None:
            self.complaints.append(f"{method}: the body can't be read")
            raise ApiError(400, "Bad Request: can't parse JSON object")
        params = self.spec.read(method, raw)
        if self.check_every and self._count % self.check_every == 0:
            self._judge(method, params)
        return params

    def _judge(self, method: str, params: Json) -> None:
        faults = self.spec.faults_of_call(method, params)
        self.complaints += faults
        if faults:
            empty = next((why for key, why in EMPTY.items() if f"{method}: {key} is missing" in faults), None)
            raise ApiError(400, f"Bad Request: {empty or faults[0]}")

    def _run(self, method: str, params: Json) -> Any:
        if (function := METHODS.get(method)) is None:
            self.complaints.append(f"{method}: this server does not know it yet")
            raise ApiError(501, f"Not Implemented: {method}")
        try:
            return function(self, params)
        except KeyError as missing:
            raise ApiError(400, f"Bad Request: {missing.args[0]} is missing") from None
        except ApiError as refusal:
            if refusal.code == 501:  # not implemented
                self.complaints.append(f"{method}: {refusal.description}")
            raise

    async def _poll(self, raw: Json | None) -> web.Response:
        self.calls["getUpdates"] += 1
        try:
            found = await self._found(self._read("getUpdates", raw))
        except Terminated as other:
            return _refused(ApiError(409, str(other)))
        except ApiError as refusal:
            return _refused(refusal)
        return _json(b'{"ok":true,"result":' + found + b"}")

    async def _found(self, params: Json) -> bytes:
        if self.settings["webhook"]:
            raise ApiError(409, CONFLICT)
        if params.get("allowed_updates") is not None:
            self.updates.ask_for(params["allowed_updates"])
        timeout = 0 if self._stopping.is_set() else params.get("timeout", 0)
        return await self.updates.poll(params.get("offset", 0), params.get("limit", 100), timeout)

    async def _download(self, name: str, request: web.BaseRequest) -> web.StreamResponse:
        self.calls["file"] += 1
        if (trouble := self._trouble("file")) is not None:
            return await self._suffer(trouble, "file", None, request)
        token, _, path = name.partition("/")
        file = self.files.get(path.rpartition("/")[2])
        if token != f"bot{self.token}" or file is None:
            return _refused(ApiError(404, "Not Found"))
        response = web.Response(body=file[1], content_type="application/octet-stream")
        if self.hides_length:
            response.enable_chunked_encoding()
        return response

    async def _begin_download(self, request: web.BaseRequest) -> None:
        """The first bytes of a file of which more was promised."""
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"first bytes")

    async def _control(self, name: str, request: web.BaseRequest) -> web.Response:
        if name == "queue":
            for update in msgspec.json.decode(await request.read(), type=list[msgspec.Raw]):
                self.updates.add_raw(bytes(update))
        state = {"calls": self.calls, "waiting": len(self.updates), "complaints": self.complaints[:20]}
        return _json(msgspec.json.encode(state))


_METHOD_NAMES = {name.lower(): name for name in bot_api().methods}


def _json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _refused(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    headers = None
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers = {"Retry-After": str(error.parameters["retry_after"])}
    return _json(msgspec.json.encode(body), error.code, headers)


async def _serve(port: int, token: str, check_every: int) -> None:
    server = BotApi(token, check_every=check_every)
    await server.start(port)
    print(server.url, flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serves until interrupted; prints its address."""
    options = argparse.ArgumentParser(prog="python -m tests.loopback.bot_api", description=__doc__)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--token", default=TOKEN)
    options.add_argument("--check-every", type=int, default=1, metavar="N", help="judge each Nth call; 0: none")
    given = options.parse_args()
    asyncio.run(_serve(given.port, given.token, given.check_every))


if __name__ == "__main__":
    main()
