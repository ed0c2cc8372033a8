"""Which price lists a turn reads before it answers: those that it may tell a price of, and no other."""

import pytest

from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation, Offer
from agent.events import Button
from agent.turn.lists_wanted import lists_wanted
from plugins.domain.platform_settings import Defaults
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Statement, Understanding
from plugins.parse.batch import batch_of

USUAL = Defaults()
SWEDEN = InfrastructureRequest(region="swedencentral")
NOTHING = Conversation(id="cnv")
IN_SWEDEN = NOTHING.with_(drafts=(Draft(request=SWEDEN),))


def said(act: Act, *requests: InfrastructureRequest, topic: tuple[str, ...] = ()) -> Understanding:
    return Understanding(act, tuple(map(Statement, requests)), topic=topic)


def test_a_request_needs_its_own_region_and_currency() -> None:
    request = InfrastructureRequest(region="westeurope", currency="EUR")
    assert lists_wanted(said("provision", request), NOTHING, USUAL) == {("westeurope", "EUR")}


def test_what_names_no_region_is_of_the_usual_one() -> None:
    assert lists_wanted(said("provision", InfrastructureRequest(team="ml")), NOTHING, USUAL) == {("eastus", "USD")}
    assert lists_wanted(said("cost"), NOTHING, USUAL) == {("eastus", "USD")}


def test_without_a_usual_region_nothing_is_guessed() -> None:
    assert lists_wanted(said("provision", InfrastructureRequest(team="ml")), NOTHING, Defaults(region="")) == set()


def test_what_is_in_hand_and_what_it_is_compared_with_are_both_needed() -> None:
    assert lists_wanted(said("compare", topic=("uksouth", "spot")), IN_SWEDEN, USUAL) == {
        ("swedencentral", "USD"),
        ("uksouth", "USD"),
    }


def test_a_list_of_workspaces_needs_every_region_of_it() -> None:
    batch = batch_of("team,environment,workload,region\nml,dev,etl,westeurope\nbi,dev,sql,uksouth")
    assert batch is not None
    assert lists_wanted(batch, IN_SWEDEN, USUAL) == {("westeurope", "USD"), ("uksouth", "USD")}


def test_an_offer_that_is_taken_needs_what_it_is_of() -> None:
    offer = Offer(label="2 workers", changes=InfrastructureRequest(max_workers=2))
    assert lists_wanted(offer, IN_SWEDEN, USUAL) == {("swedencentral", "USD")}


def test_a_change_of_what_is_in_hand_needs_that_regions_list_only() -> None:
    assert lists_wanted(said("amend", InfrastructureRequest(max_workers=3)), IN_SWEDEN, USUAL) == {
        ("swedencentral", "USD")
    }
    assert ("uksouth", "USD") in lists_wanted(said("cost", InfrastructureRequest(region="uksouth")), IN_SWEDEN, USUAL)


@pytest.mark.parametrize("act", ["status", "list", "destroy", "extend", "reject", "help", "reset"])
def test_what_tells_no_price_waits_for_no_list(act: Act) -> None:
    assert lists_wanted(said(act), IN_SWEDEN, USUAL) == set()


def test_a_yes_waits_for_no_list() -> None:
    yes = Button(action="confirm", plan_id="pln_1", digest="d", value=None)
    assert lists_wanted(yes, IN_SWEDEN, USUAL) == set()
