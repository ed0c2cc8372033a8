"""The messages of plugin protocol 6 that a provider needs: field names and numbers.

From tfplugin6.proto of hashicorp/terraform (docs/plugin-protocol), version 6; what is not listed is skipped.
"""

from collections.abc import Mapping
from typing import Any

from plugins.deploy.sandbox.wire import BOOL, BYTES, INT, STRING, MapOf, Message, Repeated

DYNAMIC: Message = {"msgpack": (1, BYTES), "json": (2, BYTES)}
STEP: Message = {"attribute_name": (1, STRING), "element_key_string": (2, STRING), "element_key_int": (3, INT)}
PATH: Message = {"steps": (1, Repeated(STEP))}
DIAGNOSTIC: Message = {"severity": (1, INT), "summary": (2, STRING), "detail": (3, STRING), "attribute": (4, PATH)}
_DIAGNOSTICS = Repeated(DIAGNOSTIC)
ATTRIBUTE: Message = {
    "name": (1, STRING),
    "type": (2, BYTES),
    "required": (4, BOOL),
    "optional": (5, BOOL),
    "computed": (6, BOOL),
    "sensitive": (7, BOOL),
    "write_only": (11, BOOL),
}
BLOCK: dict[str, Any] = {"version": (1, INT), "attributes": (2, Repeated(ATTRIBUTE))}
NESTED: Message = {
    "type_name": (1, STRING),
    "block": (2, BLOCK),
    "nesting": (3, INT),
    "min_items": (4, INT),
    "max_items": (5, INT),
}
BLOCK["block_types"] = (3, Repeated(NESTED))
SCHEMA: Message = {"version": (1, INT), "block": (2, BLOCK)}
_CAPABILITIES: Message = {"plan_destroy": (1, BOOL), "get_provider_schema_optional": (2, BOOL)}
_RAW: Message = {"json": (1, BYTES)}
_IMPORTED: Message = {"type_name": (1, STRING), "state": (2, DYNAMIC), "private": (3, BYTES)}
_CONFIG: Message = {"type_name": (1, STRING), "config": (2, DYNAMIC)}
_DIAGNOSED: Message = {"diagnostics": (1, _DIAGNOSTICS)}

RPCS: Mapping[str, tuple[Message, Message]] = {
    "GetMetadata": ({}, {"server_capabilities": (1, _CAPABILITIES)}),
    "GetProviderSchema": (
        {},
        {
            "provider": (1, SCHEMA),
            "resource_schemas": (2, MapOf(SCHEMA)),
            "data_source_schemas": (3, MapOf(SCHEMA)),
            "server_capabilities": (6, _CAPABILITIES),
        },
    ),
    "ValidateProviderConfig": ({"config": (1, DYNAMIC)}, {"diagnostics": (2, _DIAGNOSTICS)}),
    "ConfigureProvider": ({"terraform_version": (1, STRING), "config": (2, DYNAMIC)}, _DIAGNOSED),
    "StopProvider": ({}, {"Error": (1, STRING)}),
    "ValidateResourceConfig": (_CONFIG, _DIAGNOSED),
    "ValidateDataResourceConfig": (_CONFIG, _DIAGNOSED),
    "UpgradeResourceState": (
        {"type_name": (1, STRING), "version": (2, INT), "raw_state": (3, _RAW)},
        {"upgraded_state": (1, DYNAMIC), "diagnostics": (2, _DIAGNOSTICS)},
    ),
    "ReadResource": (
        {"type_name": (1, STRING), "current_state": (2, DYNAMIC), "private": (3, BYTES)},
        {"new_state": (1, DYNAMIC), "diagnostics": (2, _DIAGNOSTICS), "private": (3, BYTES)},
    ),
    "PlanResourceChange": (
        {
            "type_name": (1, STRING),
            "prior_state": (2, DYNAMIC),
            "proposed_new_state": (3, DYNAMIC),
            "config": (4, DYNAMIC),
            "prior_private": (5, BYTES),
        },
        {
            "planned_state": (1, DYNAMIC),
            "requires_replace": (2, Repeated(PATH)),
            "planned_private": (3, BYTES),
            "diagnostics": (4, _DIAGNOSTICS),
            "legacy_type_system": (5, BOOL),
        },
    ),
    "ApplyResourceChange": (
        {
            "type_name": (1, STRING),
            "prior_state": (2, DYNAMIC),
            "planned_state": (3, DYNAMIC),
            "config": (4, DYNAMIC),
            "planned_private": (5, BYTES),
        },
        {
            "new_state": (1, DYNAMIC),
            "private": (2, BYTES),
            "diagnostics": (3, _DIAGNOSTICS),
            "legacy_type_system": (4, BOOL),
        },
    ),
    "ImportResourceState": (
        {"type_name": (1, STRING), "id": (2, STRING)},
        {"imported_resources": (1, Repeated(_IMPORTED)), "diagnostics": (2, _DIAGNOSTICS)},
    ),
    "ReadDataSource": (_CONFIG, {"state": (1, DYNAMIC), "diagnostics": (2, _DIAGNOSTICS)}),
}
