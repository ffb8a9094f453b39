"""The ceiling: a bare aiohttp loop. It keeps nothing and always answers the same question."""

from __future__ import annotations

import argparse
import asyncio

import aiohttp

from bench.bots.questions import KIND

KEYBOARD = {"inline_keyboard": [[{"text": t, "callback_data": d} for t, d in row] for row in KIND[1]]}


async def answer(session: aiohttp.ClientSession, api: str, update: dict) -> None:
    pressed = update.get("callback_query")
    message = pressed["message"] if pressed else update["message"]
    said = {"chat_id": message["chat"]["id"], "text": KIND[0], "reply_markup": KEYBOARD}
    async with session.post(f"{api}/sendMessage", json=said) as sent:
        await sent.json()
    if pressed:
        async with session.post(f"{api}/answerCallbackQuery", json={"callback_query_id": pressed["id"]}) as sent:
            await sent.json()


async def run(api: str) -> None:
    offset, tasks = 0, set()
    async with aiohttp.ClientSession() as session:
        while True:
            asked = {"offset": offset, "timeout": 50}
            async with session.post(f"{api}/getUpdates", json=asked) as told:
                updates = (await told.json())["result"]
            for update in updates:
                offset = update["update_id"] + 1
                task = asyncio.create_task(answer(session, api, update))
                tasks.add(task)
                task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--api")
    options.add_argument("--token")
    given = options.parse_args()
    asyncio.run(run(f"{given.api}/bot{given.token}"))
