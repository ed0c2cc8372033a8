"""Every sentence that a package asks for stands in its table, is given what it names, and no sentence stands idle."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
TABLES = sorted(PLUGINS.rglob("sentences.toml"))
PARTS = {"__call__": ("",), "pair": (".message", ".remedy"), "error": (".activity", ".problem", ".remedy")}


class Call(NamedTuple):
    """`key` ends in "*" where the last part of it is chosen at run time."""

    where: str
    key: str
    kind: str
    values: frozenset[str]


def sentences(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{prefix}{name}.")  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield f"{prefix}{name}", str(value)


def calls_of(package: str) -> Iterator[Call]:
    for path in sorted(PLUGINS.rglob("*.py")):
        text = path.read_text("utf-8")
        if f"from {package}.sentences import SAYS" in text:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and (call := call_of(node, str(path.relative_to(PLUGINS)))):
                    yield call


def call_of(node: ast.Call, where: str) -> Call | None:
    match node.func:
        case ast.Name("SAYS"):
            kind, key = "__call__", node.args[0]
        case ast.Attribute(ast.Name("SAYS"), kind):
            key = node.args[1 if kind == "error" else 0]
        case _:
            return None
    values = frozenset(word.arg for word in node.keywords if word.arg and word.arg != "retryable")
    return Call(f"{where}:{node.lineno}", key_of(key), kind, values)


def key_of(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(key)):
            return key
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), *_]):
            return f"{prefix}*"
        case _:
            raise AssertionError(f"line {node.lineno}: a key is written out, or its beginning is")


def fields_of(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def keys_of(call: Call, known: dict[str, str]) -> tuple[str, ...]:
    if call.key.endswith("*"):
        return tuple(key for key in known if key.startswith(call.key[:-1]))
    return tuple(f"{call.key}{part}" for part in PARTS[call.kind])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_each_call_has_its_sentence_and_each_sentence_its_call(path: Path) -> None:
    known = dict(sentences(tomllib.loads(path.read_text("utf-8"))))
    package = f"plugins.{path.parent.name}"
    used: set[str] = set()
    for call in calls_of(package):
        keys = keys_of(call, known)
        assert keys, call
        assert set(keys) <= set(known), call
        assert frozenset[str]().union(*(fields_of(known[key]) for key in keys)) == call.values, call
        used |= set(keys)
    assert set(known) - used == set()


def test_the_tables_are_found() -> None:
    assert {path.parent.name for path in TABLES} == {
        "catalogue",
        "check",
        "credentials",
        "databricks",
        "decide",
        "deploy",
        "estimate",
        "parse",
        "resource_manager",
        "retail_prices",
    }
