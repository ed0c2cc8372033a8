"""The verbs as Semantic Kernel functions, called through a real kernel."""

import json
import tomllib
import warnings
from datetime import date
from typing import Any

import pytest

from agent.paths import place
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from semantic_kernel import Kernel
    from semantic_kernel.functions import KernelArguments, KernelPlugin

    from plugins.decide.plugin import decide_function
    from plugins.deploy.plugin import deploy_function
    from plugins.estimate.plugin import estimate_function
    from plugins.parse.plugin import parse_function

pytestmark = pytest.mark.integration

TODAY = date(2026, 11, 24)


async def read(text: str, context: Context) -> Understanding:
    return understand(text, context)


@pytest.fixture
def kernel() -> Kernel:
    platform = PlatformSettings()
    words = tomllib.loads((place("prompts") / "functions.toml").read_text("utf-8"))
    functions = [
        parse_function(words, TODAY, read),
        decide_function(words, platform, TODAY),
        estimate_function(words, platform),
        deploy_function(words, platform, place("templates") / "terraform"),
    ]
    found = Kernel()
    found.add_plugin(KernelPlugin(name="brickie", functions=functions))
    return found


async def called(kernel: Kernel, name: str, **arguments: Any) -> Any:
    result = await kernel.invoke(plugin_name="brickie", function_name=name, arguments=KernelArguments(**arguments))
    return json.loads(str(result))


async def test_a_sentence_goes_through_the_verbs_to_a_proposal(kernel: Kernel) -> None:
    parsed = await called(kernel, "parse", text="Databricks for the ML team in dev")
    decision = await called(kernel, "decide", **parsed["requests"][0])
    bill = await called(kernel, "estimate_cost", decision=decision)
    proposal = await called(kernel, "deploy", decision=decision)
    assert decision["workspace_name"] == "dbw-ml-dev"
    assert bill["expected"] == 232.2
    assert proposal["proposed"][0] == "backend.tf"


async def test_wrong_values_come_back_as_an_error_and_not_as_a_guess(kernel: Kernel) -> None:
    answer = await called(kernel, "decide", team="ml", environment="dev", workload_type="etl", photon="perhaps")
    assert [problem.split(":")[0] for problem in answer["error"]] == ["workload_type", "photon"]


async def test_what_cannot_be_decided_is_said_in_words_for_people(kernel: Kernel) -> None:
    answer = await called(kernel, "decide", team="ml", environment="dev")
    assert answer == {"error": "the workload is not known yet. Say the workload."}


def test_schemas_keep_literals_and_bounds(kernel: Kernel) -> None:
    parameters = {p.name: p.schema_data for p in kernel.get_function("brickie", "decide").parameters}
    environment, hours = parameters["environment"] or {}, parameters["hours_per_week"] or {}
    assert environment["anyOf"][0]["enum"] == ["dev", "staging", "prod"]
    assert hours["anyOf"][0]["maximum"] == 168


def test_no_kernel_holds_apply(kernel: Kernel) -> None:
    assert set(kernel.plugins["brickie"].functions) == {"parse", "decide", "estimate_cost", "deploy"}
