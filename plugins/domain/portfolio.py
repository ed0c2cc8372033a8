"""Questions of many workspaces at once: which of them are meant, and what of their money is asked."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from plugins.domain.money import Money

GroupKey = Literal["team", "environment", "region", "owner", "cost_center", "workload_type", "workspace_name"]
"""What a sum may be split by."""

Period = Literal["day", "week", "month", "quarter", "year"]

SortKey = Literal["cost", "name", "expiry", "age", "team", "environment", "region", "owner", "status"]

ExpiryKind = Literal["within", "never", "ever", "over"]
"""Ends within some days; has none; has one; should have ended already."""

LackedField = Literal["owner", "cost_center", "expiry", "cost_limit", "tags"]

Standing = Literal["standing", "failed", "attention", "under_way", "planned", "gone"]
"""How people sort what became of workspaces: all that stands, and what does not."""

SOON_DAYS = 14
"""Days within which what ends ends "soon"; said wherever that word was read so."""


class Selection(BaseModel):
    """Which workspaces are meant: all that stand where nothing is said.

    Each tuple of values means "one of these"; `excluded` are pairs of a field and a value that none may have. `over`
    and `under` bound the expected month in `currency` (the settings' where none is said). `refers` where it speaks of
    those just listed ("only the staging ones", "them"), `is_one` where one alone is meant by what it is ("the fraud dev
    workspace"). `unread` are words of which the reading itself made nothing:
    whoever holds the workspaces may know them as a team, an owner or a cost centre; what nobody knows is told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...] = ()
    name_parts: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    cost_centers: tuple[str, ...] = ()
    node_types: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    flags: tuple[tuple[Literal["spot", "photon", "enable_gpu"], bool], ...] = ()
    states: tuple[Standing, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    lacks: tuple[LackedField, ...] = ()
    over: Money | None = None
    under: Money | None = None
    currency: str | None = None
    expiry: ExpiryKind | None = None
    expiry_days: int | None = None
    is_mine: bool = False
    sort: SortKey | None = None
    descending: bool = False
    most: int | None = None
    refers: bool = False
    is_one: bool = False
    unread: tuple[str, ...] = ()

    @property
    def is_filter(self) -> bool:
        """True when it leaves anything out, or may: unread words count."""
        unfiltered = Selection(sort=self.sort, descending=self.descending, refers=self.refers, is_one=self.is_one)
        return self != unfiltered


MoneyAspect = Literal["month", "total", "limits", "idle", "so_far", "saved", "uncounted", "cheaper", "drivers"]
"""What of the money is asked: a month of it; of all together; against the limits; what it costs while nothing runs;
what it has cost; what its end would save; what no price holds; how it could cost less; what makes it dear.
"""


class MoneyQuestion(BaseModel):
    """`by` splits a sum into groups, `is_of_all` where it is said to be of all that there is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aspect: MoneyAspect = "month"
    by: GroupKey | None = None
    period: Period = "month"
    is_of_all: bool = False
