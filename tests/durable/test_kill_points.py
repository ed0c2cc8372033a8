"""kill -9, and nothing is lost or done twice: the quickest telling rows of the matrix (tests/bench/kill_matrix.py)."""

from dataclasses import replace

import pytest
from crashing import Ground
from kill_points import Case, run
from postgresql import Server

pytestmark = pytest.mark.durable

TAKEN_OVER_SECONDS = 30.0
"""However busy the machine is; how soon it is on a quiet one, the benchmark measures."""

CHOSEN = [
    ("sqlite", Case("plan", "agent", "Records.keep_runs:1:before")),
    ("sqlite", Case("plan", "agent", "Database.transact:1:after")),
    ("postgresql", Case("plan", "agent", "Records.publish:1:after")),
    ("sqlite", Case("apply", "agent", "Records.keep_approval:1:before")),
    ("sqlite", Case("apply", "agent", "Database.transact:1:after")),
    ("postgresql", Case("apply", "agent", "Terraform.apply:1:before")),
    ("postgresql", Case("apply", "agent", "Terraform.apply:1:after")),
    ("sqlite", Case("apply", "agent", "Records.end_run:1:after")),
    ("sqlite", Case("rollback", "agent", "Terraform.undo:1:after")),
    ("sqlite", Case("destroy", "agent", "Terraform.apply:1:after")),
    ("sqlite", Case("apply", "worker", "Terraform.apply:1:before")),
    ("postgresql", Case("destroy", "worker", "Terraform.apply:1:after")),
    ("postgresql", Case("plan", "postgres", "Records.publish:1:before")),
    ("postgresql", Case("apply", "postgres", "Records.end_run:1:before")),
]
REAL = [
    ("sqlite", Case("apply", "agent", "half-way", real=True)),
    ("sqlite", Case("apply", "terraform", "half-way", real=True)),
    ("postgresql", Case("destroy", "leaver", "half-way", real=True)),
]


@pytest.mark.parametrize(("database", "case"), CHOSEN, ids=lambda each: getattr(each, "name", each))
async def test_nothing_is_lost_or_done_twice(
    database: str, case: Case, ground: Ground, request: pytest.FixtureRequest
) -> None:
    """Killed anywhere between the words of a person and the end of their work, Brickie goes on where it was."""
    server: Server | None = request.getfixturevalue("postgresql") if database == "postgresql" else None
    outcome = await run(case, ground, server)
    if case.victim == "worker":
        assert outcome.back_seconds is not None
        assert outcome.back_seconds <= TAKEN_OVER_SECONDS


@pytest.mark.terraform
@pytest.mark.parametrize(("database", "case"), REAL, ids=lambda each: getattr(each, "name", each))
async def test_terraform_that_was_running_is_found_again_or_its_rest_is_applied(
    database: str, case: Case, ground: Ground, request: pytest.FixtureRequest
) -> None:
    server: Server | None = request.getfixturevalue("postgresql") if database == "postgresql" else None
    await run(case, replace(ground, speed=0.02), server)
