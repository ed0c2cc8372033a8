"""What was read of a message, as far as its act hangs on it, and whether it asks for a workspace to be made."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from plugins.domain.understanding import Context
from plugins.parse import phrases

MAIN = frozenset({"team", "environment", "workload_type", "region"})
_LOOSE = frozenset(
    {
        "region",
        "workload_type",
        "team",
        "cost_limit",
        "currency",
        "expires_in_days",
        "min_workers",
        "max_workers",
        "workspace_name",
        "hours_per_week",
    }
)
_KINDS = frozenset({"team", "environment", "workload_type"})
SEVERAL, MOST = 2, 3
"""How many of the four main facts make a message speak of one workspace to be made, and how many leave no doubt."""


@dataclass(frozen=True)
class Evidence:
    """What was read of the message: which fields it states, which workspaces it names, and where fields stand."""

    fields: frozenset[str]
    named: tuple[str, ...]
    doubts: bool
    places: tuple[int, ...] = ()
    narrows: bool = False
    """Whether it says of a list what only lists know: a bound on the money, an end, a state, an order."""
    is_for_another: bool = False
    """Whether it names a team that nothing in hand is for, where all that is in hand is for one."""
    is_of_what_stands: bool = False
    """Whether it acts upon what stands and names a team that something is for: nothing in hand is meant then."""
    is_bare_wish: bool = False
    """Whether it says what something is to have, and nothing else."""
    foreign: tuple[str, ...] = ()
    """The words that no field was read from and that are not the grammar of a message."""

    @cached_property
    def facts(self) -> int:
        """How many of the four main fields are said."""
        return len(self.fields & MAIN)

    @property
    def is_loose(self) -> bool:
        """True when all that was read are words that everybody uses, of places, money, numbers and work."""
        return self.fields <= _LOOSE

    @property
    def states_of_named(self) -> bool:
        """True where something is said of a workspace that is named; beside words of other things a team is none: "Bob
        veut garder dbw-x" tells of Bob.
        """
        which = {"workspace_name", "team"} if self.foreign else {"workspace_name"}
        return bool(self.named and self.fields - which)

    def is_by_kind(self, context: Context) -> bool:
        """True where one that stands may be meant by what it is: "kill dev on friday" with nothing else in hand."""
        says_which = bool(self.fields & _KINDS) and self.fields <= {*_KINDS, "expires_in_days"}
        is_meant = bool(context.workspaces) and (not context.drafts or self.is_of_what_stands)
        return says_which and is_meant and not self.named

    def moved(self, by: int) -> "Evidence":
        """The same of a text that begins so many characters later."""
        return replace(self, places=tuple(at - by for at in self.places)) if by else self

    def outside(self, start: int, end: int) -> int:
        """How many of the four main fields are said elsewhere than between these characters."""
        return sum(not start <= at < end for at in self.places)


def is_open(context: Context) -> bool:
    return bool(context.drafts or context.open_slots or context.plan_pending)


def means_all_in_hand(text: str, context: Context) -> bool:
    """True for "both" and the like while several are drafted: these are meant, and not all that stands."""
    if len(context.drafts) <= 1 or context.listed:
        return False
    return any(_counted(match) in (None, len(context.drafts)) for match in _ALL_IN_HAND.finditer(text))


def counts_what_stands(text: str, context: Context) -> bool:
    """True for "all four" where four stand and not as many are drafted."""
    stands = len(context.workspaces)
    return stands not in (0, len(context.drafts)) and any(
        match["count"] and _counted(match) == stands for match in _ALL_IN_HAND.finditer(text)
    )


def _counted(match: re.Match[str]) -> int | None:
    return int(match["count"]) if match["count"] else _BOTH if match[0].lower() == "both" else None


_BOTH = 2
_ALL_IN_HAND = re.compile(
    r"""
    \b(?:both|(?:all|the)(?:\ of\ the)?\ (?P<count>\d{1,2})|all\ of\ (?:it|them|those|these))\b
    (?!\ (?:most|least)\b)
    (?!\ (?:of\ )?(?:our|my|your|their|his|her|team|dbw|the(?!\ (?:\d|lot|plans?|drafts?|dev|staging|test|prod)\b))\b)
    (?!\ (?:of\ )?(?:the\ )?(?!(?:new|planned|drafted|proposed|requested|these|those)\ )
        [\w-]{1,30}\ (?:workspaces|ones|teams)\b)
    (?!\ (?:workers?|nodes?|hours|days|weeks|months|gpus?)\b)
    (?!\ (?:of\ )?(?:the\ |these\ |those\ )?(?:\d\ )?(?:workspaces|ones)\ (?:of|for|by|from|that|which|we)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Nothing behind it says of which: "both of our workspaces" and "both wren workspaces" are such as stand."""


def starts_request(text: str) -> bool:
    text = phrases.without("no_order", text)
    return phrases.says("noun", text) and phrases.says("verb", text) and phrases.says("article", text)


def is_request(text: str, evidence: Evidence) -> bool:
    """True when the message asks for a workspace: it says so, or says enough of one."""
    if evidence.facts >= MOST or (
        evidence.facts >= SEVERAL and phrases.says("noun", text) and phrases.says("verb", text)
    ):
        return not phrases.says("cost", phrases.without("cost_fields", text))
    return starts_request(text) and not phrases.begins("question", text)
