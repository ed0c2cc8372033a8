"""The chat platforms that `brickie serve` serves beside the web page: those that the settings turn on."""

import time

from agent.app import App, AppEnvironment
from agent.channels.http.metrics_page import MetricsPage
from agent.channels.http.served import ServedChannel
from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.clicks import ClickRules
from agent.channels.messaging.outbox import OutboxClock
from agent.channels.messaging.port import Platform, Seat
from agent.channels.messaging.room import MessagingRoom, RoomSettings
from agent.channels.server import page_address
from agent.channels.slack.off import SlackOff
from agent.channels.teams.access import access_of
from agent.channels.teams.off import TeamsOff
from agent.factories import rules_of
from agent.paths import place
from agent.wording import Wording
from plugins.databricks.pricing_policy import pricing_policy_digest_of

SLACK_DOUBLE = "BRICKIE_SLACK_DOUBLE"
"""Set by `--slack-double` for what is made behind it; the environment of a process is not looked at."""


def chat_platforms(app_environment: AppEnvironment, app: App) -> tuple[ServedChannel, ...]:
    """A channel for each platform that is configured, and the room of them all, which begins last. Raises
    ConfigurationError for one that is half configured.
    """
    room = room_of(app_environment, app)
    teams, slack = _teams(app_environment, app, room), _slack(app_environment, app, room)
    off: tuple[ServedChannel, ...] = (*(() if teams else (TeamsOff(),)), *(() if slack else (SlackOff(),)))
    metrics, is_public = app_environment.settings.telemetry, bool(app_environment.settings.web.public_url)
    pages = (MetricsPage(metrics, app.scraped, is_public=is_public),) if metrics.metrics else ()
    return (*pages, *off, *teams, *slack, room) if teams or slack else (*pages, *off)


def _teams(app_environment: AppEnvironment, app: App, room: MessagingRoom) -> tuple[ServedChannel, ...]:
    """Microsoft Teams in its seat."""
    access = access_of(app_environment.settings, app_environment.environment)
    if access is None:
        return ()
    from agent.channels.teams.channel import TeamsChannel  # a second

    channel = TeamsChannel(access, room)
    room.take_seat(channel.seat)
    app.listen(channel.heard)
    return (channel,)


def _slack(app_environment: AppEnvironment, app: App, room: MessagingRoom) -> tuple[ServedChannel, ...]:
    """Slack's channel, where it is on; with the played workspace before it, where that stands in for Slack."""
    settings, environment = app_environment.settings, app_environment.environment
    if settings.slack.mode is None:
        return ()
    from agent.channels.slack.made import slack_channel  # for those who have set it up
    from agent.channels.slack.records import RecordedSlack
    from agent.channels.slack.seat import seat_of

    def room_for(platform: Platform) -> MessagingRoom:
        room.take_seat(seat_of(platform, settings.slack))
        return room

    channel = slack_channel(settings, environment, RecordedSlack(app, rules_of(settings)), room_for)
    app.listen(channel.heard)
    if environment.get(SLACK_DOUBLE):
        from agent.channels.slack.double.served import ServedDouble

        return (ServedDouble(settings, environment), channel)
    return (channel,)


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
    return MessagingRoom(
        app,
        wishes,
        clock or OutboxClock(app_environment.clock, time.monotonic),
        seats,
        changes=app.database.changes(),
    )
