"""`brickie chat`: a conversation in this terminal, or as JSON lines.

The first prompt stands before the app is imported: half a second of imports happens behind it, while somebody types.
"""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agent.paths import home_of, model_is_named, records_seem_there, sandbox_is_named

if TYPE_CHECKING:
    from agent.app import App
    from plugins.domain.plan import Person


def converse(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """1 when the last deployment failed."""
    if options.model_double is None:
        return _converse(options, environment)
    from agent.brain.double.stand_in import doubled

    with doubled(environment, options.model_double) as pointed:
        return _converse(options, pointed)


def _converse(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    if options.json:
        return _json_lines(options, environment)
    from agent.channels import terminal

    return terminal.converse(
        lambda: _started(options, environment),
        first=" ".join(options.message) or None,
        home=home_of(environment),
        sandbox=sandbox_is_named(environment),
        returns=records_seem_there(environment),
        behind=("agent.brain.semantic_kernel",) if model_is_named(environment) else (),
    )


def _json_lines(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from agent.app import believes
    from agent.channels import json_lines
    from agent.settings import read_settings

    believed = believes(read_settings(environment))
    app, person = _started(options, environment)
    return json_lines.converse(app, person, believed=believed, until_settled=options.until_settled)


def _started(options: argparse.Namespace, environment: Mapping[str, str]) -> "tuple[App, Person]":
    """The running app and who speaks. Raises ConfigurationError when somebody is named and not believed."""
    from agent import app
    from agent.cli.session import speaker
    from agent.settings import read_settings

    # Whoever may not speak as that person is told so before anything is opened.
    person = speaker(options, read_settings(environment))
    return app.build(environment), person
