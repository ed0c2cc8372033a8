"""`brickie parse`: what messages are understood as, by the rules alone; nothing is decided or kept, no model asked."""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from agent.output import put_json
from agent.settings import read_settings
from agent.views.first_reading import understood_line, warn_of_credentials


def understood(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """One JSON object for each line of standard input that is not blank; with --explain one text, for a person."""
    settings = read_settings(environment)
    today = datetime.now(UTC).date()
    if options.explain is not None:
        from agent.cli.explain import explain  # rich, only where a person reads

        explain(options.explain, settings, today)
        warn_of_credentials(options.explain)
        return 0
    for line in sys.stdin:
        if line.strip():
            put_json(understood_line(line, settings, today))
            warn_of_credentials(line)
    return 0
