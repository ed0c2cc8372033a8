"""Slack's seat in the shared room: how it writes there, and where approvers are asked."""

from agent.channels.cards.slack import SlackCards
from agent.channels.messaging.port import Address, ChatPlace, Platform, Seat
from agent.chat_settings import SlackSettings
from agent.wording import phrase


def seat_of(platform: Platform, settings: SlackSettings) -> Seat:
    tenant = next(iter(settings.team_ids), "")
    channel = settings.approvals_channel
    approvals = None
    if channel is not None and tenant:
        place = ChatPlace(platform="slack", tenant=tenant, id=channel, kind="group")
        approvals = Address(place=place, reference={"channel": channel, "team": tenant})
    label = phrase("slack.room.approvals") if approvals is not None else ""
    return Seat(platform, SlackCards(), tenant, approvals, label)
