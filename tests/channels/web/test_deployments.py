"""The deployments page: the list, its filter and sums, one workspace, its Terraform. Through real HTTP."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from embedding_tokens import TOKENS, token
from web_server import Served, Visitor, plan_in

from agent.channels.web.deployments import zipped

pytestmark = pytest.mark.integration


async def deployed(visitor: Visitor, text: str) -> str:
    """Deploys what that sentence asks for; gives the deployment's id."""
    plan = plan_in(await visitor.say(text, until="plan"))
    return (await visitor.confirm(plan))[-1]["deployment_id"]


@pytest.fixture
async def platform(visitor: Visitor) -> Visitor:
    """Somebody with two workspaces, of two teams."""
    await deployed(visitor, "Databricks for the ML team in dev, for two weeks")
    await visitor.arrive()
    visitor.seq = 0
    await deployed(visitor, "Databricks for the finance team in staging for analytics in westeurope")
    return visitor


async def names(visitor: Visitor, query: str) -> list[str]:
    found = await visitor.get(f"/api/deployments?{query}")
    return [row["workspace_name"] for row in found["deployments"]]


async def test_the_list_shows_each_workspace_and_what_they_cost_together(platform: Visitor) -> None:
    found = await platform.get("/api/deployments")
    first, second = found["deployments"]
    assert (first["workspace_name"], first["status"], first["state"], first["region"]) == (
        "dbw-finance-staging",
        "succeeded",
        "deployed",
        "westeurope",
    )
    assert second["url"].startswith("https://")
    assert found["currency"] == "USD"
    assert found["totals"]["by_environment"] == [
        {"environment": row["environment"], "monthly": row["monthly"], "currency": "USD", "unknown": 0}
        for row in sorted((first, second), key=lambda row: -row["monthly"])
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("team=ml", ["dbw-ml-dev"]),
        ("environment=staging", ["dbw-finance-staging"]),
        ("team=ml&environment=staging", []),
        ("status=destroyed", []),
        ("status=succeeded&q=WESTEUROPE", ["dbw-finance-staging"]),
        ("status=deployed&team=ml", ["dbw-ml-dev"]),
        ("status=not+deployed", []),
        ("status=nonsense", []),
        ("q=deployed&team=ml", ["dbw-ml-dev"]),
        ("q=nothing", []),
        ("max_monthly=0", []),
        ("min_monthly=0.01&team=ml", ["dbw-ml-dev"]),
        ("owner=", ["dbw-finance-staging", "dbw-ml-dev"]),
        ("expires_before=2200-01-01", ["dbw-ml-dev"]),
        ("expires_before=2001-01-01", []),
    ],
)
async def test_the_list_is_narrowed_by_what_is_asked(platform: Visitor, query: str, expected: list[str]) -> None:
    assert await names(platform, query) == expected


@pytest.mark.parametrize("query", ["min_monthly=x", "max_monthly=NaN", "expires_before=soon"])
async def test_a_filter_that_is_no_number_or_date_is_one_sentence(visitor: Visitor, query: str) -> None:
    answer = await visitor.get(f"/api/deployments?{query}", 400)
    assert answer["error"]["code"] == "bad_field"


async def test_a_destroyed_workspace_stays_in_the_list_and_costs_nothing(visitor: Visitor) -> None:
    await deployed(visitor, "Databricks for the ML team in dev")
    plan = plan_in(await visitor.say("destroy dbw-ml-dev", until="plan"))
    assert (await visitor.confirm(plan))[-1]["status"] == "destroyed"
    found = await visitor.get("/api/deployments")
    assert [row["status"] for row in found["deployments"]] == ["destroyed"]
    assert found["totals"] == {"by_team": [], "by_environment": []}


async def test_one_workspace_shows_everything_that_is_kept_of_it(visitor: Visitor) -> None:
    deployment_id = await deployed(visitor, "Databricks for the ML team in dev")
    found = await visitor.get(f"/api/deployments/{deployment_id}")
    assert found["workspace_name"] == found["decision"]["workspace_name"] == "dbw-ml-dev"
    assert [line["what"] for line in found["timeline"]] == [
        "asked to create",
        "approved the plan to create",
        "deployed",
    ]
    assert found["plan"]["action"] == "create"
    assert found["cost"]["expected"] == pytest.approx(found["monthly"], abs=0.01)
    assert found["conversation"] == visitor.conversation
    assert ET.fromstring(found["diagram"]).tag.endswith("svg")  # noqa: S314 - our own


async def test_the_download_holds_the_terraform_and_says_what_it_is(visitor: Visitor) -> None:
    deployment_id = await deployed(visitor, "Databricks for the ML team in dev")
    async with visitor.http.get(f"{visitor.url}/api/deployments/{deployment_id}/terraform.zip") as response:
        assert response.headers["Content-Disposition"] == 'attachment; filename="dbw-ml-dev.zip"'
        archive = zipfile.ZipFile(io.BytesIO(await response.read()))
    held = archive.namelist()
    assert {"dbw-ml-dev/README.md", "dbw-ml-dev/main.tf", "dbw-ml-dev/terraform.tfvars.json"} <= set(held)
    assert "dbw-ml-dev/backend.tf" not in held, "it says where our own state lies"
    assert "terraform init" in archive.read("dbw-ml-dev/README.md").decode()


def test_the_same_files_give_the_same_archive() -> None:
    at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    files = {"b.tf": "b", "a.tf": "a"}
    assert zipped(files, folder="x", at=at) == zipped(dict(reversed(files.items())), folder="x", at=at)


async def test_an_approver_sees_every_deployment_and_no_conversation_of_others(serve: Any, http: Any) -> None:
    served: Served = serve({"Identity": TOKENS})
    ana = await Visitor(http, served.url, token(sub="ana")).arrive()
    eve = await Visitor(http, served.url, token(sub="eve", roles=["approver"])).arrive()
    deployment_id = await deployed(ana, "Databricks for the ML team in dev")
    assert await names(eve, "") == ["dbw-ml-dev"]
    assert (await eve.get(f"/api/deployments/{deployment_id}"))["conversation"] is None
