"""How an apply ends when it does not go straight: finished, undone, or listed for a person, and which is said."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Message, PlanProposed, Result, Table
from agent.paths import place
from agent.settings import Settings
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.deploy.terraform.recovery import Remaining
from plugins.deploy.terraform.stream import Tell
from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult, Drift, Failure, Leftover, Undone
from plugins.domain.errors import DeploymentFailed, NotApproved
from plugins.domain.plan import Person, PlanFile, PlanHeader, PlanItem, ResourceChange

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
ASK = "dev workspace dbw-fern-dev for team fern, etl"
PASSES = Failure(kind="throttled", text="Azure is throttling requests.", remedy="Wait.", retryable=True)


class Troubled(InMemoryTerraform):
    """A Terraform in which more can be ordered: `undo_ends` are the next undoings, `stuck` holds an apply until it is
    stopped, `replaces` makes what remains go beyond what was approved, `late` lets the approval be over by then.
    """

    def __init__(self) -> None:
        super().__init__(Settings().platform, place("templates") / "terraform")
        self.undo_ends: list[Undone | DeploymentFailed] = []
        self.undone = 0
        self.stuck: asyncio.Event | None = None
        self.replaces = False
        self.late = False
        self.blind = False

    async def apply(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, rest: PlanFile | None = None
    ) -> DeploymentResult:
        if rest is not None and self.late:
            raise NotApproved("applying the plan", "its approval has ended.", "Ask for a new plan.")
        result = await super().apply(header, item, approval, tell, rest=rest)
        if self.stuck is not None:
            await self.stuck.wait()
            failure = Failure(kind="cancelled", text="It was stopped; it is kept in the state.", remedy="Say it again.")
            return DeploymentResult(deployment_id=item.deployment_id, status="failed", error=failure)
        return result

    async def stop(self, plan_id: str, deployment_id: str) -> bool:  # noqa: ARG002
        if self.stuck is None:
            return False
        self.stuck.set()
        return True

    async def drift(self, plan_file: PlanFile, *, deployment_id: str) -> tuple[Drift, ...]:
        if self.blind:
            raise DeploymentFailed("looking for drift", "Azure does not answer.", "Wait.", retryable=True)
        return await super().drift(plan_file, deployment_id=deployment_id)

    async def remaining(self, item: PlanItem, *, plan_id: str, attempt: int) -> Remaining:
        found = await super().remaining(item, plan_id=plan_id, attempt=attempt)
        if not self.replaces:
            return found
        more = ResourceChange.model_validate(
            {
                "address": "azurerm_databricks_workspace.this",
                "type": "azurerm_databricks_workspace",
                "name": "this",
                "action": "replace",
            }
        )
        return Remaining(found.plan_file, (more,))

    async def undo(self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, attempt: int) -> Undone:
        self.undone += 1
        if not self.undo_ends:
            return await super().undo(header, item, approval, tell, attempt=attempt)
        ordered = self.undo_ends.pop(0)
        if isinstance(ordered, DeploymentFailed):
            raise ordered
        return ordered


class Talk:
    """A conversation over the troubled Terraform; a further try comes at once."""

    def __init__(self, home: Path) -> None:
        self.terraform = Troubled()
        settings = Settings.model_validate({"Engine": {"RetrySeconds": 0, "Retries": 2}})
        self.app = App(AppEnvironment(settings, {}, home), terraform=self.terraform, inline=True)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, *texts: str, until_settled: bool = True) -> list[Event]:
        """The events of the last of these turns."""
        for text in texts:
            self.heard.clear()
            await self.app.reply_to(Incoming(conversation="cnv", person=ANA, text=text), until_settled=until_settled)
        return list(self.heard)

    async def status(self) -> str:
        deployments = await self.app.read(lambda records: records.deployments())
        return deployments[-1].status

    async def audit(self) -> list[str]:
        def whats(records: Records) -> list[str]:
            return [entry.what for entry in records.history(records.deployments()[-1].deployment_id)]

        return await self.app.read(whats)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    found = Talk(tmp_path)
    yield found
    await found.app.close(waiting=False)


def result_in(events: list[Event]) -> Result:
    (found,) = [event for event in events if isinstance(event, Result)]
    return found


def error_in(events: list[Event]) -> tuple[str, str]:
    result = result_in(events)
    assert result.error is not None
    return result.error.kind, result.error.text


def rows_in(events: list[Event]) -> dict[str, str]:
    (table,) = [event for event in events if isinstance(event, Table)]
    return {str(row[0]): str(row[-1]) for row in table.rows}


async def test_what_passes_by_itself_is_tried_again_and_not_noticed(talk: Talk) -> None:
    talk.terraform.fail_at(3, "throttled", retryable=True)
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "succeeded"
    assert await talk.status() == "succeeded"
    assert len(talk.terraform.applied) == 2


async def test_what_never_passes_is_tried_no_more_than_set_and_undone(talk: Talk) -> None:
    for _ in range(3):
        talk.terraform.fail_at(2, "throttled", retryable=True)
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "rolled_back"
    assert error_in(events)[1].endswith("removed again (3 resources).")
    assert set(rows_in(events).values()) == {"removed again"}
    assert (len(talk.terraform.applied), await talk.status()) == (3, "rolled_back")


async def test_what_does_not_pass_is_not_tried_again(talk: Talk) -> None:
    talk.terraform.fail_at(3, "quota")
    assert result_in(await talk.say(ASK, "yes")).status == "rolled_back"
    assert len(talk.terraform.applied) == 1


async def test_the_next_message_after_an_undoing_begins_anew(talk: Talk) -> None:
    talk.terraform.fail_at(3, "quota")
    await talk.say(ASK, "yes")
    plan = next(event for event in await talk.say("try again") if isinstance(event, PlanProposed))
    assert {change.action for change in plan.resources} == {"create"}
    assert result_in(await talk.say("yes")).status == "succeeded"


async def test_an_interrupted_create_is_finished_under_its_approval(talk: Talk) -> None:
    talk.terraform.die_at(4)
    assert result_in(await talk.say(ASK, "yes")).status == "succeeded"


async def test_an_interrupted_create_that_would_replace_something_is_undone(talk: Talk) -> None:
    """A tainted resource would be destroyed and made again: nobody approved that."""
    talk.terraform.die_at(4)
    talk.terraform.replaces = True
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "rolled_back"
    assert len(talk.terraform.applied) == 1
    assert await talk.status() == "rolled_back"


async def test_a_create_whose_approval_ended_meanwhile_is_undone(talk: Talk) -> None:
    talk.terraform.die_at(4)
    talk.terraform.late = True
    events = await talk.say(ASK, "yes")
    assert error_in(events)[0] == "beyond"
    assert (result_in(events).status, talk.terraform.undone) == ("rolled_back", 1)


async def test_an_interrupted_destroy_is_finished(talk: Talk) -> None:
    await talk.say(ASK, "yes", "destroy dbw-fern-dev")
    talk.terraform.die_at(3)
    assert result_in(await talk.say("yes")).status == "destroyed"
    assert await talk.status() == "destroyed"


async def test_what_a_destroy_left_in_the_cloud_is_named(talk: Talk) -> None:
    await talk.say(ASK, "yes", "destroy dbw-fern-dev")
    talk.terraform.left_behind = (Leftover(type="azurerm_public_ip", name="ip-1", id="/subscriptions/0/ip-1"),)
    events = await talk.say("yes")
    assert result_in(events).status == "destroyed"
    assert rows_in(events) == {"ip-1": "/subscriptions/0/ip-1"}


async def test_a_destroy_that_fails_leaves_the_workspace_for_a_person(talk: Talk) -> None:
    await talk.say(ASK, "yes", "destroy dbw-fern-dev")
    talk.terraform.fail_at(3, "policy")
    assert result_in(await talk.say("yes")).status == "failed"
    assert await talk.status() == "attention"
    assert talk.terraform.undone == 0


async def test_a_change_of_what_somebody_else_changed_is_not_made(talk: Talk) -> None:
    """It is said, asked again, and the workspace stands as it did."""
    await talk.say(ASK, "yes", "change dbw-fern-dev to max 3 workers")
    talk.terraform.drifted = (Drift(address="databricks_cluster.this", type="databricks_cluster", what="changed"),)
    kind, text = error_in(await talk.say("yes"))
    assert (kind, await talk.status()) == ("drifted", "succeeded")
    assert "not applied" in text
    talk.terraform.drifted = ()
    await talk.say("change dbw-fern-dev to max 3 workers")
    assert result_in(await talk.say("yes")).status == "succeeded"


async def test_a_destroy_of_what_somebody_else_changed_leaves_it_listed(talk: Talk) -> None:
    await talk.say(ASK, "yes", "destroy dbw-fern-dev")
    talk.terraform.drifted = (Drift(address="databricks_cluster.this", type="databricks_cluster", what="changed"),)
    assert error_in(await talk.say("yes"))[0] == "drifted"
    assert await talk.status() == "succeeded"


async def test_a_change_that_cannot_be_checked_touches_nothing(talk: Talk) -> None:
    await talk.say(ASK, "yes", "change dbw-fern-dev to max 3 workers")
    talk.terraform.blind = True
    assert error_in(await talk.say("yes")) == ("unchecked", "Azure does not answer.")
    assert (await talk.status(), len(talk.terraform.applied)) == ("succeeded", 1)


async def test_a_workspace_that_needed_a_person_does_so_still_when_a_change_is_refused(talk: Talk) -> None:
    await talk.say(ASK, "yes", "destroy dbw-fern-dev")
    talk.terraform.fail_at(3, "policy")
    await talk.say("yes", "destroy dbw-fern-dev")
    talk.terraform.drifted = (Drift(address="databricks_cluster.this", type="databricks_cluster", what="changed"),)
    await talk.say("yes")
    assert await talk.status() == "attention"


async def test_an_undoing_that_fails_lists_what_is_left(talk: Talk) -> None:
    talk.terraform.fail_at(4, "quota")
    talk.terraform.undo_ends = [
        Undone(undone=("a.b",), left=("c.d",), error=Failure(kind="policy", text="Denied.", remedy="Ask."))
    ]
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "failed"
    assert error_in(events)[1].endswith("1 resource could not be removed again: they are listed for you.")
    assert rows_in(events) == {"a.b": "removed again", "c.d": "still there"}
    assert await talk.status() == "attention"


async def test_an_undoing_that_is_throttled_is_tried_again(talk: Talk) -> None:
    talk.terraform.fail_at(4, "quota")
    talk.terraform.undo_ends = [Undone(undone=("a.b",), left=("c.d",), error=PASSES)]
    events = await talk.say(ASK, "yes")
    assert (result_in(events).status, talk.terraform.undone) == ("rolled_back", 2)
    assert rows_in(events)["a.b"] == "removed again"


async def test_an_undoing_that_cannot_be_planned_lists_what_may_be_there(talk: Talk) -> None:
    talk.terraform.fail_at(4, "quota")
    talk.terraform.undo_ends = [DeploymentFailed("undoing it", "the disk is full.", "Free some space.")]
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "failed"
    assert set(rows_in(events).values()) == {"still there"}
    assert len(rows_in(events)) == 6


async def test_what_an_undoing_left_in_the_cloud_is_named(talk: Talk) -> None:
    talk.terraform.fail_at(4, "quota")
    talk.terraform.left_behind = (Leftover(type="azurerm_public_ip", name="ip-1", id="/subscriptions/0/ip-1"),)
    events = await talk.say(ASK, "yes")
    assert result_in(events).status == "failed"
    assert await talk.status() == "failed"
    (told,) = [event.text for event in events if isinstance(event, Message)]
    assert told.startswith(
        "dbw-fern-dev did not come to be, but 1 thing that this run had created is still in the cloud"
    )
    listed = await talk.say("list my workspaces")
    assert any(isinstance(event, Message) and "no workspace yet" in event.text for event in listed)


async def test_what_never_came_to_be_is_taken_off_the_list_by_its_destroy(talk: Talk) -> None:
    """A run that broke leaves it listed, for nobody knows how far it came; the plan that destroys it finds nothing."""
    talk.terraform.fail_at(1, "internal")
    talk.terraform.undo_ends = [Undone(left=("a.b",))]
    await talk.say(ASK, "yes")
    assert await talk.status() == "attention"
    events = await talk.say("destroy dbw-fern-dev")
    assert [event.text for event in events if isinstance(event, Message)] == [
        "dbw-fern-dev has nothing left to delete; I have taken it off the list."
    ]
    assert await talk.status() == "rolled_back"
    assert "took off the list" in await talk.audit()


async def test_a_stop_ends_in_an_undoing_and_says_so(talk: Talk) -> None:
    talk.terraform.stuck = asyncio.Event()
    await talk.say(ASK)
    await talk.say("yes", until_settled=False)
    while not talk.terraform.applied:
        await asyncio.sleep(0.01)
    events = await talk.say("stop")
    kind, text = error_in(events)
    assert (kind, result_in(events).status) == ("cancelled", "rolled_back")
    assert text.startswith("It was stopped on request. What had been created until then was removed again (6 ")
    assert "asked to stop" in await talk.audit()
