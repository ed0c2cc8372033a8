"""What else a server serves than the web page: a chat platform's endpoint, a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from agent.channels.auth.identity import Authenticator


@dataclass(frozen=True)
class ServerDoors:
    """What a channel may use of the server: who is signed in to the web page, and where people reach that page."""

    authenticator: Authenticator
    address: str


class ServedChannel(Protocol):
    """A channel behind the same server. What it does not manage never makes the server unhealthy, nor keeps it from
    starting, except for settings that are wrong: then `begin` raises ConfigurationError.
    """

    @property
    def name(self) -> str: ...

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Asked for after `begin`."""
        ...

    async def begin(self, doors: ServerDoors) -> None:
        """The app runs; nobody can connect yet. What an earlier process left unanswered is taken up here."""
        ...

    async def stop(self, seconds: float) -> None:
        """Takes no more; what was taken in may be answered for so long.

        Of the last that began while people can still connect, of the others afterwards.
        """
        ...
