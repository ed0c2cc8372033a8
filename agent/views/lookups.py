"""What a model, or an assistant in an IDE, may look up for the person it speaks for. Reads the records, nothing else.

In go a context (who speaks, where, the day) and the arguments of one of the functions in `plugins.databricks.lookups`;
out come JSON values. A look-up reads every workspace of that person: milliseconds for hundreds.

Everybody sees what they or their conversation asked for, and nothing else: an approver's wider view is for a person's
own questions. Texts of the cloud and of Terraform are left out; what went wrong is named by its kind.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agent.store.database import Database
from agent.store.price_lists import PricedPlatform
from agent.store.records import Records
from agent.version import installed_version
from agent.views.plan import row_of
from agent.views.visibility import Scope
from agent.wording import phrase
from plugins.check.expiry import longest_life, moved_end
from plugins.databricks.comparing import comparison
from plugins.databricks.proposal import example_of, propose
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context

MOST_ROWS = 50


class Lookups:
    """Answers look-ups from the records."""

    def __init__(self, database: Database, platform: PlatformSettings, pricing: PricedPlatform | None = None) -> None:
        self._database = database
        self._platform = platform
        self._pricing = pricing

    async def look(self, context: Context, verb: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer as JSON values; {"error": …} when there is nothing of that name."""
        return await self._database.read(lambda records: self._looked_up(records, context, verb, asked))

    def _looked_up(self, records: Records, context: Context, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        match verb:
            case "list":
                return self._list(records, context, arguments.get("environment"))
            case "explain":
                return self._explain(records, context, tuple(arguments.get("topic", ())))
            case "compare":
                return self._compare(records, context, tuple(arguments.get("topic", ())))
            case _:
                return self._named(records, context, verb, arguments)

    def _list(self, records: Records, context: Context, environment: str | None) -> dict[str, Any]:
        mine = [d for d in _visible(records, context) if environment in (None, d.decision.environment)]
        return {"workspaces": [_row(d) for d in mine[:MOST_ROWS]], "more": max(0, len(mine) - MOST_ROWS)}

    def _explain(self, records: Records, context: Context, topic: tuple[str, ...]) -> dict[str, Any]:
        decision = self._decision(records, context)
        return {
            "workspace_name": decision.workspace_name,
            "reasons": [
                {"choice": r.choice, "because": r.because, "source": r.source}
                for r in decision.justification
                if not topic or r.about in topic
            ],
        }

    def _compare(self, records: Records, context: Context, topic: tuple[str, ...]) -> dict[str, Any]:
        ground, _ = example_of(context.drafts[0] if context.drafts else InfrastructureRequest())
        compared = comparison(topic, ground, self._priced(records), today=context.today)
        return {
            "words": list(compared.words),
            "columns": list(compared.columns),
            "rows": [list(r) for r in compared.rows],
        }

    def _named(self, records: Records, context: Context, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        name = arguments.get("workspace_name")
        deployment = next((d for d in reversed(_visible(records, context)) if d.workspace_name == name), None)
        if deployment is None:
            return {"error": phrase("views.lookups.no_workspace")}
        match verb:
            case "extend":
                return self._extension(deployment, context.today, int(arguments["days"]))
            case "destroy":
                return {
                    **_row(deployment),
                    "would_remove": phrase("views.lookups.would_remove"),
                    "next": phrase("views.lookups.destroy"),
                }
            case "export":
                return {**_row(deployment), "next": phrase("views.lookups.export")}
            case _:
                return {**_row(deployment), **_whose(deployment)}

    def _extension(self, deployment: Deployment, today: date, days: int) -> dict[str, Any]:
        limit = longest_life(self._platform.policy, deployment.decision.environment)
        end = moved_end(deployment.expires_on, days, today=today, limit=limit)
        has_end = deployment.expires_on is not None
        following = phrase("views.lookups.extension") if has_end else phrase("views.lookups.no_end")
        return {**_row(deployment), "until": end.until.isoformat(), "allowed": end.is_allowed, "next": following}

    def _decision(self, records: Records, context: Context) -> InfrastructureDecision:
        conversation = records.conversation(context.conversation)
        pending = records.plan(conversation.pending.plan_id) if conversation.pending else None
        if pending is not None:
            return pending[0].items[0].decision
        ground, _ = example_of(context.drafts[0] if context.drafts else InfrastructureRequest())
        return propose(ground, self._priced(records), identity="example", today=context.today).decision

    def _priced(self, records: Records) -> PlatformSettings:
        return self._platform if self._pricing is None else self._pricing.now(records)


def _visible(records: Records, context: Context) -> tuple[Deployment, ...]:
    # An assistant passes on what it is told: it sees no more than a requester would, even where it speaks for an
    # approver, whose `Viewer.scope` is everybody's.
    scope: Scope = (context.conversation, context.person)
    return records.deployments(of=scope, live=True)


def _whose(deployment: Deployment) -> dict[str, Any]:
    """Where it is reached, whose it is, and which Brickie says so."""
    shown = row_of(deployment)
    return {"url": shown["url"], "owner": shown["owner"], "brickie_version": installed_version()}


def _row(deployment: Deployment) -> dict[str, Any]:
    return {
        "workspace_name": deployment.workspace_name,
        "status": deployment.status,
        "environment": deployment.decision.environment,
        "region": deployment.decision.region,
        "expected_per_month": float(deployment.cost.expected),
        "currency": deployment.cost.currency,
        "expires_on": deployment.expires_on.isoformat() if deployment.expires_on else None,
        "went_wrong": deployment.error.kind if deployment.error else None,
    }
