"""Equal texts are initialised once, and Terraform finds nothing amiss with what the others are given."""

import os
import subprocess
from pathlib import Path

import pytest
from conversing import Talk, plan_in

from plugins.deploy.sandbox.install import environment

pytestmark = [pytest.mark.terraform, pytest.mark.skipif(bool(os.environ.get("BRICKIE_TERRAFORM")), reason="on PATH")]


async def test_of_two_workspaces_one_is_initialised(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev for teams fern and moss, etl"))
    folders = sorted((talk.home / "runs" / plan.plan_id).iterdir())
    assert sorted((folder / "init.rc").exists() for folder in folders) == [False, True]
    linked = next(folder for folder in folders if not (folder / "init.rc").exists())
    before = _made(linked)
    _initialise(talk.home, linked)
    assert _made(linked) == before


def _made(folder: Path) -> tuple[str, str]:
    note, lock = folder / ".terraform" / "terraform.tfstate", folder / ".terraform.lock.hcl"
    return note.read_text("utf-8"), lock.read_text("utf-8")


def _initialise(home: Path, folder: Path) -> None:
    """By Terraform itself, from nothing."""
    (folder / ".terraform" / "providers").unlink()
    for name in (".terraform/terraform.tfstate", ".terraform.lock.hcl"):
        (folder / name).unlink()
    path = home / "deployments" / folder.name / "terraform.tfstate"
    arguments = ["terraform", "init", "-input=false", f"-backend-config=path={path}"]
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "CHECKPOINT_DISABLE": "1", **environment(home, speed=0)}
    subprocess.run(arguments, cwd=folder, env=own, check=True, capture_output=True)
