"""What Slack shows, block by block; each card is one that Slack takes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_shown import AT, PAGE, asked_plan, decide_buttons, events, plan, refused, tables

from agent.channels.cards.slack import SlackCards
from agent.channels.cards.slack_blocks import blocks_of, characters
from agent.channels.cards.slack_text import escaped, literal
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
from agent.events import Choice, Error, File, Question, Result, SlotQuestion, Table
from plugins.domain.deployment import Failure

Compare = Callable[[str, object], None]

QUESTION = Question(
    conversation="cnv_1",
    turn=1,
    questions=(
        SlotQuestion(slot="team", text="Which team is it for?"),
        SlotQuestion(
            slot="environment",
            text="Which environment?",
            choices=(Choice(label="Development", value="dev"), Choice(label="Production", value="prod")),
        ),
    ),
)
STOP = CardButton("Stop", Click(verb="stop", conversation="cnv_1"), "danger")
LINES = (
    RunLine("dep_1", "dbw-ml-dev", "apply", "created", 12, 12, 61.2, ended="deployed"),
    RunLine("dep_2", "dbw-ml-prod", "apply", "creating the workspace", 4, 12, 30.9),
    RunLine("dep_3", "dbw-bi-dev", "apply", "", 0, 0, 0.0),
)


def one_question() -> Question:
    return QUESTION.model_copy(update={"questions": QUESTION.questions[1:]})


def approval(proposed_name: str = "production") -> ShownPlan:
    proposed = plan(proposed_name)
    bound = {"conversation": "cnv_1", "plan_id": proposed.plan_id}
    more = (
        CardButton("Ask for a change", Click.model_validate({"verb": "change", **bound})),
        CardButton("Hand over", Click.model_validate({"verb": "hand_over", **bound})),
    )
    return asked_plan(proposed, for_approvers=True, buttons=(*decide_buttons(proposed), *more))


SHOWN: dict[str, Callable[[], Showing]] = {
    "plan": lambda: asked_plan(plan("deploy")),
    "plan_several": lambda: asked_plan(plan("several")),
    "plan_batch": lambda: asked_plan(plan("batch")),
    "plan_approval": approval,
    "plan_reminded": lambda: replace(
        approval(), lapse="reminder", remarks=(Remark("Ines", "is *that* <!here> needed?"),), reached="Asked: Ines."
    ),
    "plan_deciding": lambda: asked_plan(plan("deploy"), deciding="Ines Ortega"),
    "plan_decided": lambda: asked_plan(
        plan("production"),
        decided=Decided("approved", "Ines Ortega", AT, "Teams", "fine, until March", Link("Audit", PAGE.url)),
    ),
    "plan_expired": lambda: asked_plan(plan("deploy"), decided=Decided("expired", None, AT, None, None, None)),
    "question": lambda: Asked(one_question()),
    "question_answered": lambda: Asked(one_question(), answered={"environment": "Development"}, closed=True),
    "questions": lambda: Asked(QUESTION),
    "progress": lambda: ShownProgress("cnv_1", "Building 3 workspaces", LINES, ended=1, failed=0, total=3, stop=STOP),
    "result": lambda: ShownResult(
        Result(conversation="cnv_1", turn=1, deployment_id="dep_1", status="succeeded", outputs={}, error=None),
        "dbw-ml-dev",
        "U0ANA",
        (Link("Open the workspace", "https://adb-1.azuredatabricks.net"),),
    ),
    "result_failed": lambda: ShownResult(
        Result(
            conversation="cnv_1",
            turn=1,
            deployment_id="dep_1",
            status="failed",
            outputs={},
            error=Failure(
                kind="quota", text="The quota of cores is used up.", remedy="Ask for more, then say “retry”."
            ),
        ),
        "dbw-ml-dev",
        "here",
    ),
    "table": lambda: ShownTable(tables("life")[0]),
    "file": lambda: ShownFile(
        File(conversation="cnv_1", turn=1, name="main.tf", media_type="text/plain", content="resource {}\n"), PAGE
    ),
    "digest": lambda: Digest(
        "What waits, ends or drifted",
        (("Waiting", (DigestLine("dbw-ml-prod, asked by Ana", CardButton("Look", Click(verb="show"))),)),),
    ),
    "notice": lambda: Notice("That plan was decided already.", "refusal", share=Click(verb="share", value="n1")),
    "error": lambda: Error(conversation="cnv_1", turn=1, code="records", text="Not kept. Try again.", retryable=True),
    "rated": lambda: Said("Here is how.", rating=Click(verb="rate", conversation="cnv_1", slot="3")),
    "said": lambda: Said(
        "**dbw-ml-dev** is ready.\n\n- **Ask**: “dev for ml”\n- `code` and\n\n```\nteam,env\n```\n1. one\n2. two"
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_card_reads_as_its_golden_file(name: str, golden_card: Compare) -> None:
    card = SlackCards().card(SHOWN[name]())
    assert refused(card) == []
    golden_card(name, card)


@pytest.mark.parametrize("fixture", ["batch", "deploy", "failed", "life", "money", "production", "several"])
def test_every_plan_that_was_ever_shown_is_one_that_slack_takes(fixture: str) -> None:
    for proposed in [event for event in events(fixture) if event.type == "plan"]:
        for shown in (asked_plan(proposed), asked_plan(proposed, for_approvers=True)):
            assert refused(SlackCards().card(shown)) == []


def test_a_plan_for_hundreds_stays_within_a_message() -> None:
    proposed = plan("batch")
    many = proposed.model_copy(update={"items": proposed.items * 200, "resources": proposed.resources * 200})
    card = SlackCards().card(asked_plan(many))
    assert refused(card) == []
    labels = [str(block) for block in blocks_of(card) if block["type"] == "actions"]
    assert any("workspaces" in label for label in labels)


def test_a_decided_plan_has_no_button_but_the_way_to_the_audit() -> None:
    blocks = cast("list[dict[str, Any]]", [*blocks_of(SlackCards().card(SHOWN["plan_decided"]()))])
    buttons = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    assert [one["url"] for one in buttons] == [PAGE.url]


def test_nobody_is_rung_for_but_the_person_who_asked() -> None:
    assert "<!here>" not in str(SlackCards().card(SHOWN["result_failed"]()))
    assert "<@U0ANA>" in str(SlackCards().card(SHOWN["result"]()))


WRITTEN = st.text(st.sampled_from("<>&!@#*_~`|:/ \n abcU0T—“”.()[]-"), max_size=400) | st.text(max_size=400)


@given(WRITTEN)
def test_nothing_that_somebody_wrote_mentions_links_or_formats(text: str) -> None:
    """In mrkdwn no `<` of theirs is left, and no mark stands at the edge of a word; elsewhere all is literal."""
    shown = literal(f"<!channel> {text}")
    assert "<" not in shown
    assert not set(shown) & set("*~`")
    assert "<" not in escaped(text)
    card = SlackCards().card(Said(f"{text} <!channel> <@U1>"))
    assert refused(card) == []
    rich = [block for block in blocks_of(card) if block["type"] == "rich_text"]
    kinds = str(rich)
    assert "'broadcast'" not in kinds
    assert "'link'" not in kinds
    assert "'user'" not in kinds
    assert "'emoji'" not in kinds


@given(st.lists(st.tuples(st.text(max_size=900), st.text(max_size=900)), max_size=150))
def test_any_table_is_one_that_slack_takes(rows: list[tuple[str, str]]) -> None:
    table = Table(conversation="c", turn=1, title="T", columns=("A", "B"), rows=tuple(rows))
    card = SlackCards().card(ShownTable(table))
    assert refused(card) == []
    assert characters(list(blocks_of(card))) <= 13_000
