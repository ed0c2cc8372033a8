"""Who connects just as a server ends is let go with the others."""

import asyncio
import socket

import pytest
from aiohttp import web

from plugins.listening import end_listening

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("turns", range(12))
async def test_a_connection_of_the_last_moment_is_closed_with_the_server(turns: int) -> None:
    runner = web.AppRunner(web.Application(), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with socket.create_connection(runner.addresses[0][:2], timeout=5) as connected:
        for _ in range(turns):
            await asyncio.sleep(0)
        await end_listening(runner)
        for _ in range(3):
            await asyncio.sleep(0)
        try:
            left = connected.recv(1)
        except ConnectionResetError:
            left = b""
    assert left == b""
