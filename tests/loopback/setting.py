"""Methods that set something about the bot, and webhooks."""

from __future__ import annotations

import json
from typing import Any

from tests.loopback.sending import METHODS, Method, method
from tests.loopback.world import Json, World, bad_request

TEXTS = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}
SIMPLE = (
    "setChatMenuButton",
    "setMyDefaultAdministratorRights",
    "pinChatMessage",
    "unpinChatMessage",
    "logOut",
    "close",
)


def _place(params: Json) -> str:
    return json.dumps([params.get("scope"), params.get("language_code", "")])


@method("setMyCommands")
def set_my_commands(world: World, params: Json) -> bool:
    if any(
        not 1 <= len(one["command"]) <= 32 or one["command"].lower() != one["command"] for one in params["commands"]
    ):
        raise bad_request("BOT_COMMAND_INVALID")
    world.settings["commands"][_place(params)] = params["commands"]
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Json) -> list[Json]:
    return list(world.settings["commands"].get(_place(params), []))


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Json) -> bool:
    world.settings["commands"].pop(_place(params), None)
    return True


def _setter(key: str) -> Method:
    def set_text(world: World, params: Json) -> bool:
        world.settings["texts"][key, params.get("language_code", "")] = params.get(key, "")
        return True

    return set_text


def _getter(key: str) -> Method:
    def get_text(world: World, params: Json) -> Json:
        return {key: world.settings["texts"].get((key, params.get("language_code", "")), "")}

    return get_text


def _yes(world: World, params: Json) -> bool:
    return True


@method("setWebhook")
def set_webhook(world: World, params: Json) -> bool:
    url = params.get("url") or ""
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.settings["webhook"] = url
    if url:
        world.updates.end_polls()
    return _webhook_settings(world, params)


@method("deleteWebhook")
def delete_webhook(world: World, params: Json) -> bool:
    world.settings["webhook"] = ""
    return _webhook_settings(world, params)


def _webhook_settings(world: World, params: Json) -> bool:
    if params.get("drop_pending_updates"):
        world.updates.confirm(world.updates.next_id)
    if params.get("allowed_updates") is not None:
        world.updates.ask_for(params["allowed_updates"])
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, params: Json) -> dict[str, Any]:
    pending = len(world.updates)
    return {"url": world.settings["webhook"], "has_custom_certificate": False, "pending_update_count": pending}


for _name, _key in TEXTS.items():
    METHODS[f"setMy{_name}"] = _setter(_key)
    METHODS[f"getMy{_name}"] = _getter(_key)
METHODS |= dict.fromkeys(SIMPLE, _yes)
