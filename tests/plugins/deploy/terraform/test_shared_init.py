"""What one `init` made serves every folder that asks the same of it."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from plugins.deploy.terraform.shared_init import SharedInits, init_key

pytestmark = pytest.mark.integration

FILES = {
    "main.tf": 'resource "azurerm_resource_group" "this" {\n}\n',
    "versions.tf": "terraform {\n  required_providers {\n    azurerm = {\n    }\n  }\n}\n",
    "terraform.tfvars.json": '{"team": "fern"}',
}
DAY = 24 * 3600


def initialised(home: Path, deployment: str, *, remote: bool = False) -> Path:
    """A run's folder as `init` leaves it, with providers that lie elsewhere, as a filesystem mirror's do."""
    package = home / "mirror" / "linux_amd64"
    package.mkdir(parents=True, exist_ok=True)
    if not (package / "terraform-provider-azurerm").exists():
        (package / "terraform-provider-azurerm").write_text("provider", "utf-8")
    folder = home / "runs" / "pln_1" / deployment
    place = folder / ".terraform" / "providers" / "registry" / "hashicorp" / "azurerm" / "5.2.0"
    place.mkdir(parents=True)
    (place / "linux_amd64").symlink_to(package)
    (folder / ".terraform.lock.hcl").write_text("locked", "utf-8")
    kind = "azurerm" if remote else "local"
    backend = {"type": kind, "config": {"path": str(state(home, deployment)), "workspace_dir": None}, "hash": 666019178}
    note = {"version": 3, "terraform_version": "1.11.4", "backend": backend}
    (folder / ".terraform" / "terraform.tfstate").write_text(json.dumps(note, indent=2), "utf-8")
    return folder


def state(home: Path, deployment: str) -> Path:
    return home / "deployments" / deployment / "terraform.tfstate"


def fresh(home: Path, deployment: str) -> Path:
    folder = home / "runs" / "pln_1" / deployment
    folder.mkdir(parents=True)
    return folder


def test_a_second_folder_gets_what_init_would_have_made(tmp_path: Path) -> None:
    inits, key = SharedInits(tmp_path), init_key(FILES, "1.11.4")
    first = initialised(tmp_path, "dep_1")
    inits.keep(key, first)
    second = fresh(tmp_path, "dep_2")
    assert inits.linked(key, second, state(tmp_path, "dep_2"))
    by_hand = initialised(tmp_path / "elsewhere", "dep_2")
    expected = (by_hand / ".terraform" / "terraform.tfstate").read_text("utf-8")
    note = (second / ".terraform" / "terraform.tfstate").read_text("utf-8")
    assert note == expected.replace(f"{tmp_path}/elsewhere/", f"{tmp_path}/")
    for folder in (first, second):
        assert (folder / ".terraform.lock.hcl").read_text("utf-8") == "locked"
        assert [path.read_text("utf-8") for path in folder.glob(".terraform/providers/*/*/*/*/*/*")] == ["provider"]


def test_what_init_does_not_read_makes_no_other_init() -> None:
    """A workspace of another shape or with other values; the settings alone, before there is any workspace."""
    key = init_key(FILES, "1.11.4")
    disk = 'data "azurerm_subnet" "host" {\n}\nprovider "azurerm" {\n}\n'
    for files in (
        {**FILES, "terraform.tfvars.json": '{"team": "moss"}'},
        {**FILES, "network.tf": disk},
        {"versions.tf": FILES["versions.tf"]},
    ):
        assert init_key(files, "1.11.4") == key


def test_what_init_reads_makes_another() -> None:
    key = init_key(FILES, "1.11.4")
    assert init_key(FILES, "1.12.0") != key
    others = (
        {**FILES, "versions.tf": FILES["versions.tf"] + "\n"},
        {**FILES, "backend.tf": 'terraform {\n  backend "pg" {}\n}\n'},
        {**FILES, "imports.tf": 'module "network" {\n  source = "./network"\n}\n'},
        {**FILES, "more.tf": 'resource "random_id" "this" {\n}\n'},
        {**FILES, "more.tf": 'provider "random" {\n}\n'},
        {**FILES, "more.tf": "resource random_id this {\n}\n"},
        {**FILES, "more.tf.json": '{"module": {"network": {"source": "./network"}}}'},
    )
    assert len({init_key(files, "1.11.4") for files in others} | {key}) == len(others) + 1


def test_a_provider_that_was_changed_is_initialised_anew(tmp_path: Path) -> None:
    inits = SharedInits(tmp_path)
    inits.keep("k", initialised(tmp_path, "dep_1"))
    (tmp_path / "mirror" / "linux_amd64" / "terraform-provider-azurerm").write_text("a newer provider", "utf-8")
    assert not inits.linked("k", fresh(tmp_path, "dep_2"), state(tmp_path, "dep_2"))
    assert list(tmp_path.glob("runs/pln_1/dep_2/*")) == []


def test_a_cache_that_was_cleared_is_initialised_anew(tmp_path: Path) -> None:
    """The links into it lead nowhere, and nothing of them lies in the folder in which `init` is then run; what that
    made and lost at once is kept for nobody.
    """
    inits = SharedInits(tmp_path)
    first, late = initialised(tmp_path, "dep_1"), initialised(tmp_path, "dep_2")
    inits.keep("k", first)
    shutil.rmtree(tmp_path / "mirror")
    assert not inits.linked("k", fresh(tmp_path, "dep_3"), state(tmp_path, "dep_3"))
    assert list(tmp_path.glob("runs/pln_1/dep_3/*")) == []
    inits.keep("l", late)
    assert not list(tmp_path.glob("inits/l-*"))
    assert not (late / ".terraform" / "providers").is_symlink()


@pytest.mark.parametrize("name", [".terraform.lock.hcl", "terraform.tfstate", "seen.json"])
def test_what_was_kept_in_part_is_initialised_anew(name: str, tmp_path: Path) -> None:
    inits = SharedInits(tmp_path)
    inits.keep("k", initialised(tmp_path, "dep_1"))
    [kept] = tmp_path.glob("inits/k-*")
    (kept / name).unlink()
    assert not inits.linked("k", fresh(tmp_path, "dep_2"), state(tmp_path, "dep_2"))
    assert list(tmp_path.glob("runs/pln_1/dep_2/*")) == []


def test_it_serves_for_a_day_and_stays_while_a_plan_needs_it(tmp_path: Path) -> None:
    inits = SharedInits(tmp_path)
    for name in ("dep_1", "dep_2"):
        inits.keep("k", initialised(tmp_path, name))
    used, unused = sorted(tmp_path.glob("inits/*"))
    (tmp_path / "runs" / "pln_1" / "dep_2" / ".terraform" / "providers").unlink()
    old = time.time() - 4 * DAY
    for kept in (used, unused):
        os.utime(kept, (old, old))
    assert not inits.linked("k", fresh(tmp_path, "dep_3"), state(tmp_path, "dep_3"))
    inits.keep("k", initialised(tmp_path, "dep_4"))
    assert used.exists()
    assert not unused.exists()
    assert inits.linked("k", fresh(tmp_path, "dep_5"), state(tmp_path, "dep_5"))


def test_what_terraform_keeps_otherwise_is_not_shared(tmp_path: Path) -> None:
    """A backend that is no file of ours, and a template with modules, are initialised in each folder."""
    inits = SharedInits(tmp_path)
    inits.keep("remote", initialised(tmp_path, "dep_1", remote=True))
    assert not inits.linked("remote", fresh(tmp_path, "dep_2"), state(tmp_path, "dep_2"))
    with_modules = initialised(tmp_path, "dep_3")
    (with_modules / ".terraform" / "modules").mkdir()
    inits.keep("modules", with_modules)
    assert not list(tmp_path.glob("inits/modules-*"))
    assert not (with_modules / ".terraform" / "providers").is_symlink()
