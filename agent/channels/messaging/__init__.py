"""What Teams and Slack share: one room for every chat platform whose people write in places of its own.

    port       what a platform gives (`Platform`, `Cards`) and what it gets (`ChatRoom`); the values that pass
    double     a platform and its cards in memory, as slow, full or closed as a test wants it

In goes an `Arrival` that a platform has verified; it is kept, acknowledged, and answered later by a turn. Out go cards,
through an outbox in the records: in order, each sent once, edits within the platform's pace, and what cannot be
delivered is said. Nothing is decided here: a click is passed on as what it says.
"""
