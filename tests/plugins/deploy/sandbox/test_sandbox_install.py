"""Putting the providers where Terraform finds them."""

import subprocess
import sys
from pathlib import Path

import pytest

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path, environment, install, reset

pytestmark = pytest.mark.integration

COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}


def launchers(home: Path) -> list[Path]:
    return sorted(home.rglob("terraform-provider-*"))


def test_both_providers_lie_below_both_registries(tmp_path: Path) -> None:
    config = install(tmp_path)
    assert config == tmp_path / "sandbox" / "cli.tfrc"
    names = [path.relative_to(tmp_path / "sandbox" / "mirror").parts for path in launchers(tmp_path)]
    assert sorted((parts[0], "/".join(parts[1:3]), parts[3], parts[-1]) for parts in names) == [
        ("registry.opentofu.org", "databricks/databricks", "1.128.0", "terraform-provider-databricks_v1.128.0"),
        ("registry.opentofu.org", "hashicorp/azurerm", "5.2.0", "terraform-provider-azurerm_v5.2.0"),
        ("registry.terraform.io", "databricks/databricks", "1.128.0", "terraform-provider-databricks_v1.128.0"),
        ("registry.terraform.io", "hashicorp/azurerm", "5.2.0", "terraform-provider-azurerm_v5.2.0"),
    ]
    assert {path.stat().st_mode & 0o777 for path in launchers(tmp_path)} == {0o700}


def test_terraform_is_told_to_look_nowhere_else(tmp_path: Path) -> None:
    assert install(tmp_path).read_text("utf-8") == (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path    = "{tmp_path}/sandbox/mirror"\n'
        '    include = ["registry.terraform.io/*/*", "registry.opentofu.org/*/*"]\n'
        "  }\n"
        "}\n"
    )


def test_installing_again_changes_nothing(tmp_path: Path) -> None:
    """A Terraform that runs meanwhile checks its providers against a lock file."""
    install(tmp_path)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
    install(tmp_path)
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*")} == before


def test_installing_repairs_what_was_changed(tmp_path: Path) -> None:
    install(tmp_path)
    whole = launchers(tmp_path)[0].read_text("utf-8")
    launchers(tmp_path)[0].write_text("broken", "utf-8")
    install(tmp_path)
    assert launchers(tmp_path)[0].read_text("utf-8") == whole


def test_a_home_named_from_here_works_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert install(Path("home")) == tmp_path / "home" / "sandbox" / "cli.tfrc"


def test_a_terraform_process_needs_four_variables(tmp_path: Path) -> None:
    assert environment(tmp_path, speed=0.02) == {
        "TF_CLI_CONFIG_FILE": str(tmp_path / "sandbox" / "cli.tfrc"),
        "TF_DISABLE_PLUGIN_TLS": "1",
        "BRICKIE_SANDBOX_CLOUD": str(tmp_path / "sandbox" / "cloud.db"),
        "BRICKIE_SANDBOX_SPEED": "0.02",
    }


def test_a_reset_forgets_the_cloud(tmp_path: Path) -> None:
    environment(tmp_path, speed=0)
    SandboxCloud(cloud_path(tmp_path)).create("/a", "t", {"id": "/a"})
    reset(tmp_path)
    assert SandboxCloud(cloud_path(tmp_path)).resources() == ()


def test_a_provider_started_by_hand_says_what_it_is(tmp_path: Path) -> None:
    install(tmp_path)
    run = subprocess.run([launchers(tmp_path)[0]], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (
        1,
        "This is a Terraform provider of Brickie's sandbox cloud; Terraform starts it.\n",
    )


def test_a_terraform_that_wants_tls_is_told_how_to_go_without(tmp_path: Path) -> None:
    install(tmp_path)
    own = {**COOKIE, "PLUGIN_CLIENT_CERT": "x"}
    run = subprocess.run([launchers(tmp_path)[0]], capture_output=True, text=True, check=False, env=own)
    assert "set TF_DISABLE_PLUGIN_TLS=1" in run.stderr


def test_blanks_and_signs_in_the_interpreters_path_do_no_harm(tmp_path: Path) -> None:
    """A shebang with a blank in its path cannot be executed; ours starts a shell, which is told with quotes."""
    odd = tmp_path / "with blank, $HOME and `sign`"
    odd.symlink_to(Path(sys.executable).parents[1])
    install(tmp_path / "home", python=str(odd / "bin" / Path(sys.executable).name))
    run = subprocess.run([launchers(tmp_path / "home")[0]], capture_output=True, text=True, check=False)
    assert "Terraform starts it" in run.stderr


def test_a_provider_that_is_asked_to_end_cleans_up(tmp_path: Path) -> None:
    own = {**COOKIE, **environment(tmp_path, speed=0), "PLUGIN_UNIX_SOCKET_DIR": str(tmp_path)}
    with subprocess.Popen([launchers(tmp_path)[0]], stdout=subprocess.PIPE, text=True, env=own) as run:
        assert run.stdout is not None
        assert run.stdout.readline().endswith("|grpc|\n")
        run.terminate()
        assert run.wait(5) == 0
    assert list(tmp_path.glob("brickie-*")) == []


def test_a_provider_announces_its_socket_and_ends_with_its_parent(tmp_path: Path) -> None:
    """The handshake is one line. Its output ends when it does, and its socket is gone by then."""
    own = {**COOKIE, **environment(tmp_path, speed=0), "PLUGIN_UNIX_SOCKET_DIR": str(tmp_path)}
    launcher = launchers(tmp_path)[0]
    parent = "import subprocess, sys; p = subprocess.Popen(sys.argv[1]); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", parent, launcher], stdout=subprocess.PIPE, text=True, env=own) as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        shaken = run.stdout.readline()
        run.kill()
        rest = run.stdout.read()
    assert (shaken, rest) == (f"1|6|unix|{tmp_path}/brickie-{pid}/s|grpc|\n", "")
    assert list(tmp_path.glob("brickie-*")) == []
