"""The end of a server of aiohttp's."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

_TURNS_TO_CONNECT = 3


async def end_listening(runner: "web.AppRunner") -> None:
    """Cleans this up together with every connection that it accepted.

    What asyncio has just accepted becomes a connection two turns of the loop later. Where the server is closed
    meanwhile that fails and nobody closes the socket (CPython 3.11, `Server._attach`): so first nothing more is
    accepted.
    """
    loop = asyncio.get_running_loop()
    for site in runner.sites:
        # aiohttp gives its listening sockets to nobody.
        server = site._server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        for listening in server.sockets if isinstance(server, asyncio.Server) else ():
            loop.remove_reader(listening.fileno())
    for _ in range(_TURNS_TO_CONNECT):
        await asyncio.sleep(0)
    await runner.cleanup()
