"""One turn of one person over records in memory: what stands, what waits, and the context that an action is given."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import create_engine, insert

from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation, PendingPlan
from agent.events import ApprovalNoted, Incoming, Message, Question, Table
from agent.factories import rules_of
from agent.orders import PlanOrder, PlanPart
from agent.paths import place
from agent.settings import Settings
from agent.store.audit import GENESIS
from agent.store.records import Records
from agent.store.tables import audit_head, metadata
from agent.turn.context import Outcome, TurnContext, TurnSettings
from agent.wording import Wording
from plugins.databricks.proposal import propose
from plugins.domain.deployment import Deployment, DeploymentStatus
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanFile, PlanItem, Target, TerraformFiles
from plugins.domain.request import InfrastructureRequest

Kind = TypeVar("Kind")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RITA = Person(id="rita", name="Rita", roles=("requester",))
TOM = Person(id="tom", name="Tom", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("requester", "approver"))
MINT = InfrastructureRequest(
    capability="databricks", team="mint", environment="dev", workload_type="data_science", workspace_name="dbw-mint-dev"
)
FERN = MINT.model_copy(update={"team": "fern", "workspace_name": "dbw-fern-dev"})
NOT_YOURS = (
    "dbw-mint-dev is Rita\N{RIGHT SINGLE QUOTATION MARK}s: only Rita or an approver may change it. I have changed"
    " nothing."
)
"""What Tom is told of her workspace."""

_UNTOUCHED: dict[str, Any] = {
    "folder": "",
    "path": "",
    "sha256": "",
    "semantic_digest": "",
    "terraform_version": "",
    "lock_sha256": None,
    "state_serial": None,
    "state_sha256": None,
    "resources": (),
}


class OneTurn:
    """Rita's turn in the conversation "cnv". New ids are counted: "dep_1", "pln_1"."""

    def __init__(self, records: Records, settings: dict[str, object]) -> None:
        self.records = records
        self._settings = Settings.model_validate(settings)
        self._ids: dict[str, Iterator[int]] = {}

    def context(self, *, by: Person = RITA, text: str = "", reads_only: bool = False, **fields: object) -> TurnContext:
        """The context of this person's message; `fields` are the conversation's."""
        settings = TurnSettings(
            platform=self._settings.platform,
            rules=rules_of(self._settings),
            wording=Wording(place("templates") / "replies"),
            target=Target(mode="sandbox"),
            new_id=self._new_id,
            export=lambda _: {},
            lone=False,
            pricing_policy_digest="today's",
            reads_only=reads_only,
        )
        conversation = Conversation(id="cnv", turn=1).with_(**fields)
        incoming = Incoming(conversation="cnv", person=by, text=text)
        return TurnContext(settings, incoming, conversation, self.records, NOW)

    def deployed(
        self,
        request: InfrastructureRequest,
        deployment_id: str = "dep_stands",
        *,
        status: DeploymentStatus = "succeeded",
        **fields: object,
    ) -> Deployment:
        """A workspace of Rita's that stands as the request has it; `fields` are the deployment's."""
        proposal = propose(request, self._settings.platform, identity=deployment_id, today=NOW.date())
        deployment = Deployment(
            deployment_id=deployment_id,
            workspace_name=proposal.decision.workspace_name,
            status=status,
            conversation="cnv",
            requested_by=RITA,
            request=request,
            decision=proposal.decision,
            cost=proposal.cost,
            created_at=NOW,
            updated_at=NOW,
        ).model_copy(update=fields)
        self.records.keep_deployment(deployment)
        return deployment

    def pending(
        self, plan_id: str, request: InfrastructureRequest, *, action: PlanAction = "create", hours: float = 24
    ) -> PendingPlan:
        """A plan of Rita's for that request, which waits for so many hours from now. Its workspace is "dep_" and the
        plan's id.
        """
        status: DeploymentStatus = "planned" if action == "create" else "succeeded"
        deployment = self.deployed(request, f"dep_{plan_id}", status=status)
        part = PlanPart(
            deployment_id=deployment.deployment_id,
            action=action,
            request=request,
            decision=deployment.decision,
            cost=deployment.cost,
        )
        order = PlanOrder(plan_id=plan_id, action=action, conversation="cnv", turn=1, person=RITA, parts=(part,))
        self.records.keep_order(order, now=NOW)
        item = PlanItem(
            **part.model_dump(include={"deployment_id", "action", "request", "decision", "cost"}),
            files=TerraformFiles(files={}),
            plan_file=PlanFile.model_validate(_UNTOUCHED),
        )
        self.records.keep_item(plan_id, 0, item)
        self.records.publish(_plan(plan_id, item, hours))
        return PendingPlan(plan_id=plan_id, digest=f"digest of {plan_id}")

    def status_of(self, *plan_ids: str) -> list[str | None]:
        return [self.records.plan_status(plan_id) for plan_id in plan_ids]

    def deeds(self) -> list[str]:
        """What the audit says of this turn."""
        return [entry.what for _, entry in self.records.audited(most=10)]

    def _new_id(self, kind: str) -> str:
        return f"{kind}_{next(self._ids.setdefault(kind, count(1)))}"


@contextmanager
def one_turn(**settings: object) -> Generator[OneTurn]:
    """A turn over empty records, under these settings."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.execute(insert(audit_head), {"id": 1, "seq": 0, "hash": GENESIS})
        yield OneTurn(Records(connection), settings)
    engine.dispose()


def drafts(*requests: InfrastructureRequest) -> tuple[Draft, ...]:
    return tuple(Draft(request=request) for request in requests)


def text(outcome: Outcome) -> str:
    """All that is said in messages, a line each."""
    return "\n".join(event.text for event in outcome.events if isinstance(event, Message))


def slots(outcome: Outcome) -> list[str]:
    return [question.slot for event in _of(outcome, Question) for question in event.questions]


def tables(outcome: Outcome) -> list[tuple[str, tuple[tuple[object, ...], ...]]]:
    """Title and rows of each table."""
    return [(table.title, table.rows) for table in _of(outcome, Table)]


def decided(outcome: Outcome) -> list[tuple[str, str, str | None]]:
    """Plan, what became of it, and why."""
    return [(event.plan_id, event.status, event.reason) for event in _of(outcome, ApprovalNoted)]


def ordered(outcome: Outcome) -> list[tuple[str, str, list[str]]]:
    """Id and action of each plan that is ordered, and its workspaces."""
    plans = (order for order in outcome.orders if isinstance(order, PlanOrder))
    return [(plan.plan_id, plan.action, [part.decision.workspace_name for part in plan.parts]) for plan in plans]


def _of(outcome: Outcome, kind: type[Kind]) -> Iterable[Kind]:
    return (event for event in outcome.events if isinstance(event, kind))


def _plan(plan_id: str, item: PlanItem, hours: float) -> Plan:
    return Plan(
        plan_id=plan_id,
        digest=f"digest of {plan_id}",
        action=item.action,
        conversation="cnv",
        requested_by=RITA,
        items=(item,),
        item_digests=("one",),
        cost=item.cost,
        target=Target(mode="sandbox"),
        confirm=ConfirmBy(kind="click"),
        created_at=NOW,
        expires_at=NOW + timedelta(hours=hours),
        pricing_policy_digest="today's",
    )
