"""Why a yes or a no was not taken, in the words that every channel uses."""

from dataclasses import dataclass

from agent.approvals import ApprovalRules, Consents, PlanStatus, RefusalCode, missing_consents
from agent.views.plan import approvers_of
from agent.wording import Wording
from plugins.domain.plan import Plan


@dataclass(frozen=True)
class RefusalWords:
    """What the sentence is filled from. `lone` where one person may speak as several, `pending` where a plan waits."""

    wording: Wording
    rules: ApprovalRules
    lone: bool
    pending: bool

    def say(self, code: RefusalCode | str, plan: Plan | None, consents: Consents, *, was: PlanStatus | None) -> str:
        """The sentence; `was` is what the plan had become, None for one that there is not."""
        lacks = missing_consents(plan, self.rules, consents) if plan else ()
        return self.wording.say(
            "refused",
            code=code,
            roles=self.rules.roles,
            role=lacks[0].need.role if lacks else self.rules.approver,
            requested_by=plan.requested_by.name if plan else "",
            phrase=plan.confirm.phrase if plan else "",
            why=" and ".join(dict.fromkeys(lack.need.because for lack in lacks)),
            needed="; and ".join(group.text for group in approvers_of(plan, self.rules, consents)) if plan else "",
            lone=self.lone,
            was=was,
            pending=self.pending,
        )
