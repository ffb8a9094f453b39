"""Files: sent by the bot, uploaded or by their number, and handed out again."""

from __future__ import annotations

from typing import Any

from tests.loopback.sending import caption_of, method, send
from tests.loopback.spec import Upload
from tests.loopback.world import Json, World, bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
DEFAULT: Json = {"width": 640, "height": 480, "duration": 3}


def file_of(world: World, file_id: str, *fields: str) -> Json:
    """What every object of a file has, and these of DEFAULT."""
    size = len(world.files[file_id][1])
    known: Json = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size}
    return known | {field: DEFAULT[field] for field in fields}


def photo_of(world: World, file_id: str) -> list[Json]:
    """A photo in two sizes; the small one is a file of its own."""
    small = world.keep_file(world.files[file_id][1][:64])
    return [
        file_of(world, small) | {"width": 90, "height": 68},
        file_of(world, file_id, "width", "height"),
    ]


def voice_of(world: World, file_id: str) -> Json:
    return file_of(world, file_id, "duration") | {"mime_type": "audio/ogg"}


def audio_of(world: World, file_id: str) -> Json:
    return file_of(world, file_id, "duration") | _named(world, file_id)


def document_of(world: World, file_id: str) -> Json:
    return file_of(world, file_id) | _named(world, file_id)


def video_of(world: World, file_id: str) -> Json:
    return file_of(world, file_id, "width", "height", "duration") | _named(world, file_id)


def video_note_of(world: World, file_id: str) -> Json:
    return file_of(world, file_id, "duration") | {"length": 240}


def _named(world: World, file_id: str) -> Json:
    name = world.files[file_id][0]
    return {"file_name": name} if name else {}


CONTENTS = {
    "photo": photo_of,
    "document": document_of,
    "video": video_of,
    "video_note": video_note_of,
    "animation": video_of,
    "voice": voice_of,
    "audio": audio_of,
}


def content_of(world: World, kind: str, file_id: str) -> Json:
    """A message's part for a file; an animation stands there as a document too, for old bots."""
    content: Json = {kind: CONTENTS[kind](world, file_id)}
    return content | {"document": document_of(world, file_id)} if kind == "animation" else content


def _given(world: World, given: Upload | str) -> str:
    if isinstance(given, Upload):
        return world.keep_file(given.content, given.name)
    if given not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return given


def _send(world: World, params: Json, kind: str) -> Json:
    def make(given: Json) -> Json:
        return content_of(world, kind, _given(world, given[kind])) | caption_of(given)

    return send(world, params, make)


@method("sendDocument")
def send_document(world: World, params: Json) -> Json:
    return _send(world, params, "document")


@method("sendPhoto")
def send_photo(world: World, params: Json) -> Json:
    return _send(world, params, "photo")


@method("sendVoice")
def send_voice(world: World, params: Json) -> Json:
    return _send(world, params, "voice")


@method("sendAudio")
def send_audio(world: World, params: Json) -> Json:
    return _send(world, params, "audio")


@method("getFile")
def get_file(world: World, params: Json) -> dict[str, Any]:
    number = params["file_id"]
    if number not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(world.files[number][1]) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file_of(world, number) | {"file_path": f"documents/{number}"}
