"""The rules, each with its id, severity, message and remedy."""

import re
from datetime import timedelta
from difflib import get_close_matches
from functools import cache
from typing import Literal

from plugins.catalogue.regions import regions
from plugins.catalogue.runtimes import runtimes
from plugins.catalogue.sizes import size
from plugins.check import networks
from plugins.check.approvers import LIMIT_RAISED
from plugins.check.expiry import is_in_time, longest_life
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
    severities: dict[str, Severity | Literal["off"]] = {_OFFERED: policy.regions_not_offered, **policy.severities}
    unknown = next((rule for rule in severities if rule not in _ids()), None)
    if unknown is not None:
        near = get_close_matches(unknown, _ids(), n=1)
        hint = f"Did you mean {near[0]}?" if near else f"The rules are {', '.join(sorted(_ids()))}."
        raise ConfigurationError("reading Policy__Severities", f"there is no rule “{unknown[:40]}”.", hint)
    found = [
        Finding(rule=rule.id, severity=severity, message=verdict[0], remedy=verdict[1])
        for rule in RULES
        if (severity := severities.get(rule.id, rule.severity)) != "off" and (verdict := rule.verdict(subject))
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity != "deny"))


def check_destroy(decision: InfrastructureDecision, among: Neighbours) -> tuple[Finding, ...]:
    """What the destroy of this workspace takes from others."""
    verdict = networks.sign_in_of_others(decision, among)
    return (
        (Finding(rule="sign-in-endpoint", severity="warn", message=verdict[0], remedy=verdict[1]),) if verdict else ()
    )


@cache
def _ids() -> frozenset[str]:
    return frozenset(rule.id for rule in RULES)


def _region(s: Subject) -> Verdict:
    allowed = s.platform.policy.allowed_regions
    if not allowed or s.decision.region in allowed:
        return None
    return f"{s.decision.region} is not among the allowed regions.", f"Take one of {', '.join(allowed)}."


def _offered(s: Subject) -> Verdict:
    own = s.platform.policy.regions_offered
    for name in own:
        if name not in regions():
            raise ConfigurationError(
                "reading the policy", f"Policy__RegionsOffered names “{name[:40]}”, which is no region that I know.",
                "Correct it in appsettings.json: a region's name is lower case without blanks.",
            )  # fmt: skip
    region = regions()[s.decision.region]
    if own.get(region.name, region.is_offered):
        return None
    source = f" ({region.source.text.split(',')[0]}, read {region.source.as_of})" if region.name not in own else ""
    near = [name for name in region.nearest if own.get(name, True)]
    remedy = f"Take the nearest where it is: {', or '.join(near)}." if near else "Take another region."
    return f"Azure Databricks is not offered in {region.name}{source}.", remedy


def _size(s: Subject) -> Verdict:
    allowed = s.platform.policy.allowed_sizes
    if not allowed or s.decision.worker_instance_type in allowed:
        return None
    return f"{s.decision.worker_instance_type} is not among the allowed sizes.", f"Take one of {', '.join(allowed)}."


def _network(s: Subject) -> Verdict:
    allowed = s.platform.policy.environments[s.decision.environment].networks
    if s.decision.network in allowed:
        return None
    return (
        f"A {s.decision.network} network is not allowed in {s.decision.environment}.",
        f"Take {' or '.join(allowed)}.",
    )


def _workers(s: Subject) -> Verdict:
    most = s.platform.policy.environments[s.decision.environment].maximum_workers
    if s.decision.max_workers <= most:
        return None
    asked = f"{s.decision.max_workers} workers are more than the {most} allowed in {s.decision.environment}."
    return asked, f"Take at most {most}, or have the house raise Policy__Environments__{s.decision.environment}."


def _tags(s: Subject) -> Verdict:
    missing = [tag for tag in s.platform.policy.required_tags if not s.decision.tags.get(tag)]
    if not missing:
        return None
    return f"The tag {' and '.join(missing)} is required.", f"Say for example “tag {missing[0]}=…”."


def _name(s: Subject) -> Verdict:
    pattern = s.platform.policy.workspace_name_pattern
    if pattern is None or re.fullmatch(pattern, s.decision.workspace_name):
        return None
    return f"{s.decision.workspace_name} does not follow the house's naming rule.", f"Names match {pattern}."


def _expiry(s: Subject) -> Verdict:
    most = longest_life(s.platform.policy, s.decision.environment)
    if most is None:
        return None
    if s.decision.expires_on is None:
        return f"A {s.decision.environment} workspace needs an end.", f"Say for how long, at most {most} days."
    if is_in_time(s.decision.expires_on, most, today=s.today):
        return None
    return (
        f"It would live longer than the {most} days allowed in {s.decision.environment}.",
        f"Take at most {most} days.",
    )


def _trial(s: Subject) -> Verdict:
    if s.decision.databricks_sku != "trial" or s.decision.environment != "prod":
        return None
    return "A trial workspace ends after 14 days.", "Take premium in production."


def _raised(s: Subject) -> Verdict:
    """Where the house's own limit cannot be compared, nobody knows that it is kept."""
    platform, environment = s.house_limit, s.decision.environment
    limit = f"{s.platform.policy.environments[environment].cost_limit:,.2f} {s.platform.defaults.currency}"
    if platform is None:
        rate = f"Pricing__ExchangeRates__{s.platform.defaults.currency}"
        return f"The {environment} limit of {limit} cannot be compared.", f"An approver must agree, or set {rate}."
    if s.cost.expected <= platform:
        return None
    by = f"{rounded(s.cost.expected - platform):,.2f} {s.cost.currency}"
    return f"The month is {by} above the {environment} limit of {limit}.", "An approver must agree."


def _high(s: Subject) -> Verdict:
    if not s.high_above_limit:
        return None
    return (
        "With all workers busy all the hours, the month would be above the limit.",
        "Lower the maximum of workers to be safe.",
    )


def _not_compared(s: Subject) -> Verdict:
    if s.limit_compared:
        return None
    return (
        f"The limit in {s.decision.currency} was not compared: the settings hold no exchange rate for it.",
        f"Set Pricing__ExchangeRates__{s.decision.currency}, or give the limit in {s.cost.currency}.",
    )


def _unpriced(s: Subject) -> Verdict:
    if not s.cost.unpriced:
        return None
    return (
        f"No price is known for {', '.join(s.cost.unpriced)}; the total is a lower bound.",
        "Take a size with a price.",
    )


def _owner(s: Subject) -> Verdict:
    return None if s.request.owner else ("No owner is named.", "Say “owner is ana@contoso.com”.")


def _cost_center(s: Subject) -> Verdict:
    return None if s.request.cost_center else ("No cost centre is named.", "Say “cost center 4412”.")


def _private_link(s: Subject) -> Verdict:
    if s.decision.environment != "prod" or s.decision.network == "private_link":
        return None
    return "The production workspace can be reached from the internet.", "Say “private link” to close it."


def _runner(s: Subject) -> Verdict:
    if s.decision.network != "private_link":
        return None
    return (
        "With public access off, the cluster and its policy can only be made from inside the network.",
        "Run Brickie where it resolves the private endpoint.",
    )


def _retiring(s: Subject) -> Verdict:
    found = size(s.decision.worker_instance_type)
    if found is None or not found.is_retiring or found.retires_on is None:
        return None
    return f"{found.name} retires on {found.retires_on.isoformat()}.", f"Take {found.replacement}."


def _spot_in_prod(s: Subject) -> Verdict:
    if not (s.decision.spot and s.decision.environment == "prod"):
        return None
    return "Spot workers can be taken away at any time.", "Say “no spot”, unless every job can be run again."


def _runtime(s: Subject) -> Verdict:
    version = s.decision.spark_version.split(".x", 1)[0]
    found = next((r for r in runtimes() if r.version == version), None)
    if found is None or found.ends is None or found.ends > s.today + timedelta(days=180):
        return None
    return f"Support of runtime {version} ends on {found.ends.isoformat()}.", "Take the newest LTS."


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
    Rule("size-retiring", "warn", _retiring),
    Rule("runtime-ending", "warn", _runtime),
    Rule("spot-in-prod", "warn", _spot_in_prod),
    Rule("private-link-missing", "warn", _private_link),
    Rule("private-link-runner", "warn", _runner),
    Rule("owner-missing", "warn", _owner),
    Rule("cost-center-missing", "warn", _cost_center),
)
