"""What a subscription says, over HTTPS: facts where it answered rightly, and else why it is not known."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from arm_double import client_of, token

from plugins.domain.azure_facts import AzureFacts, FactsWanted, Quota
from plugins.domain.errors import ConfigurationError
from plugins.resource_manager.address import base_of
from plugins.resource_manager.client import ResourceManager
from plugins.resource_manager.double.server import Fault, ResourceManagerDouble
from plugins.resource_manager.double.subscription import Restriction, SetQuota, Standing, Subscription
from plugins.resource_manager.failed import NotAnswered
from plugins.resource_manager.look_ups import assignments_in
from plugins.resource_manager.preflight import PreflightReader

pytestmark = pytest.mark.integration

EASTUS = FactsWanted(regions=("eastus",))
LOCATIONS = "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"


@dataclass
class Azure:
    """The double, the subscription that it has, and a reader of both."""

    double: ResourceManagerDouble
    subscription: Subscription
    reader: PreflightReader

    def has(self, **changed: object) -> None:
        self.subscription = replace(self.subscription, **changed)  # type: ignore[arg-type]

    async def facts(self, wanted: FactsWanted = EASTUS, *, seconds: float = 20) -> AzureFacts:
        return await self.reader.facts(wanted, seconds=seconds)


@pytest_asyncio.fixture
async def azure(tmp_path: Path) -> AsyncIterator[Azure]:
    double = ResourceManagerDouble(lambda: subject.subscription)
    subscription = Subscription()
    async with double.serving(tmp_path):
        subject = Azure(double, subscription, PreflightReader(client_of(double), subscription.id))
        yield subject
        await subject.reader.close()


def policy(name: str, definition: str, parameters: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    more = {"scope": "/subscriptions/x", **more}
    values = {key: {"value": value} for key, value in parameters.items()}
    return {
        "name": name,
        "properties": {"displayName": name, "policyDefinitionId": definition, "parameters": values, **more},
    }


async def test_sizes_families_and_quotas_are_read_as_azure_spells_them(azure: Azure) -> None:
    azure.has(quotas=(SetQuota("eastus", "standardDDSv5Family", limit=20, used=16),))
    region = (await azure.facts()).region("eastus")
    offer = region.size("standard_d4ds_v5")
    assert offer is not None
    assert (offer.family, offer.vcpu, offer.zones, offer.is_closed) == (
        "standardDDSv5Family",
        4,
        ("1", "2", "3"),
        False,
    )
    assert region.quota("STANDARDDDSV5FAMILY") == Quota(name="standardDDSv5Family", used=16, limit=20)


async def test_a_size_is_closed_for_a_region_or_for_some_of_its_zones(azure: Azure) -> None:
    azure.has(
        restricted=(
            Restriction("Standard_D4ds_v5", "eastus"),
            Restriction("Standard_D8ds_v5", "eastus", zones=("1", "3")),
            Restriction("Standard_E8ds_v5", "eastus", zones=("1", "2", "3")),
            Restriction("Standard_D4ds_v4", "westus3"),
        )
    )
    region = (await azure.facts()).region("eastus")
    closed = {name: offer.is_closed for name, offer in (region.sizes or {}).items() if offer.reason}
    assert closed == {"standard_d4ds_v5": True, "standard_d8ds_v5": False, "standard_e8ds_v5": True}


async def test_names_that_are_taken_are_read_whatever_their_case(azure: Azure) -> None:
    azure.has(groups=("RG-Mint",), deleted_logs=("dbw-mint-logs",), workspaces=(Standing("DBW-Mint", "RG-Mint"),))
    facts = await azure.facts()
    assert (facts.groups, facts.deleted_logs) == (frozenset({"rg-mint"}), frozenset({"dbw-mint-logs"}))
    assert facts.workspaces is not None
    assert facts.workspaces[0].id.endswith("/resourcegroups/rg-mint/providers/microsoft.databricks/workspaces/dbw-mint")


async def test_policies_of_known_kinds_are_read_and_the_others_are_named(azure: Azure) -> None:
    azure.has(
        policies=(
            policy("Where", LOCATIONS, {"listOfAllowedLocations": ["westeurope"]}),
            policy("Audited only", LOCATIONS, {"listOfAllowedLocations": ["x"]}, enforcementMode="DoNotEnforce"),
            policy("Our own", "/subscriptions/x/providers/Microsoft.Authorization/policyDefinitions/ours", {}),
        )
    )
    facts = await azure.facts()
    assert [(one.name, one.kind, one.values) for one in facts.policies or ()] == [("Where", "regions", ("westeurope",))]
    assert facts.unread_policies == ("Our own",)


async def test_a_policy_of_a_single_group_is_not_asked_for(azure: Azure) -> None:
    allowed = {"listOfAllowedLocations": ["westeurope"]}
    azure.has(policies=(policy("Theirs", LOCATIONS, allowed, scope="/subscriptions/x/resourceGroups/theirs"),))
    facts = await azure.facts()
    assert (facts.policies, facts.unread_policies) == ((), ())


@pytest.mark.parametrize(
    ("scope", "is_known"),
    [
        ("/subscriptions/x", True),
        ("/providers/Microsoft.Management/managementGroups/house", True),
        ("/subscriptions/x/resourceGroups/theirs", False),
        ("/subscriptions/x/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v", False),
    ],
)
def test_a_policy_counts_where_it_holds_for_the_whole_subscription(scope: str, *, is_known: bool) -> None:
    row = policy("Where", LOCATIONS, {"listOfAllowedLocations": ["westeurope"]}, scope=scope)
    known, unread = assignments_in([row])
    assert ([one.name for one in known], unread) == (["Where"] if is_known else [], ())


@pytest.mark.parametrize(
    "more",
    [
        {"notScopes": ["/subscriptions/x/resourceGroups/ours"]},
        {"overrides": [{"kind": "policyEffect", "value": "audit"}]},
        {"resourceSelectors": [{"name": "by region"}]},
        {"scope": ""},
    ],
)
def test_a_policy_that_holds_for_a_part_only_denies_nothing_and_is_named(more: dict[str, Any]) -> None:
    row = policy("Where", LOCATIONS, {"listOfAllowedLocations": ["westeurope"]}, **more)
    assert assignments_in([row]) == ((), ("Where",))


async def test_a_vnet_is_read_with_its_subnets_and_one_that_is_not_there_is_a_fact_too(azure: Azure) -> None:
    network = f"/subscriptions/{azure.subscription.id}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
    delegation = {"properties": {"serviceName": "Microsoft.Databricks/workspaces"}}
    host = {"addressPrefix": "10.0.0.0/26", "delegations": [delegation], "ipConfigurations": [{"id": "a"}, {"id": "b"}]}
    azure.has(
        networks=(
            {
                "id": network,
                "location": "East US",
                "properties": {"subnets": [{"name": "host", "properties": host}]},
            },
        )
    )
    facts = await azure.facts(FactsWanted(regions=("eastus",), networks=(network, f"{network}-2")))
    known = facts.networks[network.casefold()]
    assert (known.region, known.subnets["host"].left) == ("eastus", 64 - 5 - 2)
    assert not facts.networks[f"{network}-2".casefold()].exists


async def test_a_provider_is_looked_at_and_never_registered(azure: Azure) -> None:
    azure.has(is_registered=False)
    azure.double.faults = {"/workspaces": "conflict"}
    facts = await azure.facts()
    assert facts.is_registered is False
    assert "not registered" in facts.why_not("workspaces")
    assert not any(path.endswith("/register") for path in azure.double.asked)


async def test_pages_are_followed_to_the_end(azure: Azure) -> None:
    whole = await azure.facts()
    azure.double.page_size = 7
    again = PreflightReader(client_of(azure.double), azure.subscription.id)
    assert await again.facts(EASTUS, seconds=20) == whole
    await again.close()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("html", "a web page came in place of an answer"),
        ("cut_off", "the answer was cut off"),
        ("odd", "another shape than Azure documents"),
        ("empty", "the answer is empty (HTTP 204)"),
        ("unauthorized", "the sign-in was refused (HTTP 401)"),
        ("forbidden", "may not read it (HTTP 403)"),
        ("busy", "asks us to wait (HTTP 429)"),
        ("broken", "a fault of its own (HTTP 503)"),
        ("silent", "no answer within 0.5 s"),
    ],
)
async def test_what_is_wrong_is_not_checked_and_says_so(azure: Azure, fault: Fault, told: str) -> None:
    azure.double.faults = {"": fault}
    facts = await azure.facts(seconds=0.5 if fault == "silent" else 20)
    assert {(one.look_up, told in one.why) for one in facts.unanswered} == {
        (look_up, True)
        for look_up in ("sizes", "quota", "workspaces", "groups", "provider", "policies", "deleted_logs")
    }
    region = facts.region("eastus")
    assert (region.sizes, region.quotas, facts.groups, facts.is_registered, facts.policies) == (None,) * 5


async def of_client(client: ResourceManager, faults: list[BaseException]) -> set[str]:
    """Why each look-up of that client brought nothing."""

    def fault_of(error: BaseException) -> str:
        faults.append(error)
        return "0badcafe"

    reader = PreflightReader(client, Subscription().id, fault_of=fault_of)
    facts = await reader.facts(EASTUS, seconds=20)
    await reader.close()
    assert len(facts.unanswered) == 7
    return {one.why for one in facts.unanswered}


async def test_a_ca_file_that_cannot_be_read_is_not_checked_and_says_so(azure: Azure) -> None:
    faults: list[BaseException] = []
    missing = ResourceManager(token, azure.double.url, trust=lambda: ssl.create_default_context(cafile="/nowhere.pem"))
    told = {"the certificates that are to be trusted cannot be read (SSL_CERT_FILE, REQUESTS_CA_BUNDLE)"}
    assert (await of_client(missing, faults), faults) == (told, [])


async def test_what_nobody_foresaw_is_logged_by_an_id_and_costs_no_plan(azure: Azure) -> None:
    async def broken() -> str:
        raise KeyError("access_token")

    faults: list[BaseException] = []
    assert azure.double.certificate is not None
    client = ResourceManager(broken, azure.double.url, trust=azure.double.certificate.client)
    assert await of_client(client, faults) == {"a fault of our own, 0badcafe in the log"}
    assert {type(fault) for fault in faults} == {KeyError}


async def test_a_list_that_does_not_end_is_not_known(azure: Azure) -> None:
    azure.double.faults = {"/resourcegroups": "endless"}
    facts = await azure.facts()
    assert facts.groups is None
    assert facts.why_not("groups") == "the list did not end within 400 pages"


async def test_one_that_never_answers_keeps_nothing_from_the_others(azure: Azure) -> None:
    azure.double.faults = {"/usages": "silent"}
    facts = await azure.facts(seconds=1)
    assert facts.why_not("quota", "eastus") == "no answer within 1 s"
    assert [one.look_up for one in facts.unanswered] == ["quota"]
    assert facts.region("eastus").sizes


async def test_what_comes_late_is_there_for_the_next_turn(azure: Azure) -> None:
    azure.double.delay_seconds = 0.4
    assert (await azure.facts(seconds=0.1)).region("eastus").quotas is None
    await asyncio.sleep(0.8)
    azure.double.faults = {"": "silent"}
    assert (await azure.facts(seconds=0.1)).region("eastus").quotas


async def test_a_long_retry_after_is_not_sat_out(azure: Azure) -> None:
    azure.double.faults, azure.double.waits = {"": "busy"}, {"Retry-After": "900"}
    facts = await azure.facts()
    assert "asks us to wait" in facts.why_not("sizes", "eastus")
    assert len([path for path in azure.double.asked if path.endswith("/skus")]) == 1


async def test_what_passes_is_asked_again(azure: Azure) -> None:
    azure.double.faults, azure.double.fails = {"/usages": "broken"}, 1
    assert (await azure.facts()).region("eastus").quotas


async def test_a_token_goes_to_no_other_host_whatever_the_next_page_says(azure: Azure) -> None:
    rows = [{"name": "a"}]

    class Elsewhere(ResourceManagerDouble):
        async def _body(self, request: Any) -> dict[str, Any] | None:
            if request.path.endswith("/resourcegroups") and "page" not in request.query:
                return {"value": rows, "nextLink": f"https://elsewhere.example.test{request.path}?page=2"}
            return {"value": [{"name": "b"}]}

    double = Elsewhere(lambda: azure.subscription)
    async with double.serving(Path(str(azure.double.certificate.key.parent)) / "2"):  # type: ignore[union-attr]
        client = client_of(double)
        read = await client.rows("/subscriptions/x/resourcegroups", {}, what="groups")
        await client.close()
    assert read == [{"name": "a"}, {"name": "b"}]


async def test_a_path_that_would_name_another_host_is_not_asked(azure: Azure) -> None:
    client = client_of(azure.double)
    for path in ("@elsewhere.example.test/x", ".elsewhere.example.test/x", ""):
        with pytest.raises(NotAnswered):
            await client.get(path, {}, what="groups")
    await client.close()
    assert azure.double.asked == []


async def test_what_the_double_says_is_not_looked_up_on_the_loop(tmp_path: Path) -> None:
    """The sandbox's is read from files, for each answer."""
    threads: set[int] = set()

    def looked_up() -> Subscription:
        threads.add(threading.get_ident())
        return Subscription()

    async with ResourceManagerDouble(looked_up).serving(tmp_path) as double:
        reader = PreflightReader(client_of(double), Subscription().id)
        facts = await reader.facts(EASTUS, seconds=20)
        await reader.close()
    assert facts.unanswered == ()
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("url", ["http://127.0.0.1", "management.azure.com", "https://u@h", "https://h/p", "ftp://h"])
def test_an_address_without_https_gets_no_token(url: str) -> None:
    with pytest.raises(ConfigurationError):
        base_of(url)
