"""What a selection means, in words: what a list or a sum is said to be of. Pure."""

from datetime import date, timedelta

from agent.wording import money, phrase
from plugins.domain.portfolio import Selection


def selection_words(selection: Selection, *, today: date, currency: str) -> str:
    """What is meant, as in "dev, team risk, over 500.00 USD a month"; "" for all that there is."""
    return ", ".join((*_value_words(selection), *_other_words(selection, today, currency)))


def _value_words(selection: Selection) -> list[str]:
    lists = {
        "environment": selection.environments,
        "team": selection.teams,
        "region": selection.regions,
        "network": selection.networks,
        "workload": selection.workloads,
        "owner": selection.owners,
        "cost_center": selection.cost_centers,
        "size": selection.node_types,
        "runtime": selection.runtimes,
        "part": selection.name_parts,
        "state": selection.states,
    }
    said = [
        phrase(f"views.chosen.{name}", values=phrase("views.chosen.or").join(_spoken(value) for value in values))
        for name, values in lists.items()
        if values
    ]
    said += [phrase(f"views.chosen.{flag}_{'yes' if value else 'no'}") for flag, value in selection.flags]
    said += [phrase("views.chosen.tag", key=key, value=value) for key, value in selection.tags]
    return said + [phrase("views.chosen.not", value=_spoken(value)) for _, value in selection.excluded]


def _other_words(selection: Selection, today: date, currency: str) -> list[str]:
    said = [phrase(f"views.chosen.lacks.{field}") for field in selection.lacks]
    for bound in ("over", "under"):
        amount = getattr(selection, bound)
        if amount is not None:
            said.append(phrase(f"views.chosen.{bound}", amount=money(amount, selection.currency or currency)))
    if selection.expiry == "within":
        until = today + timedelta(days=selection.expiry_days or 0)
        said.append(phrase("views.chosen.within", day=until.isoformat(), days=selection.expiry_days))
    elif selection.expiry is not None:
        said.append(phrase(f"views.chosen.ends_{selection.expiry}"))
    if selection.is_mine:
        said.append(phrase("views.chosen.mine"))
    return said


def _spoken(value: str) -> str:
    return value.replace("_", " ") if value.islower() and "@" not in value else value
