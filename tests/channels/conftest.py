"""The web channel served for real, and a visitor of it."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from web_server import Served, Visitor, serve, served

__all__ = ["http", "serve", "served", "visitor"]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser's cookies, and no more of a browser than that."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
async def visitor(served: Served, http: aiohttp.ClientSession) -> Visitor:
    return await Visitor(http, served.url).arrive()
