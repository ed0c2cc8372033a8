"""Where the words and templates lie: beside the packages in a checkout, inside `agent` in an installed wheel."""

import json
from collections.abc import Mapping
from pathlib import Path

from plugins.private import close_to_others, private_folder

KEPT = ("brickie.db*", "deployments", "executors", "history", "runs", "sandbox", "web.key")
"""What lies in the home: the embedded state and nothing else."""

_BESIDE = Path(__file__).parents[1]
_INSIDE = Path(__file__).parent


def place(name: str) -> Path:
    """The folder or file of that name: "templates", "prompts" or "appsettings.json"."""
    beside = _BESIDE / name
    return beside if beside.exists() and (_BESIDE / "pyproject.toml").exists() else _INSIDE / name


def sandbox_is_named(environment: Mapping[str, str]) -> bool:
    """Whether the settings name the sandbox, read without checking them: enough for a greeting, for nothing else."""
    named = next((value for key, value in environment.items() if key.casefold() == "cloud__mode"), None)
    if named is None:
        try:
            named = json.loads(place("appsettings.json").read_text("utf-8"))["Cloud"]["Mode"]
        except (OSError, ValueError, KeyError, TypeError):
            named = "sandbox"
    return named == "sandbox"


def model_is_named(environment: Mapping[str, str]) -> bool:
    """Whether a language model seems to be configured: enough to load its parts early, for nothing else."""
    names = {key.casefold() for key, value in environment.items() if value}
    if names & {"model__baseurl", "azure_openai_endpoint", "openai_api_key"}:
        return True
    try:
        return bool(json.loads(place("appsettings.json").read_text("utf-8"))["Model"]["BaseUrl"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def records_seem_there(environment: Mapping[str, str]) -> bool:
    """Whether somebody may have spoken here before: enough to ask the records early, for nothing else."""
    names = {key.casefold() for key, value in environment.items() if value}
    if "database__url" in names or (home_of(environment) / "brickie.db").exists():
        return True
    try:
        return bool(json.loads(place("appsettings.json").read_text("utf-8"))["Database"]["Url"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def close_home(home: Path) -> None:
    """Takes from everybody but its owner what lies in the home, and touches nothing beside it there."""
    if home.is_dir():
        private_folder(home)
    for pattern in KEPT:
        for path in home.glob(pattern):
            close_to_others(path)


def home_of(environment: Mapping[str, str]) -> Path:
    """The folder of the embedded state: BRICKIE_HOME, else ~/.brickie."""
    named = environment.get("BRICKIE_HOME")
    return Path(named) if named else Path.home() / ".brickie"
