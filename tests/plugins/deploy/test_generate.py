"""Terraform from fixed templates: pleasant to read, formatted, and never a person's text in it."""

import json
import random
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent.paths import place
from plugins.decide import decide
from plugins.deploy.generate import generate
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import BringYourOwn, PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 24)
TEMPLATES = place("templates") / "terraform"
OWN = PlatformSettings(
    bring_your_own=BringYourOwn(
        resource_group="rg-shared",
        virtual_network_id="/subscriptions/0/vnet",
        host_subnet="host",
        container_subnet="container",
        endpoint_subnet_id="/subscriptions/0/endpoints",
        private_dns_zone_id="/subscriptions/0/zone",
        log_analytics_workspace_id="/subscriptions/0/logs",
    )
)
CASES: dict[str, tuple[PlatformSettings, dict[str, object]]] = {
    "flagship_dev": (PlatformSettings(), {"workload_type": "machine_learning"}),
    "dev_spot_autoscale": (PlatformSettings(), {"spot": True}),
    "staging_vnet_photon": (PlatformSettings(), {"environment": "staging", "owner": "ana@contoso.com"}),
    "prod_vnet_fixed": (PlatformSettings(), {"environment": "prod", "min_workers": 3, "max_workers": 3}),
    "prod_private_link": (
        PlatformSettings(),
        {"environment": "prod", "network": "private_link", "workload_type": "streaming"},
    ),
    "gpu_single_node": (
        PlatformSettings(),
        {"workload_type": "machine_learning", "enable_gpu": True, "owner": "ana@contoso.com"},
    ),
    "bring_your_own": (OWN, {"environment": "prod", "network": "private_link"}),
    "shared_sign_in": (OWN, {"network": "private_link"}),
}


def case_of(case: str) -> dict[str, str]:
    """The generated files, name → text; in "shared_sign_in" another workspace has the zone's sign-in endpoint."""
    platform, fields = CASES[case]
    other = decided(platform, {**fields, "workspace_name": "dbw-first"}).model_copy(update={"identity": "dep_0"})
    among = Neighbours([other]) if case == "shared_sign_in" else None
    return dict(generate(decided(platform, fields, among), platform, TEMPLATES).files)


def decided(
    platform: PlatformSettings, fields: dict[str, object], among: Neighbours | None = None
) -> InfrastructureDecision:
    ground = {"team": "ml", "environment": "dev", "workload_type": "data_engineering"}
    request = InfrastructureRequest.model_validate({**ground, **fields})
    return decide(request, platform, identity="dep_1", today=TODAY, among=among)


@pytest.mark.parametrize("case", CASES)
def test_the_files_of_a_case(case: str, golden: Callable[[str, str], None]) -> None:
    for name, text in case_of(case).items():
        golden(f"terraform/{case}/{name}", text)


@pytest.mark.terraform
def test_every_generated_file_is_formatted(tmp_path: Path) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("no terraform on PATH")
    for case in CASES:
        folder = tmp_path / case
        folder.mkdir()
        for name, text in case_of(case).items():
            (folder / name).write_text(text, "utf-8")
    run = subprocess.run(
        [terraform, "fmt", "-check", "-recursive", "-diff", str(tmp_path)], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout.decode()


def hostile(numbers: random.Random) -> str:
    pieces = [
        '"',
        "\\",
        '${file("/etc/passwd")}',
        "%{for x in y}",
        "$${",
        "<<EOF",
        "\n",
        "\u202e",
        "\x00",
        "\x1b[31m",
        "é",
        "e\u0301",
        "😀",
        "'; drop table",
        "a" * 500,
        "\u2028",
        "\ufeff",
        "}",
        "{",
        "#",
        "//",
        " ",
    ]
    return "".join(numbers.choice(pieces) for _ in range(numbers.randint(1, 20)))


VARIABLES = {
    "workspace_name": "workspace_name",
    "resource_group_name": "resource_group_name",
    "region": "location",
    "managed_resource_group_name": "managed_resource_group_name",
    "cluster_name": "cluster_name",
    "cluster_policy_name": "cluster_policy_name",
    "spark_version": "spark_version",
    "storage_sku": "storage_sku",
    "worker_instance_type": "worker_node_type",
    "single_user": "single_user",
    "tags": "tags",
}
"""Text field of a decision → the Terraform variable that carries it."""


def test_ten_thousand_hostile_strings_never_change_the_code(rounds: Callable[[int], int]) -> None:
    """In every text field: carried literally in the values, or refused with one sentence."""
    numbers = random.Random(20261124)  # noqa: S311 - the same strings in every run
    clean = decided(PlatformSettings(), {"owner": "ana@contoso.com", "workload_type": "machine_learning"})
    code = {n: t for n, t in generate(clean, PlatformSettings(), TEMPLATES).files.items() if n.endswith(".tf")}
    fields = sorted(VARIABLES)
    refused: list[str] = []
    tried = rounds(10_000)
    for number in range(tried):
        text, name = hostile(numbers), fields[number % len(fields)]
        try:
            files = generate(
                clean.model_copy(update={name: {text: text} if name == "tags" else text}), PlatformSettings(), TEMPLATES
            )
        except InvalidRequest as error:
            refused.append(error.problem)
            continue
        assert {n: t for n, t in files.files.items() if n.endswith(".tf")} == code
        carried = json.loads(files.files["terraform.tfvars.json"])[VARIABLES[name]]
        literal = unicodedata.normalize("NFC", text)
        assert carried == ({literal: literal} if name == "tags" else literal)
    assert tried / 10 < len(refused) < tried * 9 / 10
    assert all("holds control or direction characters" in problem for problem in refused)


def test_a_template_of_the_houses_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "outputs.tf.j2").write_text("# ours to say\n", "utf-8")
    platform = PlatformSettings(bring_your_own=BringYourOwn(template_folder=str(tmp_path)))
    assert generate(decided(platform, {}), platform, TEMPLATES).files["outputs.tf"] == "# ours to say\n"


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "outputs.tf.j2").write_text("fine\n{% if %}\n", "utf-8")
    platform = PlatformSettings(bring_your_own=BringYourOwn(template_folder=str(tmp_path)))
    with pytest.raises(ConfigurationError, match=r"outputs\.tf\.j2, line 2 cannot be filled"):
        generate(decided(platform, {}), platform, TEMPLATES)
