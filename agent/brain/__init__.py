"""Understanding text. A brain reads one message in its context and says what it does and states; it can do
nothing else. The rules brain needs no model and is what every other brain falls back to.
"""
