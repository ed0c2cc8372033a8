"""The whole way in a browser's words: real Terraform over the sandbox behind the real server."""

import aiohttp
import pytest
from web_server import Serve, Visitor, plan_in

pytestmark = pytest.mark.terraform


async def test_a_workspace_is_deployed_changed_and_destroyed_from_the_page(
    serve: Serve, http: aiohttp.ClientSession
) -> None:
    visitor = await Visitor(http, serve(real=True).url).arrive()
    plan = plan_in(await visitor.say("Databricks for the ML team in dev", until="plan"))
    events = await visitor.confirm(plan)
    assert events[-1]["status"] == "succeeded", events[-1]
    assert events[-1]["outputs"]["workspace_url"].startswith("https://")
    progress = [event["done"] for event in events if event["type"] == "progress"]
    assert progress == sorted(progress)
    assert max(progress) == len(plan["resources"])
    change = plan_in(await visitor.say("change dbw-ml-dev to up to 4 workers", until="plan"))
    assert (change["action"], change["before"]["decision"]["max_workers"]) == ("change", 0)
    assert (await visitor.confirm(change))[-1]["status"] == "succeeded"
    destroy = plan_in(await visitor.say("destroy dbw-ml-dev", until="plan"))
    assert {resource["action"] for resource in destroy["resources"]} == {"delete"}
    assert (await visitor.confirm(destroy))[-1]["status"] == "destroyed"
    (row,) = (await visitor.get("/api/deployments"))["deployments"]
    one = await visitor.get(f"/api/deployments/{row['deployment_id']}")
    assert [line["what"] for line in one["timeline"] if " " not in line["what"]] == [
        "deployed",
        "changed",
        "destroyed",
    ]
