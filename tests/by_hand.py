"""Conversations whose messages are understood by hand: what comes of them does not hang on who reads."""

from pathlib import Path

from talking import ANA, Talk

from agent.events import ApprovalNoted, Event, Incoming, Message, PlanProposed, Question, State
from plugins.domain.plan import Person
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Statement, Understanding

INES = Person(id="ines@contoso.com", name="Ines", roles=("approver",))
TERNS = InfrastructureRequest(
    capability="databricks",
    team="terns",
    environment="dev",
    workload_type="data_engineering",
    region="eastus",
    min_workers=1,
    max_workers=2,
)
GULLS = TERNS.model_copy(update={"team": "gulls", "workload_type": "analytics"})


def means(act: Act, *requests: InfrastructureRequest) -> Understanding:
    """A message of that act which says these requests."""
    return Understanding(act, tuple(Statement(request) for request in requests))


def says(**fields: object) -> InfrastructureRequest:
    return InfrastructureRequest.model_validate(fields)


class ByHand(Talk):
    """`means` a message as told; without an understanding it is read as any other."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.last: list[Event] = []

    async def tell(
        self, text: str, meant: Understanding | None = None, *, by: Person = ANA, at: str = "cnv"
    ) -> list[Event]:
        self.last = await self.hear(Incoming(conversation=at, person=by, text=text, understood=meant))
        return self.last

    async def planned(self, *requests: InfrastructureRequest) -> PlanProposed:
        """The plan that these requests come to."""
        await self.tell("please make these", means("provision", *requests))
        return self.plan

    @property
    def plan(self) -> PlanProposed:
        return next(event for event in self.last if isinstance(event, PlanProposed))

    @property
    def plans(self) -> int:
        return sum(isinstance(event, PlanProposed) for event in self.last)

    @property
    def state(self) -> State:
        return next(event for event in self.last if isinstance(event, State))

    @property
    def text(self) -> str:
        return "\n".join(event.text for event in self.last if isinstance(event, Message))

    @property
    def slots(self) -> list[str]:
        return [asked.slot for event in self.last if isinstance(event, Question) for asked in event.questions]

    @property
    def decided(self) -> list[str]:
        return [event.status for event in self.last if isinstance(event, ApprovalNoted)]

    @property
    def names(self) -> list[str]:
        """Workspaces that are deployed."""
        return [each.workspace_name for each in self.state.deployments if each.status == "succeeded"]
