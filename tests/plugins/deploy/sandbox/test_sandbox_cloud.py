"""The simulated cloud as a store: what exists, since when, what is ordered to go wrong."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.deploy.sandbox.cloud import GIVEN, Operation, Resource, SandboxCloud
from plugins.deploy.sandbox.faults import Fault

pytestmark = pytest.mark.integration

GROUP = "/subscriptions/0/resourceGroups/rg-a"


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cloud(tmp_path: Path) -> SandboxCloud:
    return SandboxCloud(tmp_path / "cloud.db", clock=Clock())


def test_ids_are_found_whatever_their_case_and_kept_as_they_were_written(cloud: SandboxCloud) -> None:
    cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP, "name": "rg-a"})
    found = cloud.find(GROUP.upper())
    assert found == Resource(GROUP, "azurerm_resource_group", {"id": GROUP, "name": "rg-a"}, "ready")
    assert found is not None
    assert found.name == "rg-a"


def test_what_exists_cannot_be_created_again(cloud: SandboxCloud) -> None:
    assert cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP, "by": 1})
    assert not cloud.create(GROUP.lower(), "azurerm_resource_group", {"id": GROUP, "by": 2})
    assert [found.state["by"] for found in cloud.resources()] == [1]


def test_an_object_is_being_created_until_its_time_has_come(tmp_path: Path) -> None:
    """Whether or not anybody still waits for it: an abandoned create leaves an orphan."""
    clock = Clock()
    cloud = SandboxCloud(tmp_path / "cloud.db", clock=clock)
    cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP}, seconds=150)
    statuses: list[str] = []
    for clock.now in (0, 149.9, 150):
        statuses += [found.status for found in cloud.resources()]
    assert statuses == ["creating", "creating", "ready"]


def test_a_failed_object_still_exists(cloud: SandboxCloud) -> None:
    cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP}, seconds=10)
    assert cloud.change(GROUP, {"id": GROUP}, failed=True)
    assert [found.status for found in cloud.resources()] == ["failed"]


def test_what_does_not_exist_cannot_be_changed(cloud: SandboxCloud) -> None:
    assert not cloud.change(GROUP, {"id": GROUP})
    assert cloud.resources() == ()


def test_removing_takes_along_what_lies_in_it_or_hangs_on_it_and_nothing_else(cloud: SandboxCloud) -> None:
    network = f"{GROUP}/providers/n/virtualNetworks/vnet"
    for key in (network, f"{network}/subnets/s", f"{network}/subnets/s#nsg", f"{network}|logs", f"{network}-2", GROUP):
        cloud.create(key, "t", {"id": key})
    cloud.remove(network)
    assert [found.id for found in cloud.resources()] == [f"{network}-2", GROUP]


def test_a_percent_sign_in_a_name_is_no_wildcard(cloud: SandboxCloud) -> None:
    for key in ("/g%", "/g%/one", "/group/one"):
        cloud.create(key, "t", {"id": key})
    assert [found.id for found in cloud.below("/g%")] == ["/g%/one"]


def test_leftovers_are_what_the_sandbox_made_itself(cloud: SandboxCloud) -> None:
    cloud.create("/given", GIVEN, {"id": "/given"})
    cloud.create(GROUP, "azurerm_resource_group", {"id": GROUP})
    assert [found.id for found in cloud.leftovers()] == [GROUP]


def test_a_fault_strikes_as_often_as_ordered_where_it_was_ordered(cloud: SandboxCloud) -> None:
    cloud.add_fault("quota", type="azurerm_databricks_%", name="dbw-%", times=2)
    struck = [
        cloud.take_fault("azurerm_databricks_workspace", "create", "other"),
        cloud.take_fault("azurerm_databricks_workspace", "update", "dbw-a"),
        cloud.take_fault("azurerm_databricks_workspace", "create", "dbw-a"),
        cloud.take_fault("azurerm_databricks_workspace", "create", "dbw-b"),
        cloud.take_fault("azurerm_databricks_workspace", "create", "dbw-c"),
    ]
    assert struck == [None, None, "quota", "quota", None]


@pytest.mark.parametrize(
    ("kind", "type_", "op"),
    [
        ("cluster_start", "databricks_cluster", "create"),
        ("quota", "azurerm_databricks_workspace", "create"),
        ("credentials", "azurerm", "configure"),
        ("throttled", "azurerm%", "create"),
    ],
)
def test_a_fault_ordered_without_a_place_strikes_where_it_makes_sense(
    cloud: SandboxCloud, kind: str, type_: str, op: str
) -> None:
    cloud.add_fault(kind, times=3)
    assert cloud.faults() == ((Fault(kind, type_, op), 3),)


def test_there_is_no_fault_of_an_unknown_kind(cloud: SandboxCloud) -> None:
    with pytest.raises(KeyError):
        cloud.add_fault("earthquake")


def test_what_was_done_is_written_down_in_order(cloud: SandboxCloud) -> None:
    cloud.note("create", "t", "/a")
    cloud.note("delete", "t", "/a", "Canceled")
    assert cloud.operations() == (Operation("create", "t", "/a", ""), Operation("delete", "t", "/a", "Canceled"))
    assert cloud.operations("delete") == (Operation("delete", "t", "/a", "Canceled"),)


def test_many_can_create_at_once_and_one_of_them_wins(tmp_path: Path) -> None:
    """Each with a connection of its own, from the first moment of the file on."""

    def create(number: int) -> bool:
        mine = SandboxCloud(tmp_path / "cloud.db")
        return mine.create(GROUP, "t", {"id": GROUP, "by": number}) and mine.create(f"/{number}", "t", {"id": "x"})

    with ThreadPoolExecutor(8) as several:
        won = list(several.map(create, range(24)))
    assert won.count(True) == 1
    assert len(SandboxCloud(tmp_path / "cloud.db").resources()) == 2


def test_a_file_of_an_older_shape_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "cloud.db") as db:
        db.execute("create table resources (id text)")
    db.close()
    assert SandboxCloud(tmp_path / "cloud.db").resources() == ()
