"""An assistant in an IDE can have plans made and look things up; consent is a person's."""

import json
import tomllib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession
from mcp.shared.context import RequestContext
from mcp.shared.memory import create_connected_server_and_client_session
from mcp.types import ElicitRequestParams, ElicitResult, TextContent

from agent.app import App, AppEnvironment
from agent.channels.mcp import McpFunctions, McpSession, server_of
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana", roles=("requester", "approver"))
TEXT = "Databricks for the ML team in dev"


@asynccontextmanager
async def session(home: Path, answer: str | None = None, *, action: str = "accept") -> AsyncGenerator[ClientSession]:
    """A client connected to Brickie; with an answer its person can be asked, and types that."""
    settings = Settings()
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    world = AppEnvironment(settings, {}, home, clock=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    app = App(world, terraform=in_memory)
    words = tomllib.loads((place("prompts") / "functions.toml").read_text("utf-8"))
    desk = McpSession(ANA, settings.platform, lambda: date(2026, 11, 24), words)

    async def asked(context: RequestContext[ClientSession, Any], params: ElicitRequestParams) -> ElicitResult:
        assert context.session
        assert "digest" in params.message
        return ElicitResult.model_validate({"action": action, "content": {"answer": answer}})

    server = server_of(McpFunctions(app, desk), desk, elicits=True)
    async with create_connected_server_and_client_session(
        server, elicitation_callback=None if answer is None else asked
    ) as client:
        yield client
    await app.close()


async def called(client: ClientSession, name: str, **given: Any) -> dict[str, Any]:
    result = await client.call_tool(name, given)
    (content,) = result.content
    assert isinstance(content, TextContent)
    try:
        return json.loads(content.text)
    except ValueError:
        return {"error": content.text}


async def test_the_functions_are_the_proposing_ones_and_none_applies(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
    assert names == {
        "parse",
        "decide",
        "estimate_cost",
        "deploy",
        "status",
        "list",
        "explain",
        "compare",
        "export",
        "extend",
        "destroy",
    }


async def test_an_assistant_has_a_plan_made_and_is_told_that_a_person_confirms_it(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        answer = await called(client, "deploy", text=TEXT)
    assert answer["plan"]["decision"]["workspace_name"] == "dbw-ml-dev"
    assert answer["plan"]["cost"]["expected"] == 232.2
    assert "A person confirms it" in answer["next"]
    assert "confirmed" not in answer


@pytest.mark.parametrize(
    "text", ["yes", "apply it", "confirm", "yes, go ahead", "approve the plan", "no", "start over"]
)
async def test_nothing_that_an_assistant_writes_is_consent(text: str, tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        await called(client, "deploy", text=TEXT)
        refused = await called(client, "deploy", text=text)
        listed = await called(client, "list")
    assert "no request for a workspace" in refused["error"]
    assert listed["workspaces"] == []


async def test_a_person_whom_the_client_asks_can_confirm(tmp_path: Path) -> None:
    async with session(tmp_path, "apply") as client:
        answer = await called(client, "deploy", text=TEXT)
        status = await called(client, "status", workspace_name="dbw-ml-dev")
    assert answer["confirmed"]["result"]["status"] == "succeeded"
    assert status["status"] == "succeeded"
    assert (status["owner"], status["url"]) == ("Ana", "https://adb-rehearsed.azuredatabricks.net/dbw-ml-dev")
    assert status["brickie_version"]


@pytest.mark.parametrize(("answer", "action"), [("yes please", "accept"), ("", "accept"), ("apply", "decline")])
async def test_any_other_answer_of_that_person_confirms_nothing(answer: str, action: str, tmp_path: Path) -> None:
    async with session(tmp_path, answer, action=action) as client:
        found = await called(client, "deploy", text=TEXT)
    assert "confirmed" not in found


async def test_a_later_text_speaks_of_the_plan_that_was_just_made(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        await called(client, "deploy", text=TEXT)
        answer = await called(client, "deploy", text="make it westeurope")
    assert answer["plan"]["decision"]["region"] == "westeurope"


async def test_destroying_is_proposed_and_extending_is_only_looked_up(tmp_path: Path) -> None:
    async with session(tmp_path, "apply") as client:
        await called(client, "deploy", text=TEXT)
        extension = await called(client, "extend", workspace_name="dbw-ml-dev", days=14)
        status = await called(client, "status", workspace_name="dbw-ml-dev")
    async with session(tmp_path) as client:
        destroy = await called(client, "destroy", workspace_name="dbw-ml-dev")
    assert (extension["until"], extension["allowed"]) == ("2026-12-08", True)
    assert status["expires_on"] is None
    assert destroy["plan"]["action"] == "destroy"
    assert "A person confirms it" in destroy["next"]


async def test_the_verbs_chain_from_words_to_a_bill(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        parsed = await called(client, "parse", text=TEXT)
        decision = await called(client, "decide", **parsed["requests"][0])
        bill = await called(client, "estimate_cost", decision=decision)
        wrong = await called(client, "decide", team="ml", environment="dev")
    assert bill["expected"] == 232.2
    assert wrong == {"error": "the workload is not known yet. Say the workload."}


async def test_what_is_missing_comes_back_as_questions(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        answer = await called(client, "deploy", text="a databricks workspace please")
    assert [question["slot"] for question in answer["questions"]] == ["team", "environment", "workload_type"]
