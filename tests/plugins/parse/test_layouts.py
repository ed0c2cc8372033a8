"""How a message is laid out: what stands for a key, what is its value, and what is no message at all."""

import pytest

from plugins.parse.layout import layout_of
from plugins.parse.layout.keys import field_of


def pairs(text: str) -> dict[str, str]:
    """Field → the value that stands under its key."""
    layout = layout_of(text)
    return {pair.field: layout.text[pair.start : pair.end] for pair in layout.pairs}


FORMS: list[tuple[str, dict[str, str]]] = [
    ("Team: Orchard\nStage: dev", {"team": "Orchard", "environment": "dev"}),
    ("Team – Orchard\nRegion – westeurope", {"team": "Orchard", "region": "westeurope"}),  # noqa: RUF001 - as typed
    ("team = Orchard, env = dev", {"team": "Orchard", "environment": "dev"}),
    ("Team ........ Orchard\nRegion ...... uksouth", {"team": "Orchard", "region": "uksouth"}),
    ("### Team\nOrchard\n\n### Region\nuksouth", {"team": "Orchard", "region": "uksouth"}),
    ("[Team] Orchard\n[Budget] 500 EUR", {"team": "Orchard", "cost_limit": "500 EUR"}),
    ("Team: Orchard; Env: prod", {"team": "Orchard", "environment": "prod"}),
    ("1. Team: Orchard\n2. Env: prod", {"team": "Orchard", "environment": "prod"}),
    ("**Team**: Orchard\n**Env**: prod", {"team": "Orchard", "environment": "prod"}),
    ("Requesting team: Orchard", {"team": "Orchard"}),
    ("Monthly budget ceiling: 900 usd", {"cost_limit": "900 usd"}),
    ("Number of worker nodes: 4", {"workers": "4"}),
    ("team -> Orchard\nregion -> uksouth", {"team": "Orchard", "region": "uksouth"}),
]


@pytest.mark.parametrize(("text", "found"), FORMS)
def test_a_form_gives_its_fields_and_their_values(text: str, found: dict[str, str]) -> None:
    assert pairs(text) == found


CODE: list[tuple[str, dict[str, str]]] = [
    ("team: orchard\nregion: uksouth\nworkers:\n  min: 2\n  max: 8\n", {"team": "orchard", "max_workers": "8"}),
    ('{"team": "orchard", "env": "dev"}', {"team": "orchard", "environment": "dev"}),
    ('team = "orchard"\nmin_workers = 2\n', {"team": "orchard", "min_workers": "2"}),
    ('resource "x" "y" {\n  region = "uksouth"  # near us\n}', {"region": "uksouth"}),
    ("TEAM=orchard\nNODE_TYPE=Standard_D4s_v5\n", {"team": "orchard", "node_type": "Standard_D4s_v5"}),
    ("tags:\n  app: fruit\n  tier: two\nregion: uksouth", {"tags": "\n  app: fruit\n  tier: two", "region": "uksouth"}),
]


@pytest.mark.parametrize(("text", "found"), CODE)
def test_code_gives_its_fields_and_their_values(text: str, found: dict[str, str]) -> None:
    assert found.items() <= pairs(text).items()


TABLES = [
    ("| team | env |\n|---|---|\n| Orchard | dev |\n| Quarry | prod |", 2, "Quarry"),
    ("team\tenv\nOrchard\tdev\nQuarry\tprod", 2, "Quarry"),
    ("team,env,region\nOrchard,dev,uksouth", 1, "Orchard"),
    ("team;env;region\nOrchard;dev;uksouth\nQuarry;prod;uksouth", 2, "Quarry"),
]


@pytest.mark.parametrize(("text", "rows", "last"), TABLES)
def test_a_table_gives_a_row_a_workspace(text: str, rows: int, last: str) -> None:
    layout = layout_of(text)
    teams = [layout.text[pair.start : pair.end] for pair in layout.pairs if pair.field == "team"]
    assert (len(layout.rows), teams[-1]) == (rows, last)


@pytest.mark.parametrize(
    "text",
    [
        "We need a workspace for the Orchard people, by the way in dev.",
        "Orchard, dev, uksouth",
        "hello, we are two teams",
        "see https://wiki.example/team and tell us",
        "at 10:30 we meet",
    ],
)
def test_prose_has_no_keys_and_no_rows(text: str) -> None:
    layout = layout_of(text)
    assert (layout.pairs, layout.rows) == ((), ())


def test_a_list_gives_a_row_an_item() -> None:
    assert len(layout_of("Please:\n- dev for Orchard\n- prod for Quarry\n").rows) == 2


def test_one_item_is_no_list() -> None:
    assert layout_of("- dev for Orchard").rows == ()


MAIL = [
    ("Dear platform team,\ndev for Orchard", "platform"),
    ("dev for Orchard\n\nBest regards\nMira Quarry\nHead of Stones", "Stones"),
    ("From: mira@example.com\nTo: desk@example.com\nSubject: RE: dev for Orchard\n\nplease", "mira"),
    ("dev for Orchard\n\nThanks!\n-- \nsent from Oslo", "Oslo"),
    ("- [ ] staging\n- [x] dev for Orchard", "staging"),
    ("Env: ☐ staging ☑ dev", "staging"),
    ("```yaml\nteam: Orchard\n```", "yaml"),
    ('team = "Orchard"  # not prod\nregion_name = "uksouth"\nworkers = 2', "prod"),
]


@pytest.mark.parametrize(("text", "unsaid"), MAIL)
def test_what_is_no_message_is_blanked_and_the_rest_stays_in_its_place(text: str, unsaid: str) -> None:
    left = layout_of(text).text
    assert unsaid not in left
    assert len(left) == len(text)
    assert all(b in (a, " ", ":") for a, b in zip(text, left, strict=True))


SPOKEN = [
    ("Thanks\nfor all\nthe fish\nand now\nplease\nbuild us\ndev for Orchard\nwith\nstones", "Orchard"),
    ("(x) dev ( ) prod", "dev"),
    ("todo:\n- [ ] build dev for Orchard\n- [ ] tell us", "Orchard"),
    ("update: the team is Orchard", "Orchard"),
]


@pytest.mark.parametrize(("text", "word"), SPOKEN)
def test_what_is_said_stays(text: str, word: str) -> None:
    assert word in layout_of(text).text


def test_quoted_and_forwarded_lines_are_older_the_deeper_the_older() -> None:
    text = "make it prod\n> dev for Orchard\n> > sandbox\n\n---- Original message ----\nFrom: a\nTo: b\nstaging"
    layout = layout_of(text)
    depths = {layout.text[start:end].strip(): depth for start, end, depth in layout.older}
    assert (depths["dev for Orchard"], depths["sandbox"], depths["staging"]) == (1, 2, 1)


def test_an_update_in_quote_marks_is_said_now() -> None:
    assert layout_of("> update: prod, not dev").older == ()


def test_a_ticket_tells_who_filed_it_and_that_is_not_used() -> None:
    layout = layout_of("Reporter: Mira Stone\nTeam: Orchard")
    assert "Mira" not in layout.text
    assert len(layout.unknown) == 1


def test_a_wish_under_a_key_that_no_table_knows_stays() -> None:
    assert "VPN" in layout_of("Category: VPN and a bastion\nTeam: Orchard\nEnv: dev").text


KEYS = [
    ("Team", "team"),
    ("minWorkers", "min_workers"),
    ("Databricks workspace name", "workspace_name"),
    ("budget ceiling (EUR)", "cost_limit"),
    ("Max. number of worker nodes", "max_workers"),
    ("Private link?", "network"),
    ("preferred region", "region"),
    ("Kostenstelle", "cost_center"),
    ("VM size", "node_type"),
    ("we need the region", ""),
    ("sprint 12", ""),
    ("colour", ""),
    ("", ""),
    ("region " * 40, ""),
]


@pytest.mark.parametrize(("key", "field"), KEYS)
def test_a_key_names_its_field_or_none(key: str, field: str) -> None:
    assert field_of(key) == field
