"""Loading plans: the units they speak to, and what they ask."""

from __future__ import annotations

import asyncio
from pathlib import Path

from assembly.parts import Opened
from bot.domain.plan import Plan
from bot.storage.units import put_plan, put_units
from documents.places import units_of
from documents.plan_file import read_plan


async def load_plan(opened: Opened, path: Path) -> Plan:
    """Reads a plan's file and keeps it with its units. Raises PlanError; then nothing was kept."""
    plan, body = await asyncio.to_thread(lambda: (read_plan(path), path.read_bytes()))
    async with opened.database.work() as work:
        await put_units(work, units_of(plan))
        await put_plan(work, plan.code, body, opened.clock.now())
    return plan
