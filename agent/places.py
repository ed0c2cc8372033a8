"""Where the words and templates lie: beside the packages in a checkout, inside `agent` in an installed wheel."""

from pathlib import Path

_BESIDE = Path(__file__).parents[1]
_INSIDE = Path(__file__).parent


def place(name: str) -> Path:
    """The folder or file of that name: "templates", "prompts" or "appsettings.json"."""
    beside = _BESIDE / name
    return beside if beside.exists() and (_BESIDE / "pyproject.toml").exists() else _INSIDE / name
