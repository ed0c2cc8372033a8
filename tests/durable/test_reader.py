"""What reads long texts, when the process that asked for it is killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.durable

ROOT = Path(__file__).parents[2]
SCRIPT = """
import asyncio
from datetime import date
from agent.brain.rules import RulesBrain
from agent.brain.reader import Reader
from hard_to_read import SLOW, hardly
from plugins.domain.understanding import Context

brain = RulesBrain(Reader(seconds=1), hardly)
asyncio.run(brain.understand(SLOW * 100, Context(today=date(2026, 11, 29))))
"""


async def test_a_reading_whose_server_was_killed_ends_by_itself(tmp_path: Path) -> None:
    """Nobody is left to kill it, and what is being matched hears no signal that Python would have to handle."""
    begun = tmp_path / "begun"
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "BEING_READ": str(begun)}
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SCRIPT, env=environment)
    async with asyncio.timeout(60):
        while not begun.exists():
            await asyncio.sleep(0.02)
        children = psutil.Process(server.pid).children()
        assert children
        server.send_signal(signal.SIGKILL)
        await server.wait()
        while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children):
            await asyncio.sleep(0.05)
