"""Terraform stopped in the middle: asked to, or killed."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running import COMMANDS, SMALL, WORKSPACE, Terraform

pytestmark = pytest.mark.terraform

GROUP_ADDRESS = "azurerm_resource_group.this"
WORKSPACE_ADDRESS = "azurerm_databricks_workspace.this"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
def test_asked_to_stop_terraform_keeps_what_was_begun(tmp_path: Path, command: str, how: signal.Signals) -> None:
    """The create ends at once; what had been begun is tainted, so the next apply replaces it."""
    terraform, run = creating(tmp_path, command)
    run.send_signal(how)
    output, _ = run.communicate(timeout=20)
    assert run.returncode == 1
    assert "context canceled" in output
    assert terraform.state() == {GROUP_ADDRESS: "whole", WORKSPACE_ADDRESS: "tainted"}
    assert terraform.planned() == {WORKSPACE_ADDRESS: ["delete", "create"]}


@pytest.mark.parametrize("command", COMMANDS)
def test_killed_terraform_leaves_no_provider_behind_and_an_orphan_in_the_cloud(tmp_path: Path, command: str) -> None:
    """As with Azure: the create goes on, the state knows nothing of it, and an import takes it over."""
    terraform, run = creating(tmp_path, command)
    providers = children(run.pid)
    run.kill()
    run.wait()
    until(lambda: not any(is_running(pid) for pid in providers), seconds=2)
    run.communicate()
    assert terraform.state().get(WORKSPACE_ADDRESS) is None
    until(lambda: [found.status for found in terraform.cloud.resources(WORKSPACE_TYPE)] == ["ready"])
    (terraform.folder / ".terraform.tfstate.lock.info").unlink(missing_ok=True)
    for address, own_id in ((GROUP_ADDRESS, WORKSPACE.split("/providers")[0]), (WORKSPACE_ADDRESS, WORKSPACE)):
        if address not in terraform.state():
            terraform.succeed("import", address, own_id)
    assert terraform.planned() == {}


WORKSPACE_TYPE = "azurerm_databricks_workspace"


def children(pid: int) -> list[int]:
    """The processes that it has started and that still run: the providers at work."""
    if not Path("/proc/self").exists():
        pytest.skip("looking for processes needs /proc")
    numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    found = [number for number in numbers if stat(number)[1:2] == [str(pid)]]
    assert found
    return found


def is_running(pid: int) -> bool:
    """False for what has ended, whether or not anybody has asked how."""
    return bool(stat(pid)) and stat(pid)[0] != "Z"


def stat(pid: int) -> list[str]:
    """State, parent and more of a process; empty for what is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return []


def until(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Looks again and again. Fails the test when it does not come to hold."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def creating(home: Path, command: str) -> tuple[Terraform, subprocess.Popen[str]]:
    """A Terraform that is applying, with the workspace begun and seconds away from its end."""
    terraform = Terraform(home, command=command, speed=0.02)
    terraform.write(SMALL)
    terraform.succeed("init", "-input=false")
    run = terraform.start("apply", "-auto-approve", "-json")
    until(lambda: bool(terraform.cloud.resources(WORKSPACE_TYPE)))
    return terraform, run
