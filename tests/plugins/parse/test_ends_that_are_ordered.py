"""An end is moved at once and without a plan: only an order or a polite wish that stands by itself moves one."""

from datetime import date

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

CONTEXT = Context(today=date(2026, 11, 30), workspaces=("dbw-churn-dev",), spoken_of=1)
COMES_TO_NOTHING = frozenset({"unclear", "explain", "cost", "status", "history", "out_of_scope"})


def heard(text: str) -> Understanding:
    return understand(text, CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "it must not stay until 15 january",
        "it can't stay until 15 january",
        "can it not stay until 15 january?",
        "can it not stay until 15 january",
        "can the contractor stay until 20 january?",
        "he said it stays until 23 january, is that so?",
        "it only lasts until 10 december, why?",
        "please check whether it stays until 10 december",
        "the freeze remains until 5 december",
        "the consultant stays until 5 december",
        "nothing stays until 5 december",
        "unless it stays until 15 january we lose the data",
        "the price stays until 15 january",
        "photon stays on until 15 january",
        "you said it stays until 15 january",
        "nobody said dbw-churn-dev stays until 15 january",
        "it stays until friday, right?",
        "i don't want it to stay until 15 january",
    ],
)
def test_what_is_told_denied_or_asked_of_a_stay_moves_no_end(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "don't give it another week",
        "another week is not needed",
        "another week gone and still nothing",
        "another week later it broke",
        "another month costs what?",
        "another month of this and we go broke",
        "give me another week to decide",
        "not another week",
        "can it wait another week?",
        "i need another day to think about it",
        "it took another week",
        "the project needs another week",
        "we needn't keep it another week",
        "there's no reason to keep it another week",
    ],
)
def test_time_that_is_not_given_to_a_workspace_moves_no_end(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "no need to extend dbw-churn-dev by a week",
        "i'm not asking to extend dbw-churn-dev by a week",
        "nobody wants to extend dbw-churn-dev by a week",
        "i don't think we should extend dbw-churn-dev by a week",
        "i don't think, honestly, we should extend dbw-churn-dev by a week",
        "my boss said we should extend dbw-churn-dev by a week",
        "to extend it by a week is not necessary",
        "extend it by a week if the audit fails",
        "if the audit fails, extend it by a week",
        "extend my contract by a week",
        "keep the lights on until friday",
        "he said it expires on friday",
        "the contract expires on friday",
        "it must not end on friday",
        "he said it should never expire",
        "we were going to delete it on friday",
    ],
)
def test_an_extension_or_an_end_that_nobody_orders_is_none(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("can it stay until 15 January?", 46),
        ("could we keep dbw-churn-dev until 15 December? The audit isn't finished.", 15),
        ("it should stay until 15 january", 46),
        ("dbw-churn-dev can stay until march 31, please", 121),
        ("make sure it stays until friday", 4),
        ("let it stay until friday", 4),
        ("keep it until friday", 4),
        ("extend everything by a week", 7),
        ("give it another week", 7),
        ("another week please", 7),
        ("another week for dbw-churn-dev please", 7),
        ("can we have it another week?", 7),
        ("we need it for another month", 30),
        ("it needs 10 more days", 10),
        ("10 more days please", 10),
        ("don't forget to extend it by a week", 7),
        ("why don't we extend it by a week?", 7),
        ("can't we keep it another week?", 7),
        ("could you extend it by a week if possible?", 7),
        ("no, extend it by a week", 7),
        ("the audit isn't finished, extend it by a week", 7),
        ("the release isn't finished and we need it another week", 7),
        ("i don't think we will finish in time, please extend it by a week", 7),
        ("extend it by a week because the release is not finished", 7),
        ("it should end on friday", 4),
        ("delete it on friday", 4),
    ],
)
def test_an_order_and_a_polite_wish_move_the_end(text: str, days: int) -> None:
    understood = heard(text)
    assert (understood.act, [request.expires_in_days for request in understood.requests]) == ("extend", [days])


@pytest.mark.parametrize(
    "text",
    [
        "don't you dare delete dbw-churn-dev",
        "i didn't tell you to delete dbw-churn-dev",
        "we aren't planning to delete dbw-churn-dev",
        "it isn't necessary to delete dbw-churn-dev",
        "nobody asked you to delete dbw-churn-dev",
    ],
)
def test_a_destroy_that_is_denied_destroys_nothing(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "please delete dbw-churn-dev",
        "i want you to delete dbw-churn-dev",
        "we don't use it, delete dbw-churn-dev",
        "it isn't used so please delete dbw-churn-dev",
        "don't hesitate to delete dbw-churn-dev",
        "dbw-churn-dev is no longer needed",
    ],
)
def test_a_destroy_that_is_ordered_destroys(text: str) -> None:
    assert heard(text).act == "destroy"


@pytest.mark.parametrize(
    "text",
    [
        "bob will extend it by a week",
        "bob wants to keep it until friday",
        "marketing wants to keep it until friday",
        "security says keep it until friday",
        "bob asked me to extend it by a week",
        "can bob extend it by a week?",
        "can anyone extend it by a week?",
        "bob needs it until friday",
        "bob keeps it until friday",
        "bob and alice will extend dbw-churn-dev by a week",
        "maybe bob can extend it by a week",
        "it expires on friday",
        "it will be deleted on friday",
        "it will stay until friday",
        "ok so it stays until friday",
        "glad that it stays until friday",
        "it never expires",
        "it does not expire",
        "it doesn't expire",
        "it has no expiry",
        "it has no end date",
        "dbw-churn-dev never expires",
        "dbw-churn-dev has no expiry",
        "we might extend it by a week",
        "maybe we extend it by a week",
        "perhaps extend it by a week",
        "possibly extend it by a week",
        "we will probably extend it by a week",
        "we may need it until friday",
        "we could need it until friday",
        "we might need it for another week",
        "i tried to extend it by a week",
        "i forgot to extend it by a week",
        "i wanted to extend it by a week",
        "i meant to extend it by a week",
        "i promised to extend it by a week",
        "we planned to extend it by a week",
        "we plan to extend it by a week",
        "we agreed to extend it by a week",
        "we intend to extend it by a week",
        "we are considering to extend it by a week",
        "we're considering extending it by a week",
        "extend it by a week was rejected",
        "the request to extend it by a week was rejected",
        "my request to extend dbw-churn-dev by a week was rejected",
        "extend it by a week? no thanks",
        "keep it until friday? no",
        "keep it until friday? not sure",
        "keep it until friday? hmm",
        "keep it until friday? why?",
        "extend it by a week? never",
        "extend it by a week, but not yet",
        "extend it by a week, but ask me first",
        "extend it by a week, just kidding",
        "extend it by a week. just kidding",
        "extend it by a week or not",
        "extend it by a week or not?",
        "extend it by a week, undecided",
        "extend it by a week - i'm undecided",
        "extend it by a week or by two weeks",
        "extend it by one week or two weeks",
        "extend dbw-churn-dev by a week or two weeks",
        "wait until friday before you delete it",
        "please don't just extend it by a week",
        "legal wants it deleted on friday",
        "bob told me it should stay until friday",
        "finance decided to keep it until friday",
        "the auditors asked for another week",
        "i'll ask bob to extend it by a week",
        "bob might extend dbw-churn-dev by a week",
        "jenny: can you extend it by a week?? no wait",
        "before we extend it by a week ask bob",
        "i am going to extend it by a week tomorrow maybe",
        "i am thinking about extending it by a week",
        "extend it by a week? hmm, let me think",
        "extend it by a week? i don't know",
        "extend it by a week... or maybe not",
        "it's set to expire on friday",
        "dbw-churn-dev is going to expire on friday",
        "dbw-churn-dev is due to expire on friday",
        "it used to stay until friday",
        "it will end on friday",
        "it'll stay until friday",
        "it will expire on friday",
        "dbw-churn-dev will expire on friday",
        "it won't expire",
        "it will never expire",
        "currently it has no expiry",
        "there is no expiry",
        "there's no end date",
        "we have no end date",
        "as far as i know it never expires",
        "bob makes it permanent",
        "bob removed the end date",
        "bob will remove the end date",
        "can bob remove the end date?",
        "remove the end date? no",
        "remove the end date, but not yet",
        "maybe remove the end date",
        "bob's team will extend it by a week",
        "the security folks want to keep it until friday",
        "my manager would like us to keep it until friday",
        "legal would like to keep it until friday",
        "someone should extend it by a week",
        "ops can extend it by a week",
        "does bob extend it by a week",
        "alice is going to extend it by a week",
        "alice, who wants to keep it until friday, is ill",
        "ask bob to extend it by a week",
        "tell marketing to keep it until friday",
        "bob needs another week",
        "bob gave it another week",
        "marketing gives it another week",
        "marketing needs it another week",
        "bob would like it to stay until friday",
        "marketing wants it to expire on friday",
        "marketing wants no expiry",
        "security wants no end date",
        "bob says no expiry",
        "bob said never expire",
        "marketing wants to delete it on friday",
        "it still needs until friday to finish",
        "i hope it stays until friday",
        "hopefully it stays until friday",
        "happy that it stays until friday",
        "good that it never expires",
        "nice, it has no end date",
        "since it never expires we are fine",
        "extend it by a week? nah",
        "extend it by a week? absolutely not",
        "extend it by a week? please don't",
        "extend it by a week, no wait",
        "extend it by a week - no, forget it",
        "extend it by a week? no, leave it",
        "extend it by a week? hmm no",
        "extend it by a week? i'd rather not",
        "extend it by a week, nope",
        "extend it by 1 week or 2",
        "extend it by one or two weeks",
        "keep it until friday or monday",
        "keep it until friday or until monday",
        "extend it by a week / two weeks",
        "the ticket says extend it by a week",
        "jira says: extend it by a week",
        '"extend it by a week" is what bob wrote',
    ],
)
def test_an_end_that_others_move_or_that_is_told_doubted_or_taken_back_stays(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "delete dbw-churn-dev? no",
        "delete dbw-churn-dev? never",
        "delete dbw-churn-dev, but not yet",
        "delete dbw-churn-dev. not yet",
        "delete dbw-churn-dev? not yet",
        "delete dbw-churn-dev, just kidding",
        "delete dbw-churn-dev. just kidding",
        "bob wants to delete dbw-churn-dev",
        "he told me to delete dbw-churn-dev",
        "my boss wants to delete dbw-churn-dev",
        "i tried to delete dbw-churn-dev",
        "i thought about deleting dbw-churn-dev",
        "maybe we should delete dbw-churn-dev",
        "deleting dbw-churn-dev makes no sense",
        "it would be a mistake to delete dbw-churn-dev",
        "please don't, under any circumstances, delete dbw-churn-dev",
        "you can't just go and delete dbw-churn-dev",
        "delete dbw-churn-dev if nobody needs it",
        "delete dbw-churn-dev or not",
        "bob will delete dbw-churn-dev",
        "security says delete dbw-churn-dev",
        "we might delete dbw-churn-dev",
        "we plan to delete dbw-churn-dev",
        "can bob delete dbw-churn-dev?",
        "deleting dbw-churn-dev would be a mistake",
        "i almost deleted dbw-churn-dev",
        "i was about to delete dbw-churn-dev",
        "delete dbw-churn-dev, bob said",
        "delete dbw-churn-dev? hmm",
        "delete dbw-churn-dev? why?",
        "delete dbw-churn-dev, but ask me first",
        "delete dbw-churn-dev unless bob needs it",
        "delete dbw-churn-dev when bob is done",
        "did you delete dbw-churn-dev",
        "never delete dbw-churn-dev",
        "nobody should delete dbw-churn-dev",
        "who can delete dbw-churn-dev?",
        "wait until friday before you delete dbw-churn-dev",
        "don't delete dbw-churn-dev before friday without asking",
        "security wants dbw-churn-dev deleted",
        "can marketing delete dbw-churn-dev",
        "dbw-churn-dev is being deleted by bob",
        "dbw-churn-dev was deleted",
        "i dreamt of deleting dbw-churn-dev",
        "imagine deleting dbw-churn-dev",
        "deleting dbw-churn-dev is risky",
        "deleting dbw-churn-dev takes how long",
        "we decided against deleting dbw-churn-dev",
        "delete the dashboards in dbw-churn-dev",
        "delete bob's notebooks in dbw-churn-dev",
        "delete alice from dbw-churn-dev",
        "delete the secrets in dbw-churn-dev",
        "remove the library pandas from dbw-churn-dev",
        "delete dbw-churn-dev's cluster",
        "delete the dbw-churn-dev cluster",
        "delete dbw-churn-dev? no thanks",
        "delete dbw-churn-dev - no wait",
    ],
)
def test_a_destroy_that_is_doubted_reported_or_taken_back_destroys_nothing(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "delete the cluster in dbw-churn-dev",
        "delete the table churn in dbw-churn-dev",
        "delete my job in dbw-churn-dev",
        "delete the old notebooks in dbw-churn-dev",
        "drop the schema sales in dbw-churn-dev",
        "remove bob from dbw-churn-dev",
        "delete the cluster of dbw-churn-dev",
        "delete the files on dbw-churn-dev",
        "delete my cluster in dbw-churn-dev",
        "delete a notebook from dbw-churn-dev",
        "delete the tables inside dbw-churn-dev",
        "drop table churn in dbw-churn-dev",
        "remove the user alice from dbw-churn-dev",
        "delete old data in dbw-churn-dev",
        "clean up the tables in dbw-churn-dev",
    ],
)
def test_what_goes_inside_a_workspace_takes_no_workspace_away(text: str) -> None:
    assert heard(text).act in COMES_TO_NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "it should never expire",
        "it shall not expire",
        "it must not expire",
        "no expiry please",
        "remove the end date",
        "let it run without an end",
        "make it never expire",
    ],
)
def test_an_end_that_is_ordered_away_goes(text: str) -> None:
    understood = heard(text)
    assert (understood.act, [said.clear for said in understood.statements]) == ("extend", [("expires_in_days",)])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("dbw-churn-dev needs to stay until friday", 4),
        ("dbw-churn-dev should expire on friday", 4),
        ("it should be deleted on friday", 4),
        ("i want it to expire on friday", 4),
        ("postpone the deletion of dbw-churn-dev by a week", 7),
        ("push back the deletion of dbw-churn-dev by a week", 7),
        ("push the end date to friday", 4),
        ("push it to 15 january", 46),
        ("we still need dbw-churn-dev until the end of March", 121),
        ("extend it by a week", 7),
        ("please extend dbw-churn-dev by a week", 7),
        ("we'd like to keep it until friday", 4),
        ("i'd like to extend it by a week", 7),
        ("hi bob, please extend it by a week", 7),
        ("thanks bob, extend it by a week", 7),
        ("can you extend it by a week?", 7),
        ("could we extend dbw-churn-dev by two weeks?", 14),
        ("extend it by a week, thanks", 7),
        ("extend it by a week? thanks!", 7),
        ("extend it by a week, no rush", 7),
        ("extend it by a week or so", 7),
        ("extend it by a week, but no longer", 7),
        ("keep it until friday, not longer", 4),
        ("i think we should keep it until friday", 4),
        ("my thesis is late, keep it until friday", 4),
        ("sorry, bob is ill; could we have it another week?", 7),
        ("is it possible to extend it by a week?", 7),
        ("any chance to extend dbw-churn-dev by a week?", 7),
        ("would it be possible to keep it until friday?", 4),
        ("could we possibly extend it by a week?", 7),
        ("could you perhaps extend it by a week?", 7),
        ("hey there, would you be so kind to extend it by a week", 7),
        ("i wanted to ask if you could extend it by a week", 7),
        ("we still need it, extend it by a week", 7),
        ("as discussed with bob, please extend it by a week", 7),
        ("please let it expire on friday", 4),
        ("make sure it expires on friday", 4),
        ("it should expire on friday", 4),
        ("it must stay until friday", 4),
        ("it needs to be deleted on friday", 4),
        ("set the expiry to friday", 4),
        ("change the end date to 15 january", 46),
        ("move the expiry of dbw-churn-dev to friday", 4),
        ("i need you to extend it by a week", 7),
        ("we would appreciate it if you could extend it by a week", 7),
        ("for bob please extend it by a week", 7),
        ("ok, then extend it by a week", 7),
        ("yes extend it by a week", 7),
        ("extend it by a week, not sure we'll be done earlier", 7),
        ("delete dbw-churn-dev on friday", 4),
        ("postpone the end of it by a week", 7),
        ("delay the deletion of dbw-churn-dev by a week", 7),
        ("put off the deletion of dbw-churn-dev by a week", 7),
    ],
)
def test_orders_beside_others_words_still_move_the_end(text: str, days: int) -> None:
    understood = heard(text)
    assert (understood.act, [request.expires_in_days for request in understood.requests]) == ("extend", [days])


@pytest.mark.parametrize(
    "text",
    [
        "delete dbw-churn-dev",
        "delete the workspace dbw-churn-dev",
        "can you delete dbw-churn-dev?",
        "delete dbw-churn-dev, we no longer need it",
        "we don't need dbw-churn-dev any more, delete it",
        "we want to delete dbw-churn-dev",
        "i'd like to delete dbw-churn-dev",
        "delete dbw-churn-dev and everything in it",
        "yes, delete dbw-churn-dev please",
        "delete dbw-churn-dev, it's not used",
        "delete dbw-churn-dev, i'm sure",
        "remove dbw-churn-dev from the list of workspaces",
        "get rid of dbw-churn-dev",
        "go ahead and delete dbw-churn-dev",
        "delete the dev workspace of team churn",
        "delete dbw-churn-dev now, no need to ask",
    ],
)
def test_an_order_to_destroy_beside_other_words_destroys(text: str) -> None:
    assert heard(text).act == "destroy"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("our demo is on thursday, so keep it until friday", 4),
        ("dbw-churn-dev expires tomorrow, keep it until 10 january", 41),
        ("keep it until friday, the demo is on thursday", 4),
        ("the audit is on 3 december, so leave it running until 10 december", 10),
    ],
)
def test_the_day_that_it_shall_stay_until_stands_before_other_days(text: str, days: int) -> None:
    understood = heard(text)
    assert (understood.act, understood.requests[0].expires_in_days) == ("extend", days)


def test_who_asked_for_it_is_no_team_of_it() -> None:
    understood = heard("change dbw-churn-dev to 4 workers, bob asked for it")
    assert (understood.act, understood.requests[0].team) == ("amend", None)
