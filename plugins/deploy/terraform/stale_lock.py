"""The lock that a run left on an Azure state when it died: a blob's lease has no end, and nobody else gives it back.

A file's lock and a database's go with the process that held them. Whose a lock is, Terraform does not say; but while
ours held it nobody else could take it, so that one which was taken for the same operation as a dead run of ours began
is that run's (terraform 1.11.4, backend azurerm over Azurite 3.35, 2026-11-30).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from plugins.deploy.terraform.spawn import DetachedProcess

PROBE = ("untaint", "-no-color", "-allow-missing", "-lock-timeout=0s", "terraform_data.none")
"""Takes the lock and changes nothing: no configuration of ours has a resource of that name."""

OPERATIONS = {
    "plan": "OperationTypePlan",
    "drift": "OperationTypePlan",
    "apply": "OperationTypeApply",
    "push": "state-push",
    "let-go": "state-rm",
    "import": "OperationTypeInvalid",
}
"""The runs that lock the state, by name, and what their locks say they are for; other commands leave no lock however
they end (terraform 1.11.4, 2026-11-30). Not the probe: it is begun anew while a lock is looked at, and anybody's would
then seem to be its own.
"""

_ID = re.compile(r"^\W{0,4}ID:\s+([0-9a-f-]{36})\s*$", re.MULTILINE)
_OPERATION = re.compile(r"^\W{0,4}Operation:\s+(\S+)\s*$", re.MULTILINE)
_CREATED = re.compile(r"^\W{0,4}Created:\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S* \+0000 UTC\s*$", re.MULTILINE)
_GIVEN_BACK = "unlocked"
_EARLIER, _LATER = timedelta(seconds=2), timedelta(seconds=150)
"""A run takes the lock as soon as it has read its files, and waits two minutes for it at most. Two clocks may differ by
the first.
"""


@dataclass(frozen=True)
class StateLock:
    lock_id: str
    operation: str
    created: datetime


def lock_in(errors: str) -> StateLock | None:
    """The lock that a command met, by what it said of it; None where it met none."""
    own_id, operation, created = _ID.search(errors), _OPERATION.search(errors), _CREATED.search(errors)
    if own_id is None or operation is None or created is None:
        return None
    at = datetime.strptime(created[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return StateLock(own_id[1], operation[1], at)


def may_hold(run: DetachedProcess) -> bool:
    """Whether it may live with the state's lock in its hand."""
    return run.name in OPERATIONS and not run.has_ended


def may_have_left(run: DetachedProcess) -> bool:
    """Whether it died, so that it may not have given back the state's lock, and nobody has done so since."""
    # A code above 128 is what the shell says of a command that died of a signal: that gave nothing back, either.
    is_dead = run.is_started and run.has_ended and (run.code is None or run.is_killed)
    return is_dead and run.name in OPERATIONS and not run.path(_GIVEN_BACK).exists()


def given_back(run: DetachedProcess) -> None:
    """Notes that a dead run holds nothing any more."""
    run.path(_GIVEN_BACK).touch(mode=0o600)


def is_left_by(lock: StateLock, runs: Iterable[DetachedProcess]) -> bool:
    """Whether one of these dead runs took it."""
    return any(lock.operation == OPERATIONS.get(run.name) and _had_time_for(run, lock) for run in runs)


def _had_time_for(run: DetachedProcess, lock: StateLock) -> bool:
    begun = datetime.fromtimestamp(run.path("pid").stat().st_mtime, UTC)
    latest = begun + _LATER
    # Where its shell lived on, it is known when it died.
    if run.code is not None:
        latest = min(latest, datetime.fromtimestamp(run.path("rc").stat().st_mtime, UTC) + _EARLIER)
    return begun - _EARLIER <= lock.created <= latest
