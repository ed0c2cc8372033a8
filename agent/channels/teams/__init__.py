"""Microsoft Teams: people write to Brickie in personal chats, threads and groups, and decide on cards.

    access        what the settings allow, and why a server does not start
    tokens        who sent an activity: the Bot Framework's signed tokens
    activities    pure: the JSON of an activity to what it says
    speakers      whose it is: directory objects, tenants, roles, groups of Microsoft Graph
    endpoint      POST /api/messages: verified, kept, acknowledged; answered afterwards
    botframework  the seam: the one file that knows the Bot Framework's SDK; all that is sent goes through it
    platform      the shared room's port (`agent.channels.messaging.port`), over the seam
    streaming     an answer that is still being written
    channel       all of it together, as a server serves it
    manifest      the app package that an administrator uploads
    icons         its two pictures
    off           what the address answers while Teams is not set up
    road          what is missing on the way to the first message, step by step

In go activities, out go cards (`agent.channels.cards.teams`). Nothing is decided here. The SDK is loaded when Teams is
configured, and by nobody else: it takes a second. It is archived by its makers (github.com/microsoft/botbuilder-python,
read 2026-11-22), so `botframework` is written to be replaced: `tests/channels/teams/seam.py` holds what it owes.
"""
