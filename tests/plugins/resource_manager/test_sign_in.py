"""The sign-in itself: azure-identity against the double's authority, trusted by a CA file of its own."""

import asyncio
from pathlib import Path

import pytest

from plugins.deploy.health import SignInMissing
from plugins.deploy.sign_in import access_token
from plugins.domain.azure_facts import FactsWanted
from plugins.resource_manager.address import SCOPE
from plugins.resource_manager.client import ResourceManager
from plugins.resource_manager.double.server import ResourceManagerDouble
from plugins.resource_manager.double.subscription import Subscription
from plugins.resource_manager.failed import NotAnswered
from plugins.resource_manager.preflight import PreflightReader
from plugins.resource_manager.sign_in import SharedSignIn

pytestmark = pytest.mark.integration


async def test_a_service_principal_signs_in_where_the_environment_points(tmp_path: Path) -> None:
    """Once for all that is asked side by side."""
    async with ResourceManagerDouble(Subscription).serving(tmp_path) as double:
        assert double.certificate is not None
        environment = {**double.environment(), "REQUESTS_CA_BUNDLE": str(double.certificate.certificate)}
        sign_in = SharedSignIn(lambda: access_token(environment, SCOPE))
        client = ResourceManager(sign_in.token, double.url, trust=double.certificate.client)
        reader = PreflightReader(client, environment["ARM_SUBSCRIPTION_ID"])
        facts = await reader.facts(FactsWanted(regions=("eastus",)), seconds=20)
        await reader.close()
    assert facts.unanswered == ()
    assert len([path for path in double.asked if path.endswith("/token")]) == 1


async def test_a_pipeline_that_speaks_no_http_is_no_sign_in(tmp_path: Path) -> None:
    async def nonsense(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"nonsense\r\n\r\n")
        await writer.drain()
        writer.close()

    pipeline = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{pipeline.sockets[0].getsockname()[1]}/token"
    async with ResourceManagerDouble(Subscription).serving(tmp_path) as double:
        assert double.certificate is not None
        asked = {"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": url, "ARM_OIDC_REQUEST_TOKEN": "key"}
        trusted = {"REQUESTS_CA_BUNDLE": str(double.certificate.certificate)}
        with pytest.raises(SignInMissing):
            await asyncio.to_thread(access_token, {**double.environment(), **asked, **trusted}, SCOPE)
    pipeline.close()


async def test_who_is_not_signed_in_is_not_asked_for_again_at_once() -> None:
    tries: list[int] = []
    now = [1000.0]
    sign_in = SharedSignIn(lambda: tries.append(1), clock=lambda: now[0])
    for _ in range(3):
        with pytest.raises(NotAnswered):
            await sign_in.token()
    assert len(tries) == 1
    now[0] += 61
    with pytest.raises(NotAnswered):
        await sign_in.token()
    assert len(tries) == 2
