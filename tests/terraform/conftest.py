"""Real Terraform over the sandbox cloud, in a home of its own."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conversing import Talk

from agent.settings import Settings
from plugins.deploy.sandbox import install
from plugins.deploy.sandbox.reattach import Reattached


@pytest.fixture
def providers_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sandbox's providers, served in this process to every Terraform of this test.

    The same providers over the same gRPC, in a quarter of the time: Terraform starts two for each of its commands
    otherwise. Not for tests that stop or kill Terraform, which ends the providers that it started, nor for two runs
    at once over one home.
    """
    started = install.environment
    served: dict[Path, str] = {}
    with ExitStack() as stack:

        def environment(home: Path, *, speed: float) -> dict[str, str]:
            if home not in served:
                served[home] = stack.enter_context(Reattached(install.cloud_path(home), speed=speed))
            return {**started(home, speed=speed), "TF_REATTACH_PROVIDERS": served[home]}

        monkeypatch.setattr(install, "environment", environment)
        yield


@pytest.fixture
def settings() -> Settings:
    return Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0}}})


@pytest.fixture
async def talk(tmp_path: Path, settings: Settings) -> AsyncIterator[Talk]:
    found = Talk(tmp_path / "home", settings)
    yield found
    await found.app.close()
