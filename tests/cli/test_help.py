"""`brickie help TOPIC`: a page a topic, in a terminal and in a pipe, and every setting on its page."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from agent.__main__ import main
from agent.paths import place
from agent.settings import Settings
from plugins.check import RULES

PAGES = sorted((place("templates") / "help").glob("*.md"))
ENVIRONMENTS = ("dev", "staging", "prod")


def leaves(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the file as the environment spells it, ENV for an environment, and its value."""
    for key, value in tree.items():
        here = f"{path}__{key}" if path else key
        if isinstance(value, dict) and value:
            yield from leaves(value, here)  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield re.sub(rf"__({'|'.join(ENVIRONMENTS)})__", "__ENV__", here), value


def known(model: Any, path: str = "") -> Iterator[str]:
    """Every key that the settings have, whether the file names it or not."""
    for name, field in model.model_fields.items():
        here = f"{path}__{field.alias or name}" if path else str(field.alias or name)
        inner = field.annotation
        if get_origin(inner) is dict and isinstance(get_args(inner)[1], type):
            inner, here = get_args(inner)[1], f"{here}__ENV" if issubclass(get_args(inner)[1], BaseModel) else here
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from known(inner, here)
        else:
            yield here


def written() -> dict[str, str]:
    """Each key on the page of settings → what stands in its brackets."""
    page = (place("templates") / "help" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^- `(\w+)` \(([^)]*?)\): \S", page, re.MULTILINE)
    assert len({name for name, _ in rows}) == len(rows), "a setting stands there twice"
    return {name: " ".join(shipped.split()) for name, shipped in rows}


def shipped(value: object) -> str:
    if value is None:
        return "not set"
    if value == "":
        return "empty"
    if value in ([], {}):
        return "none"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def test_every_setting_of_the_file_is_told_with_what_is_shipped() -> None:
    values: dict[str, list[str]] = {}
    for key, value in leaves(json.loads(place("appsettings.json").read_text("utf-8"))):
        values.setdefault(key, []).append(shipped(value))
    told = written()
    assert {key: ", ".join(each) for key, each in values.items()} == {key: told.get(key) for key in values}


def test_every_setting_that_there_is_is_told_and_no_other() -> None:
    assert set(written()) == set(known(Settings))


def test_every_rule_is_named_where_its_severity_is_set() -> None:
    page = (place("templates") / "help" / "settings.md").read_text("utf-8")
    told = re.search(r"The rules:\s(.*?)\.\n", page, re.DOTALL)
    assert told is not None
    assert sorted(re.split(r",\s+", told[1].strip())) == sorted(rule.id for rule in RULES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_shown_as_written_in_a_pipe(page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", page.stem.upper()]) == 0
    assert capsys.readouterr().out == page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_on_a_terminal_a_page_is_laid_out_and_nothing_is_cut(
    page: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "72")
    assert main(["help", page.stem]) == 0
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert max(map(len, shown.splitlines())) <= 72
    assert "**" not in shown
    assert shown.count("…") == page.read_text("utf-8").count("…")


def test_without_a_topic_every_page_is_named_with_what_it_tells(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    shown = capsys.readouterr().out
    for page in PAGES:
        tells = page.read_text("utf-8").split("\n", 1)[0].partition(": ")[2]
        assert tells
        assert f"- **{page.stem}**: {tells}\n" in shown


@pytest.mark.parametrize(
    ("topic", "sentence"),
    [
        ("hostin", "there is no topic “hostin”. See `brickie help hosting`."),
        ("elicitation", "no topic “elicitation”. See `brickie help assistants` or `brickie help settings`."),
        ("\x1b[31mzzz", "there is no topic “[31mzzz”. There are approvals, "),
        ("", "there is no topic “”. There are approvals, "),
    ],
)
def test_an_unknown_topic_names_the_nearest(topic: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", topic]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
    assert "\x1b" not in shown.err


def test_what_a_page_points_to_is_there() -> None:
    names = {page.stem for page in PAGES}
    for page in PAGES:
        pointed = set(re.findall(r"`brickie help ([a-z]+)`", page.read_text("utf-8")))
        assert pointed <= names, page.stem
