"""What the records hold that may have to be told on a platform, found by one look."""

from dataclasses import dataclass

from agent.approvals import PlanStatus
from agent.store.approval_rounds import ApprovalRound
from agent.store.chats import Chat
from agent.store.news import News
from agent.store.records import Records


@dataclass(frozen=True)
class Untold:
    """`plans` were put before nobody yet, `rounds` are not over, in `chats` more was said than is wanted there,
    `news` no chat holds.
    """

    plans: tuple[str, ...]
    rounds: tuple[tuple[ApprovalRound, PlanStatus], ...]
    chats: tuple[Chat, ...]
    news: tuple[News, ...]


def untold(records: Records) -> Untold:
    """All of that, as it stands at one moment."""
    return Untold(
        records.plans_without_round(), records.open_rounds(), records.chats_with_news(), records.news_to_carry()
    )
