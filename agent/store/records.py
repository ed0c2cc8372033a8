"""Reading and writing the records, inside one transaction."""

from sqlalchemy import Connection, select

from agent.store import audit
from agent.store.approval_rounds import RoundQueries
from agent.store.archive import ArchiveQueries
from agent.store.arrivals import ArrivalQueries
from agent.store.audit import Entry, Keys, entry_of
from agent.store.backlog import BacklogQueries
from agent.store.bills import BillQueries
from agent.store.chats import ChatQueries
from agent.store.conversations import ConversationQueries
from agent.store.deployments import DeploymentQueries
from agent.store.news import NewsQueries
from agent.store.outgoing import OutgoingQueries
from agent.store.people import PeopleQueries
from agent.store.plans import PlanQueries
from agent.store.price_lists import PriceListQueries
from agent.store.runs import RunQueries
from agent.store.tables import audit as rows
from agent.store.tables import audit_head
from agent.store.web_sessions import WebSessionQueries


class Records(
    ConversationQueries,
    ArrivalQueries,
    PlanQueries,
    PeopleQueries,
    DeploymentQueries,
    RunQueries,
    ChatQueries,
    OutgoingQueries,
    RoundQueries,
    PriceListQueries,
    BillQueries,
    WebSessionQueries,
    NewsQueries,
    BacklogQueries,
    ArchiveQueries,
):
    """What one transaction may read and write; it lives only inside `Database.transact` or `Database.read`."""

    def __init__(self, connection: Connection, audit_keys: Keys = ()) -> None:
        super().__init__(connection)
        self._audit_keys = audit_keys

    def note(self, *entries: Entry) -> None:
        """Adds to the audit, in the transaction of the change that it records."""
        audit.append(self._db, list(entries), self._audit_keys)

    def demand_audit_keys(self) -> None:
        """Raises ConfigurationError where this process could not add to the audit."""
        audit.demand_head(self._db.execute(select(audit_head)).mappings().one_or_none(), self._audit_keys)

    def forget_plan(self, plan_id: str) -> None:
        """Drops the deployments that only ever were this plan's."""
        self.forget_planned(self.deployments_of(plan_id))

    def is_plan_over(self, plan_id: str) -> bool:
        """True when nothing of that plan is under way or may come any more. False for one that these records do not
        know: others over the same files may.
        """
        status = self.plan_status(plan_id)
        if status in (None, "planning", "pending"):
            return False
        return not self.unfinished(plan_id, "plan") and not self.unfinished(plan_id, "apply")

    def history(self, deployment_id: str) -> tuple[Entry, ...]:
        """The workspace's life, from the audit, oldest first."""
        entries = self._db.execute(select(rows).where(rows.c.deployment_id == deployment_id).order_by(rows.c.seq))
        return tuple(entry_of(row) for row in entries.mappings())

    def done_last(self, conversation: str) -> tuple[Entry, ...]:
        """What was done to workspaces by the last message of that conversation that did anything to one, the newest
        first; of what it did to one more than once, the last.
        """
        here = (rows.c.conversation == conversation, rows.c.deployment_id.is_not(None))
        at = self._db.execute(select(rows.c.at).where(*here).order_by(rows.c.seq.desc()).limit(1)).scalar_one_or_none()
        entries = self._db.execute(select(rows).where(*here, rows.c.at == at).order_by(rows.c.seq.desc()))
        last: dict[str, Entry] = {}
        for row in entries.mappings():
            if row["deployment_id"] in last:  # done by an earlier message, at the same moment
                break
            last[row["deployment_id"]] = entry_of(row)
        return tuple(last.values())

    def audited(self, *, most: int) -> tuple[tuple[int, Entry], ...]:
        """The newest audit rows with their numbers, oldest first."""
        entries = self._db.execute(select(rows).order_by(rows.c.seq.desc()).limit(most)).mappings().all()
        return tuple((row["seq"], entry_of(row)) for row in reversed(entries))
