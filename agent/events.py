"""What comes in from a channel, and what the agent says on every channel.

Each event carries `type`, `conversation` and `turn`. `as_json` is the form that scripts read: one JSON object,
`type` first, money as numbers. What comes in holds no credential: it is cut out as the value is made, so that no
channel can forget to, and nothing behind a channel ever has it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from plugins.credentials import CredentialKind, removed_from, without_credentials
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentStatus, Failure, ResultStatus
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Finding
from plugins.domain.plan import Alternative, Before, ConfirmBy, Imported, Person, PlanAction, ResourceChange, Target
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Understanding


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation: str
    turn: int

    def as_json(self) -> Mapping[str, JsonValue]:
        fields = self.model_dump(mode="json")
        return {"type": fields.pop("type"), **fields}

    def as_text(self) -> str:
        """The same as it is kept, in one go: the plan of a large batch has millions of characters."""
        return self.model_dump_json(ensure_ascii=True)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Value):
    """A likely answer: `label` is read, `value` is sent back."""

    label: str
    value: str


class Button(_Value):
    """A click: `confirm` and `reject` name a plan by id and digest, `choose` a slot and the value picked.

    `comment` is what somebody has to say of their decision: it is kept with it, and decides nothing.
    """

    action: Literal["confirm", "reject", "choose"]
    plan_id: str | None = None
    digest: str | None = None
    slot: str | None = None
    value: str | None = None
    comment: str | None = None

    @field_validator("plan_id", "digest", "slot", "value", "comment")
    @classmethod
    def _without_credentials(cls, text: str | None) -> str | None:
        return without_credentials(text) if text else text


class _Command(_Value):
    """What is said about the work itself, as a value: a command line or a channel gives it, or a person types it."""

    @field_validator("*")
    @classmethod
    def _without_credentials(cls, value: object) -> object:
        return without_credentials(value) if isinstance(value, str) else value

    @property
    def words(self) -> str:
        """Everything that the sender wrote of it."""
        return "\n".join(str(value) for name, value in self if name != "kind" and value is not None)


class WaitingCommand(_Command):
    """List the plans that await this person."""

    kind: Literal["waiting"] = "waiting"


class ShowCommand(_Command):
    """Show that plan here; without an id the one in hand."""

    kind: Literal["show"] = "show"
    plan_id: str | None = None


class ResumeCommand(_Command):
    """Take up here the request of this person that was left with a question open, or show their plan that waits."""

    kind: Literal["resume"] = "resume"


class RetryCommand(_Command):
    """Plan again what failed last in this conversation; `changes` are words for what shall be different of it."""

    kind: Literal["retry"] = "retry"
    changes: str | None = None


class RemarkCommand(_Command):
    """Tell whoever asked for that plan what should be changed of it; the plan stays as it is."""

    kind: Literal["remark"] = "remark"
    plan_id: str
    text: str


class AskAgainCommand(_Command):
    """Plan again, at today's prices, what that plan was for, since nobody decided it in time."""

    kind: Literal["ask_again"] = "ask_again"
    plan_id: str


class ContinueCommand(_Command):
    """Go on here with the request that this person has in hand in another conversation, on whichever channel: with
    that of this plan, else with the one that was used last.
    """

    kind: Literal["continue"] = "continue"
    plan_id: str | None = None


class StopCommand(_Command):
    """Stop what is under way on the workspace of exactly that name, or in this conversation."""

    kind: Literal["stop"] = "stop"
    workspace_name: str | None = None


class FixCommand(_Command):
    """Plan what puts the workspace back to its Terraform; None where nobody said which."""

    kind: Literal["fix"] = "fix"
    workspace_name: str | None


class ReimportCommand(_Command):
    """Plan to take over again what is deployed of the workspace, its state being lost; None as above."""

    kind: Literal["reimport"] = "reimport"
    workspace_name: str | None


class DestroyCommand(_Command):
    """Plan the destroy of the workspace of exactly that name."""

    kind: Literal["destroy"] = "destroy"
    workspace_name: str


class ExportCommand(_Command):
    """Give the Terraform of the workspace of exactly that name."""

    kind: Literal["export"] = "export"
    workspace_name: str


class RenameCommand(_Command):
    """Give the workspace of exactly that name another one."""

    kind: Literal["rename"] = "rename"
    workspace_name: str


class ForeignCommand(_Command):
    """Do something to the workspace of that Azure id."""

    kind: Literal["foreign"] = "foreign"
    azure_id: str


class NotifyCommand(_Command):
    """Tell this person unasked of `what` ("results": what becomes of what they asked for, on their other channels),
    or not; with None say how that stands.
    """

    kind: Literal["notify"] = "notify"
    what: str = "results"
    value: Literal["on", "off"] | None = None


class ImportCommand(_Command):
    """Take over the workspace of that Azure id, for that team, environment and workload in the sender's words."""

    kind: Literal["import"] = "import"
    azure_id: str
    team: str
    environment: str
    workload: str


Command = (
    WaitingCommand
    | ShowCommand
    | ResumeCommand
    | RetryCommand
    | RemarkCommand
    | AskAgainCommand
    | ContinueCommand
    | StopCommand
    | FixCommand
    | ReimportCommand
    | DestroyCommand
    | ExportCommand
    | RenameCommand
    | ForeignCommand
    | NotifyCommand
)


class Incoming(_Value):
    """One message as a channel took it in: who wrote, where, and a text, a button or a command.

    `understood` stands for a text that was read already, or that nobody need write. Neither it nor a command is ever
    consent; beside a command the text is only what was typed for it.
    """

    conversation: str
    person: Person
    text: str | None = None
    button: Button | None = None
    command: Annotated[Command | ImportCommand, Field(discriminator="kind")] | None = None
    client_id: str | None = None
    """The channel's own name for it, where it was taken in before it is answered."""
    understood: Understanding | None = None

    @field_validator("text")
    @classmethod
    def _without_credentials(cls, text: str | None) -> str | None:
        return without_credentials(text) if text else text

    @property
    def removed(self) -> tuple[CredentialKind, ...]:
        """The kinds of credential that were cut out of what was typed or sent."""
        button = self.button
        sent = (button.plan_id, button.digest, button.slot, button.value, button.comment) if button is not None else ()
        commanded = self.command.words if self.command is not None else None
        return removed_from("\n".join(filter(None, (self.text, *sent, commanded))))


class SlotQuestion(_Value):
    slot: str
    text: str
    choices: tuple[Choice, ...] = ()


class Message(_Event):
    """Markdown. With `delta`, a piece of a streamed text that the whole follows."""

    type: Literal["message"] = "message"
    text: str
    delta: bool = False


class Question(_Event):
    type: Literal["question"] = "question"
    questions: tuple[SlotQuestion, ...] = Field(max_length=3)


class PlanView(_Value):
    """One workspace of a plan, as it is shown."""

    deployment_id: str
    action: PlanAction
    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    policy: tuple[Finding, ...]
    resources: tuple[ResourceChange, ...]
    imported: tuple[Imported, ...] = ()
    alternatives: tuple[Alternative, ...]
    before: Before | None
    diagram: str


class Approvers(_Value):
    """Who may decide: `count` more people with `role`, none of `other_than`; or, where `names` are given, one of these
    instead. All that a plan lists must say yes. `text` says it in words.
    """

    role: str
    count: int
    names: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    text: str


class PlanProposed(_Event):
    """A plan awaits a person's decision. For several workspaces `items` holds them and `request`, `decision`
    and `before` are None; `cost` is then their sum. `approved_by` names who has said yes where one is not enough.
    `sources`, one object a workspace, hold the words that a field was read from; `unused` what was said and became
    nothing. `detailed` where somebody asked for all of it, and not only for its head.
    """

    type: Literal["plan"] = "plan"
    plan_id: str
    digest: str
    action: PlanAction
    request: InfrastructureRequest | None
    decision: InfrastructureDecision | None
    cost: Estimate
    policy: tuple[Finding, ...]
    resources: tuple[ResourceChange, ...]
    imported: tuple[Imported, ...] = ()
    items: tuple[PlanView, ...]
    alternatives: tuple[Alternative, ...]
    before: Before | None
    diagram: str
    target: Target
    approvers: tuple[Approvers, ...] = ()
    approved_by: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    expires_at: datetime
    confirm: ConfirmBy
    detailed: bool = False


class ApprovalNoted(_Event):
    """What became of a plan's consent. `by` is who decided; `reason` says why it was refused or ended, or what whoever
    decided had to say of it.
    """

    type: Literal["approval"] = "approval"
    plan_id: str
    status: Literal["approved", "rejected", "expired", "superseded", "refused"]
    by: str | None
    reason: str | None


class Progress(_Event):
    """`done` of `total` resources; `text` is one short line; `step` names the phase ("plan", "apply"…)."""

    type: Literal["progress"] = "progress"
    deployment_id: str
    step: str
    done: int
    total: int
    text: str
    elapsed_s: float


class Result(_Event):
    type: Literal["result"] = "result"
    deployment_id: str
    status: ResultStatus
    outputs: dict[str, JsonValue]
    error: Failure | None


class Table(_Event):
    type: Literal["table"] = "table"
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[JsonValue, ...], ...]


class File(_Event):
    type: Literal["file"] = "file"
    name: str
    media_type: str
    path: str | None = None
    content: str | None = None


class Error(_Event):
    type: Literal["error"] = "error"
    code: str
    text: str
    retryable: bool


class DeploymentState(_Value):
    deployment_id: str
    workspace_name: str
    status: DeploymentStatus


class State(_Event):
    """Last of every turn: where the conversation stands."""

    type: Literal["state"] = "state"
    act: Act
    requests: tuple[InfrastructureRequest, ...]
    open_questions: tuple[str, ...]
    pending_plan: str | None
    deployments: tuple[DeploymentState, ...]


Event = Message | Question | PlanProposed | ApprovalNoted | Progress | Result | Table | File | Error | State
