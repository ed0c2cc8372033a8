"""Drafts about what stands: what they do not name is kept, and what would make it anew is said to stay."""

from datetime import date

import pytest
from one_turn import MINT, NOW, OneTurn, text

from agent.dialogue.drafts import Draft
from agent.turn.deployed_drafts import (
    as_deployed,
    as_it_stands,
    as_it_stays,
    deployed_of,
    tell_what_stays,
    with_its_end,
)
from plugins.databricks.proposal import propose
from plugins.domain.deployment import Deployment

OLD = (
    "/subscriptions/0a1b2c3d-0000-4000-8000-000000000000/resourceGroups/rg-old/providers/Microsoft.Databricks"
    "/workspaces/dbw-old"
)
TODAY = NOW.date()


def taken_over(turn: OneTurn) -> Deployment:
    """dbw-mint-dev, which somebody else built into eastus and a public network."""
    mint = turn.deployed(MINT)
    as_found = mint.decision.model_copy(update={"managed_resource_group_name": ""})
    assert (as_found.region, as_found.network) == ("eastus", "public")
    return turn.deployed(MINT, decision=as_found)


def test_a_draft_that_changes_nothing_deployed_is_of_none(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    assert deployed_of(turn.context(), Draft(request=MINT, deployment_id="dep_stands")) is None
    assert deployed_of(turn.context(), Draft(request=MINT, deployment_id="dep_stands", changes=True)) == mint


def test_what_was_built_here_may_be_changed_in_anything(turn: OneTurn) -> None:
    turn.deployed(MINT)
    wanted = MINT.model_copy(update={"region": "westeurope"})
    draft = Draft(request=wanted, deployment_id="dep_stands", changes=True)
    assert as_it_stays(turn.context(), draft) == draft
    assert tell_what_stays(turn.context(), draft).events == ()


def test_what_was_taken_over_stays_in_its_region_and_network(turn: OneTurn) -> None:
    taken_over(turn)
    wanted = MINT.model_copy(update={"region": "westeurope", "network": "private_link", "max_workers": 3})
    draft = Draft(request=wanted, deployment_id="dep_stands", changes=True)
    stays = as_it_stays(turn.context(), draft).request
    assert (stays.region, stays.network, stays.max_workers) == ("eastus", "public", 3)
    assert text(tell_what_stays(turn.context(), draft)) == (
        "The region of dbw-mint-dev stays eastus: I have not built it, and another would mean to make it anew. For"
        " that, ask for a new workspace.\nThe network of dbw-mint-dev stays public: I have not built it, and another"
        " would mean to make it anew. For that, ask for a new workspace."
    )


def test_a_name_in_another_case_is_no_other_name(turn: OneTurn) -> None:
    draft = Draft(request=MINT.model_copy(update={"workspace_name": "DBW-Old"}), adopt=OLD)
    assert as_it_stays(turn.context(), draft).request.workspace_name == "dbw-old"
    assert tell_what_stays(turn.context(), draft).events == ()


def test_a_change_begins_from_the_request_without_its_days(turn: OneTurn) -> None:
    mint = turn.deployed(MINT.model_copy(update={"workspace_name": None, "expires_in_days": 10}))
    assert (as_deployed(mint).workspace_name, as_deployed(mint).expires_in_days) == ("dbw-mint-dev", None)


@pytest.mark.parametrize(
    ("expires_on", "said", "days"),
    [
        (None, None, None),
        (date(2026, 11, 30), None, 6),
        (date(2026, 11, 20), None, 0),
        (date(2026, 11, 30), 20, 20),
    ],
    ids=["no end", "its own end", "over already", "the end that is named"],
)
def test_the_end_is_decided_in_days_from_today(
    turn: OneTurn, expires_on: date | None, said: int | None, days: int | None
) -> None:
    """Today is 2026-11-24."""
    mint = turn.deployed(MINT, expires_on=expires_on)
    request = MINT.model_copy(update={"expires_in_days": said})
    assert with_its_end(request, mint, TODAY).expires_in_days == days


def test_a_change_keeps_the_groups_and_the_day_from_which_its_budget_counts(turn: OneTurn) -> None:
    mint = turn.deployed(MINT)
    before = mint.decision.model_copy(
        update={
            "budget_start": date(2026, 3, 1),
            "resource_group_name": "rg-before",
            "managed_resource_group_name": "rg-before-managed",
            "existing_resource_group": True,
        }
    )
    mint = turn.deployed(MINT, decision=before, expires_on=date(2026, 12, 24))
    draft = Draft(request=MINT, deployment_id="dep_stands", changes=True)
    context = turn.context()
    proposal = propose(MINT, context.settings.platform, identity="dep_stands", today=TODAY)
    kept = as_it_stands(context, draft, mint, proposal).decision
    assert kept == proposal.decision.model_copy(
        update={
            "budget_start": date(2026, 3, 1),
            "expires_on": date(2026, 12, 24),
            "resource_group_name": "rg-before",
            "managed_resource_group_name": "rg-before-managed",
            "existing_resource_group": True,
        }
    )


def test_a_change_that_names_an_end_moves_it(turn: OneTurn) -> None:
    mint = turn.deployed(MINT, expires_on=date(2026, 12, 24))
    request = MINT.model_copy(update={"expires_in_days": 2})
    draft = Draft(request=request, deployment_id="dep_stands", changes=True)
    context = turn.context()
    proposal = propose(request, context.settings.platform, identity="dep_stands", today=TODAY)
    assert as_it_stands(context, draft, mint, proposal).decision.expires_on == date(2026, 11, 26)


def test_a_workspace_that_is_taken_over_stays_in_its_own_groups(turn: OneTurn) -> None:
    context = turn.context()
    proposal = propose(MINT, context.settings.platform, identity="dep_1", today=TODAY)
    found = as_it_stands(context, Draft(request=MINT, adopt=OLD), None, proposal).decision
    assert (found.workspace_name, found.resource_group_name) == ("dbw-old", "rg-old")
    assert (found.existing_resource_group, found.managed_resource_group_name) == (True, "")


def test_a_new_workspace_is_as_it_was_proposed(turn: OneTurn) -> None:
    context = turn.context()
    proposal = propose(MINT, context.settings.platform, identity="dep_1", today=TODAY)
    assert as_it_stands(context, Draft(request=MINT), None, proposal) is proposal
