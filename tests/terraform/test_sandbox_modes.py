"""A configuration from nothing to nothing: each Terraform, each way in which it finds the sandbox's providers."""

from pathlib import Path

import pytest
from running import COMMANDS, Terraform

from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.sandbox.reattach import Reattached

pytestmark = pytest.mark.terraform


@pytest.mark.parametrize("command", COMMANDS)
def test_over_a_filesystem_mirror_everything_is_installed_applied_and_destroyed(tmp_path: Path, command: str) -> None:
    """The product's mode. The home has a blank in its path, as homes have."""
    terraform = Terraform(tmp_path / "a home", command=command)
    terraform.succeed("init", "-input=false")
    assert (terraform.folder / ".terraform.lock.hcl").exists()
    lives_and_dies(terraform)


@pytest.mark.parametrize("command", COMMANDS)
def test_reattached_to_this_process_everything_is_applied_and_destroyed(tmp_path: Path, command: str) -> None:
    """The mode of tests: nothing is installed, nothing started but Terraform."""
    with Reattached(cloud_path(tmp_path)) as providers:
        extra = {"TF_REATTACH_PROVIDERS": providers, "TF_CLI_CONFIG_FILE": "/nowhere"}
        terraform = Terraform(tmp_path, command=command, extra=extra)
        terraform.succeed("init", "-input=false")
        assert not (terraform.folder / ".terraform.lock.hcl").exists()
        lives_and_dies(terraform)


def test_two_runs_at_once_over_one_cloud_do_not_disturb_each_other(tmp_path: Path) -> None:
    one = Terraform(tmp_path / "one", speed=0.005)
    cloud = {"BRICKIE_SANDBOX_CLOUD": str(cloud_path(tmp_path / "one"))}
    other = Terraform(tmp_path / "other", speed=0.005, extra=cloud)
    other.write(name="b")
    for terraform in (one, other):
        terraform.succeed("init", "-input=false")
    runs = [terraform.start("apply", "-auto-approve", "-json") for terraform in (one, other)]
    assert [(run.communicate(timeout=60)[1], run.returncode) for run in runs] == [("", 0), ("", 0)]
    workspaces = one.cloud.resources("azurerm_databricks_workspace")
    assert sorted(found.name for found in workspaces) == ["dbw-a", "dbw-b"]
    assert {found.status for found in workspaces} == {"ready"}


def lives_and_dies(terraform: Terraform) -> None:
    terraform.succeed("validate", "-json")
    assert list(terraform.planned().values()) == [["create"]] * 9
    terraform.succeed("apply", "-json", "plan")
    url = terraform.succeed("output", "-raw", "url").output
    assert url.startswith("adb-")
    assert url.endswith(".azuredatabricks.net")
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    assert terraform.run("apply", "-json", "plan").code == 1, "a plan is applied once"
    terraform.succeed("destroy", "-auto-approve", "-json")
    assert terraform.cloud.leftovers() == ()
