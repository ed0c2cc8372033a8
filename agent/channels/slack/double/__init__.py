"""Slack, played on this machine: a workspace of a few people, the Web API that Brickie calls, and its events, signed.

    workspace   who is there, what was posted, and what Slack would refuse of it
    server      the Web API, the socket, the page that shows the workspace
    sending     what people do there, as the deliveries that Slack would send

It powers `brickie serve --slack-double` (loopback and sandbox only), the tests and the bench. It is no Slack: it knows
the methods that Brickie calls, and the refusals that Brickie must live with.
"""
