"""`brickie doctor`: what is configured, what is missing, how to fix it, and the road to one's own subscription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.paths import home_of
from agent.settings import Settings, read_settings
from agent.store.audit import keys_of
from agent.store.sqlite_check import damage_of
from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.terraform.find import find_terraform
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.private import private_file, private_folder

State = Literal["ok", "optional", "missing"]

_ROAD = """
The road from the sandbox to your own subscription:
  1. Sign in: `az login`, or set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET (or ARM_USE_OIDC / ARM_USE_MSI).
  2. Rights: Contributor on the subscription, or on the resource group that BringYourOwn__ResourceGroup names.
  3. Resource providers: Microsoft.Databricks, Network, Storage, Insights, OperationalInsights and Consumption are
     registered by the first apply; that takes the right to register them, or ask your platform team to.
  4. Name the subscription: Cloud__SubscriptionId (or ARM_SUBSCRIPTION_ID).
  5. Switch: Cloud__Mode=azure. Every plan then shows that subscription as its target.
  Afterwards: Contributors of a workspace become its admins when they first sign in; they add everybody else.
"""


@dataclass(frozen=True)
class Check:
    """One thing looked at: `found` says what is there, `fix` what to do when it is missing."""

    what: str
    state: State
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "state": self.state, "found": self.found, "fix": self.fix}


def examine(environment: Mapping[str, str]) -> tuple[Check, ...]:
    """Everything that a conversation needs, in the order in which it needs it. Nothing is changed by looking."""
    try:
        settings = read_settings(environment)
    except ConfigurationError as error:
        return (Check("settings", "missing", error.problem, error.remedy),)
    return (
        Check("settings", "ok", f"appsettings.json, cloud mode {settings.cloud.mode}{_reads_only(settings)}"),
        _home(environment),
        _records(settings, environment),
        _terraform(environment),
        *_cloud(settings, environment),
        _model(settings, environment),
        _audit(environment),
        approvers(settings),
        _web(settings),
    )


def report(checks: Sequence[Check]) -> str:
    """The checks as a table, and the road to Azure."""
    marks = {"ok": "ok", "optional": "--", "missing": "MISSING"}
    wide = max(len(check.what) for check in checks)
    lines = [f"{check.what:<{wide}}  {marks[check.state]:<8} {check.found}" for check in checks]
    lines += [f"{'':<{wide}}  to fix:  {check.what}: {check.fix}" for check in checks if check.fix]
    return "\n".join(lines) + "\n" + _ROAD


def _home(environment: Mapping[str, str]) -> Check:
    home = home_of(environment)
    probe = home / ".probe"
    try:
        private_file(private_folder(home) / probe.name)
        probe.unlink()
    except OSError:
        return Check("home", "missing", f"{home} cannot be written to", "Set BRICKIE_HOME to a folder of yours.")
    return Check("home", "ok", str(home))


def _records(settings: Settings, environment: Mapping[str, str]) -> Check:
    from agent.store.database import Database  # half a second

    url = settings.database.url or f"sqlite:///{home_of(environment) / 'brickie.db'}"
    try:
        Database(url).examine()
    except ConfigurationError as error:
        return Check("records", "missing", error.problem, error.remedy)
    where = "the PostgreSQL database that Database__Url names" if settings.database.url else "SQLite below the home"
    return Check("records", "ok", where)


def _terraform(environment: Mapping[str, str]) -> Check:
    try:
        found = find_terraform(environment)
    except ConfigurationError as error:
        return Check("terraform", "missing", error.problem, error.remedy)
    return Check("terraform", "ok", f"{found.product} {found.version}, {found.where}")


def _cloud(settings: Settings, environment: Mapping[str, str]) -> list[Check]:
    if settings.cloud.mode == "sandbox":
        return [_sandbox(cloud_path(home_of(environment)))]
    subscription = settings.cloud.subscription_id or environment.get("ARM_SUBSCRIPTION_ID")
    signed_in = any(environment.get(name) for name in ("ARM_CLIENT_ID", "ARM_USE_OIDC", "ARM_USE_MSI", "ARM_USE_CLI"))
    checks = [
        Check("subscription", "ok", subscription)
        if subscription
        else Check("subscription", "missing", "none is named", "Set Cloud__SubscriptionId.")
    ]
    checks.append(
        Check("sign-in", "ok", "ARM_* variables")
        if signed_in
        else Check("sign-in", "optional", "no ARM_* variables: the Azure CLI's sign-in will be used", "Run `az login`.")
    )
    return checks


def approvers(settings: Settings) -> Check:
    """Whether anybody could say yes to what takes an approver."""
    told, identity = settings.approvals, settings.identity
    comes_in = identity.signs_in or identity.embedding_secret or identity.trusted_callers
    if comes_in or told.approver_role in settings.local_roles:
        return Check("approvals", "ok", f"what takes somebody else waits for the role {told.approver_role}")
    return Check(
        "approvals",
        "optional",
        f"nobody can come in with the role {told.approver_role}: production waits for ever",
        "Set up signing in, or Identity__LocalRoles for whoever approves at this terminal.",
    )


def _audit(environment: Mapping[str, str]) -> Check:
    """Whether the audit is keyed."""
    try:
        keys = keys_of(environment)
    except ConfigurationError as error:
        return Check("audit", "missing", error.problem, error.remedy)
    if keys:
        return Check("audit", "ok", "every row carries a mark of AUDIT_KEY")
    found = "chained, not keyed: whoever owns the database could write it anew"
    return Check("audit", "optional", found, "Set AUDIT_KEY to 32 random characters or more.")


def _reads_only(settings: Settings) -> str:
    return ", read-only: everything is answered, nothing is planned or applied" if settings.mode.read_only else ""


def _sandbox(path: Path) -> Check:
    if path.exists() and damage_of(path) is not None:
        return Check("cloud", "missing", f"{path}, the sandbox cloud, is damaged", "Empty it: `brickie sandbox reset`.")
    return Check("cloud", "ok", "the sandbox: no account is needed, nothing real is created")


def _web(settings: Settings) -> Check:
    """Who could come in through `brickie serve`, or why it would not start."""
    from agent.channels.auth.identity import arrival_of
    from agent.channels.http.addresses import Proxies  # these bring in the web server

    try:
        arrival = arrival_of(settings, Person(id="", name=""))
        Proxies(settings.web.trusted_proxies)
    except ConfigurationError as error:
        return Check("web", "missing", error.problem, error.remedy)
    if arrival.invites:
        found = f"`brickie serve` on {settings.web.host}, for whoever opens the address with the token that it prints"
        return Check("web", "ok", found)
    if arrival.local is not None:
        return Check("web", "ok", f"`brickie serve` on {settings.web.host}, for this machine's own person only")
    ways = [f"sign-in at {settings.identity.issuer}"] if arrival.openid else []
    ways += [f"tokens of {settings.identity.embedding_issuer}"] if arrival.embedding else []
    return Check("web", "ok", f"`brickie serve` on {settings.web.host}, {' and '.join(ways)}")


def _model(settings: Settings, environment: Mapping[str, str]) -> Check:
    """A configured model that does not work stops nothing, since the rules go on; but it is named."""
    from agent.brain.healthcheck import examined  # 0.8 s, for those who have a model

    try:
        found = examined(settings.model, environment)
    except ConfigurationError as error:
        return Check("model", "missing", error.problem, error.remedy)
    if found is None:
        return Check("model", "optional", "none: the rules understand by themselves, no key is needed")
    if found.kind:
        return Check("model", "missing", f"{found.where} {found.problem}", found.fix)
    return Check("model", "ok", f"{found.where} answers and calls functions; the rules understand without it as well")
