"""What still lives in a workspace that is to be destroyed: what runs there is stopped first, or warned of."""

from collections.abc import Iterator, Sequence

from plugins.check.sentences import SAYS
from plugins.domain.contents import Found, WorkspaceContents
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.finding import Finding, Severity
from plugins.domain.platform_settings import Policy

_NAMED = 5
_NAMED_OF_MANY = 3
_LONGEST_NAME = 60


def living_findings(
    contents: WorkspaceContents, decision: InfrastructureDecision, policy: Policy
) -> tuple[Finding, ...]:
    """What runs (denied in production where the policy says so), what is defined, what else would go, and what nobody
    could look at.
    """
    name = decision.workspace_name
    if contents.unseen is not None:
        why = SAYS(f"living-why.{contents.unseen}")
        return (_finding("contents-unseen", "warn", SAYS.pair("living-unseen", name=name, why=why)),)
    findings: list[Finding] = []
    if contents.is_busy:
        severity = policy.destroy_running if decision.environment == "prod" else "warn"
        findings.append(_finding("still-runs", severity, SAYS.pair("living-runs", name=name, what=_running(contents))))
    if contents.jobs:
        jobs = _listed(contents.jobs)
        findings.append(_finding("jobs-live-there", "warn", SAYS.pair("living-jobs", name=name, jobs=jobs)))
    if contents.own_runs:
        findings.append(_finding("cluster-runs", "warn", SAYS.pair("living-own", name=name)))
    return (*findings, *_lost(name, contents))


def _lost(name: str, contents: WorkspaceContents) -> Iterator[Finding]:
    """Tables and notebooks: how many, and the first of them; they deny nothing."""
    kinds = (("tables", contents.tables), ("notebooks", contents.notebooks))
    for kind, found in kinds:
        if found.names:
            what = {"count": _counted(kind, found), "names": ", ".join(map(_short, found.names[:_NAMED_OF_MANY]))}
            yield _finding(f"{kind}-live-there", "warn", SAYS.pair(f"living-{kind}", name=name, **what))
    for why in dict.fromkeys(found.unseen for _, found in kinds if found.unseen is not None):
        what = SAYS("living-both") if all(found.unseen == why for _, found in kinds) else ""
        what = what or next(SAYS(f"living-kind.{kind}") for kind, found in kinds if found.unseen == why)
        said = SAYS.pair("living-not-checked", what=what, name=name, why=SAYS(f"living-why.{why}"))
        yield _finding("contents-unseen", "warn", said)


def _short(name: str) -> str:
    """By its end, which tells it from the others of its folder or schema."""
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME :]


def _counted(kind: str, found: Found) -> str:
    """As "12 tables" or "at least 40 notebooks": of what was counted in part there may be more."""
    count = len(found.names)
    words = SAYS(f"living-{kind}-count.{'one' if count == 1 else 'many'}", count=count)
    return SAYS("living-at-least", count=words) if found.is_part else words


def _running(contents: WorkspaceContents) -> str:
    parts = (("clusters", contents.running), ("job_runs", contents.runs))
    return "; ".join(SAYS(f"living-running.{kind}", names=_listed(names)) for kind, names in parts if names)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return shown if more <= 0 else SAYS("living-more", shown=shown, more=more)


def _finding(rule: str, severity: Severity, verdict: tuple[str, str]) -> Finding:
    message, remedy = verdict
    return Finding(rule=rule, severity=severity, message=message, remedy=remedy)
