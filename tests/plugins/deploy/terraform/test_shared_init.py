"""What one `init` made serves every folder of the same text."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from plugins.deploy.terraform.shared_init import SharedInits, init_key

pytestmark = pytest.mark.integration

FILES = {"main.tf": "resource {}", "versions.tf": "terraform {}", "terraform.tfvars.json": '{"team": "fern"}'}
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


def test_another_text_is_another_init_and_other_values_are_not() -> None:
    key = init_key(FILES, "1.11.4")
    assert init_key({**FILES, "terraform.tfvars.json": '{"team": "moss"}'}, "1.11.4") == key
    others = ({**FILES, "main.tf": "resource {} "}, {**FILES, "imports.tf": ""}, {"main.tf": FILES["main.tf"]})
    assert all(init_key(files, "1.11.4") != key for files in others)
    assert init_key(FILES, "1.12.0") != key


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
