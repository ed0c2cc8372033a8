"""What one message does and says, as a brain hands it to the conversation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from plugins.domain.portfolio import MoneyQuestion, Selection
from plugins.domain.request import InfrastructureRequest

Act = Literal[
    "provision",
    "amend",
    "answer",
    "confirm",
    "reject",
    "cost",
    "explain",
    "compare",
    "status",
    "list",
    "export",
    "destroy",
    "extend",
    "history",
    "reset",
    "help",
    "greet",
    "out_of_scope",
    "unclear",
]

FOR_THE_ASKER: frozenset[Act] = frozenset(
    {"list", "status", "history", "help", "greet", "unclear", "out_of_scope", "export", "cost", "explain", "compare"}
)
"""Acts whose answers are for whoever asked, where several read."""

DoubtKind = Literal[
    "ambiguous",
    "several",
    "contradiction",
    "unknown",
    "invalid",
    "crossing",
    "not_offered",
    "other_cloud",
]


MOST_CHARACTERS = 60_000
"""Longest message that is read, in characters: a list of 400 workspaces fits twice. `composer.js` holds it too."""

Ending = Literal["later", "until", "at"]
"""How an `extend` counts its days: from the end that there is; from today, because a day was named; or from today,
because it was said outright that the workspace shall end then.
"""


@dataclass(frozen=True)
class Doubt:
    """A slot that the person spoke of without settling it: the field stays None and must be asked.

    `said` is the person's own words ("the US"); `candidates` are the values that they may have meant, most
    likely first, possibly none. A region's doubt may be `not_offered` (a place without Azure Databricks) or
    `other_cloud` (a region that is not of Azure's public cloud). `statement` is the index of the statement concerned,
    None for all of them.
    """

    slot: str
    kind: DoubtKind
    said: str
    candidates: tuple[str, ...] = ()
    statement: int | None = None


@dataclass(frozen=True)
class Statement:
    """What a message says of one workspace.

    `request` holds only what this message says (everything, when it opens a new request). `clear` names the
    fields that the person took back ("no limit after all"). `target` is the index of the draft in
    `Context.drafts` that it speaks of; None means every draft, or a new one when the act is `provision`. `sources`
    are pairs of a field and the words that it was read from; a secret is in none. `scaled` says of a
    field by what it is to be multiplied, or what is to be added ("double the workers", "2 more"): whoever knows what it
    is now makes a number of it.
    """

    request: InfrastructureRequest
    clear: tuple[str, ...] = ()
    target: int | None = None
    sources: tuple[tuple[str, str], ...] = ()
    scaled: tuple[tuple[str, Literal["times", "plus"], Decimal], ...] = ()


@dataclass(frozen=True)
class Understanding:
    """One message, understood. `topic` names what an explain or compare question is about, as slot or option names
    ("region", "spot", "on_demand", "vnet"…); of a cost question it is "dbu" and the computes whose DBU prices are asked
    for ("jobs", "sql-serverless"…), none for all; of what is out of scope it is the service's own name, where one is
    asked for ("Azure Kubernetes Service"). `undo` marks an amend that takes the last change back. `about_plan` marks a
    status or export that means the pending plan rather than a named workspace. `additional` marks a provision that
    comes on top of what is drafted ("also one for …"). `remove` holds the indices in `Context.drafts` of what an amend
    takes out ("drop prod", "only dev"); the others stay as they are. `unused` are the content words that became neither
    a field nor an act nor a courtesy, as texts in their order; no secret. `notice` is what the person is told first:
    why the rules took the turn although a model is configured.

    Setting, moving and removing an end are the act `extend`: `ending` tells how its `expires_in_days` count, and a
    statement whose `clear` is ("expires_in_days",) removes the end. Days that lead to no day are a doubt, kind invalid.

    Of a request or a change `topic` are the tiers that are wished for ("trial"); of what is out of scope ("pause",) is
    a stop of what runs, and of an explain ("failure",) why something did not come to be.

    `selection` are the workspaces that a list, a sum or an act upon several is of, `money` what of theirs is asked. An
    act upon several that are named has a statement for each. `like` names the workspace that a new one is to be like,
    in all that is not said of it.
    """

    act: Act
    statements: tuple[Statement, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    topic: tuple[str, ...] = ()
    undo: bool = False
    about_plan: bool = False
    additional: bool = False
    ending: Ending = "later"
    remove: tuple[int, ...] = ()
    notice: str = ""
    unused: tuple[str, ...] = ()
    selection: Selection | None = None
    money: MoneyQuestion | None = None
    like: str = ""

    @property
    def requests(self) -> tuple[InfrastructureRequest, ...]:
        return tuple(statement.request for statement in self.statements)


@dataclass(frozen=True)
class EarlierMessage:
    """An earlier message of the conversation: the person's own words, or ours."""

    who: Literal["person", "brickie"]
    text: str


@dataclass(frozen=True)
class Context:
    """What a brain may know of the conversation when it reads a message.

    `open_slots` are the questions that the person was just asked; `drafts` what they have asked for so far,
    or the requests of the pending plan; `workspaces` the names of the deployed workspaces they can speak of,
    the one last spoken of first; of the first `spoken_of` of them this conversation has spoken. `conversation` and
    `person` are ids: limits are kept for each, and what a model looks up is looked up for them. `listed` where the last
    reply showed a list, which the message may narrow. `said` are the earlier messages, oldest first; `turn` counts
    from 1.
    """

    today: date
    open_slots: tuple[str, ...] = ()
    drafts: tuple[InfrastructureRequest, ...] = ()
    plan_pending: bool = False
    workspaces: tuple[str, ...] = ()
    conversation: str = ""
    person: str = ""
    said: tuple[EarlierMessage, ...] = ()
    turn: int = 0
    listed: bool = False
    spoken_of: int = 0

    @property
    def in_sight(self) -> str | None:
        """The deployed workspace that is meant where none is named: the one last spoken of, or the only one."""
        return self.workspaces[0] if self.spoken_of or len(self.workspaces) == 1 else None


class MessageReader(Protocol):
    """Whatever reads a message: the rules, or a brain with a model."""

    async def understand(self, text: str, context: Context) -> Understanding: ...
