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
    if contents.tables.names:
        count, names = _counted("tables", contents.tables), _first_of(contents.tables)
        said = SAYS.pair("living-tables", name=name, count=count, names=names)
        yield _finding("tables-live-there", "warn", said)
    if contents.notebooks.names:
        count, names = _counted("notebooks", contents.notebooks), _first_of(contents.notebooks)
        said = SAYS.pair("living-notebooks", name=name, count=count, names=names)
        yield _finding("notebooks-live-there", "warn", said)
    yield from _not_checked(name, contents)


def _not_checked(name: str, contents: WorkspaceContents) -> Iterator[Finding]:
    """Said once where it is so of both for one reason."""
    lacking = {"tables": contents.tables.unseen, "notebooks": contents.notebooks.unseen}
    for why in dict.fromkeys(why for why in lacking.values() if why is not None):
        kinds = [kind for kind, of in lacking.items() if of == why]
        what = SAYS(f"living-kind.{'both' if len(kinds) > 1 else kinds[0]}")
        said = SAYS.pair("living-not-checked", what=what, name=name, why=SAYS(f"living-why.{why}"))
        yield _finding("contents-unseen", "warn", said)


def _first_of(found: Found) -> str:
    return ", ".join(map(_short, found.names[:_NAMED_OF_MANY]))


def _short(name: str) -> str:
    """By its end, which tells it from the others of its folder or schema."""
    return name if len(name) <= _LONGEST_NAME else "…" + name[1 - _LONGEST_NAME :]


def _counted(kind: str, found: Found) -> str:
    """As "12 tables" or "at least 40 notebooks": of what was counted in part there may be more."""
    count = len(found.names)
    words = SAYS(f"living-count.{kind}{'_one' if count == 1 else ''}", count=count)
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
