"""Stretches of a text that were read already."""


class Taken:
    """Which characters of a text are taken. Asking and taking cost the length of the span, however many there are."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def add(self, start: int, end: int) -> None:
        self._marks[start:end] = b"\x01" * (end - start)

    def overlaps(self, start: int, end: int) -> bool:
        return self._marks.find(1, max(0, start), end) >= 0
