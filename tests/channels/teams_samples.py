"""What the shared room shows, one value of each kind, made of conversations that were recorded over the sandbox."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from agent.channels.messaging.port import (
    Asked,
    CardButton,
    Click,
    Decided,
    Digest,
    DigestLine,
    Link,
    Notice,
    Remark,
    RunLine,
    Said,
    Showing,
    ShownFile,
    ShownPlan,
    ShownProgress,
    ShownResult,
    ShownTable,
)
from agent.events import Choice, Event, PlanProposed, Question, SlotQuestion
from plugins.domain.plan import Alternative

RECORDED = Path(__file__).parents[1] / "browser" / "fixtures"
PAGE = Link("Open on the web page", "https://brickie.contoso.com/#cnv_1")
AUDIT = Link("Audit", "https://brickie.contoso.com/deployments/dep_1")
_EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


@cache
def recorded(conversation: str) -> tuple[Event, ...]:
    lines = (RECORDED / f"{conversation}.jsonl").read_text("utf-8").splitlines()
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return tuple(_EVENTS.validate_python(event) for event in events if event["type"] != "said")


def event_of(conversation: str, kind: str, number: int = 0) -> Any:
    return [event for event in recorded(conversation) if event.type == kind][number]


def buttons_of(plan: PlanProposed, *, for_approvers: bool = False) -> tuple[CardButton, ...]:
    """As the room makes them for whoever may decide."""
    named: dict[str, Any] = {"conversation": plan.conversation, "plan_id": plan.plan_id, "digest": plan.digest}
    confirm = CardButton(
        "Destroy" if plan.action == "destroy" else "Confirm", Click(verb="confirm", **named), "primary"
    )
    reject = CardButton("Reject", Click(verb="reject", **named), "danger")
    chips = [
        CardButton(
            f"{one.label}: {one.cost.expected:,.2f} {one.cost.currency}",
            Click(verb="choose", conversation=plan.conversation, slot="alternative", value=one.label),
        )
        for one in plan.alternatives
    ]
    more = (
        [
            CardButton("Ask for a change", Click(verb="change", **named)),
            CardButton("Hand over", Click(verb="hand_over", **named)),
        ]
        if for_approvers
        else []
    )
    return (confirm, reject, *more, *chips)


def shown(conversation: str, number: int = 0, **more: Any) -> ShownPlan:
    plan = event_of(conversation, "plan", number)
    settled: dict[str, Any] = {
        "asker": "Ana Ruiz",
        "for_approvers": False,
        "buttons": buttons_of(plan, for_approvers=bool(more.get("for_approvers"))),
        "page": PAGE,
    }
    return ShownPlan(plan=plan, **{**settled, **more})


def decided(status: Any, by: str | None, comment: str | None = None) -> Decided:
    return Decided(status, by, datetime(2026, 11, 30, 9, 12, tzinfo=UTC), "Microsoft Teams", comment, AUDIT)


def questions() -> Question:
    return event_of("deploy", "question")


def _with_alternatives() -> ShownPlan:
    plan = event_of("deploy", "plan")
    others = [("spot workers", event_of("money", "plan")), ("1 to 3 workers", event_of("life", "plan", 1))]
    alternatives = tuple(Alternative(label=label, decision=one.decision, cost=one.cost) for label, one in others)
    more = plan.model_copy(update={"alternatives": alternatives})
    return ShownPlan(more, "Ana Ruiz", for_approvers=False, buttons=buttons_of(more), page=PAGE)


def samples() -> dict[str, Showing]:
    stop = CardButton("Stop", Click(verb="stop", conversation="cnv_1", value="dbw-ml-dev"), "danger")
    show = CardButton("Show", Click(verb="show", conversation="cnv_1", plan_id="pln_1"))
    question = questions()
    one = question.model_copy(update={"questions": question.questions[1:2]})
    run = RunLine("dep_1", "dbw-ml-dev", "apply", "databricks_cluster.main is being created", 5, 9, 41.0)
    return {
        "words": Said(
            "To stay within the limit, **dbw-ml-dev** is planned leaner: <b>no tags</b> of theirs & no & more."
        ),
        "words_with_buttons": Said("Two plans wait for you.", (show,), (PAGE,)),
        "one_question": Asked(one),
        "several_questions": Asked(question),
        "question_without_choices": Asked(
            Question(conversation="cnv_1", turn=1, questions=(SlotQuestion(slot="team", text="Which team is it for?"),))
        ),
        "many_choices": Asked(
            Question(
                conversation="cnv_1",
                turn=1,
                questions=(
                    SlotQuestion(
                        slot="region",
                        text="Which region?",
                        choices=tuple(Choice(label=f"Region {n}", value=f"region{n}") for n in range(8)),
                    ),
                ),
            )
        ),
        "answered_questions": Asked(question, {one.slot: "ml" for one in question.questions}, closed=True),
        "plan": shown("deploy"),
        "plan_with_alternatives": _with_alternatives(),
        "plan_of_a_change": shown("life", 1),
        "plan_of_a_destroy": shown("life", 2),
        "plan_of_several": shown("several"),
        "plan_of_twenty": shown("batch"),
        "approval_request": shown(
            "production",
            for_approvers=True,
            asker="Rita Berg",
            may_decide=("object-ines",),
            candidates=(("object-ben", "Ben Ode"), ("object-kim", "Kim <i>Lee</i>")),
            reached="Asked: Ines Roth, Ben Ode.",
            remarks=(Remark("Ben Ode", "why four workers? [see](https://example.net) *this*"),),
        ),
        "approval_reminder": shown("production", for_approvers=True, lapse="reminder", asker="Rita Berg"),
        "approval_of_a_typed_destroy": shown("production", 1, for_approvers=True, asker="Rita Berg"),
        "somebody_is_deciding": shown("production", for_approvers=True, buttons=(), deciding="Ines Roth"),
        "approved": shown("production", buttons=(), decided=decided("approved", "Ines Roth", "go, but watch the cost")),
        "rejected": shown("deploy", buttons=(), decided=decided("rejected", "Ines Roth", "too dear")),
        "nobody_answered": shown(
            "deploy",
            buttons=(
                CardButton("Ask again", Click(verb="ask_again", conversation="cnv_1", plan_id="pln_1"), "primary"),
            ),
            decided=decided("expired", None),
        ),
        "progress": ShownProgress("cnv_1", "Creating dbw-ml-dev", (run,), 0, 0, 1, stop),
        "progress_of_many": ShownProgress(
            "cnv_1",
            "Creating 15 workspaces",
            tuple(
                RunLine(
                    f"dep_{n}", f"dbw-team-{n}-dev", "apply", "running", n, 9, 3.0 * n, "deployed" if n < 4 else None
                )
                for n in range(4, 15)
            ),
            5,
            1,
            30,
            stop,
        ),
        "succeeded": ShownResult(event_of("deploy", "result"), "dbw-ml-dev", "object-ana", (PAGE,)),
        "failed": ShownResult(event_of("failed", "result"), "dbw-ml-dev", "object-ana", (PAGE,)),
        "workspaces": ShownTable(event_of("life", "table", 1)),
        "history": ShownTable(event_of("life", "table")),
        "comparison": ShownTable(event_of("money", "table")),
        "bill": ShownTable(event_of("money", "table", 1)),
        "file": ShownFile(event_of("life", "file"), PAGE),
        "digest": Digest(
            "What waits for you today",
            (
                ("Waiting for your decision", (DigestLine("dbw-ledger-prod, about 1,204.00 USD a month", show),)),
                ("Ending soon", (DigestLine("dbw-poc-dev ends on 2026-12-02"),)),
            ),
        ),
        "refusal": Notice("This plan needs somebody with the role “approver” other than Rita Berg.", "refusal"),
        "private_list": Notice(
            "Two workspaces of yours: dbw-ml-dev, dbw-ml-staging.", share=Click(verb="share", value="ntc_1")
        ),
    }
