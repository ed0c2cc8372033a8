"""The capability as a script uses it: planned, approved and executed under the same rules as a conversation's."""

import asyncio
import re
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.approvals import ApprovalBasis, ApprovalRules, ConfirmationAct, PartialConsent, Refusal, approve
from agent.brain import model_reader
from agent.brain.double.stand_in import doubled
from plugins.databricks import (
    BaseCapability,
    CapabilityContext,
    DatabricksCapability,
    DecisionMaker,
    InfrastructureRequest,
    IntentParser,
    TerraformExecutor,
    TerraformFiles,
    TerraformGenerator,
)
from plugins.deploy.digest import plan_digest
from plugins.domain.approval import Approval
from plugins.domain.errors import ConfigurationError, InvalidRequest, NotApproved
from plugins.domain.money import rounded
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanFile, ResourceChange, Target

RITA = Person(id="rita", name="Rita", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"
WORKSPACE = "azurerm_databricks_workspace"


class Planner(TerraformExecutor):
    """Plans without a process: the workspace alone."""

    async def plan_file(
        self, tf_files: TerraformFiles, *, deployment_id: str, plan_id: str, action: PlanAction
    ) -> PlanFile:
        does = "delete" if action == "destroy" else "create"
        return PlanFile(
            folder=plan_id,
            path=deployment_id,
            sha256=str(sorted(tf_files.files)),
            semantic_digest="",
            terraform_version="",
            lock_sha256=None,
            state_serial=None,
            state_sha256=None,
            resources=(ResourceChange(address=f"{WORKSPACE}.this", type=WORKSPACE, name="this", action=does),),
        )


def capability(home: Path, *, azure: bool = False, subscription: str = SUBSCRIPTION) -> DatabricksCapability:
    return DatabricksCapability(Planner(home, {"ARM_SUBSCRIPTION_ID": subscription}, azure=azure))


def planned(of: DatabricksCapability, environment: str = "prod") -> Plan:
    fields: dict[str, object] = {"team": "ledger", "environment": environment, "workload_type": "data_engineering"}
    return asyncio.run(of.plan(CapabilityContext(parameters=fields, user_id="rita", session_id="script")))


def outcome(plan: Plan, person: Person, phrase: str | None = None) -> Approval | str:
    act = ConfirmationAct(person, plan.conversation, plan.plan_id, plan.digest, phrase)
    given = approve(
        plan,
        "pending",
        act,
        ApprovalRules(),
        ApprovalBasis(plan.pricing_policy_digest),
        approval_id="apr_1",
        now=datetime.now(UTC),
    )
    assert not isinstance(given, PartialConsent)
    return given.code if isinstance(given, Refusal) else given


def test_on_azure_the_digest_covers_the_subscription_that_it_is_for(tmp_path: Path) -> None:
    """What was approved for one subscription is no approval for another, or for the sandbox."""
    plan = planned(capability(tmp_path, azure=True))
    assert plan.target == Target(mode="azure", subscription=SUBSCRIPTION)
    assert plan.digest == plan_digest(plan.item_digests, cost=plan.cost, target=plan.target)
    assert plan.digest != plan_digest(plan.item_digests, cost=plan.cost, target=Target(mode="sandbox"))


def test_in_the_sandbox_a_subscription_in_the_environment_counts_for_nothing(tmp_path: Path) -> None:
    assert planned(capability(tmp_path)).target == Target(mode="sandbox")


@pytest.mark.parametrize("other", [{"azure": False}, {"azure": True, "subscription": SUBSCRIPTION[:-1] + "b"}])
def test_a_plan_is_executed_on_its_own_target_alone(tmp_path: Path, other: dict[str, object]) -> None:
    plan = planned(capability(tmp_path, azure=True), "dev")
    approval = outcome(plan, RITA)
    assert isinstance(approval, Approval)
    elsewhere = DatabricksCapability(
        Planner(tmp_path, {"ARM_SUBSCRIPTION_ID": str(other.get("subscription", ""))}, azure=bool(other["azure"]))
    )
    with pytest.raises(NotApproved, match="another target"):
        asyncio.run(elsewhere.execute(plan, approval))


def test_the_rollback_of_production_takes_another_person_and_the_typed_name(tmp_path: Path) -> None:
    of = capability(tmp_path, azure=True)
    plan = asyncio.run(of.rollback(planned(of)))
    assert (plan.action, plan.confirm) == ("destroy", ConfirmBy(kind="type", phrase="dbw-ledger-prod"))
    assert outcome(plan, RITA, "dbw-ledger-prod") == "approver_needed"
    assert outcome(plan, INES) == "phrase_needed"
    assert outcome(plan, INES, "yes") == "phrase_needed"
    assert isinstance(outcome(plan, INES, "dbw-ledger-prod"), Approval)


def test_the_rollback_of_dev_is_confirmed_by_whoever_asked(tmp_path: Path) -> None:
    of = capability(tmp_path)
    plan = asyncio.run(of.rollback(planned(of, "dev")))
    assert plan.confirm == ConfirmBy(kind="click")
    assert isinstance(outcome(plan, RITA), Approval)


FIELDS: dict[str, object] = {"team": "ml-team", "environment": "dev", "workload_type": "machine_learning"}
ML = InfrastructureRequest.model_validate(FIELDS)


def test_a_capability_needs_no_arguments_and_is_what_every_capability_is() -> None:
    assert isinstance(DatabricksCapability(), BaseCapability)
    assert DatabricksCapability().executor.target == Target(mode="sandbox")


def test_a_plan_says_its_month_and_its_resources_by_name(tmp_path: Path) -> None:
    plan = planned(capability(tmp_path))
    month = plan.metadata["estimated_monthly_cost"]
    assert isinstance(month, Decimal)
    assert (month, plan.metadata["currency"]) == (rounded(plan.cost.expected), "USD")
    assert [each.address for each in plan.resources] == [f"{WORKSPACE}.this"]


def test_a_team_goes_by_one_name_in_a_parameter_and_in_a_sentence(tmp_path: Path) -> None:
    of = capability(tmp_path)
    by_name = asyncio.run(of.plan(CapabilityContext(parameters=FIELDS)))
    by_words = asyncio.run(of.plan(CapabilityContext(parameters={"text": "Databricks for the ML team in dev"})))
    assert [plan.items[0].decision.workspace_name for plan in (by_name, by_words)] == ["dbw-ml-dev"] * 2
    assert by_name.items[0].request.team == "ml"


def test_fields_beside_a_sentence_count_more_than_what_it_says(tmp_path: Path) -> None:
    said: dict[str, object] = {"text": "Databricks for the ML team in dev", "region": "westeurope"}
    item = asyncio.run(capability(tmp_path).plan(CapabilityContext(parameters=said))).items[0]
    assert (item.decision.team, item.decision.region) == ("ml", "westeurope")


class OwnChoice(DecisionMaker):
    """Other machines and another tier than the house's."""

    def __init__(self, driver: str, worker: str, tier: str = "premium") -> None:
        super().__init__()
        self.chosen = driver, worker, tier

    def _select_instance_types(self, request: InfrastructureRequest) -> tuple[str, str]:  # noqa: ARG002 - any request
        return self.chosen[:2]

    def _select_databricks_sku(self, request: InfrastructureRequest) -> str:  # noqa: ARG002 - any request
        return self.chosen[2]


def test_what_a_house_chooses_itself_is_priced_and_told_as_its_choice() -> None:
    usual = DecisionMaker().proposal(ML)
    own = OwnChoice("Standard_D4ds_v5", "Standard_D4ds_v5", "trial").proposal(ML)
    assert own.cost.expected < usual.cost.expected
    reasons = {reason.about: reason.because for reason in own.decision.justification}
    assert [reasons[about] for about in ("node_type", "databricks_sku")] == [
        "The script's own DecisionMaker chose it."
    ] * 2
    assert own.decision.databricks_sku == "trial"


def test_who_chooses_what_the_house_would_changes_nothing() -> None:
    usual = DecisionMaker().make_decisions(ML)
    same = OwnChoice(usual.driver_instance_type, usual.worker_instance_type).make_decisions(ML)
    once = ("identity", "managed_resource_group_name", "justification")
    assert same.model_dump(exclude=set(once)) == usual.model_dump(exclude=set(once))
    assert [reason.about for reason in same.justification] == [reason.about for reason in usual.justification]


def test_files_and_the_decision_that_they_are_of_make_a_plan(tmp_path: Path) -> None:
    decision = DecisionMaker().make_decisions(ML)
    files = TerraformGenerator().generate_terraform(decision)
    executor = Planner(tmp_path, {})
    plan = asyncio.run(executor.plan(files, decision, context=CapabilityContext(user_id="rita")))
    assert (plan.action, plan.items[0].deployment_id, plan.requested_by.id) == ("create", decision.identity, "rita")
    with pytest.raises(InvalidRequest, match="not generated from that decision"):
        asyncio.run(executor.plan(files, decision.model_copy(update={"max_workers": 400})))
    undoing = asyncio.run(executor.destroy(plan))
    assert (undoing.action, undoing.items[0].deployment_id) == ("destroy", decision.identity)


SEVEN: Any = 7
FIELDS_ALONE: Any = {"team": "ml"}
BAD: list[tuple[Callable[[Any], Any], str]] = [
    (lambda _: IntentParser().parse_request(""), "reading the request: there is no text to read."),
    (lambda _: IntentParser().parse_request(SEVEN), "reading the request: there is no text to read."),
    (lambda _: IntentParser().parse_request("x" * 60_001), "the text is longer than 60000 characters."),
    (lambda _: IntentParser().parse_request("what is the weather?"), "the text asks for no workspace."),
    (lambda executor: executor.init("main.tf"), "deploying: what was given is no TerraformFiles."),
    (lambda executor: executor.plan(TerraformFiles(files={}), ML), "what was given is no InfrastructureDecision."),
    (lambda executor: executor.apply("pln_1", None), "deploying: what was given is no plan."),
    (lambda executor: executor.destroy(None), "deploying: what was given is no plan."),
    (lambda executor: DatabricksCapability(executor).plan(FIELDS_ALONE), "is no CapabilityContext."),
    (
        lambda executor: DatabricksCapability(executor).plan(CapabilityContext({"environment": "moon", "x": 1})),
        "these fields are wrong: environment (input should be 'dev', 'staging' or 'prod'); x (extra inputs",
    ),
]


@pytest.mark.parametrize(("attempt", "sentence"), BAD)
def test_bad_input_is_one_clear_sentence(tmp_path: Path, attempt: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        asyncio.run(attempt(Planner(tmp_path, {})))


@pytest.mark.parametrize(
    ("driver", "tier", "sentence"),
    [
        (
            "Standard_D4ds_v55",
            "premium",
            "no table knows the size Standard_D4ds_v55. Take one such as Standard_D4ds_v5",
        ),
        ("Standard_D4ds_v5", "gold", "choosing the tier: there is no tier gold. Take premium or trial."),
    ],
)
def test_a_choice_that_there_is_not_is_refused(driver: str, tier: str, sentence: str) -> None:
    with pytest.raises(InvalidRequest, match=re.escape(sentence)):
        OwnChoice(driver, "Standard_D4ds_v5", tier).make_decisions(ML)


def test_azure_means_a_named_subscription_and_a_home_that_lasts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Set ARM_SUBSCRIPTION_ID"):
        TerraformExecutor(tmp_path, {}, azure=True)
    with pytest.raises(ConfigurationError, match="Give `home`, a folder that lasts"):
        TerraformExecutor(environment={"ARM_SUBSCRIPTION_ID": SUBSCRIPTION}, azure=True)


def test_without_a_model_there_is_no_model_reader() -> None:
    with pytest.raises(ConfigurationError, match="no model is configured"):
        model_reader({})


@pytest.mark.integration
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("script", ["faithful", "server_error"])
def test_a_model_reads_a_sentence_and_where_it_fails_the_rules_do_with_a_warning(script: str) -> None:
    with doubled({}, script) as environment:
        parser = IntentParser(reader=model_reader(environment))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", RuntimeWarning)
            request = asyncio.run(parser.parse_request("Databricks for the ML team in dev"))
    assert (request.team, request.environment) == ("ml", "dev")
    told = [str(each.message) for each in caught if each.category is RuntimeWarning]
    assert bool(told) == (script != "faithful"), told
