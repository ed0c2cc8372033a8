"""Which machines: by workload and environment, by GPU, or as stated; never a retired one.

Families (azure-databricks facts, sections 2 and 9): Ddsv5 for pipelines, SQL and streaming, Edsv5 where data sits
in memory (training, exploration); both are current, have local disks and a published DBU rate. GPUs: T4, A10, A100,
H100 of the list at learn.microsoft.com/azure/databricks/compute/gpu (read 2026-11-22).
"""

import re

from plugins.catalogue.sizes import Size, nearest_sizes, size, sizes
from plugins.decide.choice import LEARN, SAID, SIZES, Choice, reason
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
) -> Choice[Size]:
    """The size of driver and workers. `lean` takes the least costly current one with 16 GiB, where none was stated.

    Raises InvalidRequest for a size that no table has, or one without GPUs where GPUs are asked for.
    """
    if request.node_type is not None:
        return _stated(request.node_type, wants_gpu=bool(request.enable_gpu))
    if request.enable_gpu:
        return _gpu(request, environment)
    if lean:
        chosen = _known(_LEAN[environment])
        because = f"The least costly current machine with {chosen.memory_gib} GiB, so that the month fits its limit."
    elif workload in _IN_MEMORY:
        chosen = _known(_MEMORY[environment])
        because = (
            "Training and exploration hold their data in memory: 8 GiB a core, current, with a published DBU rate."
        )
    else:
        chosen = _known(_GENERAL[environment])
        because = "General purpose, current generation, with local disks for shuffles and a published DBU rate."
    return Choice(chosen, (reason("node_type", chosen.name, because, SIZES),))


def smallest(request: InfrastructureRequest) -> str:
    """The least size that still does what was stated."""
    if request.node_type is not None:
        return request.node_type
    if request.enable_gpu:
        return _gpu(request, "dev").value.name
    return _LEAN[request.environment or "dev"]


def _gpu(request: InfrastructureRequest, environment: Environment) -> Choice[Size]:
    wanted = _MODEL.search(request.additional_requirements or "")
    if wanted is None:
        chosen = _known(_GPU[environment])
        because = f"{chosen.gpu_model}: enough for {environment}, and the least costly of its kind there."
        return Choice(chosen, (reason("node_type", chosen.name, because, f"{LEARN}/compute/gpu, read 2026-11-22"),))
    model, count = wanted[2].lower(), int(wanted[1] or 1)
    fitting = [_known(name) for name in _MODELS[model]]
    chosen = next((s for s in fitting if s.gpus >= count), fitting[-1])
    because = f"You asked for {wanted[2].upper()}: it has {chosen.gpus} x {chosen.gpu_model}."
    if model == "v100":
        because = "V100 machines (NCv3) retired on 2025-09-30; Microsoft's advice is A100."
    source = f"{LEARN}/compute/gpu, read 2026-11-22"
    return Choice(chosen, (reason("node_type", chosen.name, because, source),))


def _stated(name: str, *, wants_gpu: bool) -> Choice[Size]:
    found = size(name)
    if found is None:
        near = ", ".join(nearest_sizes(name))
        raise InvalidRequest("choosing the VM size", f"I know no VM size “{name[:40]}”.", f"The nearest are {near}.")
    chosen = _current(found)
    if wants_gpu and not chosen.gpus:
        raise InvalidRequest(
            "choosing the VM size",
            f"{found.name} has no GPU, and GPUs are asked for.",
            f"Take a GPU size such as {_GPU['dev']}, or leave the GPUs out.",
        )
    if chosen is not found:
        retired = f" on {found.retires_on.isoformat()}" if found.retires_on else ""
        because = f"{found.name} was retired{retired}, so it is replaced by {chosen.name}."
        return Choice(chosen, (reason("node_type", chosen.name, because, found.source),))
    because = "The size that you named."
    if found.is_retiring and found.retires_on:
        because += f" It retires on {found.retires_on.isoformat()}; {found.replacement} would follow it."
    return Choice(chosen, (reason("node_type", chosen.name, because, found.source if found.is_retiring else SAID),))


def _current(found: Size) -> Size:
    """The size itself, or what replaces it when it is retired."""
    while found.is_retired:
        found = _known(found.replacement)
    return found


def _known(name: str) -> Size:
    return sizes()[name]
