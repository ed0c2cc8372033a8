"""`brickie sandbox reset` and `fault`: the sandbox cloud emptied, and told to fail."""

import argparse
from collections.abc import Mapping

from agent.app import order_fault, reset_sandbox
from agent.output import tell
from agent.wording import phrase


def reset(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Forgets the sandbox cloud and everything deployed in it. Raises ConfigurationError on a real subscription."""
    del options
    tell(reset_sandbox(environment))
    return 0


def fault(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Orders a fault for the next matching operations, to see what happens then."""
    order_fault(environment, options.kind, resource_type=options.type, times=options.times)
    tell(phrase("cli.sandbox.ordered", times=options.times, kind=options.kind))
    return 0
