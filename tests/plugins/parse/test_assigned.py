"""Values given to a key in a sentence, however it is put; and what only looks like it."""

from datetime import date
from typing import Any

import pytest

from plugins.domain.idle_time import idle_minutes
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.orders import understand

_DRAFT = InfrastructureRequest(
    capability="databricks", team="kestrel", environment="dev", workload_type="data_engineering"
)
_PENDING = Context(today=date(2026, 12, 1), drafts=(_DRAFT,), plan_pending=True)
_STANDING = Context(today=date(2026, 12, 1), workspaces=("dbw-kestrel-dev", "dbw-kestrel-prod"))
_FRAMES = (
    "set the {key} to {value}",
    "change the {key} to {value}",
    "change the {key} from {old} to {value}",
    "please update {key} to {value}",
    "can you change {key} to {value}?",
    "switch the {key} to {value}",
    "put the {key} at {value}",
    "the {key} should be {value}",
    "the {key} should be {value}, not {old}",
    "i'd like the {key} to be {value}",
    "could we have the {key} set to {value}",
)
_VALUES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "workers": ("2", "4", {"min_workers": 4, "max_workers": 4}),
    "number of workers": ("2", "4", {"min_workers": 4, "max_workers": 4}),
    "max workers": ("4", "8", {"max_workers": 8}),
    "budget": ("300", "500", {"cost_limit": 500}),
    "limit": ("300", "500", {"cost_limit": 500}),
    "monthly limit": ("$300", "$500", {"cost_limit": 500, "currency": "USD"}),
    "region": ("East US", "West Europe", {"region": "westeurope"}),
    "environment": ("dev", "staging", {"environment": "staging"}),
    "vm size": ("Standard_D4ds_v5", "Standard_D8ds_v5", {"node_type": "Standard_D8ds_v5"}),
    "spot": ("on", "off", {"spot": False}),
    "photon": ("on", "off", {"photon": False}),
    "expiry": ("10 days", "30 days", {"expires_in_days": 30}),
    "end date": ("today", "Friday", {"expires_in_days": 3}),
    "weekly hours": ("40", "20", {"hours_per_week": 20}),
    "owner": ("ana@contoso.com", "zoe@contoso.com", {"owner": "zoe@contoso.com"}),
    "cost center": ("1000", "4711", {"cost_center": "4711"}),
}


def stated(text: str, context: Context = _PENDING) -> tuple[str, dict[str, Any]]:
    understood = understand(text, context)
    fields: dict[str, Any] = {}
    for statement in understood.statements:
        fields |= statement.request.stated()
    return understood.act, fields


@pytest.mark.parametrize("key", _VALUES)
@pytest.mark.parametrize("frame", _FRAMES)
def test_a_value_that_is_given_to_a_key_is_read_however_it_is_put(key: str, frame: str) -> None:
    old, value, wanted = _VALUES[key]
    assert stated(frame.format(key=key, old=old, value=value)) == ("amend", wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("make the workers 4", {"min_workers": 4, "max_workers": 4}),
        ("limit 500 please", {"cost_limit": 500}),
        ("actually, hours 20", {"hours_per_week": 20}),
        ("set the workers to 6 and the limit to 2000", {"min_workers": 6, "max_workers": 6, "cost_limit": 2000}),
        ("replace etl with machine learning", {"workload_type": "machine_learning"}),
        ("replace dev with staging", {"environment": "staging"}),
        ("go from East US to West Europe", {"region": "westeurope"}),
        ("set the workers from 2 to 8", {"min_workers": 2, "max_workers": 8}),
        ("set the team to falcon", {"team": "falcon"}),
        ("raise it from 1 to 2 workers", {"min_workers": 2, "max_workers": 2}),
        ("spot on please", {"spot": True}),
        ("Setz die Worker bitte von 1 auf 2", {"min_workers": 2, "max_workers": 2}),
        ("erhöhe die maximale Anzahl Worker auf 3", {"max_workers": 3}),
        ("es soll in 14 Tagen ablaufen", {"expires_in_days": 14}),
        ("setze die Worker auf 4", {"min_workers": 4, "max_workers": 4}),
        ("bitte das Budget auf 500 erhöhen", {"cost_limit": 500}),
        ("kannst du das Budget auf 500 setzen?", {"cost_limit": 500}),
        ("ändere die Region von East US auf West Europe", {"region": "westeurope"}),
        ("das Budget soll 500 sein", {"cost_limit": 500}),
        ("mach spot aus", {"spot": False}),
        ("lass spot weg", {"spot": False}),
    ],
)
def test_so_it_is_where_it_is_put_otherwise(text: str, wanted: dict[str, Any]) -> None:
    assert stated(text) == ("amend", wanted)


@pytest.mark.parametrize(
    "text",
    [
        "don't set the workers to 8",
        "let's not set the workers to 8",
        "I would not set the workers to 8",
        "please don't raise the limit to 900",
        "don't set the budget to 500",
        "Mike set the workers to 8 in their workspace",
        "we set the workers to 8 yesterday",
        "we could set the workers to 8 later",
        "the docs say to set the workers to 8",
        "my boss wants to set the workers to 8",
        "you can set the workers to 8 if you like",
        "who set the workers to 8?",
        "should we set the workers to 8?",
        "why did you set the budget to 500?",
        "the limit should not be 900",
        "lass prod weg",
        "prod weglassen bitte",
        "streich prod",
    ],
)
def test_what_is_denied_asked_or_told_of_changes_nothing(text: str) -> None:
    act, fields = stated(text)
    assert (act in ("unclear", "explain", "status"), fields) == (True, {})


def test_a_price_is_asked_for_what_is_supposed() -> None:
    asked = stated("what would it cost if we set the workers to 8?")
    assert asked == ("cost", {"min_workers": 8, "max_workers": 8})
    assert stated("if we set the workers to 8 it gets too dear")[0] == "unclear"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("set the workers of dbw-kestrel-dev to 6", {"min_workers": 6, "max_workers": 6}),
        ("set dbw-kestrel-dev's workers to 6", {"min_workers": 6, "max_workers": 6}),
        ("increase the budget of dbw-kestrel-dev from 300 to 500", {"cost_limit": 500}),
        ("set the limit for dbw-kestrel-dev to 900", {"cost_limit": 900}),
        ("change the owner of dbw-kestrel-dev from ana@contoso.com to zoe@contoso.com", {"owner": "zoe@contoso.com"}),
    ],
)
def test_of_a_workspace_that_stands_it_is_a_change_of_that_one(text: str, wanted: dict[str, Any]) -> None:
    assert stated(text, _STANDING) == ("amend", {"workspace_name": "dbw-kestrel-dev", **wanted})


@pytest.mark.parametrize("text", ["set the workers to 4 on all dev workspaces", "set the workers of all dev ones to 4"])
def test_of_several_that_stand_it_is_a_change_of_these(text: str) -> None:
    assert stated(text, _STANDING) == ("amend", {"min_workers": 4, "max_workers": 4})


@pytest.mark.parametrize(
    "text",
    [
        "set the autotermination to 20 minutes",
        "autotermination: 20",
        "idle timeout 20 minutes please",
        "it should stop after 20 minutes idle",
        "we want it to shut down after 20 min idle",
        "can you make it stop after 20 minutes of idling?",
        "mach die autotermination auf 20 minuten",
    ],
)
def test_an_idle_time_is_a_change_of_what_waits_and_ends_nothing(text: str) -> None:
    act, fields = stated(text)
    assert act == "amend"
    assert list(fields) == ["additional_requirements"]
    assert idle_minutes(fields["additional_requirements"]) == 20


def test_a_workspace_that_shall_stop_when_it_is_idle_is_not_destroyed() -> None:
    assert stated("shut dbw-kestrel-dev down after 30 min idle", _STANDING)[0] == "amend"
    assert stated("shut dbw-kestrel-dev down", _STANDING)[0] == "destroy"


def test_a_figure_that_is_given_to_another_key_answers_nothing_that_is_asked() -> None:
    asked = Context(today=date(2026, 12, 1), drafts=(_DRAFT,), open_slots=("cost_limit",))
    assert "cost_limit" not in stated("set the runtime to 17.3", asked)[1]
    assert "cost_limit" not in stated("don't set the limit to 900", asked)[1]
    assert stated("set the limit to 900", asked) == ("answer", {"cost_limit": 900})
