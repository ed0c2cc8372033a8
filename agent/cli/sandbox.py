"""`brickie sandbox reset`, `fault` and `prices`: the sandbox cloud emptied, told to fail, and its price list served."""

import argparse
import asyncio
from collections.abc import Mapping

from agent.app import order_fault, reset_sandbox, serve_price_list
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


def prices(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serves the double of Azure's price list until it is stopped."""
    regions = tuple(options.region or ("eastus", "westeurope"))

    def told(url: str, certificate: str) -> None:
        tell(phrase("cli.sandbox.serving", url=url, certificate=certificate))

    asyncio.run(serve_price_list(environment, regions, told))
    return 0
