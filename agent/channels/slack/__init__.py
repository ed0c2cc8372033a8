"""Slack: signed requests or a socket in, blocks out.

`bolt` is the only file that knows slack-bolt, `web_api` the only one that knows slack-sdk: both give and take plain
JSON, and are imported when Slack is configured, not before. `deliveries` says what Slack sent, `listening` what of it
is said to Brickie, `mrkdwn` what a text means, `people` who may speak; `platform` writes through the port of
`agent.channels.messaging`, `interactions` opens modals and the App Home. `double` stands in for Slack itself.

Everything is kept before it is acknowledged and answered after: a crash between the two brings the repeat that Slack
sends by itself, and a repeat is known by its name.
"""
