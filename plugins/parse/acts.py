"""What a message does, from what it says, what was read of it and what is open.

The order is the rule: what nothing else can be meant by comes first (a reset, a greeting), then what is asked of a
workspace by its name, then what nobody here does, then acts upon workspaces that are not named, then questions, and a
request for a workspace last; what nothing claims is unclear. Each step sees only what the earlier ones left.
"""

import re

from plugins.domain.understanding import Act, Context
from plugins.parse import phrases, scope, topics
from plugins.parse.asking_price import asks_cost, besides, sentence_of
from plugins.parse.bare_wishes import states_alone
from plugins.parse.described import priced_as_described
from plugins.parse.evidence import MOST, SEVERAL, Evidence, is_open, is_request, starts_request
from plugins.parse.fields import people
from plugins.parse.of_the_talk import asked_of_the_talk
from plugins.parse.resets import forgets_a_part, resets
from plugins.parse.scaling import scaled, supposed
from plugins.parse.text import sentences_of
from plugins.parse.upon import (
    acted_upon,
    asks_status,
    change_by_kind,
    is_of_an_end,
    is_of_pause,
    is_unordered_end,
    of_many,
    supposes_an_end,
    upon,
    wonders,
)


def act_of(text: str, evidence: Evidence, context: Context) -> Act:
    """The act of this readable text."""
    stripped = text.strip()
    if not re.search(r"\w", stripped):
        return "unclear"
    evidence = evidence.moved(len(text) - len(text.lstrip()))
    # Each sees only what the earlier ones left; see the module.
    for rule in (
        _plain,
        of_many,
        change_by_kind,
        _named_outright,
        _scope,
        upon,
        _question,
        _question_of_one,
        _question_of_what_is_open,
    ):
        act = rule(stripped, evidence, context)
        if act is not None:
            return act
    return _request(stripped, evidence, context)


def wants_undo(text: str) -> bool:
    return phrases.says("undo", text)


def is_additional(text: str) -> bool:
    return phrases.says("additional", text)


def speaks_of_plan(text: str) -> bool:
    return phrases.says("plan", text)


def shaped_names(text: str) -> tuple[str, ...]:
    """Names in the text that look like a workspace's."""
    return tuple(dict.fromkeys(match[1] for match in people.SHAPED.finditer(text)))


def asks_for_one(text: str, evidence: Evidence) -> bool:
    """True when a workspace is asked for that is to be made."""
    states_limit = evidence.facts >= SEVERAL and "cost_limit" in evidence.fields and "?" not in text
    return evidence.facts >= MOST or starts_request(text) or (states_limit and not phrases.says("many", text))


def is_off(text: str, evidence: Evidence) -> bool:
    """True when what could be an answer is plainly off the topic: another service, a question, small talk. "Jira" may
    be a team's name; "can you open a jira ticket?" is not.
    """
    if "?" in text or scope.is_small_talk(text):
        return True
    return len(text.split()) > _LONGEST_NAME and (
        bool(scope.service_asked(text)) or _is_of_other_things(text, evidence)
    )


_LONGEST_NAME = 3
"""Words of the longest team that may be called as a service is ("grafana", "the web app team")."""


def _plain(text: str, evidence: Evidence, context: Context) -> Act | None:
    """Greetings, help, resets: messages that say nothing else."""
    if resets(text) and not (evidence.facts and phrases.says("noun", text)):
        return "reset"
    if forgets_a_part(text, is_open=bool(context.drafts)):
        return "unclear"
    # The whole message: a "cancel" beside something else is not of what waits.
    is_refused = context.plan_pending and phrases.says("refuse", text)
    is_let_be = bool(context.drafts) and not evidence.facts and _LET_BE.search(text) is not None
    if phrases.is_whole("cancel", text) or is_refused or is_let_be:
        return "reject" if context.plan_pending else "reset" if context.drafts else "unclear"
    if phrases.is_greeting(text):
        return "greet"
    if not evidence.fields - {"region", "team"}:
        if phrases.says("help", text) and not phrases.says("cheaper", text):
            return "help"
        if phrases.says("hello", text) and not phrases.says("noun", text):
            return "greet"
    if asked := asked_of_the_talk(text, evidence, context):
        return asked.act
    stands = context.drafts or evidence.named or (context.workspaces and not evidence.fields)
    if wants_undo(text) and stands and not scope.is_small_talk(text):
        return "amend"
    return "help" if wonders(text) and phrases.says("reset", text) and not evidence.facts else None


_LET_BE = re.compile(
    r"\bleave (?:things|it|everything|them) (?:all )?(?:alone|as (?:it is|they are|is))\W{0,9}$"
    r"|\bcall (?:it|that|this|the whole thing) off\W{0,9}$",
    re.IGNORECASE,
)


def _named_outright(text: str, evidence: Evidence, context: Context) -> Act | None:
    """What is asked of a workspace by its name, and of nothing else: scope and small talk beside it do not matter."""
    # Several facts beside a name describe a workspace to be made, which may be called like one that stands.
    if not evidence.named or evidence.facts >= SEVERAL or scope.is_inside(text):
        return None
    # "Drop photon from dbw-x" takes away no workspace.
    is_of_end = is_of_an_end(text, evidence, context) or phrases.says("extend", text)
    if phrases.begins("alters", text) and "?" not in text and not is_of_end:
        return "amend"
    act = acted_upon(text, evidence, context)
    return act or ("status" if asks_status(text) else None)


def _scope(text: str, evidence: Evidence, context: Context) -> Act | None:
    """What Brickie does not do."""
    asked = phrases.says("noun", text)
    if is_of_pause(text, evidence):
        return "out_of_scope"
    # "Add ana@contoso.com as owner" gives nobody a user there; "book it on cost centre 88" books no flight.
    if phrases.begins("alters", text) and states_alone(text, evidence, context):
        return None
    explains = phrases.begins("question", text) and bool(topics.explained(text))
    if (not explains and scope.service_asked(text, early=evidence.facts >= MOST)) or _is_other_cloud(text, evidence):
        return "out_of_scope"
    if is_open(context) and not asked and scope.service_commanded(text):
        return "out_of_scope"
    if scope.is_inside(text) and not (asked and evidence.facts >= (MOST if evidence.named else SEVERAL)):
        return "out_of_scope"
    if scope.is_task(text) and not evidence.facts >= (SEVERAL if asked else MOST):
        return "out_of_scope"
    if asked or evidence.named:
        return None
    if scope.is_other_product(text) and not (context.open_slots or context.drafts):
        return "out_of_scope"
    if scope.is_small_talk(text) and evidence.is_loose and evidence.facts < MOST:
        return "out_of_scope"
    return None


_SOON = 120
"""Characters within which a message says what it is about; what it names later may be part of a story."""


def _is_other_cloud(text: str, evidence: Evidence) -> bool:
    """True when another cloud is where it shall run; a long story that names one in passing is none."""
    match = scope.other_cloud(text)
    if match is None or evidence.facts < MOST or match.start() < _SOON:
        return match is not None
    return evidence.outside(*sentence_of(text, match)) < len(evidence.places)


def _question(text: str, evidence: Evidence, context: Context) -> Act | None:
    """Questions about money, alternatives and reasons; none of them proposes anything."""
    if phrases.begins("what_if", text) and (evidence.fields or evidence.doubts or supposed(text)):
        return "cost"
    if phrases.begins("supposes", text) and supposes_an_end(text, evidence, context):
        return "cost"
    reason = phrases.found("explain", text) or phrases.beginning("why", text)
    if reason and not besides(text, evidence, reason):
        return "explain"
    compared = phrases.found("compare", text)
    asks = "?" in text or phrases.begins("compare", text) or not is_request(text, evidence)
    if compared and asks and not besides(text, evidence, compared):
        return "compare"
    if text.endswith("?") and _names_options(text) and not phrases.says("noun", text):
        return "compare"
    return "cost" if asks_cost(text, evidence, context) else None


_OPTIONS = 2


def _question_of_one(text: str, evidence: Evidence, _: Context) -> Act | None:
    """Whatever else is asked of a workspace by its name is answered by what is known of it."""
    if not evidence.named or evidence.facts >= SEVERAL or phrases.says("polite", text) or phrases.says("kindly", text):
        return None
    asks = text.endswith("?") or phrases.begins("question", text) or phrases.begins("asks_about", text)
    return "status" if asks and not phrases.begins("change", text) else None


def _question_of_what_is_open(text: str, evidence: Evidence, context: Context) -> Act | None:
    """A question while a draft or a plan is open: it is answered, and changes nothing."""
    if not (is_open(context) and _is_question(text)) or evidence.named:
        return None
    if _names_options(text):
        return "compare"
    states_something = bool(evidence.fields or evidence.doubts or _supposes_machines(text))
    # "And that shuts itself down, right?" is told, and asked all the same.
    if _TAG.search(text) and topics.explained(text):
        return "explain"
    if phrases.begins("what_about", text) and states_something and not _is_of_other_things(text, evidence):
        return "cost"
    if phrases.begins("question", text):
        is_elsewhere = evidence.is_loose and _is_of_other_things(text, evidence) and not topics.explained(text)
        return "out_of_scope" if is_elsewhere else "explain"
    if states_something and not evidence.fields & set(context.open_slots) and not _is_of_other_things(text, evidence):
        return "cost"
    return None


_TAG = re.compile(
    r",?\s(?:right|correct|yes|no|isn'?t it|doesn'?t it|won'?t it|will it|does it)\s?\?\W*$", re.IGNORECASE
)


def _supposes_machines(text: str) -> bool:
    return any(field != "cost_limit" for field, _, _ in supposed(text))


def _names_options(text: str) -> bool:
    return " or " in text and len(topics.compared(text)) >= _OPTIONS


def _is_question(text: str) -> bool:
    """True when all that is said beside small words is a question, and no request put as one."""
    if phrases.says("kindly", text) or (phrases.says("polite", text) and not phrases.begins("question", text)):
        return False
    *before, last = sentences_of(text) or [""]
    asks = text.rstrip(" \"')\n").endswith("?") or phrases.begins("question", last)
    return asks and not any(phrases.says("change", part) or phrases.says("verb", part) for part in before)


def _only_asks(text: str) -> bool:
    """True where the one sentence that there is begins and ends as a question: it proposes nothing. "Do you think we
    could have one?" wishes.
    """
    is_one = text.rstrip(" \"')\n").endswith("?") and len(sentences_of(text)) == 1
    return is_one and phrases.begins("question", text) and _is_question(text) and _WISHES.search(text) is None


_WISHES = re.compile(r"\b(?:we|i|they|somebody) (?:could|can|might|may|should)\b|\b(?:need|want)s?\b", re.IGNORECASE)


_FOREIGN_MOST = 2


def _is_of_other_things(text: str, evidence: Evidence) -> bool:
    """True when the words of a field stand in a message about something else: money to send, a place to travel to."""
    if phrases.says("noun", text):
        return False
    if phrases.says("own_name", text) or (
        evidence.fields == frozenset({"workload_type"}) and phrases.says("spoken_to", text)
    ):
        return True
    if not evidence.foreign or (phrases.says("it", text) and not phrases.says("private", text)):
        return False
    if evidence.is_loose:
        return (
            len(evidence.foreign) >= _FOREIGN_MOST or phrases.begins("question", text) or phrases.says("private", text)
        )
    return len(evidence.foreign) > _FOREIGN_MOST + len(evidence.fields) and not phrases.begins("change", text)


def _request(text: str, evidence: Evidence, context: Context) -> Act:
    """Requests, their changes, and answers; else off the topic, or unclear."""
    # A bare name neither asks nor orders anything, so it never starts a plan.
    if len(text.split()) == 1 and evidence.named and "workspace_name" not in context.open_slots:
        return "status" if evidence.named[0] in context.workspaces and not context.plan_pending else "unclear"
    open_talk = is_open(context)
    if (evidence.named or not open_talk) and is_unordered_end(text, evidence):
        return _unanswered(text)
    if not open_talk and _only_asks(text):
        return priced_as_described(text, evidence) or _unanswered(text)
    if evidence.facts >= SEVERAL and not open_talk and not set(evidence.named) & set(context.workspaces):
        return "provision"
    is_change = phrases.says("change", text) or bool(scaled(text)) or phrases.begins("alters", text)
    if evidence.named and is_change and not starts_request(text):
        return "amend"
    act = _in_talk(text, evidence, context) if open_talk else _first(text, evidence, context)
    return act or _unanswered(text)


def _first(text: str, evidence: Evidence, context: Context) -> Act | None:
    """A request or a change where nothing is open yet; None when it is neither."""
    asks = is_request(text, evidence) or phrases.begins("new_one", text)
    if asks or (evidence.fields and phrases.says("noun", text)) or evidence.facts >= SEVERAL:
        return "provision"
    says_change = ((evidence.fields or evidence.doubts) and phrases.says("change", text)) or bool(scaled(text))
    changes = bool(context.workspaces) and bool(says_change)
    if evidence.states_of_named or changes or states_alone(text, evidence, context):
        return "amend"
    plainly = phrases.says("verb", text) and not phrases.begins("question", text) and not evidence.foreign
    needs = evidence.facts == 1 < len(evidence.fields) and "team" in evidence.fields  # "bob needs 6 workers"
    if evidence.facts and plainly and not needs and not _is_of_other_things(text, evidence):
        return "provision"
    return None


def _in_talk(text: str, evidence: Evidence, context: Context) -> Act | None:
    """A request, a change or an answer, while something is being asked for; None when it is none of them."""
    # "All of heron please", where herons stand, says nothing of what is in hand.
    if evidence.is_of_what_stands and evidence.fields <= _OF_WHAT_STANDS:
        return None
    # Of "the same size for prod" nobody can tell what it is of, and it moves nothing there.
    if context.drafts and evidence.fields <= {"team", "environment"} and _SAME_FIELD.match(text):
        return None
    # Before an answer: who names another team in the middle of a draft wants a workspace for it.
    another = "team" in evidence.fields and (phrases.says("another", text) or phrases.begins("new_one", text))
    another = another or _is_whole_for_another(text, evidence, context)
    if another or starts_request(text) or (phrases.says("noun", text) and evidence.facts >= SEVERAL):
        return "provision"
    # Where something is drafted there is something to scale: "double the workers" needs no figure.
    if scaled(text) and context.drafts and not _is_of_other_things(text, evidence):
        return "amend"
    if (evidence.fields or evidence.doubts) and not _is_of_other_things(text, evidence):
        is_change = context.drafts or states_alone(text, evidence, context)
        return "answer" if evidence.fields & set(context.open_slots) or not is_change else "amend"
    return "amend" if scaled(text) and context.workspaces else None


_SAME_FIELD = re.compile(
    r"\W*(?:(?:and|but|also|please|with|use|take)\s)?(?:the\s)?same\s(?!(?:one|thing|again|set-?up|config|as|for|in|on)\b)"
    r"[\w-]{2,20}\s(?:[\w-]{2,20}\s)?(?:for|in|on)\b",
    re.IGNORECASE,
)
_OF_WHAT_STANDS = frozenset({"team", "expires_in_days"})
_WHOLE = frozenset({"team", "environment", "workload_type"})


def _is_whole_for_another(text: str, evidence: Evidence, context: Context) -> bool:
    """True where all that a request needs is said, of another team than anything in hand is for: "dev for team fern,
    etl" asks for that one, and what was said of the other is not said of it.
    """
    if not (evidence.fields >= _WHOLE and evidence.is_for_another and context.drafts) or "?" in text:
        return False
    # What a request is asked for is answered, whoever it turns out to be for.
    if _WHOLE & set(context.open_slots):
        return False
    corrects = _CORRECTS.search(text) or _CORRECTS_FIRST.match(text)
    return not phrases.says("change", text) and corrects is None


_CORRECTS = re.compile(
    r"\b(?:actually|instead|rather|sorry|mean|meant|correction|not|wrong|oops|typo|should be)\b", re.IGNORECASE
)


_CORRECTS_FIRST = re.compile(
    r"\W*(?:(?:and|but|ah|oh|so|hm{1,4}|well|wait)\W{1,3})?"
    r"(?:no|nope|nah|non|nein|i said|we said|i told you|it'?s(?: all)? for|it is for|that'?s for|that is for"
    r"|this is for|make it|change (?:it|that))\b",
    re.IGNORECASE,
)
_SHORTEST_QUESTION = 4


def _unanswered(text: str) -> Act:
    """What nothing claims: a question or a command is off the topic, the rest unclear."""
    asks = phrases.begins("question", text) and len(text.split()) >= _SHORTEST_QUESTION
    known = phrases.says("noun", text) or phrases.says("explainable", text) or bool(topics.explained(text))
    if known and (asks or (text.endswith("?") and phrases.begins("question", text))):
        return "explain"
    return "out_of_scope" if asks or phrases.begins("command", text) else "unclear"
