"""Each fault through real Terraform: the real sentence, what the state keeps, and that the next apply heals it."""

from pathlib import Path

import pytest
from running import COMMANDS, SMALL, Terraform

from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.sandbox.reattach import Reattached

pytestmark = pytest.mark.terraform

GROUP_ADDRESS = "azurerm_resource_group.this"
WORKSPACE_ADDRESS = "azurerm_databricks_workspace.this"
WHERE = (
    'creating Workspace (Subscription: "00000000-0000-0000-0000-000000000000"\nResource Group Name: "rg-a"\n'
    'Workspace Name: "dbw-a"): '
)
FAULTS = {
    "quota": (WHERE + "performing CreateOrUpdate: unexpected status 409 (409 Conflict) with error: QuotaExceeded:", ""),
    "policy": (
        WHERE
        + "performing CreateOrUpdate: unexpected status 403 (403 Forbidden) with error: RequestDisallowedByPolicy:",
        "",
    ),
    "region": (
        WHERE + "performing CreateOrUpdate: unexpected status 400 (400 Bad Request) with error:"
        " LocationNotAvailableForResourceType:",
        "",
    ),
    "name_conflict": (
        WHERE + "performing CreateOrUpdate: unexpected status 409 (409 Conflict) with error: Conflict:",
        "",
    ),
    "throttled_for_ever": (
        WHERE + "performing CreateOrUpdate: unexpected status 429 (429 Too Many Requests) with error: TooManyRequests:",
        "",
    ),
    "half_way": (WHERE + "polling after CreateOrUpdate: polling failed:", "tainted"),
}
"""Kind → how the message begins, and how the workspace stands in the state afterwards (empty: not at all)."""


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_has_its_sentence_leaves_what_it_leaves_and_heals(tmp_path: Path, kind: str) -> None:
    sentence, left = FAULTS[kind]
    with Reattached(cloud_path(tmp_path)) as providers:
        terraform = Terraform(tmp_path, extra={"TF_REATTACH_PROVIDERS": providers})
        terraform.write(SMALL)
        terraform.succeed("init", "-input=false")
        terraform.cloud.add_fault(kind)
        ended = terraform.apply()
        assert ended.code == 1
        assert [told[: len(sentence)] for told in ended.diagnostics] == [sentence]
        whole = {GROUP_ADDRESS: "whole"}
        assert terraform.state() == (whole | {WORKSPACE_ADDRESS: left} if left else whole)
        assert terraform.planned() == {WORKSPACE_ADDRESS: ["delete", "create"] if left else ["create"]}
        assert terraform.apply().code == 0
        assert terraform.planned() == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cluster_that_does_not_start_is_tainted_and_replaced(tmp_path: Path, command: str) -> None:
    terraform = Terraform(tmp_path, command=command)
    terraform.succeed("init", "-input=false")
    terraform.cloud.add_fault("cluster_start")
    ended = terraform.apply()
    assert [told.split(",")[0] for told in ended.diagnostics] == ["cannot create cluster: failed to reach RUNNING"]
    assert terraform.state()["databricks_cluster.this"] == "tainted"
    assert terraform.planned() == {"databricks_cluster.this": ["delete", "create"]}
    assert terraform.apply().code == 0
    assert len(terraform.cloud.resources("databricks_cluster")) == 1


def test_throttling_that_passes_is_not_seen(tmp_path: Path) -> None:
    terraform = Terraform(tmp_path)
    terraform.write(SMALL)
    terraform.succeed("init", "-input=false")
    terraform.cloud.add_fault("throttled", times=2)
    assert terraform.apply().diagnostics == []
    assert [done.note for done in terraform.cloud.operations("create") if done.note] == ["fault: throttled"] * 2


def test_a_refused_sign_in_fails_the_plan(tmp_path: Path) -> None:
    terraform = Terraform(tmp_path)
    terraform.write(SMALL)
    terraform.succeed("init", "-input=false")
    terraform.cloud.add_fault("credentials")
    sentence = "building account: could not acquire access token to parse claims"
    assert [told.split(": clientCredentials")[0] for told in terraform.run("plan", "-json").diagnostics] == [sentence]
    assert terraform.planned() == {GROUP_ADDRESS: ["create"], WORKSPACE_ADDRESS: ["create"]}
