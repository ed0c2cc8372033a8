"""Readings that were written down, said again over the wire: a stand-in for whoever wrote them.

A line of the file is {"id": …, "arguments": …}: the arguments of the function that a model calls, as somebody answered
them who saw the prompt, the state, the function's schema and the message, and nothing else.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.brain.double.answers import Answer, Call, Script
from agent.brain.double.scripts import asked_of
from plugins.domain.errors import InvalidRequest

_ACTIVITY = "reading the readings"
_READER = "brickie-understood"


def replayed(path: Path, texts: Mapping[str, str]) -> Script:
    """A script that answers each of these texts, id → text, with its reading.

    Raises InvalidRequest for a file that is none, or that leaves a text without a reading.
    """
    by_id = _read(path)
    missing = [name for name in texts if name not in by_id]
    if missing:
        raise InvalidRequest(
            _ACTIVITY,
            f"{len(missing)} of {len(texts)} messages have no reading in {path.name}: {', '.join(missing[:5])}.",
            "Give a line for each, or evaluate only those that have one.",
        )
    readings = {text: by_id[name] for name, text in texts.items()}

    def answer(request: Mapping[str, Any]) -> Answer:
        arguments = readings.get(asked_of(request)[0], {"act": "unclear"})
        return Answer(calls=(Call(_READER, json.dumps(arguments, ensure_ascii=False)),))

    return answer


def _read(path: Path) -> dict[str, Any]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(_ACTIVITY, f"{path.name} cannot be read.", "Name a file of JSON lines.") from error
    by_id: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            by_id[str(row["id"])] = row["arguments"]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidRequest(
                _ACTIVITY, f"line {number} of {path.name} is no reading.", 'Give {"id": …, "arguments": …} a line.'
            ) from error
    return by_id
