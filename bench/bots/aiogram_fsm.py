"""aiogram as its documentation shows it: a Dispatcher, FSM states, MemoryStorage, long polling. Nothing durable."""

from __future__ import annotations

import argparse
import asyncio
import html

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.bots.questions import BACK, CANCELLED, KIND, PLACE, READY, SURE_ROWS, WHAT, WHEN, sure

router = Router()


class Tip(StatesGroup):
    ready = State()
    kind = State()
    place = State()
    what = State()
    when = State()
    back = State()
    sure = State()


def keyboard(rows: list) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )


async def ask(message: Message, question: tuple) -> None:
    await message.answer(question[0], parse_mode="HTML", reply_markup=keyboard(question[1]))


@router.message(Command("tip"))
async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Tip.ready)
    await ask(message, READY)


@router.callback_query(F.data == "x")
async def cancel(query: CallbackQuery, state: FSMContext) -> None:
    await state.clear()
    await query.message.answer(CANCELLED)
    await query.answer()


@router.callback_query(Tip.ready)
async def ready(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Tip.kind)
    await ask(query.message, KIND)
    await query.answer()


@router.callback_query(Tip.kind)
async def kind(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(kind=query.data)
    await state.set_state(Tip.place)
    await ask(query.message, PLACE)
    await query.answer()


@router.message(Tip.place, F.text)
async def place(message: Message, state: FSMContext) -> None:
    await state.update_data(place=message.text)
    await state.set_state(Tip.what)
    await ask(message, WHAT)


@router.message(Tip.what, F.text)
async def what(message: Message, state: FSMContext) -> None:
    await state.update_data(what=message.text)
    await state.set_state(Tip.when)
    await ask(message, WHEN)


@router.callback_query(Tip.when)
async def when(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(when=query.data)
    await state.set_state(Tip.back)
    await ask(query.message, BACK)
    await query.answer()


@router.callback_query(Tip.back)
async def back(query: CallbackQuery, state: FSMContext) -> None:
    data = await state.update_data(back=query.data)
    await state.set_state(Tip.sure)
    await ask(query.message, (html.escape(sure(**data)), SURE_ROWS))
    await query.answer()


async def run(api: str, token: str) -> None:
    bot = Bot(token, AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot, polling_timeout=50)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--api")
    options.add_argument("--token")
    given = options.parse_args()
    asyncio.run(run(given.api, given.token))
