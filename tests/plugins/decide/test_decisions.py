"""What is decided, and why."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.catalogue.sizes import sizes
from plugins.decide import cheapest, decide
from plugins.decide.names import WORKSPACE_NAME
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.platform_settings import BringYourOwn, Naming, PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 24)
HOUSE = PlatformSettings()
ENVIRONMENTS = ("dev", "staging", "prod")
WORKLOADS = ("data_engineering", "machine_learning", "analytics", "data_science", "streaming")


def asked(**fields: object) -> InfrastructureRequest:
    ground = {"team": "ml", "environment": "dev", "workload_type": "data_engineering"}
    return InfrastructureRequest.model_validate({**ground, **fields})


def decided(platform: PlatformSettings = HOUSE, /, **fields: object) -> InfrastructureDecision:
    return decide(asked(**fields), platform, identity="dep_1", today=TODAY)


def told(decision: InfrastructureDecision) -> str:
    """A decision as a page: the choices with their reasons, then what was assumed."""
    lines = [f"{decision.workspace_name} in {decision.region}"]
    lines += [f"- {reason.choice}: {reason.because} [{reason.source}]" for reason in decision.justification]
    lines += [f"assumed {a.field} = {a.value}: {a.because}" for a in decision.assumptions]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_decision_for_an_environment_and_a_workload(
    environment: str, workload: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"decisions/{environment}_{workload}.txt", told(decided(environment=environment, workload_type=workload)))


@pytest.mark.parametrize(
    ("said", "taken", "because"),
    [
        ("Standard_NC6s_v3", "Standard_NC24ads_A100_v4", "Standard_NC6s_v3 was retired on 2025-09-30"),
        ("Standard_NC6", "Standard_NC4as_T4_v3", "Standard_NC6 was retired on 2023-09-06"),
        ("Standard_DS4_v2", "Standard_DS4_v2", "It retires on 2028-05-01; Standard_D8ds_v5 would follow it."),
    ],
)
def test_a_retired_size_is_replaced_and_named(said: str, taken: str, because: str) -> None:
    decision = decided(node_type=said, workload_type="machine_learning")
    assert decision.worker_instance_type == taken
    assert any(because in reason.because for reason in decision.justification if reason.about == "node_type")


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("T4", "Standard_NC4as_T4_v3"),
        ("2X A10", "Standard_NV72ads_A10_v5"),
        ("A100S", "Standard_NC24ads_A100_v4"),
        ("1 X H100", "Standard_NC40ads_H100_v5"),
        ("V100", "Standard_NC24ads_A100_v4"),
    ],
)
def test_a_gpu_model_is_honoured(words: str, size: str) -> None:
    decision = decided(workload_type="machine_learning", enable_gpu=True, additional_requirements=words)
    assert decision.worker_instance_type == size
    assert decision.single_node
    assert decision.spark_version == "18.x-gpu-ml-scala2.13"


def test_photon_never_runs_on_a_gpu_even_when_asked() -> None:
    decision = decided(workload_type="machine_learning", enable_gpu=True, photon=True)
    assert not decision.photon
    assert "Photon does not run on GPU machines, so it is off although you asked." in {
        reason.because for reason in decision.justification
    }


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Spark 3.5", "16.4.x-scala2.13"),
        ("DBR 15.4 LTS please", "15.4.x-scala2.12"),
        ("the runtime to 16.4", "16.4.x-scala2.13"),
        ("runtime 15.4; the runtime version to 16.4", "16.4.x-scala2.13"),
        ("DBR 12.2", "18.x-scala2.13"),
        ("", "18.x-scala2.13"),
    ],
)
def test_the_runtime_asked_for_while_it_is_supported(words: str, key: str) -> None:
    assert decided(additional_requirements=words or None).spark_version == key


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("autoterminate after 45 min", 45),
        ("the autotermination to 20 minutes", 20),
        ("autotermination: 20", 20),
        ("idle timeout of 2 hours", 120),
        ("stop it after 30 idle minutes", 30),
        ("15 minutes of idling", 15),
        ("autotermination 20 minutes; autotermination 40 minutes", 40),
    ],
)
def test_idle_minutes_that_were_asked_for(words: str, minutes: int) -> None:
    assert decided(additional_requirements=words).autotermination_minutes == minutes


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("the autotermination to 20 minutes", None),
        ("Unity Catalog; autotermination: 20", "Unity Catalog"),
        ("unity catalog and auto-terminate after 30 minutes", "unity catalog"),
        ("autotermination 5 minutes", "autotermination 5 minutes"),
        ("it should stop after 20 minutes idle", None),
        ("shut dbw-kestrel-dev down after 30 min idle", None),
        ("make it stop after 20 minutes of idling", None),
        ("Unity Catalog", "Unity Catalog"),
    ],
)
def test_a_wish_that_is_decided_is_not_noted_as_left_out(words: str, left: str | None) -> None:
    assert decided(additional_requirements=words).additional_requirements == left


def test_idle_minutes_that_databricks_does_not_take_are_told() -> None:
    decision = decided(additional_requirements="autotermination 5 minutes")
    [told] = [reason for reason in decision.justification if reason.about == "autotermination_minutes"]
    assert decision.autotermination_minutes >= 10
    assert told.because == "You asked for 5 minutes; Databricks takes 10 to 10000."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"node_type": "Standard_D4ds_v55"}, "I know no VM size “Standard_D4ds_v55”. The nearest are Standard_D4ds_v5"),
        ({"node_type": "Standard_D4ds_v5", "enable_gpu": True}, "Standard_D4ds_v5 has no GPU, and GPUs are asked for."),
        ({"min_workers": 4, "max_workers": 2}, "at least 4 and at most 2 workers cross."),
        ({"region": "mars"}, "Azure has no public region “mars” that I know."),
        ({"workspace_name": "a b"}, "Azure refuses “a b” as a workspace name."),
        ({"team": None}, "the team is not known yet."),
    ],
)
def test_what_cannot_be_decided_is_one_sentence(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        decided(**fields)
    assert sentence in str(refused.value)


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = frozenset({"dbw-ml-dev", "dbw-ml-dev-2"})
    assert decide(asked(), HOUSE, identity="x", today=TODAY, taken=taken).workspace_name == "dbw-ml-dev-3"


def test_managed_groups_of_two_deployments_never_collide() -> None:
    names = {decide(asked(), HOUSE, identity=f"dep_{n}", today=TODAY).managed_resource_group_name for n in range(50)}
    assert len(names) == 50


def test_a_house_names_things_its_own_way() -> None:
    platform = PlatformSettings(naming=Naming(workspace="{environment}-{team}-{region}{suffix}"))
    assert decided(platform).workspace_name == "dev-ml-eastus"


def test_a_naming_rule_with_an_unknown_part_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"the naming rule “\{oops\}” cannot be filled"):
        decided(PlatformSettings(naming=Naming(workspace="{oops}")))


def test_existing_parts_are_used_and_nothing_of_the_network_is_made() -> None:
    own = BringYourOwn(
        resource_group="rg-shared", virtual_network_id="/vnet", host_subnet="host", container_subnet="container"
    )
    decision = decided(PlatformSettings(bring_your_own=own), environment="prod")
    assert (decision.resource_group_name, decision.existing_resource_group) == ("rg-shared", True)
    assert decision.network_details is not None
    assert decision.network_details.existing_host_subnet_name == "host"
    assert not decision.network_details.nat_gateway


def test_an_existing_vnet_without_its_subnets_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="not BringYourOwn__HostSubnet"):
        decided(PlatformSettings(bring_your_own=BringYourOwn(virtual_network_id="/vnet")), environment="prod")


@pytest.mark.parametrize(("workers", "prefix"), [(4, 26), (20, 26), (40, 25), (100, 24)])
def test_subnets_hold_twice_the_largest_cluster(workers: int, prefix: int) -> None:
    """One address a node in each of two subnets, doubled while a cluster is replaced, and Azure keeps five."""
    details = decided(environment="prod", min_workers=2, max_workers=workers).network_details
    assert details is not None
    assert details.host_subnet_prefix == f"10.20.0.0/{prefix}"


@settings(max_examples=200)
@given(
    team=st.text(min_size=1, max_size=60),
    environment=st.sampled_from(ENVIRONMENTS),
    workload=st.sampled_from(WORKLOADS),
    gpu=st.sampled_from([None, True, False]),
    photon=st.sampled_from([None, True, False]),
)
def test_no_decision_breaks_a_rule_of_azure(
    team: str, environment: str, workload: str, gpu: object, photon: object
) -> None:
    """Never a retiring size unasked, never Photon on GPUs, never a name that Azure refuses."""
    decision = decided(team=team, environment=environment, workload_type=workload, enable_gpu=gpu, photon=photon)
    assert not sizes()[decision.worker_instance_type].is_retiring
    assert not (decision.photon and decision.enable_gpu)
    assert WORKSPACE_NAME.fullmatch(decision.workspace_name)
    assert len(decision.managed_resource_group_name) <= 90
    assert 10 <= decision.autotermination_minutes <= 10_000


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_cheapest_request_keeps_what_was_stated(environment: str) -> None:
    request = asked(environment=environment, max_workers=6, network="private_link", photon=True)
    least = cheapest(request, HOUSE)
    assert (least.max_workers, least.network, least.photon) == (6, "private_link", True)
    assert least.min_workers == (2 if environment == "prod" else 0)
