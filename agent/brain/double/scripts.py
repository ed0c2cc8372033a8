"""Scripts for the double: what a faithful, an obedient or a random model says to a request."""

import json
import random
import re
from collections.abc import Mapping
from datetime import date
from itertools import chain, cycle
from typing import Any

from agent.brain.double.answers import FAULTS, Answer, Call, Fault, Script
from agent.brain.double.echo_rules import reading_of
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_SELDOM = 0.2
"""The share of random answers in which a flag is set."""

_INFERRED = 0.3
"""The share of random fields that are only inferred."""

_STATE = re.compile(r"<state>\n(.*)\n</state>", re.DOTALL)
_FACTS = re.compile(r"<facts>\n(.*)\n</facts>", re.DOTALL)
_READER = "brickie-understood"


def faithful(request: Mapping[str, Any]) -> Answer:
    """Reads as the rules read, with quotes; phrases by saying the facts again."""
    texts = texts_of(request)
    facts = next((block[1] for text in texts if (block := _FACTS.search(text))), None)
    if facts is not None:
        return Answer(text=_plainly(facts))
    text, context = asked_of(request)
    reading = reading_of(understand(text, context), text, context)
    return Answer(calls=(Call(_READER, json.dumps(reading, ensure_ascii=False)),))


def faulty(faults: tuple[Fault | None, ...], script: Script = faithful) -> Script:
    """These faults one request after another, None for none; the last one stays."""
    count = -1

    def answer(request: Mapping[str, Any]) -> Answer:
        nonlocal count
        count += 1
        fault = faults[min(count, len(faults) - 1)]
        return script(request) if fault is None else Answer(fault=fault)

    return answer


def scripted(answers: tuple[Answer, ...]) -> Script:
    """These answers, one request after another; the last one stays."""
    coming = chain(answers[:-1], cycle(answers[-1:]))
    return lambda _: next(coming)


class InjectedScript:
    """Does whatever any text that it is shown says, wherever it stands: the worst model there is.

    It takes the last order in any message or looked-up result for its own, quotes the line where it stands as the
    person's words, and at every other message first calls the functions that no model has. Asked for words, it repeats
    everything that it was given.
    """

    def __init__(self) -> None:
        self.obeyed = 0

    def __call__(self, request: Mapping[str, Any]) -> Answer:
        texts = texts_of(request)
        if any(_FACTS.search(text) for text in texts):
            everything = "\n".join(texts)
            return Answer(text=f"Approved and applied. Everything is deployed. {everything[:4000]}")
        shown = [
            str(part.get("content") or "")
            for part in request["messages"]
            if part.get("role") == "user" or '"data"' in str(part.get("content") or "")
        ]
        reading, acted = (
            self._reading("\n".join(shown)),
            any(part.get("role") == "tool" for part in request["messages"]),
        )
        self.obeyed += not acted
        if acted or self.obeyed % 2:
            return Answer(calls=(reading,))
        apply = Call("brickie-apply", json.dumps({"plan_id": _plan_in("\n".join(shown)), "approved_by": "admin"}))
        return Answer(
            calls=(apply, Call("brickie-list", "{}"), Call("brickie-destroy", '{"workspace_name": "dbw-ml-dev"}'))
        )

    @staticmethod
    def _reading(shown: str) -> Call:
        """The act that is ordered last, with every field that an attacker could want, each quoting the order's line."""
        orders = [
            (match.start(), act) for act, words in _ORDERS.items() for match in re.finditer(words, shown, re.IGNORECASE)
        ]
        at, act = max(orders) if orders else (0, "unclear")
        start, end = shown.rfind("\n", 0, at) + 1, shown.find("\n", at)
        order = shown[start : end if end > 0 else None][:4000]
        name = next(iter(re.findall(r"\bdbw-[\w-]+", order)), "dbw-ml-dev")
        stated: list[dict[str, Any]] = [
            {"field": "workspace_name", "value": name, "quote": order},
            {"field": "expires_in_days", "value": 3650, "quote": order},
        ]
        if act == "provision":
            wanted = {"environment": "prod", "team": "attackers", "workload_type": "streaming", "cost_limit": 999999}
            stated = [{"field": field, "value": value, "quote": order} for field, value in wanted.items()]
        return Call(_READER, json.dumps({"act": act, "workspaces": [{"stated": stated}], "undo": True}))


class RandomScript:
    """Any function, any arguments, any text, any fault; the same for the same seed."""

    def __init__(self, seed: int, *, faults: tuple[Fault, ...] = FAULTS) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - a double, not a lock
        self._faults = faults

    def __call__(self, request: Mapping[str, Any]) -> Answer:
        dice = self._dice
        match dice.randrange(8):
            case 0 if self._faults:
                return Answer(fault=dice.choice(self._faults))
            case 1:
                return Answer(text=self._text(request))
            case 2:
                return Answer(calls=tuple(self._wild() for _ in range(dice.randint(1, 4))))
            case _:
                return Answer(calls=(Call(_READER, self.reading(request)),))

    def _wild(self) -> Call:
        dice = self._dice
        name = dice.choice(_NAMES)
        arguments = {dice.choice(_KEYS): self._value() for _ in range(dice.randrange(4))}
        return Call(name, dice.choice([json.dumps(arguments), json.dumps([arguments]), "{'a':", "", "null"]))

    def reading(self, request: Mapping[str, Any]) -> str:
        """The arguments of a call that reads this request at random, as JSON."""
        return json.dumps(self._reading(request))

    def _reading(self, request: Mapping[str, Any]) -> dict[str, Any]:
        dice, text = self._dice, asked_of(request)[0]
        words = text.split() or ["x"]

        def quote() -> str:
            start = dice.randrange(len(words))
            return " ".join(words[start : start + dice.randint(1, 6)])

        def part() -> dict[str, Any]:
            fields = list(InfrastructureRequest.model_fields)
            field = {"field": dice.choice(fields), "value": self._value(), "quote": quote()}
            return {**field, "because": "x"} if dice.random() < _INFERRED else field

        workspaces = [
            {
                "stated": [p for p in parts if "because" not in p],
                "inferred": [p for p in parts if "because" in p],
                "draft": dice.choice([None, 0, 1, 7]),
                "taken_back": dice.choice([[], ["cost_limit"]]),
            }
            for parts in ([part() for _ in range(dice.randrange(5))] for _ in range(dice.randrange(3)))
        ]
        return {
            "act": dice.choice(_ACTS),
            "workspaces": workspaces,
            "topic": dice.choice([[], ["spot"], ["x" * 50]]),
            "undo": dice.random() < _SELDOM,
            "about_plan": dice.random() < _SELDOM,
            "additional": dice.random() < _SELDOM,
        }

    def _text(self, request: Mapping[str, Any]) -> str:
        return self._dice.choice(["", "yes", "Deployed!", "\u202e{{", "<script>", *texts_of(request)])[:3000]

    def _value(self) -> Any:
        return self._dice.choice(
            [
                None,
                True,
                False,
                0,
                -1,
                7,
                3650,
                1e308,
                "dev",
                "prod",
                "ml",
                "westeurope",
                "dbw-ml-dev",
                "x" * 200,
                "'; drop table plans; --",
                {"a": {"b": 1}},
                ["x"],
                "Standard_DS4_v2",
                "${env.HOME}",
                "machine_learning",
            ]
        )


_ORDERS = {
    "destroy": r"destroy|delete|tear down|wipe|remove",
    "extend": r"extend|prolong|renew",
    "reject": r"reject|discard|cancel",
    "reset": r"reset|start over|forget",
    "provision": r"create|provision|deploy|apply|approve|confirm",
    "status": r"show|reveal|print|repeat|leak|send",
}
_ACTS = (
    "provision",
    "amend",
    "answer",
    "reject",
    "cost",
    "explain",
    "compare",
    "status",
    "list",
    "export",
    "destroy",
    "extend",
    "history",
    "reset",
    "help",
    "greet",
    "out_of_scope",
    "unclear",
    "confirm",
    "apply",
)
_NAMES = (
    "brickie-understood",
    "brickie-parse",
    "brickie-decide",
    "brickie-estimate_cost",
    "brickie-deploy",
    "brickie-status",
    "brickie-list",
    "brickie-explain",
    "brickie-compare",
    "brickie-export",
    "brickie-extend",
    "brickie-destroy",
    "brickie-apply",
    "apply",
    "terraform-apply",
    "os-system",
    "",
    "brickie",
    "understood",
)
_KEYS = (
    "workspace_name",
    "act",
    "workspaces",
    "text",
    "decision",
    "days",
    "topic",
    "settings",
    "kernel",
    "service",
    "self",
    "arguments",
    "approved_by",
    "plan_id",
    "server",
    "execution_settings",
    "team",
    "environment",
)


def texts_of(request: Mapping[str, Any]) -> list[str]:
    """Every text in the request's messages."""
    return [str(message.get("content") or "") for message in request["messages"]]


def asked_of(request: Mapping[str, Any]) -> tuple[str, Context]:
    """The person's latest message and its context, read out of the wire."""
    texts = texts_of(request)
    at = max((number for number, text in enumerate(texts) if _STATE.search(text)), default=-1)
    if at < 0 or at + 1 >= len(texts):
        return (texts[-1] if texts else ""), Context(today=date(2026, 1, 1))
    block = _STATE.search(texts[at])
    try:
        state: dict[str, Any] = json.loads(block[1]) if block else {}
    except ValueError:
        state = dict[str, Any]()
    context = Context(
        today=date.fromisoformat(state.get("today", "2026-01-01")),
        open_slots=tuple(state.get("open_questions", ())),
        drafts=tuple(InfrastructureRequest.model_validate(draft) for draft in state.get("drafts", ())),
        plan_pending=bool(state.get("plan_pending")),
        workspaces=tuple(state.get("workspaces", ())),
    )
    return texts[at + 1], context


def _plan_in(text: str) -> str:
    plan_id = re.search(r"plan_\w+", text)
    return plan_id[0] if plan_id else "plan_1"


def _plainly(facts: str) -> str:
    """The facts as plain sentences."""
    lines = [re.sub(r"[*`|#]|^- ", "", line).strip() for line in facts.splitlines()]
    sentences = [
        line if line.endswith((".", "!", "?")) else f"{line}." for line in lines if line and not set(line) <= {"-", " "}
    ]
    return " ".join(re.sub(r"\((?:https?://[^)]*)\)|https?://\S+", "", line) for line in sentences[:4])
