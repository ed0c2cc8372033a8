"""What two decisions of one workspace differ in, in words. Pure."""

from agent.wording import phrase, spoken, words
from plugins.domain.decision import InfrastructureDecision

_TOLD = (
    "driver_instance_type",
    "worker_instance_type",
    "min_workers",
    "max_workers",
    "enable_gpu",
    "spark_version",
    "photon",
    "spot",
    "network",
    "region",
    "autotermination_minutes",
    "hours_per_week",
    "monthly_limit",
    "expires_on",
)


def changed_values(before: InfrastructureDecision, after: InfrastructureDecision) -> tuple[tuple[str, str, str], ...]:
    """What is otherwise, what it was and what it is."""
    values = [(words(name), getattr(before, name), getattr(after, name)) for name in _TOLD]
    values += [
        (phrase("views.tag", name=tag), before.tags.get(tag), after.tags.get(tag))
        for tag in sorted({*before.tags, *after.tags})
    ]
    return tuple((what, _value(was), _value(now)) for what, was, now in values if _value(was) != _value(now))


def _value(value: object) -> str:
    return phrase("cards.plan.none") if value is None else spoken(value)
