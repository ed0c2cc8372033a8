"""What a state tells, what of it may be undone, and where it lies."""

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.terraform.backend import (
    AzureState,
    Backend,
    LocalState,
    PostgresState,
    backend_environment,
    init_arguments,
    with_backend,
)
from plugins.deploy.terraform.state import StateResource, empty_state, state_of, undoable
from plugins.domain.errors import DeploymentFailed
from plugins.domain.plan import TerraformFiles


def text(*resources: dict[str, Any], **rest: Any) -> str:
    return json.dumps({"version": 4, "serial": 3, "lineage": "l", "resources": list(resources), **rest})


def resource(name: str, *instances: dict[str, Any], mode: str = "managed") -> dict[str, Any]:
    return {"mode": mode, "type": "t", "name": name, "instances": list(instances)}


def test_managed_resources_are_told_by_address_with_id_and_dependencies() -> None:
    found = state_of(
        text(
            resource("a", {"attributes": {"id": "1"}}),
            resource("b", {"index_key": 0, "attributes": {"id": "2"}, "dependencies": ["t.a"]}),
            resource("c", {"index_key": "k", "attributes": None}, {"deposed": "x", "index_key": "old"}),
            resource("d", {"attributes": {"id": "4"}}, mode="data"),
        )
    )
    assert found.serial == 3
    assert found.resources == {
        "t.a": StateResource("t", "1", frozenset()),
        "t.b[0]": StateResource("t", "2", frozenset({"t.a"})),
        't.c["k"]': StateResource("t", "", frozenset()),
    }


def test_no_state_has_neither_serial_nor_hash() -> None:
    nothing = json.dumps({"version": 4, "serial": 0, "lineage": "", "outputs": {}, "resources": []})
    assert [(state.serial, state.sha256) for state in map(state_of, ("", " \n", nothing))] == [(None, None)] * 3


def test_a_damaged_state_is_one_sentence() -> None:
    with pytest.raises(DeploymentFailed, match="the state is damaged"):
        state_of('{"version": 4, "ser')


def test_the_hash_is_of_what_the_state_holds_not_of_its_arrangement() -> None:
    one, other = text(resource("a", {}), check_results=[1, 2]), text(resource("a", {}), check_results=[2, 1])
    assert state_of(one).sha256 == state_of(json.dumps(json.loads(other), indent=2)).sha256
    assert state_of(one).sha256 != state_of(text(resource("b", {}))).sha256


def test_an_empty_state_is_one_with_a_serial() -> None:
    found = state_of(empty_state("1.11.4"))
    assert (found.serial, found.resources) == (1, {})


def test_what_was_there_before_or_is_needed_by_it_is_not_undone() -> None:
    now = {
        "t.old": StateResource("t", "1", frozenset({"t.needed"})),
        "t.needed": StateResource("t", "2", frozenset()),
        "t.new": StateResource("t", "3", frozenset({"t.old"})),
    }
    assert undoable(now, frozenset({"t.old"})) == {"t.new"}
    assert undoable(now, frozenset()) == set(now)


@pytest.mark.parametrize(
    ("backend", "kind", "told"),
    [
        (LocalState(), "local", ("path=/home/x/terraform.tfstate",)),
        (PostgresState("postgres://u:s3cret@h/d"), "pg", ("schema_name=dep_1",)),
        (
            AzureState("rg", "acc", "states", prefix="brickie/"),
            "azurerm",
            (
                "resource_group_name=rg",
                "storage_account_name=acc",
                "container_name=states",
                "key=brickie/dep_1.tfstate",
                "use_azuread_auth=true",
            ),
        ),
    ],
)
def test_a_backend_differs_in_inits_arguments_and_one_file(backend: Backend, kind: str, told: tuple[str, ...]) -> None:
    arguments = init_arguments(backend, "dep_1", Path("/home/x/terraform.tfstate"))
    assert arguments == tuple(f"-backend-config={each}" for each in told)
    files = with_backend(TerraformFiles(files={"backend.tf": "other", "main.tf": ""}), backend).files
    assert files == {"backend.tf": f'terraform {{\n  backend "{kind}" {{}}\n}}\n', "main.tf": ""}


def test_a_connection_travels_in_the_environment_alone() -> None:
    backend = PostgresState("postgres://u:s3cret@h/d")
    assert backend_environment(backend) == {"PG_CONN_STR": "postgres://u:s3cret@h/d"}
    assert "s3cret" not in repr(backend)
    assert backend_environment(LocalState()) == {}
