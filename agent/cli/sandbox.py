"""`brickie sandbox reset`, `fault`, `quota`, `restrict`, `bill` and `prices`: the sandbox cloud emptied, told to fail,
told what its subscription has and has cost, and its price list served.
"""

import argparse
import asyncio
from collections.abc import Mapping

from agent.app import order_fault, reset_sandbox, serve_price_list, told_sandbox
from agent.output import tell
from agent.wording import error_of, phrase
from plugins.catalogue.regions import regions
from plugins.catalogue.sizes import size
from plugins.domain.azure_facts import REGIONAL, SPOT
from plugins.domain.errors import ConfigurationError
from plugins.resource_manager.double.told import ToldBill, ToldQuota, ToldRestriction, ToldSubscription


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


def quota(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Gives a region's row of vCPUs a limit; every plan is then held against it."""
    row, limit, used = _row(options.row), int(options.limit), int(options.used)
    told = ToldQuota(region=_region(options.region), row=row, limit=limit, used=used)

    def changed(before: ToldSubscription) -> ToldSubscription:
        others = [one for one in before.quotas if (one.region, one.row) != (told.region, told.row)]
        return before.model_copy(update={"quotas": (*others, told)})

    told_sandbox(environment, changed)
    left = max(limit - used, 0)
    tell(phrase("cli.sandbox.quota_told", row=row, region=told.region, limit=limit, used=used, left=left))
    return 0


def restrict(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Closes a size in a region, or in some of its zones; or takes a name; or forgets all of it."""
    if options.clear:
        told_sandbox(environment, lambda told: ToldSubscription(bill=told.bill))
        tell(phrase("cli.sandbox.cleared"))
        return 0
    if options.name:
        told_sandbox(environment, lambda told: told.model_copy(update={"taken": (*told.taken, options.name)}))
        tell(phrase("cli.sandbox.name_told", name=options.name))
        return 0
    if not options.size:
        raise error_of(ConfigurationError, "cli.sandbox.nothing_told")
    known = size(options.size)
    if known is None:
        raise error_of(ConfigurationError, "cli.sandbox.no_size", size=options.size[:40])
    region, zones = _region(options.region) if options.region else "*", tuple(options.zone or ())
    told = ToldRestriction(size=known.name, region=region, zones=zones)
    told_sandbox(environment, lambda before: before.model_copy(update={"restricted": (*before.restricted, told)}))
    where = phrase("cli.sandbox.everywhere") if region == "*" else region
    tell(phrase("cli.sandbox.restriction_told", size=known.name, where=where, zones=", ".join(zones) or "1, 2, 3"))
    return 0


def bill(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Lets hours pass on the sandbox's bill, which begins with the first of these commands."""
    hours, factor, jump = (float(options.hours), options.factor, options.jump)

    def changed(before: ToldSubscription) -> ToldSubscription:
        known = before.bill or ToldBill()
        told = ToldBill(
            hours=known.hours + hours,
            factor=known.factor if factor is None else factor,
            jump=known.jump if jump is None else jump,
        )
        return before.model_copy(update={"bill": told})

    told_sandbox(environment, changed)
    tell(phrase("cli.sandbox.bill_told", hours=f"{hours:g}"))
    return 0


def _region(name: str) -> str:
    """Raises ConfigurationError for one that is none."""
    folded = name.replace(" ", "").casefold()
    if folded not in regions():
        raise error_of(ConfigurationError, "cli.prices.no_region", region=name[:40])
    return folded


def _row(name: str) -> str:
    """A row of quotas: a size stands for its family. Raises ConfigurationError for what is neither."""
    known = size(name)
    if known is not None:
        return known.family
    if name.casefold() in (REGIONAL, SPOT):
        return "cores" if name.casefold() == REGIONAL else "lowPriorityCores"
    raise error_of(ConfigurationError, "cli.sandbox.no_size", size=name[:40])


def prices(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serves the double of Azure's price list until it is stopped."""
    regions = tuple(options.region or ("eastus", "westeurope"))

    def told(url: str, certificate: str) -> None:
        tell(phrase("cli.sandbox.serving", url=url, certificate=certificate))

    asyncio.run(serve_price_list(environment, regions, told))
    return 0
