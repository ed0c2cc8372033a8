"""Semantic Kernel, imported quietly where it is needed, and a brain over the model's double."""

import sys
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from agent.brain.double.answers import Script
from agent.brain.factory import BrainDependencies, brain_for, doubled_brain
from agent.brain.model import ModelBrain
from agent.brain.protocol import Brain
from agent.settings import Settings
from plugins.domain.understanding import Context

sys.path.insert(0, str(Path(__file__).parent))

TODAY = date(2026, 11, 24)
CONTEXT = Context(today=TODAY, person="ana", conversation="cnv_1")


def loaded_quietly() -> None:
    """Semantic Kernel, which takes seconds to import and warns while it is: only where it is needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("agent.brain.semantic_kernel")


@pytest.fixture(autouse=True)
def kernel(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("pure") is None:
        loaded_quietly()


async def nothing_known(_: Context, __: str, ___: Mapping[str, Any]) -> dict[str, Any]:
    return {"workspaces": []}


def needs(**model: object) -> BrainDependencies:
    """What a brain needs, with these settings of the model in their own spelling."""
    return BrainDependencies(Settings.model_validate({"Model": model}), lambda: TODAY, nothing_known)


@pytest.fixture
async def over_http() -> AsyncIterator[Callable[..., Brain]]:
    """A brain that speaks to the endpoint at this address."""
    loaded_quietly()
    brains: list[Brain] = []

    def made(address: str, **model: object) -> Brain:
        settings = {"BaseUrl": address, "Name": "double", "TimeoutSeconds": 5, "TurnSeconds": 10, **model}
        brains.append(brain_for(needs(**settings), {"MODEL_API_KEY": "double"}))
        return brains[-1]

    yield made
    for brain in brains:
        await brain.close()


@pytest.fixture
def over_connector() -> Callable[[Script], ModelBrain]:
    """A brain whose model is a script directly under the kernel."""
    loaded_quietly()
    return lambda script: doubled_brain(needs(), script)


@pytest.fixture
def context() -> Context:
    return CONTEXT
