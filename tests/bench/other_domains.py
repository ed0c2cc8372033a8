"""How often what concerns other domains is taken for a request to Databricks, over two public sets.

`python tests/bench/other_domains.py CLINC MCP`: CLINC is `data/data_full.json` of clinc/oos-eval (intents,
EMNLP 2019), MCP is `servers/Azure.Mcp.Server/docs/e2eTestPrompts.md` of microsoft/mcp; both are fetched and never kept
here. Prints the shares, and with `--show` the lines. Exit code 1 when a share is above 0.3 %; with questions open the
figure is printed only, for a bare word is an answer there.
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

_TODAY = date(2026, 11, 29)
_LINES = 4000
_MOST_SHARE = 0.003
_ROW = r"^\|[^|\n]+\|\s*((?:\\.|[^|\n\\])+?)\s*\|"
_PENDING = Context(
    today=_TODAY,
    drafts=(
        InfrastructureRequest(
            capability="databricks", team="sales", environment="dev", workload_type="data_engineering", region="eastus"
        ),
    ),
    plan_pending=True,
)
_DRAFTED = Context(
    today=_TODAY,
    drafts=(InfrastructureRequest(capability="databricks", team="sales"),),
    open_slots=("environment", "workload_type"),
)


def clinc(path: Path, most: int | None) -> list[str]:
    """The questions of CLINC150, the out-of-scope ones among them, evenly over all intents."""
    rows = [row[0] for part in json.loads(path.read_text("utf-8")).values() for row in part]
    step = max(1, len(rows) // most) if most else 1
    return rows[::step]


def prompts(path: Path) -> list[str]:
    """The prompts of the tables: the second cell of each row."""
    rows = re.findall(_ROW, path.read_text("utf-8"), re.MULTILINE)
    return [re.sub(r"\\([<>_|])", r"\1", row) for row in rows if not set(row) <= set("-: ") and row != "Test Prompt"]


def measured(
    name: str, texts: Sequence[str], context: Context, is_wrong: Callable[[Understanding], bool], *, show: bool
) -> bool:
    """Prints one line; True when the share is small enough."""
    wrong = [(text, found) for text in texts if is_wrong(found := understand(text, context))]
    print(f"{name}: {len(wrong)} of {len(texts)} = {len(wrong) / max(1, len(texts)):.3%}")
    if show:
        for text, found in wrong:
            said = found.requests[0].model_dump(exclude_none=True, exclude_defaults=True) if found.requests else {}
            print(f"  {found.act:9} {text!r} {said}")
    return len(wrong) <= _MOST_SHARE * len(texts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clinc", type=Path)
    parser.add_argument("mcp", type=Path)
    parser.add_argument("--lines", type=int, default=_LINES, help="lines of CLINC150 to read; 0: all")
    parser.add_argument("--show", action="store_true", help="print the lines that were misread")
    asked = parser.parse_args()
    questions, azure = clinc(asked.clinc, asked.lines or None), prompts(asked.mcp)
    first = Context(today=_TODAY)

    def asks(found: Understanding) -> bool:
        return found.act == "provision"

    def changes(found: Understanding) -> bool:
        return found.act in ("provision", "amend", "answer")

    good = [
        measured("CLINC150 as a request", questions, first, asks, show=asked.show),
        measured("CLINC150 with a plan pending", questions, _PENDING, changes, show=asked.show),
        measured("microsoft/mcp as a request", azure, first, asks, show=asked.show),
        measured("microsoft/mcp with a plan pending", azure, _PENDING, changes, show=asked.show),
    ]
    measured("CLINC150 with questions open", questions, _DRAFTED, changes, show=asked.show)
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
