"""`decide` as a Semantic Kernel function: the fields of a request in, the configuration with its reasons out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from semantic_kernel.functions import KernelFunction

from plugins.decide import decide
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest
from plugins.kernel_face import face


def decide_function(words: Mapping[str, str], platform: PlatformSettings, today: date) -> KernelFunction:
    """Decides a configuration; changes nothing."""

    async def configuration(asked: InfrastructureRequest) -> dict[str, Any]:
        return decide(asked, platform, identity="proposal", today=today).model_dump(mode="json", exclude_none=True)

    return face("decide", words["decide"], InfrastructureRequest, configuration)
