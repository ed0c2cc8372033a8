"""A client of Azure Resource Manager's double, as tests need one: trusting its certificate, waiting for nothing."""

from dataclasses import dataclass, field

from plugins.resource_manager.client import ResourceManager
from plugins.resource_manager.double.server import ResourceManagerDouble

TOKEN = "token-of-the-double"


@dataclass
class Clock:
    """Keeps what was waited for, and waits for nothing."""

    pauses: list[float] = field(default_factory=list[float])

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def token() -> str:
    return TOKEN


def client_of(double: ResourceManagerDouble, clock: Clock | None = None) -> ResourceManager:
    assert double.certificate is not None
    return ResourceManager(token, double.url, sleep=(clock or Clock()).sleep, trust=double.certificate.client)
