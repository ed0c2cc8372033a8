"""A dead run's lock is told by when it was taken; anybody else's is left alone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from plugins.deploy.terraform.spawn import DetachedProcess
from plugins.deploy.terraform.stale_lock import StateLock, given_back, is_left_by, lock_in, may_have_left

MET = """
Error: Error acquiring the state lock

Error message: state blob is already locked
Lock Info:
  ID:        ed8ac6a6-deec-a790-508b-1bd2c1c941a0
  Path:      tfstate/dep_1.tfstate
  Operation: OperationTypeApply
  Who:       somebody@somewhere
  Version:   1.11.4
  Created:   2026-11-30 05:54:14.207668871 +0000 UTC
  Info:
"""
LOCK = StateLock(
    "ed8ac6a6-deec-a790-508b-1bd2c1c941a0", "OperationTypeApply", datetime(2026, 11, 30, 5, 54, 14, tzinfo=UTC)
)


def run(folder: Path, *, begun: datetime, code: str | None, name: str = "apply") -> DetachedProcess:
    """A run whose shell is gone: no process has that number."""
    made = DetachedProcess(folder, name)
    made.path("pid").write_text(f"{2**22 + 7} (sh) S " + "0 " * 30, "utf-8")
    os.utime(made.path("pid"), (begun.timestamp(), begun.timestamp()))
    if code is not None:
        made.path("rc").write_text(f"{code}\n", "utf-8")
    return made


def test_a_lock_is_read_from_what_terraform_says_of_it() -> None:
    assert lock_in(MET) == LOCK
    assert lock_in("No such resource instance") is None


@pytest.mark.parametrize(
    ("seconds", "is_its"),
    [(0, True), (-60, True), (1, True), (10, False), (-600, False)],
    ids=["at once", "after waiting", "clocks differ", "taken before it began", "long after it began"],
)
def test_it_is_a_dead_runs_where_it_was_taken_as_that_began(tmp_path: Path, seconds: int, is_its: bool) -> None:  # noqa: FBT001 - a column
    begun = LOCK.created + timedelta(seconds=seconds)
    assert is_left_by(LOCK, [run(tmp_path, begun=begun, code=None)]) == is_its
    assert not is_left_by(LOCK, [])


@pytest.mark.parametrize(
    ("seconds", "is_its"), [(60, True), (-1, True), (-5, False)], ids=["later", "clocks differ", "before"]
)
def test_it_is_nobodys_who_was_dead_when_it_was_taken(tmp_path: Path, seconds: int, is_its: bool) -> None:  # noqa: FBT001 - a column
    """A pipeline's, say, that works on the same state: the run had begun a minute before, and its end is known."""
    dead = run(tmp_path, begun=LOCK.created - timedelta(seconds=60), code="137")
    end = (LOCK.created + timedelta(seconds=seconds)).timestamp()
    os.utime(dead.path("rc"), (end, end))
    assert is_left_by(LOCK, [dead]) == is_its


@pytest.mark.parametrize("name", ["plan", "drift", "push", "let-go", "import"])
def test_it_is_nobodys_who_died_of_something_else(tmp_path: Path, name: str) -> None:
    assert not is_left_by(LOCK, [run(tmp_path, begun=LOCK.created, code=None, name=name)])


@pytest.mark.parametrize(("code", "is_dead"), [(None, True), ("137", True), ("0", False), ("1", False)])
def test_a_run_that_came_to_its_end_gave_its_lock_back(tmp_path: Path, code: str | None, is_dead: bool) -> None:  # noqa: FBT001 - a column
    assert may_have_left(run(tmp_path, begun=LOCK.created, code=code)) == is_dead


@pytest.mark.parametrize("name", ["init", "validate", "show", "pull", "probe", "unlock"])
def test_what_never_waits_for_the_lock_leaves_none(tmp_path: Path, name: str) -> None:
    assert not may_have_left(run(tmp_path, begun=LOCK.created, code=None, name=name))


def test_what_was_stopped_before_it_began_holds_nothing(tmp_path: Path) -> None:
    """An interrupt that nobody asked for is another thing."""
    stopped = run(tmp_path, begun=LOCK.created, code="130")
    assert may_have_left(stopped)
    stopped.path("stop").touch()
    assert not may_have_left(stopped)
    stopped.path("rc").write_text("137\n", "utf-8")
    assert may_have_left(stopped)


def test_what_was_never_started_holds_nothing(tmp_path: Path) -> None:
    assert not may_have_left(DetachedProcess(tmp_path, "apply"))


def test_what_was_given_back_is_held_no_more(tmp_path: Path) -> None:
    """Nor by a later run of that name in its place."""
    dead = run(tmp_path, begun=LOCK.created, code=None)
    given_back(dead)
    assert not may_have_left(dead)
    dead.forget()
    assert may_have_left(run(tmp_path, begun=LOCK.created, code="137"))
