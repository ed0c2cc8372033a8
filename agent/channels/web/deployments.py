"""Deployments as the page shows them: the list with its sums, one workspace with everything kept of it, its files."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from aiohttp import web
from pydantic import JsonValue

from agent.channels.auth.identity import Authenticator
from agent.channels.auth.sessions import SignedInSession
from agent.channels.http.refusals import Refused
from agent.channels.web.port import Json, WebChat
from agent.store.deployments import GONE
from agent.views.plan import row_of
from agent.wording import phrase, state, status_meant
from plugins.deploy.diagram import diagram
from plugins.domain.deployment import Deployment
from plugins.domain.money import rounded

_EXACT = ("team", "environment", "status", "owner")
_SEARCHED = (
    "workspace_name",
    "team",
    "environment",
    "owner",
    "region",
    "requested_by",
    "deployment_id",
    "status",
    "state",
)
"""What a search looks through: a status by what people call it and by the record's own word."""


@dataclass(frozen=True)
class DeploymentFilter:
    """What a list is narrowed to; empty for everything. Costs are a month's, in each deployment's own currency."""

    exact: Mapping[str, str]
    text: str
    least: Decimal | None
    most: Decimal | None
    expires_before: date | None

    def admits(self, row: Json, deployment: Deployment) -> bool:
        if any(str(row[key]).casefold() != value.casefold() for key, value in self.exact.items()):
            return False
        cost, expires = deployment.cost.expected, deployment.expires_on
        if (self.least is not None and cost < self.least) or (self.most is not None and cost > self.most):
            return False
        if self.expires_before is not None and (expires is None or expires >= self.expires_before):
            return False
        return self.text.casefold() in " ".join(str(row[key]) for key in _SEARCHED).casefold()


def _row(deployment: Deployment) -> dict[str, JsonValue]:
    """One line of the list, with its status in words: the page says what the chat says."""
    return {**row_of(deployment), "state": state(deployment.status), "live": deployment.status not in GONE}


class DeploymentsPage:
    def __init__(self, chat: WebChat, authenticator: Authenticator, currency: str) -> None:
        self._chat = chat
        self._authenticator = authenticator
        self._currency = currency

    def routes(self) -> list[web.RouteDef]:
        one = "/api/deployments/{deployment_id}"
        return [
            web.get("/api/deployments", self.listed),
            web.get(one, self.one),
            web.get(f"{one}/terraform.zip", self.terraform),
        ]

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """GET /api/deployments: what this person may see, the newest first, narrowed by the address; and what is live
        of it summed by team and by environment.
        """
        session = self._authenticator.demand(request)
        narrowed = filter_of(request.query)
        visible = await self._chat.deployments_seen_by(session.person)
        # The newest first.
        pairs = [(_row(d), d) for d in reversed(visible)]
        pairs = [(row, d) for row, d in pairs if narrowed.admits(row, d)]
        live = [d for _, d in pairs if d.status not in GONE]
        totals = {
            "by_team": _sums("team", live, lambda d: d.decision.team),
            "by_environment": _sums("environment", live, lambda d: d.decision.environment),
        }
        rows = [dict(row) for row, _ in pairs]
        return web.json_response({"deployments": rows, "totals": totals, "currency": self._currency})

    async def one(self, request: web.Request) -> web.StreamResponse:
        """GET /api/deployments/ID: one workspace with all that is kept of it; 404 for what is not to be seen."""
        session, deployment = await self._asked_about(request)
        timeline = await self._chat.timeline(deployment.deployment_id)
        plan = await self._chat.last_plan(deployment.deployment_id)
        costs = await self._chat.costs(deployment.deployment_id)
        return web.json_response(
            {
                **_row(deployment),
                "conversation": await self._conversation(session, deployment),
                "request": deployment.request.model_dump(mode="json"),
                "decision": deployment.decision.model_dump(mode="json"),
                "cost": deployment.cost.model_dump(mode="json"),
                "error": deployment.error.model_dump(mode="json") if deployment.error else None,
                "timeline": [
                    {"at": entry.at.isoformat(), "who": entry.who.name, "what": entry.what, "detail": entry.detail}
                    for entry in timeline
                ],
                "plan": dict(plan) if plan is not None else None,
                "diagram": diagram(deployment.decision),
                "costs": [{"at": at.isoformat(), "amount": amount} for at, amount in costs],
            }
        )

    async def terraform(self, request: web.Request) -> web.StreamResponse:
        """GET /api/deployments/ID/terraform.zip: its Terraform, in a folder of the workspace's name."""
        _, deployment = await self._asked_about(request)
        files = self._chat.terraform_files(deployment)
        name = deployment.workspace_name
        headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "no-store"}
        body = zipped(files, folder=name, at=deployment.updated_at)
        return web.Response(body=body, content_type="application/zip", headers=headers)

    async def _asked_about(self, request: web.Request) -> tuple[SignedInSession, Deployment]:
        """Who asks, and the deployment that the address names. Raises Refused alike for one that is not to be seen
        and for none.
        """
        session = self._authenticator.demand(request)
        deployment_id = request.match_info["deployment_id"]
        visible = await self._chat.deployments_seen_by(session.person)
        deployment = next((d for d in visible if d.deployment_id == deployment_id), None)
        # Alike for one that is somebody else's: that it exists is not told either.
        if deployment is None:
            raise Refused("not_found", 404)
        return session, deployment

    async def _conversation(self, session: SignedInSession, deployment: Deployment) -> str | None:
        """The conversation that it comes from, when that is this person's own."""
        owner = await self._chat.owner_of(deployment.conversation)
        return deployment.conversation if owner == session.person.key else None


def filter_of(query: Mapping[str, str]) -> DeploymentFilter:
    """The filter that an address asks for. Raises Refused for a number or a date that is none."""
    exact = {key: query[key] for key in _EXACT if query.get(key)}
    if "status" in exact:
        exact["status"] = status_meant(exact["status"]) or exact["status"]
    return DeploymentFilter(
        exact=exact,
        text=query.get("q", "").strip(),
        least=_amount(query, "min_monthly"),
        most=_amount(query, "max_monthly"),
        expires_before=_day(query, "expires_before"),
    )


def zipped(files: Mapping[str, str], *, folder: str, at: datetime) -> bytes:
    """The files in one folder of a zip archive; the same files and time give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            # Made by hand: `writestr` with a name alone would write the time of this moment into the archive.
            entry = zipfile.ZipInfo(f"{folder}/{name}", at.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sums(
    key: str, deployments: Iterable[Deployment], group: Callable[[Deployment], str]
) -> list[dict[str, JsonValue]]:
    """Expected months summed by group and currency, the largest first; unknown prices are counted, not guessed."""
    sums: dict[tuple[str, str], tuple[Decimal, int]] = {}
    for d in deployments:
        at = (group(d), d.cost.currency)
        total, unknown = sums.get(at, (Decimal(0), 0))
        sums[at] = (total, unknown + 1) if d.cost.is_lower_bound else (total + d.cost.expected, unknown)
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1][0], pair[0]))
    return [
        {key: name, "monthly": float(rounded(total)), "currency": currency, "unknown": unknown}
        for (name, currency), (total, unknown) in ordered
    ]


def _amount(query: Mapping[str, str], key: str) -> Decimal | None:
    text = query.get(key)
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Refused("bad_field", 400, field=key, problem=phrase("web.problems.number"))
    return amount


def _day(query: Mapping[str, str], key: str) -> date | None:
    text = query.get(key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("bad_field", 400, field=key, problem=phrase("web.problems.date")) from error
