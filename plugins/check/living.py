"""What still lives in a workspace that is to be destroyed: what runs there is stopped first, or warned of."""

from collections.abc import Sequence

from plugins.check.sentences import SAYS
from plugins.domain.contents import WorkspaceContents
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.finding import Finding, Severity
from plugins.domain.platform_settings import Policy

_NAMED = 5


def living_findings(
    contents: WorkspaceContents, decision: InfrastructureDecision, policy: Policy
) -> tuple[Finding, ...]:
    """What runs (denied in production where the policy says so), what is defined, and what nobody could look at."""
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
    return tuple(findings)


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
