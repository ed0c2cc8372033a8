"""Equal texts are initialised once, and Terraform finds nothing amiss with what the others are given."""

import asyncio
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from conversing import Talk, plan_in

from agent.factories import required_for
from agent.settings import Settings
from plugins.deploy.sandbox.install import environment
from plugins.deploy.terraform.backend import LocalState, with_backend
from plugins.deploy.terraform.shared_init import init_key
from plugins.domain.plan import TerraformFiles

pytestmark = [pytest.mark.terraform, pytest.mark.skipif(bool(os.environ.get("BRICKIE_TERRAFORM")), reason="on PATH")]


async def test_of_two_workspaces_one_is_initialised(talk: Talk) -> None:
    plan = plan_in(await talk.say("dev for teams fern and moss, etl"))
    folders = sorted((talk.home / "runs" / plan.plan_id).iterdir())
    linked = [folder for folder in folders if not (folder / "init.rc").exists()]
    assert len(linked) > 0
    before = _made(linked[0])
    _initialise(talk.home, linked[0])
    assert _made(linked[0]) == before


async def test_the_providers_are_made_ready_while_it_is_still_asked_what_to_plan(talk: Talk) -> None:
    """Nothing is planned yet; the plan finds them, and whatever its shape asks no `init` of its own."""
    await talk.say("I need databricks with VNet injection and GPUs for team fern")
    async with asyncio.timeout(30):
        while not list(talk.home.glob("inits/*-*")):
            await asyncio.sleep(0.05)
    plan = plan_in(await talk.say("dev, machine learning"))
    (folder,) = (talk.home / "runs" / plan.plan_id).iterdir()
    assert sorted(path.stem for path in folder.glob("*.rc")) == ["plan"]
    assert len(list(talk.home.glob("inits/*"))) == 1


def test_the_settings_alone_ask_for_the_same_init_as_every_shape_of_a_workspace() -> None:
    golden = Path(__file__).parents[1] / "golden" / "terraform"
    alone = required_for(Settings())()
    shapes = [
        {path.name: path.read_text("utf-8") for path in case.iterdir() if ".tf" in path.name}
        for case in golden.iterdir()
    ]
    assert len(shapes) > 1
    assert {_key(files) for files in shapes} == {_key(alone.files)}


def _key(files: Mapping[str, str]) -> str:
    return init_key(with_backend(TerraformFiles(files=dict(files)), LocalState()).files)


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
