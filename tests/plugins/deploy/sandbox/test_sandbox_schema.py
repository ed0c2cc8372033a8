"""The schema tables: what they hold, and that they are the real providers'."""

import os
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.sandbox import schema
from plugins.deploy.sandbox.compact import SERVED, compact, real_tables, text_of
from plugins.deploy.sandbox.schema import schemas, wire_schema

REPOSITORY = Path(__file__).parents[4]
TABLES = Path(schema.__file__).parent / "schemas"


def real_schemas() -> Path:
    """Where `terraform providers schema -json` of the real providers lies, if anywhere on this machine."""
    named = os.environ.get("BRICKIE_PROVIDER_SCHEMAS")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "facts" / "schema"
    if not (folder / "azurerm-schema.json").is_file():
        pytest.skip(f"no real provider schemas in {folder}: set BRICKIE_PROVIDER_SCHEMAS")
    return folder


@pytest.mark.parametrize("provider", SERVED)
def test_our_tables_say_what_the_real_providers_say(provider: str) -> None:
    assert text_of(real_tables(real_schemas(), provider)) == (TABLES / f"{provider}.json").read_text("utf-8")


def test_a_schema_becomes_a_row_a_name() -> None:
    """Types, flags and rules of one attribute and one block, out of the two files that hold them."""
    real: dict[str, Any] = {
        "provider_schemas": {
            SERVED["databricks"][0]: {
                "provider": {"block": {}},
                "resource_schemas": {name: {"version": 1, "block": BLOCK} for name in SERVED["databricks"][1]},
            }
        }
    }
    details = {"databricks_cluster": {"schema": DETAILS}}
    assert compact(real, details, "databricks")["resources"]["databricks_cluster"] == [
        1,
        {
            "a": {
                "engine": ["string", "of", {"default": "A", "allowed": ["A", "B"], "conflicts": ["other"]}],
                "location": ["string", "rfl"],
            },
            "b": {"scale": ["list", 0, 1, "c", {"a": {"most": ["number", "oq"]}}]},
        },
    ]


def test_every_type_that_is_served_has_a_table() -> None:
    for provider, (_, resources, data_sources) in SERVED.items():
        assert set(schemas(provider).resources) == set(resources)
        assert set(schemas(provider).data) == set(data_sources)


def test_an_attribute_knows_its_zero_and_its_default() -> None:
    cluster = schemas("databricks").resources["databricks_cluster"][1].attributes
    assert (cluster["spark_version"].zero, cluster["num_workers"].zero, cluster["custom_tags"].zero) == ("", 0, {})
    assert (cluster["autotermination_minutes"].default, cluster["autotermination_minutes"].has_default) == (60, True)
    assert (cluster["is_pinned"].default, cluster["is_pinned"].has_default) == (False, False)


def test_terraform_is_told_the_schema_in_its_own_form() -> None:
    told = wire_schema(*schemas("azurerm").resources["azurerm_nat_gateway_public_ip_association"])
    assert told["version"] == 0
    assert told["block"]["attributes"][0] == {
        "name": "id",
        "type": b'"string"',
        "required": False,
        "optional": True,
        "computed": True,
        "sensitive": False,
        "write_only": False,
    }
    assert told["block"]["block_types"][0]["type_name"] == "timeouts"
    assert told["block"]["block_types"][0]["nesting"] == 1


BLOCK = {
    "attributes": {
        "engine": {"type": "string", "optional": True},
        "location": {"type": "string", "required": True},
    },
    "block_types": {
        "scale": {
            "nesting_mode": "list",
            "max_items": 1,
            "block": {"attributes": {"most": {"type": "number", "optional": True}}},
        }
    },
}
DETAILS = {
    "engine": {
        "default": "A",
        "force_new": True,
        "validate_msg": 'expected engine to be one of ["A" "B"], got zz',
        "conflicts_with": ["other"],
    },
    "location": {"force_new": True, "state_func": True},
    "scale": {"computed": True, "elem": {"most": {"diff_suppress": True}}},
}
