"""python-telegram-bot as its documentation shows it: a ConversationHandler with PicklePersistence, long polling.

It saves every minute, not before it answers.
"""

from __future__ import annotations

import argparse
import html
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from bench.bots.questions import BACK, CANCELLED, KIND, PLACE, READY, SURE_ROWS, WHAT, WHEN, sure

STEPS = ("ready", "kind", "place", "what", "when", "back", "sure")
Context = ContextTypes.DEFAULT_TYPE


def keyboard(rows: list) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )


async def ask(message: Any, question: tuple) -> None:
    assert isinstance(message, Message)
    await message.reply_text(question[0], parse_mode="HTML", reply_markup=keyboard(question[1]), do_quote=False)


async def begin(update: Update, context: Context) -> str:
    context.user_data.clear()
    await ask(update.message, READY)
    return "ready"


def pressed(step: str, question: tuple) -> Any:
    """A handler that keeps what was pressed for `step` and asks the next question."""

    async def handle(update: Update, context: Context) -> str:
        query = update.callback_query
        context.user_data[step] = query.data
        await ask(query.message, question)
        await query.answer()
        return STEPS[STEPS.index(step) + 1]

    return CallbackQueryHandler(handle, pattern="^[^x]")


def written(step: str, question: tuple) -> Any:
    """The same for what was written."""

    async def handle(update: Update, context: Context) -> str:
        context.user_data[step] = update.message.text
        await ask(update.message, question)
        return STEPS[STEPS.index(step) + 1]

    return MessageHandler(filters.TEXT & ~filters.COMMAND, handle)


async def back(update: Update, context: Context) -> str:
    query, data = update.callback_query, context.user_data
    summary = sure(data["kind"], data["place"], data["what"], data["when"], query.data)
    await ask(query.message, (html.escape(summary), SURE_ROWS))
    await query.answer()
    return "sure"


async def cancel(update: Update, context: Context) -> int:
    context.user_data.clear()
    await update.callback_query.message.reply_text(CANCELLED, do_quote=False)
    await update.callback_query.answer()
    return ConversationHandler.END


def main(api: str, token: str, folder: Path) -> None:
    conversation = ConversationHandler(
        entry_points=[CommandHandler("tip", begin)],
        states={
            "ready": [pressed("ready", KIND)],
            "kind": [pressed("kind", PLACE)],
            "place": [written("place", WHAT)],
            "what": [written("what", WHEN)],
            "when": [pressed("when", BACK)],
            "back": [CallbackQueryHandler(back, pattern="^[^x]")],
            "sure": [],
        },
        fallbacks=[CallbackQueryHandler(cancel, pattern="^x$")],
        name="tip",
        persistent=True,
    )
    builder = ApplicationBuilder().token(token).base_url(f"{api}/bot").base_file_url(f"{api}/file/bot")
    application = builder.persistence(PicklePersistence(folder / "conversations.pickle")).build()
    application.add_handler(conversation)
    application.run_polling(timeout=50)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--api")
    options.add_argument("--token")
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    main(given.api, given.token, given.folder)
