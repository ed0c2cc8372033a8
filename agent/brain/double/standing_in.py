"""The double in the model's place, for `brickie chat --model-double`."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from agent.brain.double.answers import FAULTS, Fault, Script
from agent.brain.double.scripts import AtRandom, Obedient, faithful, faulty
from agent.brain.double.server import Double, serving
from plugins.domain.errors import ConfigurationError

_SCRIPTS: Mapping[str, Callable[[], Script]] = {
    "faithful": lambda: faithful,
    "obedient": Obedient,
    "random": lambda: AtRandom(1),
}


@contextmanager
def doubled(environment: Mapping[str, str], script: str) -> Generator[Mapping[str, str]]:
    """The environment with the model's address pointing at a double that follows this script.

    Raises ConfigurationError for a script that there is not.
    """
    with serving(Double(_script(script))) as address:
        pointed = {key: value for key, value in environment.items() if not key.casefold().startswith("model__")}
        kept = {key: value for key, value in environment.items() if key.casefold().startswith("model__")}
        for name, value in (("Model__BaseUrl", address), ("Model__Name", "double")):
            kept = {key: old for key, old in kept.items() if key.casefold() != name.casefold()} | {name: value}
        yield pointed | kept | {"MODEL_API_KEY": "double"}


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
