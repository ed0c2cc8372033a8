"""The chat platforms that `brickie serve` serves beside the web page: those that the settings turn on."""

import time

from agent.app import App, AppEnvironment
from agent.channels.http.served import ServedChannel
from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.clicks import ClickRules
from agent.channels.messaging.outbox import OutboxClock
from agent.channels.messaging.port import Seat
from agent.channels.messaging.room import MessagingRoom, RoomSettings
from agent.channels.server import page_address
from agent.factories import rules_of
from agent.paths import place
from agent.wording import Wording
from plugins.databricks.pricing_policy import pricing_policy_digest_of


def chat_platforms(app_environment: AppEnvironment, app: App) -> tuple[ServedChannel, ...]:
    """A channel for each platform that is configured, and the room of them all, which begins last. Raises
    ConfigurationError for one that is half configured.
    """
    room = room_of(app_environment, app)
    platforms: list[ServedChannel] = []
    return (*platforms, room) if platforms else ()


def room_of(app_environment: AppEnvironment, app: App, clock: OutboxClock | None = None) -> MessagingRoom:
    """The room that the platforms take their seats in."""
    settings = app_environment.settings
    seats: dict[str, Seat] = {}
    clicks = ClickRules(
        board=PlanBoard(seats, rules_of(settings), page_address(settings)),
        wording=Wording(place("templates") / "replies"),
        pricing_policy_digest=pricing_policy_digest_of(settings.platform),
        lone=settings.cloud.mode == "sandbox",
    )
    notify = settings.notify
    wishes = RoomSettings(clicks, settings.approvals.named, notify.digest, notify.digest_hour)
    return MessagingRoom(app, wishes, clock or OutboxClock(app_environment.clock, time.monotonic), seats)
