"""May this be applied? Checked again by whoever applies, from the plan's header, the one workspace and the approval."""

from datetime import datetime

from plugins.deploy.digest import item_digest, plan_digest
from plugins.deploy.sentences import SAYS
from plugins.domain.approval import Approval
from plugins.domain.errors import NotApproved
from plugins.domain.plan import PlanHeader, PlanItem


def require_approval(header: PlanHeader, item: PlanItem, approval: Approval, *, at: datetime) -> None:
    """Raises NotApproved unless the approval holds at that time, is of that very plan, and the workspace is in it."""
    # Counted anew from the header's own parts: the digest that it names, anybody could have written there.
    digest = plan_digest(header.item_digests, cost=header.cost, target=header.target)
    if (
        item_digest(item) not in header.item_digests
        or digest != header.digest
        or not approval.covers(plan_id=header.plan_id, digest=digest, at=at)
    ):
        raise SAYS.error(NotApproved, "apply.not_approved")
