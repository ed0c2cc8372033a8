"""A faithful reading: what the rules understand, in the form in which a model answers, each field with its words."""

import re
from typing import Any

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Doubt, Statement, Understanding
from plugins.parse import understand

_CLAUSE = re.compile(r"[^,.;\n]+")
_LONGEST_QUOTE = 4000


def reading_of(understood: Understanding, text: str, context: Context) -> dict[str, Any]:
    """The arguments of the call that says this understanding."""
    workspaces = [
        _workspace(statement, [d for d in understood.doubts if d.statement in (None, number)], text, context)
        for number, statement in enumerate(understood.statements)
    ]
    return {
        "act": "unclear" if understood.act == "confirm" else understood.act,
        "workspaces": workspaces,
        "topic": list(understood.topic),
        "undo": understood.undo,
        "about_plan": understood.about_plan,
        "additional": understood.additional,
    }


def _workspace(statement: Statement, doubts: list[Doubt], text: str, context: Context) -> dict[str, Any]:
    request = statement.request
    guessed = {assumption.field: assumption for assumption in request.assumptions}
    words = dict(statement.sources)
    stated: list[dict[str, Any]] = []
    inferred: list[dict[str, Any]] = []
    for name, value in request.model_dump(mode="json").items():
        if name == "assumptions" or value in (None, {}, []):
            continue
        part = {"field": name, "value": value, "quote": words.get(name) or quote_for(name, value, text, context)}
        if name in guessed:
            inferred.append({**part, "because": guessed[name].because[:300]})
        else:
            stated.append(part)
    return {
        "stated": stated,
        "inferred": inferred,
        "unsettled": [
            {
                "field": d.slot,
                "kind": d.kind,
                "quote": d.said or text[:_LONGEST_QUOTE],
                "candidates": list(d.candidates),
            }
            for d in doubts
        ],
        "taken_back": list(statement.clear),
        "draft": statement.target,
    }


def quote_for(name: str, value: object, text: str, context: Context) -> str:
    """The shortest clause in which the rules read the same; else the whole text."""
    for clause in sorted({clause_match[0].strip() for clause_match in _CLAUSE.finditer(text)}, key=len):
        if clause and _says(name, value, understand(clause, Context(today=context.today))):
            return clause
    return text.strip()[:_LONGEST_QUOTE]


def _says(name: str, value: object, understood: Understanding) -> bool:
    def plain(request: InfrastructureRequest) -> object:
        return request.model_dump(mode="json", include={name}).get(name)

    return any(plain(request) == value for request in understood.requests)
