"""Why an act is refused: whose it is, what is under way, and what no draft may make of what stands."""

import pytest
from one_turn import FERN, INES, MINT, NOT_YOURS, RITA, TOM, OneTurn, drafts, text

from agent.dialogue.drafts import Draft
from agent.turn.rights import why_barred, why_closed, why_not_theirs
from plugins.domain.deployment import DeploymentStatus
from plugins.domain.plan import Person

GUEST = Person(id="guest", name="Guest")
STANDS = (Draft(request=MINT, deployment_id="dep_stands", changes=True),)


def changed(**fields: object) -> tuple[Draft, ...]:
    return (Draft(request=MINT.model_copy(update=fields), deployment_id="dep_stands", changes=True),)


@pytest.mark.parametrize(("by", "may"), [(RITA, True), (INES, True), (TOM, False), (GUEST, False)])
def test_its_owner_and_approvers_act_upon_a_workspace(turn: OneTurn, by: Person, *, may: bool) -> None:
    refusal = why_not_theirs(turn.context(by=by), RITA, "dbw-mint-dev")
    assert (text(refusal) if refusal else None) == (None if may else NOT_YOURS)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("succeeded", None),
        ("attention", None),
        ("queued", "about to be deployed"),
        ("applying", "being deployed"),
        ("destroying", "being destroyed"),
        ("rolling_back", "rolling back"),
    ],
)
def test_nobody_acts_upon_what_is_being_worked_on(turn: OneTurn, status: DeploymentStatus, words: str | None) -> None:
    refusal = why_closed(turn.context(), turn.deployed(MINT, status=status))
    told = f"dbw-mint-dev is being worked on right now ({words}). Ask again when that has ended."
    assert (text(refusal) if refusal else None) == (words and told)


def test_whose_it_is_comes_before_what_becomes_of_it(turn: OneTurn) -> None:
    refusal = why_closed(turn.context(by=TOM), turn.deployed(MINT, status="applying"))
    assert refusal is not None
    assert text(refusal) == NOT_YOURS


@pytest.mark.parametrize(
    ("drafted", "words"),
    [
        (
            changed(environment="prod"),
            (
                "dbw-mint-dev is a dev workspace, and what stands keeps its environment: make it new in prod instead,"
                " and destroy this one once nobody needs it. I have changed nothing."
            ),
        ),
        (
            changed(workspace_name="dbw-other"),
            (
                "Azure cannot rename a workspace, so dbw-mint-dev keeps its name; nothing was changed. For another"
                " name, ask for a new workspace, move what you need, then say “destroy dbw-mint-dev”."
            ),
        ),
    ],
    ids=["another environment", "another name"],
)
def test_the_label_of_what_stands_is_not_changed(turn: OneTurn, drafted: tuple[Draft, ...], words: str) -> None:
    """Without drafts of before, it is drafted as it stands."""
    turn.deployed(MINT)
    refusal = why_barred(turn.context(drafts=drafted, asked=("region",)))
    assert refusal is not None
    assert text(refusal) == words
    assert (refusal.conversation.drafts, refusal.conversation.asked) == (STANDS, ())


def test_the_drafts_are_as_before_the_last_change(turn: OneTurn) -> None:
    turn.deployed(MINT)
    first, second = changed(max_workers=2), changed(max_workers=3)
    refusal = why_barred(turn.context(drafts=changed(environment="prod"), earlier=(first, second)))
    assert refusal is not None
    assert (refusal.conversation.drafts, refusal.conversation.earlier) == (second, (first,))


def test_what_is_beside_it_is_kept(turn: OneTurn) -> None:
    turn.deployed(MINT)
    refusal = why_barred(turn.context(drafts=(*drafts(FERN), *changed(environment="prod"))))
    assert refusal is not None
    assert refusal.conversation.drafts == (*drafts(FERN), *STANDS)


def test_another_size_or_no_name_at_all_is_no_other_label(turn: OneTurn) -> None:
    turn.deployed(MINT)
    assert why_barred(turn.context(drafts=changed(max_workers=3, workspace_name=None))) is None


def test_a_new_workspace_of_the_same_name_is_no_matter_of_rights(turn: OneTurn) -> None:
    turn.deployed(MINT)
    assert why_barred(turn.context(by=TOM, drafts=drafts(MINT.model_copy(update={"environment": "prod"})))) is None
