"""Prints how long functions and files are, and fails on what has no excuse (style: function ≤ 50, file ≤ 400 lines)."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOTS = ("agent", "plugins")
MOST_FUNCTION, MOST_FILE = 50, 400


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and length of every function, in lines without its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            start = body[0].lineno if body else node.lineno
            yield f"{path}:{node.name}", (node.end_lineno or start) - start + 1


def spread(name: str, lengths: list[int]) -> str:
    ordered = sorted(lengths)
    p90 = ordered[int(len(ordered) * 0.9)]
    return f"{name}: {len(ordered)}, median {statistics.median(ordered):g}, p90 {p90}, longest {ordered[-1]}"


def main() -> int:
    paths = [path for root in ROOTS for path in sorted(Path(root).rglob("*.py"))]
    per_file = {str(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    per_function = {name: length for path in paths for name, length in functions(path)}
    print(spread("functions", list(per_function.values())))
    print(spread("files", [length for length in per_file.values() if length > 1]))
    outliers = [f"{name} {length}" for name, length in per_function.items() if length > MOST_FUNCTION]
    outliers += [f"{name} {length}" for name, length in per_file.items() if length > MOST_FILE]
    for outlier in outliers:
        print(f"too long: {outlier}")
    return 1 if outliers else 0


if __name__ == "__main__":
    sys.exit(main())
