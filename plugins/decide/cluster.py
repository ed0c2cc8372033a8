"""How many machines, for how long, on what terms: workers, spot, Photon, runtime, access, auto-termination."""

import re
from datetime import date
from typing import Literal

from plugins.catalogue.runtimes import Runtime, newest_lts, runtimes
from plugins.catalogue.sizes import Size
from plugins.decide.choice import HOUSE, LEARN, OWN, PHOTON_RATE, SAID, DecidedValue, assumption, reason
from plugins.decide.sentences import SAYS
from plugins.domain.errors import InvalidRequest
from plugins.domain.idle_time import idle_minutes, without_idle_time
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Assumption, Environment, InfrastructureRequest, WorkloadType

Workers = tuple[int, int]

_WORKERS: dict[Environment, Workers] = {"dev": (1, 2), "staging": (1, 3), "prod": (2, 4)}
_PHOTON_PAYS: frozenset[WorkloadType] = frozenset({"data_engineering", "analytics"})
_SINGLE_IN_DEV: frozenset[WorkloadType] = frozenset({"machine_learning", "data_science"})
_IS = r"(?:\s?version)?(?:\s(?:to|is|be|should be)\b|\s?[:=])?"
_VERSION = re.compile(rf"\b(?:dbr|runtime|databricks runtime){_IS}\s*v?(\d{{2}}(?:\.\d)?)", re.IGNORECASE)
_SPARK = re.compile(rf"\bspark{_IS}\s*v?(\d\.\d)", re.IGNORECASE)
_LEAST_IDLE, _MOST_IDLE = 10, 10_000
"""Idle minutes that Databricks takes (0 is never, which is not offered): databricks provider 1.128.0, `cluster`,
autotermination_minutes, read 2026-11-22.
"""


def workers(request: InfrastructureRequest, environment: Environment, workload: WorkloadType) -> DecidedValue[Workers]:
    """Minimum and maximum workers beside the driver; (0, 0) is a single node.

    Raises InvalidRequest when the stated limits cross.
    """
    low, high = request.min_workers, request.max_workers
    if low is not None and high is not None:
        if low > high:
            raise SAYS.error(InvalidRequest, "workers.crossing", low=low, high=high)
        return DecidedValue((low, high), (reason("workers", _workers_label(low, high), SAYS("as_asked"), SAID),))
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
    return DecidedValue(chosen, (reason("workers", _workers_label(*chosen), because, OWN),), assumed)


def _default_workers(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType
) -> tuple[Workers, str]:
    if request.enable_gpu:
        return (0, 0), SAYS("workers.gpu")
    if environment == "dev" and workload in _SINGLE_IN_DEV:
        return (0, 0), SAYS("workers.single_in_dev")
    if environment == "prod":
        return _WORKERS["prod"], SAYS("workers.production")
    return _WORKERS[environment], SAYS("workers.small", environment=environment)


def spot(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType, size: Workers
) -> DecidedValue[bool]:
    """Spot machines for the workers, with fall-back to on-demand; the driver is never a spot machine."""
    source = SAYS("spot.source")
    if size[1] == 0:
        return DecidedValue(
            value=False,
            reasons=(reason("spot", "no spot", SAYS("spot.single_node"), source),),
        )
    if request.spot is not None:
        text = SAYS("spot.on_as_asked") if request.spot else "no spot"
        return DecidedValue(request.spot, (reason("spot", text, SAYS("as_asked"), SAID),))
    chosen = environment != "prod" and workload != "streaming"
    because = SAYS("spot.outside_production") if chosen else SAYS("spot.must_not_stop")
    choice = SAYS("spot.on") if chosen else "no spot"
    return DecidedValue(chosen, (reason("spot", choice, because, source),), (assumption("spot", chosen, because),))


def photon(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType, node: Size, *, lean: bool = False
) -> DecidedValue[bool]:
    """Photon doubles the DBUs, so it is on only where the work gets faster by more; never on GPU machines."""
    if node.gpus:
        because = SAYS("photon.not_on_gpu") + (SAYS("photon.although_asked") if request.photon else ".")
        off = reason("photon", "no Photon", because, SAYS("photon.source", learn=LEARN))
        return DecidedValue(value=False, reasons=(off,))
    if request.photon is not None:
        return DecidedValue(request.photon, (reason("photon", _photon(request.photon), SAYS("as_asked"), SAID),))
    pays = environment != "dev" and workload in _PHOTON_PAYS
    chosen = pays and not lean
    if chosen:
        because = SAYS("photon.pays")
    elif pays:
        because = SAYS("photon.over_limit")
    else:
        because = SAYS("photon.does_not_pay")
    return DecidedValue(
        chosen, (reason("photon", _photon(chosen), because, PHOTON_RATE),), (assumption("photon", chosen, because),)
    )


def runtime(request: InfrastructureRequest, workload: WorkloadType, node: Size, today: date) -> DecidedValue[str]:
    """The runtime literal: the version asked for while it is supported, else the newest LTS."""
    wanted = request.additional_requirements or ""
    chosen, because = _version(wanted, today)
    ml = workload == "machine_learning" or bool(node.gpus)
    key = chosen.key(ml=ml, gpu=bool(node.gpus))
    if ml:
        because += SAYS("runtime.for_training")
    source = SAYS("runtime.source", text=chosen.source.text, as_of=chosen.source.as_of.isoformat())
    return DecidedValue(
        key, (reason("spark_version", SAYS("runtime.choice", key=key, spark=chosen.spark), because, source),)
    )


def _version(wanted: str, today: date) -> tuple[Runtime, str]:
    newest = newest_lts(today)
    named, spark = _last(_VERSION, wanted), _last(_SPARK, wanted)
    if named:
        runtime = next((r for r in runtimes() if r.version in (named, named.removesuffix(".0"))), None)
        if runtime is not None and runtime.is_supported(today):
            return runtime, SAYS("runtime.as_asked", version=runtime.version, runtime=_support(runtime))
        return newest, SAYS("runtime.unsupported", named=named)
    if spark:
        runtime = next((r for r in runtimes() if r.lts and r.spark.startswith(spark) and r.is_supported(today)), None)
        if runtime is not None:
            return runtime, SAYS("runtime.of_spark", spark=spark, runtime=_support(runtime))
    return newest, SAYS("runtime.newest", newest=_support(newest))


def _last(pattern: re.Pattern[str], wanted: str) -> str:
    """What was said last of it, which is what counts; "" where nothing was."""
    return next(reversed(pattern.findall(wanted)), "")


def _support(runtime: Runtime) -> str:
    return (
        SAYS("runtime.supported_until", ends=runtime.ends.isoformat()) if runtime.ends else SAYS("runtime.end_unknown")
    )


def access(
    request: InfrastructureRequest, workload: WorkloadType, node: Size
) -> DecidedValue[Literal["standard", "dedicated"]]:
    """Unity Catalog access: standard for shared clusters, dedicated for ML and GPU work."""
    source = SAYS("access.source")
    if workload != "machine_learning" and not node.gpus:
        because = SAYS("access.shared")
        return DecidedValue("standard", (reason("access_mode", "standard access", because, source),))
    because = SAYS("access.dedicated")
    assumed: tuple[Assumption, ...] = ()
    if request.owner is None:
        assumed = (assumption("single_user", SAYS("access.applier"), SAYS("access.no_owner")),)
    return DecidedValue("dedicated", (reason("access_mode", "dedicated access", because, source),), assumed)


def unmet(wishes: str | None) -> str | None:
    """Of the wishes in the person's words those that no decision takes up; an idle time that is taken is none."""
    asked = idle_minutes(wishes or "")
    if wishes is None or asked is None or not _LEAST_IDLE <= asked <= _MOST_IDLE:
        return wishes
    return "; ".join(left for wish in wishes.split("; ") if (left := without_idle_time(wish))) or None


def autotermination(
    request: InfrastructureRequest, environment: Environment, platform: PlatformSettings
) -> DecidedValue[int]:
    """Idle minutes until the cluster stops; 10 to 10,000, never off."""
    asked = idle_minutes(request.additional_requirements or "")
    if asked is not None and _LEAST_IDLE <= asked <= _MOST_IDLE:
        minutes = asked
        return DecidedValue(minutes, (reason("autotermination_minutes", f"{minutes} minutes", SAYS("as_asked"), SAID),))
    minutes = platform.policy.environments[environment].autotermination_minutes
    because = SAYS("autotermination.because")
    if asked is not None:
        because = SAYS("autotermination.outside", asked=asked, least=_LEAST_IDLE, most=_MOST_IDLE)
    return DecidedValue(
        minutes, (reason("autotermination_minutes", SAYS("autotermination.choice", minutes=minutes), because, HOUSE),)
    )


def hours(request: InfrastructureRequest, platform: PlatformSettings) -> DecidedValue[float]:
    """Hours a week that the cluster is counted on to run."""
    if request.hours_per_week is not None:
        return DecidedValue(request.hours_per_week)
    default = platform.defaults.hours_per_week
    because = SAYS("hours.default")
    return DecidedValue(default, (), (assumption("hours_per_week", default, because),))


def _workers_label(low: int, high: int) -> str:
    if high == 0:
        return "single node"
    return f"{low} workers" if low == high else SAYS("workers.autoscaled", low=low, high=high)


def _photon(on: bool) -> str:  # noqa: FBT001 - the flag is all that it is asked about
    return "Photon" if on else "no Photon"
