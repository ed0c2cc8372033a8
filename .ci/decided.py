"""Where a sentence that somebody was told was decided: `.venv/bin/python .ci/decided.py "so it needs an approver"`.

Looks for the words in every table and template of sentences, tolerating what was filled in and what is remembered
otherwise, and prints of the likeliest ones where they stand, under which condition, and the lines of code that name
their key, or that make it from a part.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MOST_SHOWN, MOST_USES = 3, 8
SURE = 3.0
"""From such a likeness on the sentence is hardly another: three words in a row of a short one, five of a long one."""

SOURCES = (
    *ROOT.glob("agent/**/*.py"),
    *ROOT.glob("plugins/**/*.py"),
    *ROOT.glob("agent/channels/web_client/src/**/*.js"),
)

_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[^{}]*\}", re.DOTALL)
_BRANCH = re.compile(r"\{%-?\s*(if|elif|else|endif|for|endfor)\b(.*?)-?%\}")
_GAP = "filled"
_CONDITION = re.compile(r"\{%.*?%\}", re.DOTALL)
_DECIDED = re.compile(r"\{# (Decided in .*?) #\}")


@dataclass(frozen=True)
class Row:
    """A sentence as it is kept. `names` are what code finds it by, its key first; `header` says who decides it."""

    path: Path
    line: int
    text: str
    names: tuple[str, ...]
    condition: str = ""
    header: str = ""


def rows() -> Iterator[Row]:
    for path in sorted((ROOT / "templates" / "replies").glob("*.md.j2")):
        yield from _of_template(path)
    for path in sorted((ROOT / "templates" / "replies").glob("*.toml")):
        yield from _of_table(path, path.stem)
    for path in sorted((ROOT / "plugins").glob("*/sentences.toml")):
        yield from _of_table(path, "")
    pages = ROOT / "agent" / "channels" / "web_client" / "src" / "locale" / "en.json"
    for number, line in enumerate(pages.read_text("utf-8").splitlines(), 1):
        if said := re.fullmatch(r'\s*"([^"]+)": "(.*)",?', line):
            yield Row(pages, number, said[2], (said[1],))


def _of_template(path: Path) -> Iterator[Row]:
    name, header, branches = path.name.removesuffix(".md.j2"), "", list[str]()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        header = said[1] if (said := _DECIDED.match(line)) else header
        condition = branches[-1] if branches else ""
        codes = re.findall(r"[\"']([\w.]+)[\"']", condition)
        yield Row(path, number, line, (name, *codes), condition, header)
        for word, of in _BRANCH.findall(line):
            if word not in ("if", "for") and branches:
                branches.pop()
            if not word.startswith("end"):
                branches.append("each" if word == "for" else of.strip() or "else")


def _of_table(path: Path, prefix: str) -> Iterator[Row]:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    for key, value in _leaves(tomllib.loads(text), (prefix,) if prefix else ()):
        first = next(iter(value.strip().splitlines()), "")
        number = next((at for at, line in enumerate(lines, 1) if first and first in line.replace('\\"', '"')), 1)
        yield Row(path, number, value, (".".join(key),), header=_section_header(lines, number))


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(tree, dict):
        for name, value in tree.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(value, (*path, str(name)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(tree, list):
        for value in tree:  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(value, path)
    elif isinstance(tree, str):
        yield path, tree


def _section_header(lines: list[str], number: int) -> str:
    """The comment above the row's table, or the file's where that has none."""
    start = next((at for at in range(number - 1, -1, -1) if lines[at].startswith("[")), 0)
    above: list[str] = []
    for line in reversed(lines[:start]):
        if not line.startswith("#"):
            break
        above.insert(0, line.lstrip("# "))
    return " ".join(above or [line.lstrip("# ") for line in lines[:2] if line.startswith("#")])


def likeness(text: str, said: str) -> float:
    """How much of the kept sentence was said, or of what it says under one of its conditions."""
    heard = _words(said)
    return max(_likeness(_words(_FILLED.sub(f" {_GAP} ", part)), heard) for part in (text, *_CONDITION.split(text)))


def _likeness(kept: list[str], heard: list[str]) -> float:
    """Words that stand together count more than the same words apart."""
    blocks = SequenceMatcher(None, heard, kept, autojunk=False).get_matching_blocks()
    longer = max(len(heard), sum(word != _GAP for word in kept), 1)
    return sum(block.size**2 for block in blocks if block.size > 1) / longer**0.5


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def uses(row: Row) -> list[str]:
    """Lines of code that name it: by its condition's words or its key; where its key is made of parts, these lines, and
    those that name its last part, the nearest files first.
    """
    package = row.path.relative_to(ROOT).parts[1] if ROOT / "plugins" in row.path.parents else None
    within = [path for path in sorted(SOURCES) if package is None or ROOT / "plugins" / package in path.parents]
    for name in (*row.names[1:], row.names[0]):
        parts = name.split(".")
        parents = [".".join(parts[:cut]) for cut in range(len(parts) - 1, 0, -1)]
        said = rf"(?:say|tell|message)\w*\(\s*{_quoted(name)}"
        made = [f"{re.escape(parent)}\\.{{" for parent in parents]
        for pattern in (said, _quoted(name), *made, *(_quoted(parent) for parent in parents if package)):
            if found := _lines_with(pattern, within):
                ends = _lines_with(_quoted(parts[-1]), within) if pattern in made else []
                return found + sorted(ends, key=lambda line: _distance(line, found))
    return []


def _distance(line: str, others: list[str]) -> int:
    """Folders on which the file of that line and the nearest of the others differ."""
    here = line.split(":", maxsplit=1)[0].split("/")
    shared = (sum(a == b for a, b in zip(here, other.split(":")[0].split("/"), strict=False)) for other in others)
    return len(here) - max(shared)


def _quoted(name: str) -> str:
    return f"[\"']{re.escape(name)}[\"']"


def _lines_with(pattern: str, within: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in within
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def likeliest(said: str) -> list[tuple[float, Row]]:
    scored = sorted(((likeness(row.text, said), row) for row in rows()), key=lambda pair: -pair[0])
    return [(score, row) for score, row in scored[:MOST_SHOWN] if score > 0 and score >= scored[0][0] / 2]


def main() -> int:
    said = " ".join(sys.argv[1:])
    shown = likeliest(said)
    if shown and shown[0][0] < SURE:
        print("Only a few words in a row are like these; say it as it was told, to be surer.")
    for _, row in shown:
        print(
            f"{row.path.relative_to(ROOT)}:{row.line}  {row.names[0]}"
            + (f"  if {row.condition}" if row.condition else "")
        )
        for line in filter(None, (row.header, *uses(row)[:MOST_USES])):
            print(f"    {line}")
    if not shown:
        print("No kept sentence is like that: give a few words in a row, as they were told.")
    return 0 if shown else 1


if __name__ == "__main__":
    raise SystemExit(main())
