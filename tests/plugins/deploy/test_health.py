"""A look at whether a workspace works, by the client of the real ones over the double of the simulated ones."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.health import RestHealth, SignInMissing
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.rest import SandboxHealth, serving
from plugins.deploy.sign_in import workspace_token
from plugins.domain.health import WorkspaceHealth

pytestmark = pytest.mark.integration
HOST = "adb-1003820170681350.10.azuredatabricks.net"
OUTPUTS: dict[str, Any] = {"workspace_url": f"https://{HOST}", "cluster_id": "1124-100000-0a1b2c3d"}
STOCKOUT = (
    "Azure has no machines of that size free in that region at the moment. Try again later, or take another size or"
    " region."
)


def stands(home: Path, cluster: dict[str, Any] | None) -> SandboxCloud:
    """A workspace whose cluster is like that; None for no cluster."""
    cloud = SandboxCloud(home / "cloud.db")
    own_id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Databricks/workspaces/dbw-ml-dev"
    cloud.create(own_id, "azurerm_databricks_workspace", {"id": own_id, "workspace_url": HOST})
    if cluster is not None:
        key = f"databricks:{HOST}/databricks_cluster/{OUTPUTS['cluster_id']}"
        cloud.create(key, "databricks_cluster", {"id": OUTPUTS["cluster_id"], **cluster})
    return cloud


def look(home: Path, outputs: dict[str, Any] = OUTPUTS) -> WorkspaceHealth:
    return asyncio.run(SandboxHealth(home / "cloud.db").look(outputs))


def ended(code: str, kind: str) -> dict[str, Any]:
    return {"state": "TERMINATED", "termination_reason": {"code": code, "type": kind}}


@pytest.mark.parametrize(
    ("cluster", "verdict", "text"),
    [
        ({"state": "RUNNING"}, "works", "Its address answers. Its cluster is running."),
        (
            {"state": "PENDING"},
            "unchecked",
            "Its address answers. Its cluster is still starting: ask again in some minutes.",
        ),
        (
            ended("INACTIVITY", "SUCCESS"),
            "works",
            "Its address answers. Its cluster stopped by itself and starts when somebody uses it.",
        ),
        (
            ended("CLOUD_PROVIDER_RESOURCE_STOCKOUT", "CLOUD_FAILURE"),
            "broken",
            f"Its address answers. {STOCKOUT}",
        ),
        (None, "broken", "Its address answers. Its cluster is not there any more."),
        (
            {"state": "HIBERNATING"},
            "unchecked",
            "Its address answers. Its cluster is in a state that I do not know: look at it in the workspace.",
        ),
    ],
    ids=["runs", "starts", "idle", "stockout", "gone", "new state"],
)
def test_what_the_cloud_says_of_a_cluster(
    tmp_path: Path, cluster: dict[str, Any] | None, verdict: str, text: str
) -> None:
    stands(tmp_path, cluster)
    health = look(tmp_path)
    assert (health.verdict, health.text) == (verdict, text)


def test_a_workspace_that_is_gone_does_not_answer_whatever_the_records_say(tmp_path: Path) -> None:
    SandboxCloud(tmp_path / "cloud.db")
    health = look(tmp_path)
    assert (health.verdict, health.text) == (
        "broken",
        "Its address does not answer. Its cluster could not be looked at.",
    )


def no_token() -> str:
    raise SignInMissing


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (no_token, "Its cluster could not be looked at: the sign-in is missing or was refused (`brickie doctor`)."),
        (lambda: "another's", "Its cluster could not be looked at: the workspace does not let the sign-in in."),
    ],
)
def test_what_could_not_be_looked_at_is_said(tmp_path: Path, token: Callable[[], str], text: str) -> None:
    with serving(stands(tmp_path, {"state": "RUNNING"})) as address:
        health = RestHealth(token, lambda _: address, timeout_seconds=2).looked(OUTPUTS)
    assert (health.verdict, health.text) == ("unchecked", f"Its address answers. {text}")


def test_without_an_address_or_a_cluster_on_record_that_is_said(tmp_path: Path) -> None:
    stands(tmp_path, None)
    assert look(tmp_path, {}).text == "Its address is not on record, so nothing of it could be looked at."
    elsewhere = {"workspace_url": "https://adb-1.1.azuredatabricks.net.example.org", "cluster_id": "c"}
    assert look(tmp_path, elsewhere).verdict == "unchecked"
    alone = {"workspace_url": OUTPUTS["workspace_url"]}
    assert look(tmp_path, alone).text == "Its address answers. No cluster of it is on record, so none was looked at."


def test_a_look_in_the_sandbox_takes_a_fifth_of_a_second_at_most(tmp_path: Path) -> None:
    """The best of three, since other work shares the machine."""
    stands(tmp_path, {"state": "RUNNING"})
    seconds: list[float] = []
    for _ in range(3):
        began = time.monotonic()
        look(tmp_path)
        seconds.append(time.monotonic() - began)
    assert min(seconds) <= 0.2


def test_a_sign_in_that_is_not_configured_is_missing_and_nobody_elses(tmp_path: Path) -> None:
    with pytest.raises(SignInMissing):
        workspace_token({"ARM_USE_OIDC": "true", "ARM_TENANT_ID": "t", "ARM_CLIENT_ID": "c"})
    with pytest.raises(SignInMissing):
        workspace_token({"ARM_CLIENT_CERTIFICATE_PATH": str(tmp_path / "none.pem"), "ARM_TENANT_ID": "t"})


def test_whoever_waits_no_longer_leaves_nothing_on_the_error_stream(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(stands(tmp_path, None)) as address:
        host, port = address.removeprefix("http://").split(":")
        for _ in range(3):
            with socket.create_connection((host, int(port))) as left:
                left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                left.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        time.sleep(0.2)
    assert capfd.readouterr().err == ""
