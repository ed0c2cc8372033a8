"""The sandbox's providers in this process, for tests: no plug-in file, no CLI configuration."""

import json
import os
import tempfile
from pathlib import Path
from types import TracebackType

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import PROVIDERS, REGISTRIES
from plugins.deploy.sandbox.provider import Provider
from plugins.deploy.sandbox.serving import ProviderServer


class Reattached:
    """Serves both providers over one cloud, one run at a time, as a context that gives the value of
    TF_REATTACH_PROVIDERS.

    One server answers all of Terraform's instances of a provider, so what a provider is configured with is shared:
    two runs at once over one of these would mix (the filesystem mirror starts a process each and does not).
    """

    def __init__(self, cloud: Path, *, speed: float = 0) -> None:
        self._cloud = cloud
        self._speed = speed
        self._servers: dict[str, ProviderServer] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="brk")

    def __enter__(self) -> str:
        folder = Path(self._folder.name)
        for name in PROVIDERS:
            provider = Provider(name, SandboxCloud(self._cloud), speed=self._speed)
            self._servers[name] = ProviderServer(provider, folder / name)
        return json.dumps(
            {
                f"{registry}/{PROVIDERS[name][0]}": _reattachment(folder / name)
                for name in self._servers
                for registry in REGISTRIES
            }
        )

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers.values():
            server.stop()
        self._folder.cleanup()


def _reattachment(socket: Path) -> dict[str, object]:
    return {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": os.getpid(),
        "Test": True,
        "Addr": {"Network": "unix", "String": str(socket)},
    }
