"""Which machines: by workload and environment, by GPU, or as stated; never a retired one.

Ddsv5 for pipelines, SQL and streaming, Edsv5 where data sits in memory (training, exploration): neither family is among
those that retire (github.com/Azure/EOL service_list.json, 2025-12-18), both have local disks, a published DBU rate
(azure.microsoft.com/pricing/details/databricks, 2026-08-21) and a place in Databricks' list of node types
(learn.microsoft.com/azure/databricks/compute/flexible-node-type-instances, read 2026-11-22). GPUs: T4, A10, A100,
H100 of the list at learn.microsoft.com/azure/databricks/compute/gpu (read 2026-11-22).
"""

import re

from plugins.catalogue.sizes import Size, nearest_sizes, size, sizes
from plugins.decide.choice import LEARN, SAID, SIZES, DecidedValue, reason
from plugins.decide.sentences import SAYS
from plugins.domain.errors import InvalidRequest
from plugins.domain.request import Environment, InfrastructureRequest, WorkloadType

_GENERAL: dict[Environment, str] = {
    "dev": "Standard_D4ds_v5",
    "staging": "Standard_D4ds_v5",
    "prod": "Standard_D8ds_v5",
}
_MEMORY: dict[Environment, str] = {
    "dev": "Standard_E4ds_v5",
    "staging": "Standard_E4ds_v5",
    "prod": "Standard_E8ds_v5",
}
_LEAN: dict[Environment, str] = {
    "dev": "Standard_E2ds_v6",
    "staging": "Standard_E2ds_v6",
    "prod": "Standard_D4ds_v5",
}
_GPU: dict[Environment, str] = {
    "dev": "Standard_NC4as_T4_v3",
    "staging": "Standard_NC16as_T4_v3",
    "prod": "Standard_NV36ads_A10_v5",
}
_IN_MEMORY: frozenset[WorkloadType] = frozenset({"machine_learning", "data_science"})
_MODELS: dict[str, tuple[str, ...]] = {
    "t4": ("Standard_NC4as_T4_v3", "Standard_NC64as_T4_v3"),
    "a10": ("Standard_NV36ads_A10_v5", "Standard_NV72ads_A10_v5"),
    "a100": ("Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4", "Standard_NC96ads_A100_v4"),
    "v100": ("Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4", "Standard_NC96ads_A100_v4"),
    "h100": ("Standard_NC40ads_H100_v5", "Standard_NC80adis_H100_v5"),
}
_MODEL = re.compile(r"(?:(\d{1,2}) ?[x\u00d7]? ?)?\b(t4|a100|a10|v100|h100)s?\b", re.IGNORECASE)


def node(
    request: InfrastructureRequest, environment: Environment, workload: WorkloadType, *, lean: bool = False
) -> DecidedValue[Size]:
    """The size of driver and workers. `lean` takes the least costly current one with 16 GiB, where none was stated.

    Raises InvalidRequest for a size that no table has, or one without GPUs where GPUs are asked for.
    """
    if request.node_type is not None:
        return _stated(request.node_type, wants_gpu=bool(request.enable_gpu))
    if request.enable_gpu:
        return _gpu(request, environment)
    if lean:
        chosen = _known(_LEAN[environment])
        because = SAYS("size.lean", memory_gib=chosen.memory_gib)
    elif workload in _IN_MEMORY:
        chosen = _known(_MEMORY[environment])
        because = SAYS("size.memory")
    else:
        chosen = _known(_GENERAL[environment])
        because = SAYS("size.general")
    return DecidedValue(chosen, (reason("node_type", chosen.name, because, SIZES),))


def smallest(request: InfrastructureRequest) -> str:
    """The least size that still does what was stated."""
    if request.node_type is not None:
        return request.node_type
    if request.enable_gpu:
        return _gpu(request, "dev").value.name
    return _LEAN[request.environment or "dev"]


def _gpu(request: InfrastructureRequest, environment: Environment) -> DecidedValue[Size]:
    wanted = _MODEL.search(request.additional_requirements or "")
    if wanted is None:
        chosen = _known(_GPU[environment])
        because = SAYS("gpu.least_costly", gpu_model=chosen.gpu_model, environment=environment)
        return DecidedValue(chosen, (reason("node_type", chosen.name, because, SAYS("gpu.source", learn=LEARN)),))
    model, count = wanted[2].lower(), int(wanted[1] or 1)
    fitting = [_known(name) for name in _MODELS[model]]
    chosen = next((s for s in fitting if s.gpus >= count), fitting[-1])
    because = SAYS("gpu.named", wanted=wanted[2].upper(), gpus=chosen.gpus, gpu_model=chosen.gpu_model)
    if model == "v100":
        because = SAYS("gpu.v100")
    source = SAYS("gpu.source", learn=LEARN)
    return DecidedValue(chosen, (reason("node_type", chosen.name, because, source),))


def _stated(name: str, *, wants_gpu: bool) -> DecidedValue[Size]:
    stated = size(name)
    if stated is None:
        near = ", ".join(nearest_sizes(name))
        raise SAYS.error(InvalidRequest, "size.unknown", name=name[:40], near=near)
    chosen = _current(stated)
    if wants_gpu and not chosen.gpus:
        raise SAYS.error(InvalidRequest, "size.no_gpu", name=stated.name, gpu_size=_GPU["dev"])
    if chosen is not stated:
        retired = f" on {stated.retires_on.isoformat()}" if stated.retires_on else ""
        because = SAYS("size.retired", name=stated.name, retired=retired, replacement=chosen.name)
        return DecidedValue(chosen, (reason("node_type", chosen.name, because, stated.source),))
    because = SAYS("size.named")
    if stated.is_retiring and stated.retires_on:
        because += SAYS("size.retiring", retires_on=stated.retires_on.isoformat(), replacement=stated.replacement)
    return DecidedValue(
        chosen, (reason("node_type", chosen.name, because, stated.source if stated.is_retiring else SAID),)
    )


def _current(current: Size) -> Size:
    """The size itself, or what replaces it when it is retired."""
    while current.is_retired:
        current = _known(current.replacement)
    return current


def _known(name: str) -> Size:
    return sizes()[name]
