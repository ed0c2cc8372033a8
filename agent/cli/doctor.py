"""`brickie doctor`: what is configured, what is missing, how to fix it, and the road to one's own subscription."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from agent.output import put, put_json
from agent.paths import home_of
from agent.settings import Settings, read_settings
from agent.store.audit import keys_of
from agent.store.sqlite_check import damage_of
from agent.wording import phrase
from plugins.catalogue.ages import table_ages
from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.terraform.find import find_terraform
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.private import private_file, private_folder
from plugins.retail_prices.address import AZURE, endpoint_of

State = Literal["ok", "optional", "old", "missing"]
"""`optional`: not there, and everything works without it. `old`: there, and to be looked at."""

_SIGNS_IN = ("ARM_CLIENT_ID", "ARM_USE_OIDC", "ARM_USE_AKS_WORKLOAD_IDENTITY", "ARM_USE_MSI", "ARM_USE_CLI")
"""Any of these says how Terraform signs in."""
_MARKS: Mapping[State, str] = {"ok": "ok", "optional": "--", "old": "OLD", "missing": "MISSING"}

MOST_DAYS = 90
"""How old a table may become before that is said."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: `finding` says what is there, `fix` what to do when it is missing."""

    what: str
    state: State
    finding: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "state": self.state, "found": self.finding, "fix": self.fix}


def diagnosed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Prints the checks; 1 when something is missing without which a conversation does not work."""
    checks = examine(environment)
    if options.json:
        put_json({"checks": [check.as_json() for check in checks]})
    else:
        put(report(checks))
    return 1 if any(check.state == "missing" for check in checks) else 0


def examine(environment: Mapping[str, str]) -> tuple[Check, ...]:
    """Everything that a conversation needs, in the order in which it needs it. Nothing is changed by looking."""
    try:
        settings = read_settings(environment)
    except ConfigurationError as error:
        return (Check("settings", "missing", error.problem, error.remedy),)
    return (
        _settings(settings),
        _home(environment),
        _records(settings, environment),
        _terraform(environment),
        # In the order in which a conversation needs them: the first that is missing is the one to mend.
        *_cloud(settings, environment),
        _model(settings, environment),
        _audit(environment),
        prices(settings),
        tables(settings, datetime.now(UTC).date()),
        approvers(settings),
        _web(settings),
        *_teams(settings, environment),
        _slack(settings, environment),
    )


def report(checks: Sequence[Check]) -> str:
    """The checks as a table, and the road to Azure."""
    wide = max(len(check.what) for check in checks)
    lines = [f"{check.what:<{wide}}  {_MARKS[check.state]:<8} {check.finding}" for check in checks]
    lines += [
        f"{'':<{wide}}  {phrase('cli.doctor.fix', check=check.what, fix=check.fix)}" for check in checks if check.fix
    ]
    return "\n".join(lines) + "\n" + phrase("cli.doctor.road")


def _settings(settings: Settings) -> Check:
    key = "cli.doctor.settings_read_only" if settings.mode.read_only else "cli.doctor.settings"
    return Check("settings", "ok", phrase(key, mode=settings.cloud.mode))


def _home(environment: Mapping[str, str]) -> Check:
    home = home_of(environment)
    # By writing: permissions, a full disk and a read-only mount all show in no other way.
    probe = home / ".probe"
    try:
        private_file(private_folder(home) / probe.name)
        probe.unlink()
    except OSError:
        return Check("home", "missing", phrase("cli.doctor.home_unwritable", home=home), phrase("cli.doctor.home_fix"))
    return Check("home", "ok", str(home))


def _records(settings: Settings, environment: Mapping[str, str]) -> Check:
    from agent.store.database import Database  # half a second

    url = settings.database.url or f"sqlite:///{home_of(environment) / 'brickie.db'}"
    try:
        Database(url).examine()
    except ConfigurationError as error:
        return Check("records", "missing", error.problem, error.remedy)
    return Check(
        "records",
        "ok",
        phrase("cli.doctor.records_postgresql" if settings.database.url else "cli.doctor.records_sqlite"),
    )


def _terraform(environment: Mapping[str, str]) -> Check:
    try:
        terraform = find_terraform(environment)
    except ConfigurationError as error:
        return Check("terraform", "missing", error.problem, error.remedy)
    return Check("terraform", "ok", f"{terraform.product} {terraform.version}, {terraform.where}")


def _cloud(settings: Settings, environment: Mapping[str, str]) -> list[Check]:
    if settings.cloud.mode == "sandbox":
        return [_sandbox(cloud_path(home_of(environment)))]
    subscription = settings.cloud.subscription_id or environment.get("ARM_SUBSCRIPTION_ID")
    signed_in = any(environment.get(name) for name in _SIGNS_IN)
    return [
        Check("subscription", "ok", subscription)
        if subscription
        else Check(
            "subscription", "missing", phrase("cli.doctor.no_subscription"), phrase("cli.doctor.subscription_fix")
        ),
        # The provider falls back on the Azure CLI by itself, so that none of these variables is no fault.
        Check("sign-in", "ok", phrase("cli.doctor.signed_in"))
        if signed_in
        else Check("sign-in", "optional", phrase("cli.doctor.not_signed_in"), phrase("cli.doctor.sign_in_fix")),
    ]


def approvers(settings: Settings) -> Check:
    """Whether anybody could say yes to what takes an approver."""
    role, identity = settings.approvals.approver_role, settings.identity
    # Whoever signs in brings roles along; nobody knows yet which, so that is enough here.
    comes_in = identity.signs_in or identity.embedding_secret or identity.trusted_callers
    if comes_in or role in settings.local_roles:
        return Check("approvals", "ok", phrase("cli.doctor.approvers", role=role))
    return Check(
        "approvals",
        "optional",
        phrase("cli.doctor.no_approvers", role=role),
        phrase("cli.doctor.approvers_fix"),
    )


def _audit(environment: Mapping[str, str]) -> Check:
    """Whether the audit is keyed."""
    try:
        keys = keys_of(environment)
    except ConfigurationError as error:
        return Check("audit", "missing", error.problem, error.remedy)
    if keys:
        return Check("audit", "ok", phrase("cli.doctor.audit_keyed"))
    return Check("audit", "optional", phrase("cli.doctor.audit_chained"), phrase("cli.doctor.audit_fix"))


def prices(settings: Settings) -> Check:
    """Whether live prices count here, and who is asked for them."""
    pricing = settings.pricing
    url = pricing.api_url or (AZURE if settings.cloud.mode == "azure" else None)
    if pricing.source == "bundled" or (pricing.source == "auto" and url is None):
        return Check("prices", "optional", phrase("cli.doctor.prices_bundled"), phrase("cli.doctor.prices_fix"))
    if url is None:
        return Check("prices", "optional", phrase("app.prices_off"))
    try:
        return Check("prices", "ok", phrase("cli.doctor.prices_live", url=endpoint_of(url)))
    except ConfigurationError as error:
        return Check("prices", "missing", error.problem, error.remedy)


def tables(settings: Settings, today: date) -> Check:
    """How old the bundled tables are, and the settings' exchange rates."""
    ages = {age.table: age.source.as_of for age in table_ages()}
    rates = settings.pricing.exchange_rates_as_of
    if settings.pricing.exchange_rates and rates:
        ages[phrase("cli.doctor.exchange_rates")] = rates
    old = {table: day for table, day in ages.items() if (today - day).days > MOST_DAYS}
    if not old:
        return Check("tables", "ok", phrase("cli.doctor.tables", day=min(ages.values()).isoformat()))
    named = ", ".join(f"{table} ({day.isoformat()})" for table, day in sorted(old.items(), key=lambda item: item[1]))
    finding = phrase("cli.doctor.tables_old", most=MOST_DAYS, tables=named)
    return Check("tables", "old", finding, phrase("cli.doctor.tables_fix"))


def _sandbox(path: Path) -> Check:
    if path.exists() and damage_of(path) is not None:
        finding = phrase("cli.doctor.sandbox_damaged", path=path)
        return Check("cloud", "missing", finding, phrase("cli.doctor.sandbox_fix"))
    return Check("cloud", "ok", phrase("cli.doctor.sandbox"))


def _web(settings: Settings) -> Check:
    """Who could come in through `brickie serve`, or why it would not start."""
    from agent.channels.auth.identity import sign_in_settings_of
    from agent.channels.http.addresses import Proxies  # these bring in the web server

    try:
        sign_in = sign_in_settings_of(settings, Person(id="", name=""))
        Proxies(settings.web.trusted_proxies)
    except ConfigurationError as error:
        return Check("web", "missing", error.problem, error.remedy)
    host = settings.web.host
    if sign_in.invites:
        return Check("web", "ok", phrase("cli.doctor.web_invites", host=host))
    if sign_in.local is not None:
        return Check("web", "ok", phrase("cli.doctor.web_local", host=host))
    identity = settings.identity
    ways = [phrase("cli.doctor.web_sign_in", issuer=identity.issuer)] if sign_in.openid else []
    ways += [phrase("cli.doctor.web_tokens", issuer=identity.embedding_issuer)] if sign_in.embedding else []
    return Check("web", "ok", phrase("cli.doctor.web_open", host=host, ways=" and ".join(ways)))


def _slack(settings: Settings, environment: Mapping[str, str]) -> Check:
    from agent.channels.slack.road import examined  # brings in Slack's client, for those who have set it up

    step = examined(settings, environment)
    return Check("slack", step.state, step.finding, step.fix)


def _teams(settings: Settings, environment: Mapping[str, str]) -> list[Check]:
    """Each step to the first message in Teams; one line while it is off."""
    from agent.channels.teams.access import access_of

    try:
        access = access_of(settings, environment)
    except ConfigurationError as error:
        return [Check("teams", "missing", error.problem, error.remedy)]
    if access is None:
        return [Check("teams", "optional", phrase("teams.road.off"))]
    import asyncio

    from agent.channels.teams.road import road  # brings in the web client

    steps = asyncio.run(road(access, settings.web.public_url))
    return [Check(f"teams {step.name}", "ok" if step.is_done else "missing", step.finding, step.fix) for step in steps]


def _model(settings: Settings, environment: Mapping[str, str]) -> Check:
    """A configured model that does not work stops nothing, since the rules go on; but it is named."""
    from agent.brain.healthcheck import examined  # 0.8 s, for those who have a model

    try:
        health = examined(settings.model, environment)
    except ConfigurationError as error:
        return Check("model", "missing", error.problem, error.remedy)
    if health is None:
        return Check("model", "optional", phrase("cli.doctor.no_model"))
    if health.kind:
        return Check("model", "missing", f"{health.where} {health.problem}", health.fix)
    return Check("model", "ok", phrase("cli.doctor.model_answers", model=health.where))
