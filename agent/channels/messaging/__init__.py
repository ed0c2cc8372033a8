"""What Teams and Slack share: one room for every chat platform whose people write in places of its own.

    port       what a platform gives (`Platform`, `Cards`) and what it gets (`ChatRoom`); the values that pass
    showings   what cards are made of
    room       `ChatRoom`: takes in, answers, and keeps the outbox going
    clicks     what somebody pressed, looked up again
    telling    what was said on a conversation, as messages; `progress` folds how far work is
    board      plans as each place shows them; `rounds` puts them before whoever may decide
    outbox     sending, by `pacing`
    binding    which conversation a person has in a place
    linking    one person's identities made known as one; `digest` what somebody is told once a day
    double     a platform and its cards in memory, as full or closed as a test wants it

In goes an `Arrival` that a platform has verified; it is kept, acknowledged, and answered later by a turn. Out go cards,
through an outbox in the records: in order, each sent once, edits within the platform's pace, and what cannot be
delivered is said. Nothing is decided here: a click is passed on as what it says.
"""
