"""Who may see what, and who may touch it: one answer for the conversation, the pages, the commands and the look-ups."""

from dataclasses import dataclass

from agent.approvals import ApprovalRules, Consents, may_decide, may_reject
from agent.store.records import Records
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person, Plan

Scope = tuple[str, str] | None
"""A conversation and a person whose workspaces are meant; None for everybody's."""


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks, and the conversation that they look from: "" from outside of all of them."""

    person: Person
    rules: ApprovalRules
    conversation: str = ""

    @property
    def scope(self) -> Scope:
        """Their own and this conversation's; None for all, which an approver may. Who has no role here may speak of
        their own alone.
        """
        if self.rules.approver in self.person.roles:
            return None
        return (self.conversation if self.rules.requester in self.person.roles else "", self.person.key)

    def may_touch(self, owner: Person) -> bool:
        """Whether this person may act upon what is that person's: the very same, or an approver."""
        return self.person.key == owner.key or self.rules.approver in self.person.roles

    def may_see(self, plan: Plan, records: Records) -> bool:
        """Whether the plan may be shown here: to whoever may decide for somebody else, and to whoever asked for it or
        speaks where it was asked for, as far as they may speak of all that it is about.
        """
        is_own = plan.requested_by.key == self.person.key
        if self.scope is None or (may_reject(plan, self.person, self.rules) and not is_own):
            return True
        if self.rules.requester not in self.person.roles:
            return False
        if plan.conversation == self.conversation:
            return True
        about = (records.deployment(item.deployment_id) for item in plan.items)
        return is_own and all(each is None or each.requested_by.key == self.person.key for each in about)

    def may_decide(self, plan: Plan, consents: Consents) -> bool:
        """Whether this person's yes or no would count for the plan, after the consents that there are."""
        return may_decide(plan, self.person, self.rules, consents)

    def waiting(self, records: Records) -> tuple[tuple[Plan, Consents], ...]:
        """The plans that wait for somebody and that this person asked for, may decide, or may see as an approver,
        oldest first, each with the consents to it and what is known of everybody concerned.
        """
        pairs = [records.plan(waiting.plan_id) for waiting in records.waiting()]
        pending = [(pair[0], records.consents(pair[0], self.person)) for pair in pairs if pair is not None]
        return tuple((plan, consents) for plan, consents in pending if self._is_concerned(plan, consents))

    def _is_concerned(self, plan: Plan, consents: Consents) -> bool:
        if self.scope is None or plan.requested_by.key == self.person.key:
            return True
        return self.may_decide(plan, consents)

    def deployments(self, records: Records) -> tuple[Deployment, ...]:
        """The deployments that this person may know of, in any state."""
        return records.deployments(of=self.scope)

    def deployed(self, records: Records) -> tuple[Deployment, ...]:
        """The live deployments that this person may speak of."""
        return records.deployments(of=self.scope, live=True)

    def deployed_names(self, records: Records) -> tuple[str, ...]:
        return tuple(sorted(records.names(of=self.scope, live=True)))

    def named(self, workspace: str, records: Records) -> Deployment | None:
        """The visible deployment of that name, the newest when several had it."""
        return records.named(workspace, of=self.scope)
