"""An order that is reserved, put off, mocked, asked back or of another thing moves no end; its plain sibling does."""

from datetime import date
from time import perf_counter

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

_IN_SIGHT = Context(today=date(2026, 11, 30), workspaces=("dbw-churn-dev",), spoken_of=1)
_STANDS = Context(today=date(2026, 11, 30), workspaces=("dbw-churn-dev",))
_WRITES = frozenset({"extend", "destroy", "amend", "provision"})


def _heard(text: str) -> Understanding:
    return understand(text, _IN_SIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "extend it by a week subject to approval",
        "extend it by a week pending bob's approval",
        "extend it by a week only with bob's ok",
        "extend it by a week after bob approves",
        "extend it by a week depending on the audit",
        "extend it by a week as long as it's free",
        "extend it by a week so long as it costs nothing",
        "extend it by a week given that bob agrees",
        "subject to approval, extend it by a week",
        "pending approval please extend it by a week",
        "depending on the audit, extend it by a week",
        "in the event that the audit slips, extend it by a week",
    ],
)
def test_what_is_bound_to_a_reservation_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "ask bob first, then extend it by a week",
        "wait for my ok, then extend it by a week",
        "show me the cost first, then extend it by a week",
        "extend it by a week later",
        "extend it by a week tomorrow",
        "extend it by a week every monday",
        "next monday, extend it by a week",
    ],
)
def test_what_comes_after_something_else_or_on_another_day_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "over my dead body will we extend it by a week",
        "like hell we extend it by a week",
        "god forbid we extend it by a week",
        "the last thing we want is to extend it by a week",
        "the last thing i need is to keep it until friday",
        "too bad we have to extend it by a week",
        "extend it by a week? over my dead body",
        "extend it by a week? dream on",
        "extend it by a week? you wish",
        "extend it by a week? as if",
        "extend it by a week? yeah right",
        "extend it by a week? thoughts?",
        "extend it by a week? what do you think",
        "thanks for another week",
        "great that you could extend it by a week",
    ],
)
def test_an_idiom_of_denial_or_thanks_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "keep it until friday, y/n?",
        "keep it until friday, thoughts?",
        "extend it by a week, at what price?",
        "extend it by a week, would that cost much",
        "extend it by a week and what happens",
        "extend it by a week and we're broke",
    ],
)
def test_what_is_asked_or_threatened_behind_it_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "i can extend it by a week",
        "i could extend it by a week",
        "we can extend it by a week",
        "we could extend it by a week",
        "you can extend it by a week",
        "one could extend it by a week",
        "can one extend it by a week?",
        "am i allowed to extend it by a week?",
        "we extend it by a week every month",
        "we have to extend it by a week every time",
    ],
)
def test_what_one_can_or_does_by_habit_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "so it must stay until friday",
        "it must stay until friday then",
        "it has to stay until friday, does it",
        "hm, it should expire on friday",
        "it should expire on friday, odd",
        "it should expire on friday by default",
        "it needs to stay until friday says legal",
        "it can stay until friday for all i care",
        "dbw-churn-dev expires in 30 days according to the portal",
        "dbw-churn-dev expires in 30 days, is that right",
        "dbw-churn-dev expires in 30 days. good.",
        "dbw-churn-dev expires in 4 days and nobody told me",
        "dbw-churn-dev expires in 4 days!!",
    ],
)
def test_what_is_concluded_or_told_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "keep it off until friday",
        "keep it stopped until friday",
        "keep it paused until friday",
        "keep it frozen until friday",
        "keep it locked until friday",
        "keep it read-only until friday",
        "keep it short until friday",
        "keep it quiet until friday",
        "keep it simple until friday",
        "keep it small until friday",
        "keep it down until friday",
        "keep it up until friday",
        "keep it between us until friday",
        "keep it at 4 workers until friday",
        "keep that in mind until friday",
        "keep calm until friday",
        "keep up the good work until friday",
        "leave it off until friday",
        "leave it alone until friday",
        "leave it as is until friday",
        "leave it with me until friday",
        "leave it to me until friday",
        "leave this to bob until friday",
        "let's leave it until monday",
        "leave it until friday, i'm busy",
        "we can leave that until monday",
        "push that to next week",
    ],
)
def test_what_is_kept_in_another_sense_or_put_off_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "add two days to the sprint",
        "let's give it another week and see",
        "give it another week and it'll break",
        "give it two more days to settle",
        "only two more days",
        "just 3 more days!",
        "3 more days...",
        "until friday then!",
        "until next week!",
    ],
)
def test_time_of_something_else_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "keep it until friday, we have a demo",
        "keep it until friday because bob needs it",
        "please extend it by a week, the demo is on thursday",
        "extend it by a week so we can finish the tests",
        "extend it by a week. how much would that be?",
        "it expires tomorrow, please extend it by a week",
        "it ends tomorrow, extend it by two weeks",
        "extend it until next friday",
        "extend it to next friday",
        "extend it until the end of next week",
        "extend it until tomorrow",
        "extend it by one week until next monday",
        "extend it by a week for now",
        "just extend it by a week",
        "great, extend it by a week",
        "good, then extend it by a week",
        "ok then keep it until friday",
        "thanks! extend it by a week please",
        "thank you for the help. extend it by a week",
        "thanks for the heads-up! please keep it until friday",
        "thanks for letting me know, please extend it by a week",
        "we still need it, please keep it until friday",
        "we need it another week",
        "we need it for two more weeks",
        "it should live until friday",
        "please keep it alive until friday",
        "please keep it around for another week",
        "keep it for another week",
        "keep the workspace until friday",
        "keep our dev workspace until friday",
        "keep dbw-churn-dev running until friday",
        "keep dbw-churn-dev up until friday",
        "keep everything until friday",
        "keep it two more weeks",
        "leave it running for another week",
        "could we keep it until friday please, the audit isn't done",
        "may i keep it until friday?",
        "can i keep it until friday?",
        "can i have it for another week?",
        "could you give it another week?",
        "would you extend it by a week, please?",
        "i'd like to keep it until friday",
        "i want it to stay until friday",
        "make it stay until friday",
        "let it live until friday",
        "set the end date to friday",
        "change the expiry to 15 january",
        "move the end to 15 january",
        "push the end date to friday",
        "push it to 15 january",
        "postpone it by a week",
        "another week please!",
        "another week, please",
        "one more week please",
        "two more weeks, thanks",
        "hi brickie, two more weeks please",
        "only two more weeks please",
        "until friday please",
        "until friday",
        "until 15 january please",
        "extend it by a week, it's for the auditors",
        "extend it by a week with no change to the budget",
        "extend it by a week and keep the budget",
        "add 7 days to it",
        "add two weeks to the end date",
        "give it another week to be safe",
        "give it two more weeks to finish the audit",
        "give dbw-churn-dev 10 more days",
        "remove the end date",
        "no expiry please",
        "make it never expire",
        "let it run without an end",
        "it should expire on friday",
        "let it expire on friday",
        "dbw-churn-dev expires in 30 days",
        "dbw-churn-dev expires on friday please",
        "as agreed, extend it by a week",
        "hi, bob from finance asked for this. extend it by a week",
        "please extend it, as long as possible: 30 days",
        "next week is the audit, so keep it until friday",
        "we go live next monday, keep it until then",
        "since tomorrow is the deadline, extend it by a week",
        "first of all, extend it by a week please",
        "extend it by a week first",
        "could we extend it by a week after all?",
        "extend it for the whole team by a week",
        "we want to extend it by 3 days",
        "we have to extend it by a week",
        "so extend it by a week",
        "so please keep it until friday",
        "the audit isn't done, so it must stay until friday",
        "it has to stay until friday, the audit isn't done",
        "it needs to stay until friday",
        "it needs another week",
        "extend dbw-churn-dev by a week; bob knows",
        "i talked to bob and he is fine with it, extend it by a week",
        "please extend it by a week and let me know",
        "extend it by a week, would you?",
        "extend it by a week, ok?",
        "extend it by a week, can you?",
        "keep it until friday, would that be possible?",
        "keep it until friday, is that possible?",
        "extend it by a week, if possible",
        "extend it by 7 days, cost center stays",
        "my wish: extend it by a week",
        "- extend it by a week",
        "1. extend it by a week",
        "extend: dbw-churn-dev by a week",
        "extend dbw-churn-dev: 1 week",
        "extend by: 7 days, workspace: dbw-churn-dev",
        "here is my request: extend it by a week",
        "decision: keep it until friday",
        "we decided: keep it until friday",
        "answer: keep it until friday",
        "reason: audit. please extend it by a week",
        "it's me again: extend it by a week",
    ],
)
def test_an_order_beside_reasons_days_and_thanks_is_one(text: str) -> None:
    assert _heard(text).act == "extend"


@pytest.mark.parametrize("text", ["bump the expiry by a week", "bump it by a week", "bump dbw-churn-dev by a week"])
def test_an_end_is_bumped(text: str) -> None:
    understood = _heard(text)
    assert (understood.act, understood.requests[0].expires_in_days) == ("extend", 7)


@pytest.mark.parametrize(
    "text",
    [
        "bitte nicht extenden: dbw-churn-dev by a week",
        "Bob quiere mantener dbw-churn-dev hasta el viernes",
        "Bob veut garder dbw-churn-dev jusqu'à vendredi",
        "extend it by a week and i'll kill you",
        "photon is no longer needed on dbw-churn-dev",
        "the gpu in dbw-churn-dev is no longer needed",
    ],
)
def test_another_language_a_threat_and_what_is_no_longer_needed_change_nothing(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "4 workers, no thanks",
        "4 workers no thank you",
        "4 workers, no!",
        "no, 4 workers no",
        "please no, 4 workers",
        "photon. no.",
        "> 4 workers",
        '"4 workers"',
        "owner: jane@contoso.com\nstatus: closed",
        "its budget is 400 USD",
        "limit is 400 USD a month now",
        "actually the owner is jane@contoso.com",
        "no workers",
        "4 workers :(",
        "fwd: 4 workers",
        "bob: 4 workers",
        "[10:32] bob: 4 workers",
    ],
)
def test_a_bare_wish_that_is_refused_or_told_changes_nothing(text: str) -> None:
    assert understand(text, _STANDS).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "no, 4 workers",
        "no, 4 workers please",
        "6 workers, no photon",
        "brickie: 4 workers",
        "the owner is jane@contoso.com",
    ],
)
def test_a_correction_and_what_is_to_be_off_are_bare_wishes(text: str) -> None:
    assert understand(text, _STANDS).act == "amend"


@pytest.mark.parametrize(
    "words",
    [
        "extend it with bob's ",
        "keep it up ",
        "then first ",
        "add 2 days to the ",
        "next monday, ",
        "another week and it ",
        "4 workers no ",
    ],
)
def test_reading_these_words_takes_time_linear_in_the_length(words: str) -> None:
    def taken(characters: int) -> float:
        begun = perf_counter()
        _heard(words * (characters // len(words)))
        return perf_counter() - begun

    assert taken(8_000) < 20 * max(taken(2_000), 0.05)


@pytest.mark.parametrize(
    "text",
    [
        "could we hang on to it until the end of january?",
        "one more week, pretty please",
        "would you mind keeping it around until friday?",
        "would you mind extending it by a week?",
        "If it's not a bother, keep it till friday",
        "i'd be grateful if you'd extend it by a week",
        "let's push it out another week",
        "push it back by a week",
        "stretch it to friday",
    ],
)
def test_a_polite_wish_in_other_words_moves_an_end(text: str) -> None:
    assert _heard(text).act == "extend"


@pytest.mark.parametrize(
    "text",
    [
        "bob - extend it by a week",
        "#4411 extend it by a week",
        "bob | 10:32\nextend it by a week",
        "extend it by a week (bob, yesterday)",
        "extend it by a week, bob has to agree first",
        "extend it by a week in january",
        "extend it by a week at some point",
        "i'll extend it by a week",
        "we extend it by a week",
        "extend it by a week lol",
        "until friday i'm out",
        "until friday it is",
        "extend photon by a week",
        "no end in sight",
        "it would never expire",
        "if it's not extended, keep it in mind until friday",
    ],
)
def test_what_another_says_or_somebody_does_some_day_moves_no_end(text: str) -> None:
    assert _heard(text).act not in _WRITES


@pytest.mark.parametrize(
    "text",
    [
        "4 workers should do",
        "4 workers will do",
        "4 workers'd be plenty",
        "if possible 4 workers",
        "4 workers if that's ok",
        "i could use 4 workers",
        "a cap of 400 usd per month would be great",
    ],
)
def test_what_would_do_is_wished(text: str) -> None:
    assert understand(text, _STANDS).act == "amend"
