"""Sentences that people read live in templates/replies and pass through `agent.wording`; code elsewhere holds none."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

AGENT = Path(__file__).parents[2] / "agent"
_PROSE = re.compile(r"[A-Za-z'-]{2,},? [A-Za-z'-]+,? [A-Za-z'-]+")
"""Three words in a row."""

_NOBODY_READS = {
    "debug",
    "info",
    "warning",
    "error",
    "critical",
    "exception",
    "compile",
    "match",
    "fullmatch",
    "search",
    "sub",
    "text",
}
"""Calls whose words go to a log, a pattern or the database."""

_NOT_FOR_PEOPLE = ("brain/double/", "brain/model_output.py", "store/migrations/")
"""What a stand-in for an endpoint says over the wire, the schema that a model reads, and SQL."""

_OURS = {"RuntimeError", "AssertionError", "TypeError", "KeyError", "LookupError", "NotImplementedError"}
"""Errors that mean that we are wrong: they are logged, and the person is told an id."""


def test_no_sentence_stands_in_code() -> None:
    """A sentence in code is found by nobody who looks after our words, and by no translator."""
    assert {place: words for path in sorted(AGENT.rglob("*.py")) for place, words in prose(path)} == {}


def prose(path: Path) -> Iterator[tuple[str, str]]:
    """Where three or more words stand in a row that are no docstring, log line, pattern or error of ours."""
    where = path.relative_to(AGENT)
    if str(where) == "wording.py" or str(where).startswith(_NOT_FOR_PEOPLE):
        return
    tree = ast.parse(path.read_text("utf-8"))
    spared: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            spared.add(id(node.value))
        if isinstance(node, ast.Call) and _name(node.func) in _NOBODY_READS | _OURS:
            spared |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in spared:
            continue
        if _PROSE.search(node.value):
            yield f"{where}:{node.lineno}", node.value[:60]


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def test_every_key_is_in_its_table() -> None:
    """A key that no table holds would fail in front of a person."""
    code = "\n".join(path.read_text("utf-8") for path in AGENT.rglob("*.py"))
    missing = [key for key in re.findall(r"(?:phrase|error_of)\([^\"()]*\"([\w.]+)\"", code) if not _holds(key)]
    assert missing == []


def _holds(key: str) -> bool:
    room, *rest = key.split(".")
    row: object = tomllib.loads((AGENT.parent / "templates" / "replies" / f"{room}.toml").read_text("utf-8"))
    for name in rest:
        row = row.get(name) if isinstance(row, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return row is not None


REPLIES = AGENT.parent / "templates" / "replies"


@pytest.mark.parametrize("template", sorted(path.name for path in REPLIES.glob("*.md.j2")))
def test_a_reply_says_where_it_is_decided(template: str) -> None:
    """Whoever looks for the reason of a sentence finds the file that decides it, in one step."""
    first = (REPLIES / template).read_text("utf-8").split("\n", 1)[0]
    assert re.fullmatch(r"\{# Decided in .*\. #\}", first)
    named = re.findall(r"(?:agent|plugins)/[\w/]+\.py", first)
    assert named
    assert [name for name in named if not (AGENT.parent / name).is_file()] == []
