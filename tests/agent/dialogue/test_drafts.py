"""What a statement makes of a draft, and what is then still open."""

from agent.dialogue.drafts import (
    Draft,
    OpenSlot,
    amended,
    amended_all,
    continues,
    crossing,
    distinction,
    merged,
    new_drafts,
    open_slots,
)
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.domain.understanding import Doubt, Statement, Understanding

TERNS = InfrastructureRequest(team="terns", environment="dev", workload_type="analytics")
PROD = TERNS.model_copy(update={"environment": "prod"})
TWO_REGIONS = Doubt(slot="region", kind="several", said="eastus or westus", candidates=("eastus", "westus"))


def request(**fields: object) -> InfrastructureRequest:
    return InfrastructureRequest.model_validate(fields)


def test_slots_are_asked_once_in_the_order_in_which_people_are_asked() -> None:
    drafts = (Draft(request=request(workload_type="analytics")), Draft(request=request(environment="dev")))
    assert open_slots(drafts, "westeurope") == (
        OpenSlot("team"),
        OpenSlot("environment"),
        OpenSlot("workload_type"),
    )


def test_the_region_is_asked_where_the_settings_name_none() -> None:
    assert open_slots((Draft(request=TERNS),), "") == (OpenSlot("region"),)
    assert open_slots((Draft(request=TERNS),), "westeurope") == ()


def test_a_doubt_is_asked_with_the_words_that_raised_it() -> None:
    assert open_slots((Draft(request=TERNS, doubts=(TWO_REGIONS,)),), "westeurope") == (
        OpenSlot("region", TWO_REGIONS),
    )


def test_limits_that_cross_are_in_doubt() -> None:
    assert crossing(request(min_workers=8, max_workers=2)) == (
        Doubt(slot="min_workers", kind="crossing", said="at least 8, at most 2"),
    )
    assert crossing(request(min_workers=2, max_workers=8)) == ()
    assert crossing(request(min_workers=8)) == ()


def test_what_is_said_replaces_and_what_is_taken_back_is_gone() -> None:
    ground = request(team="terns", cost_limit=500, max_workers=4)
    after = merged(ground, Statement(request(max_workers=8), clear=("cost_limit",)))
    assert (after.team, after.max_workers, after.cost_limit) == ("terns", 8, None)


def test_a_guess_never_replaces_what_is_known() -> None:
    guess = Assumption(field="environment", value="prod", because="“live” suggests it")
    after = merged(TERNS, Statement(request(environment="prod", assumptions=(guess,))))
    assert (after.environment, after.assumptions) == ("dev", ())


def test_tags_and_further_requirements_come_on_top() -> None:
    ground = request(tags={"a": "1"}, additional_requirements="fast")
    after = merged(ground, Statement(request(tags={"b": "2"}, additional_requirements="quiet")))
    assert (after.tags, after.additional_requirements) == ({"a": "1", "b": "2"}, "fast; quiet")


def test_an_idle_time_said_anew_takes_the_place_of_the_one_before() -> None:
    ground = request(additional_requirements="Unity Catalog; autotermination 20 minutes")
    after = merged(ground, Statement(request(additional_requirements="the autotermination to 40 minutes")))
    assert after.additional_requirements == "Unity Catalog; the autotermination to 40 minutes"


def test_what_a_statement_settles_is_no_longer_in_doubt() -> None:
    doubted = Draft(request=TERNS, doubts=(TWO_REGIONS,))
    after = amended(doubted, Statement(request(region="eastus"), sources=(("region", "east us"),)), ())
    assert (after.request.region, after.doubts, after.sources) == ("eastus", (), (("region", "east us"),))


def test_what_a_statement_leaves_unclear_is_in_doubt_and_not_in_the_request() -> None:
    after = amended(Draft(request=request(region="westeurope")), Statement(request()), (TWO_REGIONS,))
    assert (after.request.region, after.doubts) == (None, (TWO_REGIONS,))


def test_one_end_of_a_range_settles_both() -> None:
    crossed = Doubt(slot="min_workers", kind="crossing", said="at least 8, at most 2")
    after = amended(Draft(request=TERNS, doubts=(crossed,)), Statement(request(max_workers=9)), ())
    assert after.doubts == ()


def test_several_statements_split_the_one_draft() -> None:
    understood = Understanding(
        "amend", statements=(Statement(request(environment="dev")), Statement(request(environment="prod")))
    )
    drafts = new_drafts((Draft(request=TERNS),), understood, "amend")
    assert [(draft.request.team, draft.request.environment) for draft in drafts] == [
        ("terns", "dev"),
        ("terns", "prod"),
    ]


def test_a_statement_is_told_to_the_draft_that_it_names() -> None:
    understood = Understanding("amend", statements=(Statement(request(max_workers=8), target=1),))
    drafts = amended_all((Draft(request=TERNS), Draft(request=PROD)), understood, "amend")
    assert [draft.request.max_workers for draft in drafts] == [None, 8]


def test_an_answer_goes_to_the_drafts_that_are_open_there() -> None:
    answered, half = TERNS.model_copy(update={"region": "eastus"}), PROD
    understood = Understanding("answer", statements=(Statement(request(region="westus")),))
    drafts = amended_all((Draft(request=answered), Draft(request=half)), understood, "answer")
    assert [draft.request.region for draft in drafts] == ["eastus", "westus"]


def test_a_message_that_only_adds_goes_on_with_the_request() -> None:
    drafts = (Draft(request=TERNS),)
    assert continues(drafts, (Statement(request(team="terns", max_workers=8)),))
    assert not continues(drafts, (Statement(request(team="gulls")),))


def test_whoever_changes_what_is_deployed_opens_nothing_beside_it() -> None:
    assert not continues((Draft(request=TERNS, changes=True),), (Statement(request(max_workers=8)),))


def test_several_drafts_are_called_by_what_differs() -> None:
    both = (Draft(request=TERNS), Draft(request=PROD))
    assert [distinction(draft, both) for draft in both] == ["dev", "prod"]
    alike = (both[0], both[0])
    assert distinction(alike[0], alike) == "one of them"


def test_of_a_planned_draft_that_is_split_one_goes_on_as_the_workspace_that_it_was() -> None:
    """Two plans under one id would be two workspaces over one Terraform state."""
    planned = Draft(request=InfrastructureRequest(team="fern", environment="dev"), deployment_id="dep_1")
    both = tuple(Statement(InfrastructureRequest(environment=name)) for name in ("dev", "staging"))
    split = new_drafts((planned,), Understanding("amend", both), "amend")
    assert [(draft.request.environment, draft.deployment_id) for draft in split] == [
        ("dev", "dep_1"),
        ("staging", None),
    ]
