"""What a person confirms, and what was generated and planned for it."""

from datetime import datetime
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.existing import ExistingWorkspace
from plugins.domain.finding import Finding
from plugins.domain.person import Person
from plugins.domain.request import InfrastructureRequest

WORKSPACE = "azurerm_databricks_workspace"
PlanAction = Literal["create", "change", "destroy"]
ResourceAction = Literal["create", "update", "replace", "delete"]


class _PlanValue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TerraformFiles(_PlanValue):
    """File name → text, `terraform.tfvars.json` among them. The `.tf` texts hold no value of any person."""

    files: dict[str, str]


class ResourceChange(_PlanValue):
    """One resource that the plan touches. `forced_by` names the attributes that force a replacement."""

    address: str
    type: str
    name: str
    action: ResourceAction
    forced_by: tuple[str, ...] = ()


class Imported(_PlanValue):
    """One resource that the plan takes over: it exists, and the state has not known of it."""

    address: str
    type: str
    name: str


class Drift(_PlanValue):
    """One deployed resource that somebody else changed. `attributes` are names only: values may be secret."""

    address: str
    type: str
    what: Literal["changed", "deleted"]
    attributes: tuple[str, ...] = ()


class LostContent(_PlanValue):
    """Something of ours in a workspace that goes with it, and is made anew with the next; `name` is what people call
    it.
    """

    address: str
    type: str
    name: str


class PlanFile(_PlanValue):
    """Terraform's saved plan and what binds it: `sha256` of the file, `semantic_digest` of its canonical JSON.

    `folder` is the run's own working folder, `path` the plan file in it. `state_sha256` is None when no state
    existed; `imported` also lists what is taken over without a change, `existing` is the workspace among it as it
    stood, `drift` what was otherwise in the cloud than in the state when it was made, and `lost` what goes with a
    workspace that is made anew or gone already: the plan was made on a copy of the state without it.

    Terraform 1.11 compares lineage and serial alone: a state edited by hand under one serial, a changed `.tf` beside
    the plan, and drift are taken without a word (tried 2026-11-22). So the state's hash is kept, too, and drift is
    looked for.
    """

    folder: str
    path: str
    sha256: str
    semantic_digest: str
    terraform_version: str
    lock_sha256: str | None
    state_serial: int | None
    state_sha256: str | None
    resources: tuple[ResourceChange, ...]
    imported: tuple[Imported, ...] = ()
    existing: ExistingWorkspace | None = None
    drift: tuple[Drift, ...] = ()
    lost: tuple[LostContent, ...] = ()


class Alternative(_PlanValue):
    """Another configuration that would do, priced."""

    label: str
    decision: InfrastructureDecision
    cost: Estimate


class Before(_PlanValue):
    """What is deployed now, beside a plan that changes it."""

    decision: InfrastructureDecision
    cost: Estimate


class PlanItem(_PlanValue):
    """One workspace of a plan. `adopt` is the Azure id of an existing workspace that is taken over."""

    deployment_id: str
    action: PlanAction
    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    policy: tuple[Finding, ...] = ()
    resources: tuple[ResourceChange, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    before: Before | None = None
    adopt: str | None = None
    files: TerraformFiles
    plan_file: PlanFile

    @property
    def replaces_workspace(self) -> bool:
        """Whether the workspace would be made anew: what is in it goes."""
        return any(change.type == WORKSPACE and change.action == "replace" for change in self.resources)


class Target(_PlanValue):
    """Where it would be applied: the sandbox cloud or a real subscription."""

    mode: Literal["sandbox", "azure"]
    subscription: str | None = None


class ConfirmBy(_PlanValue):
    """How consent is given: a click (or a clear yes), or by typing `phrase` exactly."""

    kind: Literal["click", "type"]
    phrase: str | None = None


class PlanHeader(_PlanValue):
    """All of a plan that one of its workspaces is applied with: `digest` is over `item_digests`, price and target."""

    plan_id: str
    digest: str
    cost: Estimate
    target: Target
    item_digests: tuple[str, ...]


class Plan(_PlanValue):
    """One decision for a person to take, for one or several workspaces.

    `digest` covers all that a confirmation accepts: resources and changes, generated files, price, findings,
    target. `item_digests` has one for each item, in order. `pricing_policy_digest` names the price tables and the
    policy that it was made on. `sources`, one a workspace, are the words that a field was read from, `unused` what was
    said and not used; both are shown, and part of no digest. Times are UTC.
    """

    plan_id: str
    digest: str
    action: PlanAction
    conversation: str
    requested_by: Person
    items: tuple[PlanItem, ...] = Field(min_length=1)
    item_digests: tuple[str, ...] = Field(min_length=1)
    cost: Estimate
    target: Target
    confirm: ConfirmBy
    created_at: datetime
    expires_at: datetime
    # Records of version 0.1 call it "grounds".
    pricing_policy_digest: str = Field(validation_alias=AliasChoices("pricing_policy_digest", "grounds"))
    sources: tuple[dict[str, str], ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def header(self) -> PlanHeader:
        return PlanHeader(
            plan_id=self.plan_id,
            digest=self.digest,
            cost=self.cost,
            target=self.target,
            item_digests=self.item_digests,
        )

    @property
    def takes_over(self) -> bool:
        """Whether it takes over a workspace that exists."""
        return any(item.adopt is not None for item in self.items)

    @property
    def has_prod(self) -> bool:
        return any(item.decision.environment == "prod" for item in self.items)
