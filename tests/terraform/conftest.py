"""Real Terraform over the sandbox cloud, in a home of its own."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conversing import Talk

from agent.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0}}})


@pytest.fixture
async def talk(tmp_path: Path, settings: Settings) -> AsyncIterator[Talk]:
    found = Talk(tmp_path / "home", settings)
    yield found
    await found.app.close()
