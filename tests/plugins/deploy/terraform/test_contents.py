"""What lives in a workspace, taken out of a copy of its state and put back: on the state's own text."""

import json
from typing import Any

from plugins.deploy.terraform.contents import contents_of, restored, without_contents
from plugins.deploy.terraform.state import state_of


def held(kind: str, **attributes: Any) -> dict[str, Any]:
    return {"mode": "managed", "type": kind, "name": "this", "instances": [{"attributes": {"id": kind, **attributes}}]}


WORKSPACE = held("azurerm_databricks_workspace", workspace_id="17")
CLUSTER = held("databricks_cluster", cluster_name="ml-dev-etl")
POLICY = held("databricks_cluster_policy", name="ml-dev-policy")
GROUP = held("azurerm_resource_group", name="rg")


def state(*resources: dict[str, Any], serial: int = 7) -> str:
    return json.dumps({"version": 4, "serial": serial, "lineage": "l", "outputs": {}, "resources": list(resources)})


WHOLE = state(GROUP, WORKSPACE, POLICY, CLUSTER)


def test_the_contents_are_called_as_people_call_them() -> None:
    assert [(each.type, each.name) for each in contents_of(WHOLE)] == [
        ("databricks_cluster_policy", "ml-dev-policy"),
        ("databricks_cluster", "ml-dev-etl"),
    ]
    assert contents_of(state(GROUP)) == ()


def test_the_copy_is_the_state_without_them_under_the_next_serial() -> None:
    assert json.loads(without_contents(WHOLE)) == json.loads(state(GROUP, WORKSPACE, serial=8))


def test_what_nobody_has_touched_since_is_put_back_exactly() -> None:
    assert restored(WHOLE, without_contents(WHOLE)) == WHOLE


def test_they_are_put_back_into_what_an_apply_made_of_it_while_the_workspace_is_the_old_one() -> None:
    """It came as far as a network, and failed before the old workspace went."""
    now = state(GROUP, WORKSPACE, held("azurerm_virtual_network"), serial=11)
    put = restored(WHOLE, now)
    assert put is not None
    assert state_of(put).serial == 12
    assert {"databricks_cluster.this", "azurerm_virtual_network.this"} <= state_of(put).resources.keys()


def test_they_are_gone_with_a_workspace_that_is_gone_or_is_another_one_under_its_name() -> None:
    anew = held("azurerm_databricks_workspace", workspace_id="18")
    assert restored(WHOLE, state(GROUP, serial=11)) is None
    assert restored(WHOLE, state(GROUP, anew, serial=11)) is None
    assert restored(WHOLE, "") is None


def test_nothing_is_put_back_where_they_stand() -> None:
    assert restored(WHOLE, WHOLE) is None
