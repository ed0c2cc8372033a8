"""What the policy says of a decision: a function a rule, and the table of all rules with their ids and severities.

A rule's sentences stand under its id in sentences.toml. The rules of networks and names are in `networks`.
"""

import re
from datetime import timedelta
from difflib import get_close_matches
from functools import cache
from typing import Literal

from plugins.catalogue.regions import regions
from plugins.catalogue.runtimes import runtimes
from plugins.catalogue.sizes import size
from plugins.check import azure_quota, azure_subscription, networks
from plugins.check.approvers import LIMIT_RAISED
from plugins.check.expiry import is_in_time, longest_life
from plugins.check.sentences import SAYS
from plugins.check.subject import Rule, Subject, Verdict
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError
from plugins.domain.finding import Finding, Severity
from plugins.domain.money import rounded
from plugins.domain.neighbours import Neighbours
from plugins.tracing import traced

_OFFERED = "region-offered"


@traced("check")
def check(subject: Subject) -> tuple[Finding, ...]:
    """What the rules find, denials first.

    Raises ConfigurationError when the settings give a severity to a rule that does not exist.
    """
    policy = subject.platform.policy
    # The settings' own severities come last, so that they win over the one that has a setting of its own.
    severities: dict[str, Severity | Literal["off"]] = {_OFFERED: policy.regions_not_offered, **policy.severities}
    unknown = next((rule for rule in severities if rule not in _ids()), None)
    if unknown is not None:
        near = get_close_matches(unknown, _ids(), n=1)
        hint = (
            SAYS("setting-severities.near", near=near[0])
            if near
            else SAYS("setting-severities.all", ids=", ".join(sorted(_ids())))
        )
        raise SAYS.error(ConfigurationError, "setting-severities", unknown=unknown[:40], hint=hint)
    findings = [
        _finding(rule.id, severity, verdict)
        for rule in RULES
        if (severity := severities.get(rule.id, rule.severity)) != "off" and (verdict := rule.verdict(subject))
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity != "deny"))


def check_destroy(decision: InfrastructureDecision, among: Neighbours) -> tuple[Finding, ...]:
    """What the destroy of this workspace takes from others."""
    verdict = networks.sign_in_of_others(decision, among)
    return (_finding("sign-in-endpoint", "warn", verdict),) if verdict else ()


def _finding(rule: str, severity: Severity, verdict: tuple[str, str]) -> Finding:
    message, remedy = verdict
    return Finding(rule=rule, severity=severity, message=message, remedy=remedy)


@cache
def _ids() -> frozenset[str]:
    return frozenset(rule.id for rule in RULES)


def _region(s: Subject) -> Verdict:
    allowed = s.platform.policy.allowed_regions
    if not allowed or s.decision.region in allowed:
        return None
    return SAYS.pair("region-allowed", region=s.decision.region, allowed=", ".join(allowed))


def _offered(s: Subject) -> Verdict:
    own = s.platform.policy.regions_offered
    for name in own:
        if name not in regions():
            raise SAYS.error(ConfigurationError, "setting-regions", name=name[:40])
    region = regions()[s.decision.region]
    if own.get(region.name, region.is_offered):
        return None
    source = (
        SAYS("region-offered.source", source=region.source.text.split(",")[0], as_of=region.source.as_of)
        if region.name not in own
        else ""
    )
    near = [name for name in region.nearest if own.get(name, True)]
    remedy = SAYS("region-offered.nearest", near=", or ".join(near)) if near else SAYS("region-offered.elsewhere")
    return SAYS.pair("region-offered", name=region.name, source=source, remedy=remedy)


def _size(s: Subject) -> Verdict:
    allowed = s.platform.policy.allowed_sizes
    if not allowed or s.decision.worker_instance_type in allowed:
        return None
    return SAYS.pair("size-allowed", size=s.decision.worker_instance_type, allowed=", ".join(allowed))


def _network(s: Subject) -> Verdict:
    allowed = s.platform.policy.environments[s.decision.environment].networks
    if s.decision.network in allowed:
        return None
    return SAYS.pair(
        "network-allowed", network=s.decision.network, environment=s.decision.environment, allowed=" or ".join(allowed)
    )


def _workers(s: Subject) -> Verdict:
    most = s.platform.policy.environments[s.decision.environment].maximum_workers
    if s.decision.max_workers <= most:
        return None
    return SAYS.pair("workers-maximum", workers=s.decision.max_workers, most=most, environment=s.decision.environment)


def _tags(s: Subject) -> Verdict:
    missing = [tag for tag in s.platform.policy.required_tags if not s.decision.tags.get(tag)]
    if not missing:
        return None
    return SAYS.pair("tags-required", missing=" and ".join(missing), example=missing[0])


def _name(s: Subject) -> Verdict:
    pattern = s.platform.policy.workspace_name_pattern
    if pattern is None or re.fullmatch(pattern, s.decision.workspace_name):
        return None
    return SAYS.pair("name-pattern", name=s.decision.workspace_name, pattern=pattern)


def _expiry(s: Subject) -> Verdict:
    most = longest_life(s.platform.policy, s.decision.environment)
    if most is None:
        return None
    if s.decision.expires_on is None:
        return SAYS.pair("expiry-missing", environment=s.decision.environment, most=most)
    if is_in_time(s.decision.expires_on, most, today=s.today):
        return None
    return SAYS.pair("expiry-maximum", most=most, environment=s.decision.environment)


def _trial(s: Subject) -> Verdict:
    if s.decision.databricks_sku != "trial" or s.decision.environment != "prod":
        return None
    return SAYS.pair("trial-in-prod")


def _raised(s: Subject) -> Verdict:
    """The person's own limit is above the house's: below that, a plan stops at it (`turn.proposals.why_unplannable`).
    Where the house's cannot be compared, nobody knows that it is kept.
    """
    platform, environment = s.house_limit, s.decision.environment
    limit = f"{s.platform.policy.environments[environment].cost_limit:,.2f} {s.platform.defaults.currency}"
    if platform is None:
        rate = f"Pricing__ExchangeRates__{s.platform.defaults.currency}"
        return SAYS.pair("limit-not-known", environment=environment, limit=limit, rate=rate)
    if s.cost.expected <= platform:
        return None
    by = f"{rounded(s.cost.expected - platform):,.2f} {s.cost.currency}"
    return SAYS.pair("limit_raised", by=by, environment=environment, limit=limit)


def _high(s: Subject) -> Verdict:
    if not s.high_above_limit:
        return None
    return SAYS.pair("high-above-limit")


def _not_compared(s: Subject) -> Verdict:
    if s.limit_compared:
        return None
    return SAYS.pair("limit-not-compared", currency=s.decision.currency, price_currency=s.cost.currency)


def _unpriced(s: Subject) -> Verdict:
    if not s.cost.unpriced:
        return None
    return SAYS.pair("price-unknown", unpriced=", ".join(s.cost.unpriced))


def _not_live(s: Subject) -> Verdict:
    if not s.cost.warnings:
        return None
    return SAYS.pair("prices-not-live", warnings=" ".join(s.cost.warnings), region=s.decision.region)


def _owner(s: Subject) -> Verdict:
    return None if s.request.owner else SAYS.pair("owner-missing")


def _cost_center(s: Subject) -> Verdict:
    return None if s.request.cost_center else SAYS.pair("cost-center-missing")


def _private_link(s: Subject) -> Verdict:
    if s.decision.environment != "prod" or s.decision.network == "private_link":
        return None
    return SAYS.pair("private-link-missing")


def _runner(s: Subject) -> Verdict:
    if s.decision.network != "private_link":
        return None
    return SAYS.pair("private-link-runner")


def _retiring(s: Subject) -> Verdict:
    worker_size = size(s.decision.worker_instance_type)
    if worker_size is None or not worker_size.is_retiring or worker_size.retires_on is None:
        return None
    return SAYS.pair(
        "size-retiring",
        name=worker_size.name,
        retires_on=worker_size.retires_on.isoformat(),
        replacement=worker_size.replacement,
    )


def _spot_in_prod(s: Subject) -> Verdict:
    if not (s.decision.spot and s.decision.environment == "prod"):
        return None
    return SAYS.pair("spot-in-prod")


def _runtime(s: Subject) -> Verdict:
    version = s.decision.spark_version.split(".x", 1)[0]
    runtime = next((r for r in runtimes() if r.version == version), None)
    if runtime is None or runtime.ends is None or runtime.ends > s.today + timedelta(days=180):
        return None
    return SAYS.pair("runtime-ending", version=version, ends=runtime.ends.isoformat())


RULES: tuple[Rule, ...] = (
    Rule("region-allowed", "deny", _region),
    Rule(_OFFERED, "deny", _offered),
    Rule("size-allowed", "deny", _size),
    Rule("network-allowed", "deny", _network),
    *networks.RULES,
    Rule("workers-maximum", "deny", _workers),
    Rule("tags-required", "deny", _tags),
    Rule("name-pattern", "deny", _name),
    Rule("expiry-maximum", "deny", _expiry),
    Rule("trial-in-prod", "deny", _trial),
    Rule(LIMIT_RAISED, "warn", _raised),
    Rule("high-above-limit", "warn", _high),
    Rule("limit-not-compared", "warn", _not_compared),
    Rule("price-unknown", "warn", _unpriced),
    Rule("prices-not-live", "warn", _not_live),
    Rule("size-retiring", "warn", _retiring),
    Rule("runtime-ending", "warn", _runtime),
    Rule("spot-in-prod", "warn", _spot_in_prod),
    Rule("private-link-missing", "warn", _private_link),
    Rule("private-link-runner", "warn", _runner),
    Rule("owner-missing", "warn", _owner),
    Rule("cost-center-missing", "warn", _cost_center),
    *azure_quota.RULES,
    *azure_subscription.RULES,
)
