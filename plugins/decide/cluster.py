"""How many machines, for how long, on what terms: workers, spot, Photon, runtime, access, auto-termination."""

import re
from datetime import date
from typing import Literal

from plugins.catalogue.runtimes import Runtime, newest_lts, runtimes
from plugins.catalogue.sizes import Size
from plugins.decide.choice import HOUSE, LEARN, OWN, PHOTON_RATE, SAID, Choice, assumption, reason
from plugins.domain.errors import InvalidRequest
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Assumption, Environment, InfrastructureRequest, WorkloadType

Workers = tuple[int, int]

_WORKERS: dict[Environment, Workers] = {"dev": (1, 2), "staging": (1, 3), "prod": (2, 4)}
_PHOTON_PAYS: frozenset[WorkloadType] = frozenset({"data_engineering", "analytics"})
_SINGLE_IN_DEV: frozenset[WorkloadType] = frozenset({"machine_learning", "data_science"})
_VERSION = re.compile(r"\b(?:dbr|runtime|databricks runtime)\s*v?(\d{2}(?:\.\d)?)", re.IGNORECASE)
_SPARK = re.compile(r"\bspark\s*v?(\d\.\d)", re.IGNORECASE)
_MINUTES = re.compile(r"terminat\w*\D{0,20}(\d{1,5}) ?min", re.IGNORECASE)


def workers(request: InfrastructureRequest, environment: Environment, workload: WorkloadType) -> Choice[Workers]:
    """Minimum and maximum workers beside the driver; (0, 0) is a single node.

    Raises InvalidRequest when the stated limits cross.
    """
    low, high = request.min_workers, request.max_workers
    if low is not None and high is not None:
        if low > high:
            raise InvalidRequest(
                "sizing the cluster",
                f"at least {low} and at most {high} workers cross.",
                "Give a minimum below the maximum.",
            )
        return Choice((low, high), (reason("workers", _told(low, high), "As you asked.", SAID),))
    default, because = _default_workers(request, environment, workload)
    if low is None and high is None:
        chosen = default
    elif high is not None:
        chosen = (min(max(default[0], 1), high), high)
    else:
        chosen = (low or 0, max(default[1], low or 0))
    assumed = tuple(
        assumption(field, value, because)
        for field, value, stated in (("min_workers", chosen[0], low), ("max_workers", chosen[1], high))
        if stated is None
    )
    return Choice(chosen, (reason("workers", _told(*chosen), because, OWN),), assumed)


def _default_workers(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType
) -> tuple[Workers, str]:
    if request.enable_gpu:
        return (0, 0), "GPU work runs on one machine unless distributed training is asked for."
    if environment == "dev" and workload in _SINGLE_IN_DEV:
        return (0, 0), "One machine is enough to explore and to try models in dev, at the least cost."
    if environment == "prod":
        return _WORKERS["prod"], "Production keeps two workers, so that one can be lost, and grows to four."
    return _WORKERS[environment], f"A small cluster that grows with the load is enough for {environment}."


def spot(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType, size: Workers
) -> Choice[bool]:
    """Spot machines for the workers, with fall-back to on-demand; the driver is never a spot machine."""
    source = "databricks/terraform-provider-databricks docs/resources/cluster.md, 2026-08-22"
    if size[1] == 0:
        return Choice(
            value=False,
            reasons=(reason("spot", "no spot", "A single node is its own driver, which stays on demand.", source),),
        )
    if request.spot is not None:
        text = "spot workers with fall-back to on-demand, driver on demand" if request.spot else "no spot"
        return Choice(request.spot, (reason("spot", text, "As you asked.", SAID),))
    chosen = environment != "prod" and workload != "streaming"
    because = (
        "Outside production an evicted worker costs minutes; when none are left, on-demand machines take their place."
        if chosen
        else "Evicted workers interrupt what must not be interrupted."
    )
    told = "spot workers with fall-back" if chosen else "no spot"
    return Choice(chosen, (reason("spot", told, because, source),), (assumption("spot", chosen, because),))


def photon(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType, node: Size, *, lean: bool = False
) -> Choice[bool]:
    """Photon doubles the DBUs, so it is on only where the work gets faster by more; never on GPU machines."""
    if node.gpus:
        because = "Photon does not run on GPU machines" + (
            ", so it is off although you asked." if request.photon else "."
        )
        told = reason("photon", "no Photon", because, f"{LEARN}/compute/gpu, read 2026-11-22")
        return Choice(value=False, reasons=(told,))
    if request.photon is not None:
        return Choice(request.photon, (reason("photon", _photon(request.photon), "As you asked.", SAID),))
    pays = environment != "dev" and workload in _PHOTON_PAYS
    chosen = pays and not lean
    if chosen:
        because = "SQL and ETL over Delta run faster by more than the doubled DBUs cost."
    elif pays:
        because = "It would double the DBUs, and the month would not fit its limit."
    else:
        because = "It doubles the DBUs, which this work would not earn back."
    return Choice(
        chosen, (reason("photon", _photon(chosen), because, PHOTON_RATE),), (assumption("photon", chosen, because),)
    )


def runtime(request: InfrastructureRequest, workload: WorkloadType, node: Size, today: date) -> Choice[str]:
    """The runtime literal: the version asked for while it is supported, else the newest LTS."""
    wanted = request.additional_requirements or ""
    chosen, because = _version(wanted, today)
    ml = workload == "machine_learning" or bool(node.gpus)
    key = chosen.key(ml=ml, gpu=bool(node.gpus))
    if ml:
        because += " The ML form, with the libraries for training."
    source = f"{chosen.source.text}, read {chosen.source.as_of.isoformat()}"
    return Choice(key, (reason("spark_version", f"{key} (Spark {chosen.spark})", because, source),))


def _version(wanted: str, today: date) -> tuple[Runtime, str]:
    newest = newest_lts(today)
    named, spark = _VERSION.search(wanted), _SPARK.search(wanted)
    if named:
        found = next((r for r in runtimes() if r.version in (named[1], named[1].removesuffix(".0"))), None)
        if found is not None and found.is_supported(today):
            return found, f"Runtime {found.version}, as you asked; {_support(found)}."
        return newest, f"Runtime {named[1]} is not supported any more, or unknown, so the newest LTS."
    if spark:
        found = next((r for r in runtimes() if r.lts and r.spark.startswith(spark[1]) and r.is_supported(today)), None)
        if found is not None:
            return found, f"The newest LTS with Spark {spark[1]}, as you asked; {_support(found)}."
    return newest, f"The newest long-term-support runtime; {_support(newest)}."


def _support(found: Runtime) -> str:
    return f"supported until {found.ends.isoformat()}" if found.ends else "its end of support is not announced"


def access(
    request: InfrastructureRequest, workload: WorkloadType, node: Size
) -> Choice[Literal["standard", "dedicated"]]:
    """Unity Catalog access: standard for shared clusters, dedicated for ML and GPU work."""
    source = "databricks/terraform-provider-databricks docs/resources/cluster.md, 2026-08-22"
    if workload != "machine_learning" and not node.gpus:
        because = "Several people can share it under Unity Catalog."
        return Choice("standard", (reason("access_mode", "standard access", because, source),))
    because = "ML and GPU runtimes need a cluster dedicated to one user or group."
    assumed: tuple[Assumption, ...] = ()
    if request.owner is None:
        assumed = (assumption("single_user", "whoever applies the plan", "No owner was named to dedicate it to."),)
    return Choice("dedicated", (reason("access_mode", "dedicated access", because, source),), assumed)


def autotermination(
    request: InfrastructureRequest, environment: Environment, platform: PlatformSettings
) -> Choice[int]:
    """Idle minutes until the cluster stops; 10 to 10,000, never off."""
    stated = _MINUTES.search(request.additional_requirements or "")
    if stated and 10 <= int(stated[1]) <= 10_000:  # noqa: PLR2004 - the provider's own bounds
        minutes = int(stated[1])
        return Choice(minutes, (reason("autotermination_minutes", f"{minutes} minutes", "As you asked.", SAID),))
    minutes = platform.policy.environments[environment].autotermination_minutes
    because = "An idle cluster stops by itself; nobody pays for a forgotten one."
    return Choice(minutes, (reason("autotermination_minutes", f"stops after {minutes} idle minutes", because, HOUSE),))


def hours(request: InfrastructureRequest, platform: PlatformSettings) -> Choice[float]:
    """Hours a week that the cluster is counted on to run."""
    if request.hours_per_week is not None:
        return Choice(request.hours_per_week)
    default = platform.defaults.hours_per_week
    because = "Nobody said how long it runs; office hours are counted."
    return Choice(default, (), (assumption("hours_per_week", default, because),))


def _told(low: int, high: int) -> str:
    if high == 0:
        return "single node"
    return f"{low} workers" if low == high else f"{low} to {high} workers, autoscaled"


def _photon(on: bool) -> str:  # noqa: FBT001 - a word for a flag
    return "Photon" if on else "no Photon"
