"""Whose lock on an Azure state is given back; a shell script stands in for Terraform, and says which lock it meets."""

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.deploy.terraform.backend import AzureState, Backend, LocalState
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.find import TerraformBinary
from plugins.deploy.terraform.process import TerraformCommand
from plugins.deploy.terraform.site import Site
from plugins.deploy.terraform.spawn import DetachedProcess
from plugins.domain.errors import DeploymentFailed
from plugins.domain.plan import TerraformFiles

pytestmark = pytest.mark.integration

LOCK_ID = "ed8ac6a6-deec-a790-508b-1bd2c1c941a0"
TERRAFORM = """
echo "$*" >>"$HOME/asked"
case "$1" in
untaint)
  [ -e "$HOME/begins" ] && mv "$HOME/begins" "$HOME/runs/pln_2/dep_1/apply.pid"
  [ ! -e "$HOME/met" ] && exit 0
  cat "$HOME/met" >&2; exit 1 ;;
force-unlock) rm "$HOME/met" ;;
init) exec sleep 60 ;;
plan) kill -KILL $$ ;;
esac
"""
UNLOCK = f"force-unlock -force {LOCK_ID}"
FILES = TerraformFiles(files={"versions.tf": "terraform {\n}\n"})


class Place:
    """A deployment with a folder for each of two plans, and what Terraform was asked there."""

    def __init__(self, home: Path, backend: Backend) -> None:
        self.home = home
        (home / "terraform.sh").write_text(TERRAFORM, "utf-8")
        binary = TerraformBinary(("sh", str(home / "terraform.sh")), "1.11.4", "Terraform", "here")
        self.site = Site(lambda: binary, home, lambda: {"PATH": os.environ["PATH"], "HOME": str(home)}, backend)
        self.executor = Executor(self.site, lambda: datetime.now(UTC))
        self.folder, self.other = (home / "runs" / plan / "dep_1" for plan in ("pln_1", "pln_2"))
        for folder in (self.folder, self.other):
            (folder / ".terraform").mkdir(parents=True)

    def dead(self, *names: str) -> None:
        """These died in the first plan's folder, unseen: no process has their number."""
        for name in names:
            DetachedProcess(self.folder, name).path("pid").write_text(f"{2**22 + 7} (sh) S " + "0 " * 30, "utf-8")

    def lives(self, name: str) -> None:
        """One of the second plan's is under way: this very process stands in for its shell."""
        self.begun().rename(DetachedProcess(self.other, name).path("pid"))

    def begun(self) -> Path:
        """Where the script finds the shell of the apply that begins while it looks for a lock."""
        path = self.home / "begins"
        path.write_text(Path("/proc/self/stat").read_text("utf-8"), "utf-8")
        return path

    def age(self, name: str, seconds: float) -> None:
        at = time.time() - seconds
        os.utime(DetachedProcess(self.folder, name).path("pid"), (at, at))

    def is_gone(self) -> bool:
        return not self.folder.exists()

    def locked(self, operation: str = "OperationTypePlan") -> None:
        """Somebody has just taken the lock."""
        created = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        lock = f"  ID:        {LOCK_ID}\n  Operation: {operation}\n  Created:   {created}.2 +0000 UTC\n"
        (self.home / "met").write_text(lock, "utf-8")

    def asked(self) -> Sequence[str]:
        """The commands that have run, but for the probe's own options."""
        path = self.home / "asked"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return ["probe" if line.startswith("untaint") else line for line in lines]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, AzureState("rg", "account", "container"))


async def test_what_a_dead_plan_held_is_given_back(place: Place) -> None:
    place.dead("plan")
    place.locked()
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe", UNLOCK]
    assert not place.site.may_hold_lock(place.folder)


async def test_what_died_and_never_locks_makes_nobody_look_for_a_lock(place: Place) -> None:
    """Somebody alive may just have taken one: the next apply, a person, a pipeline."""
    place.dead("init", "validate", "show", "pull", "probe", "unlock")
    place.locked()
    await place.site.unlock(place.folder)
    assert place.asked() == []
    place.executor.discard("pln_1")
    assert place.is_gone()


async def test_a_dead_probe_makes_nobodys_lock_its_own(place: Place) -> None:
    """It is begun anew, just as somebody else takes the lock; the plan had died an hour before."""
    place.dead("plan", "probe")
    place.age("plan", 3600)
    for operation in ("OperationTypePlan", "OperationTypeApply", "untaint"):
        place.locked(operation)
        await place.site.unlock(place.folder)
    assert place.asked() == ["probe"] * 3


async def test_what_begins_while_a_lock_is_looked_for_keeps_its_own(place: Place) -> None:
    """The lock fits the run that died, and is held by one that has begun since."""
    place.dead("apply")
    place.locked("OperationTypeApply")
    place.begun()
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe"]
    assert DetachedProcess(place.other, "apply").is_alive()
    assert place.site.may_hold_lock(place.folder)
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe"]
    DetachedProcess(place.other, "apply").forget()
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe", "probe", UNLOCK]


async def test_a_look_that_goes_on_beside_it_keeps_no_lock(place: Place) -> None:
    place.dead("plan")
    place.locked()
    place.lives("show")
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe", UNLOCK]


async def test_another_operations_lock_is_left_alone(place: Place) -> None:
    place.dead("plan")
    place.locked("OperationTypeApply")
    await place.site.unlock(place.folder)
    assert place.asked() == ["probe"]
    assert place.site.may_hold_lock(place.folder)


async def test_whoever_follows_a_plan_that_is_killed_gives_its_lock_back(place: Place) -> None:
    place.locked()
    ended = await place.site.attach(place.folder, TerraformCommand("plan", ("plan",), 60))
    assert ended.code is None
    assert place.asked() == ["plan", "probe", UNLOCK]


async def test_the_files_of_a_plan_that_was_dropped_go_once_its_lock_is_given_back(place: Place) -> None:
    place.dead("plan")
    place.locked()
    place.executor.discard("pln_1")
    assert not place.is_gone()
    await place.executor.give_back("pln_1")
    place.executor.discard("pln_1")
    assert place.is_gone()
    await place.executor.give_back("pln_1")
    assert place.asked() == ["probe", UNLOCK]


async def test_what_is_made_ready_ahead_keeps_no_plan_waiting_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.deploy.terraform.ahead._AHEAD_SECONDS", 0.2)
    place = Place(tmp_path, LocalState())
    async with asyncio.timeout(20):
        with pytest.raises(DeploymentFailed):
            await place.executor.initialise_ahead(lambda: FILES)
    assert os.listdir(tmp_path / "inits") == []  # noqa: PTH208 - no blocking call in a coroutine
