"""The double in the model's place, for `brickie chat --model-double`."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from agent.brain.double.answers import FAULTS, Fault, Script
from agent.brain.double.scripts import InjectedScript, RandomScript, faithful, faulty
from agent.brain.double.server import Double, serving
from plugins.domain.errors import ConfigurationError

_SCRIPTS: Mapping[str, Callable[[], Script]] = {
    "faithful": lambda: faithful,
    "obedient": InjectedScript,
    "random": lambda: RandomScript(1),
}


@contextmanager
def doubled(environment: Mapping[str, str], script: str) -> Generator[Mapping[str, str]]:
    """The environment with the model's address pointing at a double that follows this script.

    Raises ConfigurationError for a script that there is not.
    """
    with served(environment, _script(script)) as pointed:
        yield pointed


@contextmanager
def served(environment: Mapping[str, str], script: Script) -> Generator[Mapping[str, str]]:
    """The same for a script at hand."""
    with serving(Double(script)) as address:
        yield pointed_at(environment, address)


def pointed_at(environment: Mapping[str, str], address: str) -> Mapping[str, str]:
    """The environment with the model's address and name exchanged, its other settings of the model kept."""
    ours = {"Model__BaseUrl": address, "Model__Name": "double"}
    others = {
        key: value for key, value in environment.items() if key.casefold() not in {name.casefold() for name in ours}
    }
    return others | ours | {"MODEL_API_KEY": "double"}


def _script(name: str) -> Script:
    if name in _SCRIPTS:
        return _SCRIPTS[name]()
    fault: Fault | None = next((known for known in FAULTS if known == name), None)
    if fault is None:
        known = ", ".join((*_SCRIPTS, *FAULTS))
        raise ConfigurationError(
            "starting the model's double", f"there is no script “{name[:40]}”.", f"There are {known}."
        )
    return faulty((fault,))
