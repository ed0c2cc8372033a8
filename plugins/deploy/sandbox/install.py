"""Putting the sandbox's providers where Terraform finds them: a filesystem mirror and a CLI configuration.

The configuration has no `direct {}` block: Terraform can then never dial out.
"""

import json
import os
import platform
import shutil
import sys
from pathlib import Path

from plugins.private import private_folder, write_private

PROVIDERS = {"azurerm": ("hashicorp/azurerm", "5.2.0"), "databricks": ("databricks/databricks", "1.128.0")}
"""Provider → its address below a registry, and the version that it stands in for."""

REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
"""What an address without a registry means to Terraform, and to OpenTofu."""

_LAUNCHER = """#!/bin/sh
'''exec' {python} -I "$0" "$@"
' '''
import sys
sys.path[:0] = {path!r}
from plugins.deploy.sandbox.server import main
main({name!r})
"""
"""A shell line and Python at once, because a blank in the interpreter's path breaks a shebang."""


def install(home: Path, *, python: str = sys.executable) -> Path:
    """Writes the mirror below `home`/sandbox where it is missing or out of date; gives the CLI configuration's path."""
    root = _root(home)
    mirror = root / "mirror"
    for name, (address, version) in PROVIDERS.items():
        text = _LAUNCHER.format(python=_shell_quoted(python), path=[str(Path(__file__).parents[3])], name=name)
        for registry in REGISTRIES:
            folder = mirror / registry / address / version / _platform()
            _write(folder / f"terraform-provider-{name}_v{version}", text, mode=0o700)
    config = root / "cli.tfrc"
    _write(config, _configuration(mirror), mode=0o600)
    return config


def cloud_path(home: Path) -> Path:
    """Where the simulated cloud lies: give it to `Cloud`."""
    return _root(home) / "cloud.db"


def environment(home: Path, *, speed: float) -> dict[str, str]:
    """What a Terraform process needs to run against the sandbox below `home`. `speed`: 0 no waiting, 1 as Azure."""
    return {
        "TF_CLI_CONFIG_FILE": str(install(home)),
        "TF_DISABLE_PLUGIN_TLS": "1",
        "BRICKIE_SANDBOX_CLOUD": str(cloud_path(home)),
        "BRICKIE_SANDBOX_SPEED": str(speed),
    }


def reset(home: Path) -> None:
    """Forgets the cloud and the mirror."""
    shutil.rmtree(_root(home), ignore_errors=True)


def _root(home: Path) -> Path:
    """Absolute, because Terraform runs elsewhere."""
    return home.absolute() / "sandbox"


def _configuration(mirror: Path) -> str:
    include = ", ".join(f'"{registry}/*/*"' for registry in REGISTRIES)
    # A path in HCL is a quoted string, where a backslash and `${` mean something.
    path = json.dumps(str(mirror), ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return (
        f"provider_installation {{\n  filesystem_mirror {{\n    path    = {path}\n    include = [{include}]\n  }}\n}}\n"
    )


def _write(path: Path, text: str, *, mode: int) -> None:
    """Replaced at once or not at all: another Terraform may be reading it."""
    if path.is_file() and path.read_text("utf-8") == text:
        return
    fresh = private_folder(path.parent) / f".{path.name}.{os.getpid()}"
    write_private(fresh, text)
    fresh.chmod(mode)
    fresh.replace(path)


def _platform() -> str:
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    return f"{platform.system().lower()}_{machine.get(platform.machine().lower(), 'amd64')}"


def _shell_quoted(path: str) -> str:
    return '"' + "".join(f"\\{letter}" if letter in '\\"$`' else letter for letter in path) + '"'
