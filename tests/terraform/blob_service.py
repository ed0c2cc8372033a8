"""Azure's storage on this machine, for Terraform's own azurerm backend: Azurite's blob service (npm, 3.35.0).

Terraform asks Azure's own host names, as it does in a subscription. What leads them here is a proxy that knows two of
them, the sign-in and one account's blobs, and refuses any other; the certificate names both, and is trusted by nobody
but the Terraform that is pointed at it.
"""

import asyncio
import base64
import json
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.request
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugins.deploy.terraform.backend import AzureState

SERVICE = Path(__file__).parent / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
STATE = AzureState(resource_group="rg-state", account="brickiestate", container="tfstate")
_SIGN_IN, _BLOBS = "login.microsoftonline.com", f"{STATE.account}.blob.core.windows.net"
_TENANT = "00000000-0000-0000-0000-000000000001"
_LISTENS = re.compile(r"successfully listens on https://127\.0\.0\.1:(\d+)")


class BlobService:
    """Started when it is made; gone, with all that it holds, when it is stopped."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if node is None or not SERVICE.is_file():
            pytest.skip("needs npm (npm ci in tests/terraform/azurite)")
        self._certificate, key = _certificate(folder)
        self._trust = ssl.create_default_context(cafile=str(self._certificate))
        self._process = _azurite(node, folder, self._certificate, key)
        self._ports = {_BLOBS: _port_of(self._process)}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._servers: list[asyncio.Server] = []
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificate, key)
        self._ports[_SIGN_IN] = self._served(asyncio.start_server(_sign_in, "127.0.0.1", 0, ssl=context))
        self._proxy = self._served(asyncio.start_server(self._forwarded, "127.0.0.1", 0))
        self._asked("PUT", "restype=container", of="")

    @property
    def environment(self) -> dict[str, str]:
        """What a Terraform needs to keep its state here."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self._proxy}",
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": str(self._certificate),
            "ARM_TENANT_ID": _TENANT,
            "ARM_CLIENT_ID": _TENANT,
            "ARM_CLIENT_SECRET": "of-nobody",
            "ARM_SUBSCRIPTION_ID": _TENANT,
        }

    def is_locked(self, name: str) -> bool:
        """Whether somebody holds the lock on the state of that name; nobody does where there is none yet."""
        try:
            told = self._asked("HEAD", "", of=f"/{name}")
        except HTTPError:
            return False
        # Terraform takes the lease, and only then notes whose it is.
        return told["x-ms-lease-status"] == "locked" and "x-ms-meta-terraformlockid" in told

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _served(self, starting: Coroutine[Any, Any, asyncio.Server]) -> int:
        server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self._servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def _ended(self) -> None:
        for server in self._servers:
            server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    def _asked(self, method: str, query: str, *, of: str) -> dict[str, str]:
        """The answer's headers."""
        request = urllib.request.Request(
            f"https://localhost:{self._ports[_BLOBS]}/{STATE.container}{of}?{query}",
            method=method,
            headers={"Host": _BLOBS, "Authorization": f"Bearer {_token()}", "x-ms-version": "2023-11-03"},
        )
        with urllib.request.urlopen(request, context=self._trust, timeout=10) as answered:  # noqa: S310 - as above
            return {name.lower(): value for name, value in answered.headers.items()}

    async def _forwarded(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        port = self._ports.get(head.split()[1].removesuffix(":443"))
        if port is None:
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            writer.close()
            return
        onward = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_copied(reader, onward[1]), _copied(onward[0], writer))


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass  # a Terraform that was killed
    finally:
        writer.close()


async def _sign_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Gives whoever asks a token."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = re.search(r"content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    body = json.dumps({"token_type": "Bearer", "expires_in": 3600, "access_token": _token()})
    writer.write(
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}".encode()
    )
    await writer.drain()
    writer.close()


def _token() -> str:
    """Azurite looks at what a token says, and not who signed it (its README, "OAuth configuration", 2026-11)."""
    now = int(time.time())
    times = {"iat": now - 60, "nbf": now - 60, "exp": now + 3600}
    says = {"aud": "https://storage.azure.com", "iss": f"https://sts.windows.net/{_TENANT}/", "tid": _TENANT, **times}
    return ".".join((_encoded({"alg": "none", "typ": "JWT"}), _encoded(says), "none"))


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _azurite(node: str, folder: Path, certificate: Path, key: Path) -> subprocess.Popen[str]:
    options = {"blobHost": "127.0.0.1", "blobPort": "0", "oauth": "basic", "cert": certificate, "key": key}
    told = (part for name, value in options.items() for part in (f"--{name}", str(value)))
    account = f"{STATE.account}:{base64.b64encode(b'of-nobody').decode()}"
    return subprocess.Popen(
        [node, str(SERVICE), "--silent", "--disableTelemetry", "--location", str(folder), *told],
        env={"AZURITE_ACCOUNTS": account, "HOME": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def _port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if found := _LISTENS.search(line):
            return int(found[1])
    raise AssertionError("the blob service did not start")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """One for the two hosts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "blob service")])
    names = [x509.DNSName(_SIGN_IN), x509.DNSName(_BLOBS), x509.DNSName("localhost")]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "blobs.pem", folder / "blobs.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
