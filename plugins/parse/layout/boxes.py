"""Boxes to tick: only the ticked ones speak ("[ ] dev [x] staging" says staging)."""

import re
from collections.abc import Sequence

from plugins.parse.layout.sheet import Sheet, opens_line

_BOX = re.compile(r"\[(?P<square>[ xX✓✔_]?)\]|(?P<off>[☐□▢])|(?P<on>[☑☒✅■])|\((?P<round>[ xX])\)")


def tick(sheet: Sheet) -> None:
    """Blanks the boxes, and with each that is not ticked what it stands for."""
    boxes = list(_BOX.finditer(sheet.text))
    ticked = any(_is_on(box) for box in boxes)
    if not ticked and _are_tasks(sheet.text, boxes):
        for box in boxes:
            sheet.blank(box.start(), box.end())
    elif ticked or (len(boxes) > 1 and any(box["square"] is not None or box["off"] for box in boxes)):
        _silence(sheet, boxes, ticked=ticked)


def _are_tasks(text: str, boxes: Sequence[re.Match[str]]) -> bool:
    """True for a list of things to do: no box is ticked, and most of them open a line."""
    return sum(opens_line(text, box.start(), " \t-*•") for box in boxes) * 2 > len(boxes)


def _silence(sheet: Sheet, boxes: Sequence[re.Match[str]], *, ticked: bool) -> None:
    text = sheet.text
    nexts = [box.start() for box in boxes[1:]] + [len(text)]
    for box, following in zip(boxes, nexts, strict=True):
        if _is_on(box):
            sheet.blank(box.start(), box.end())
        elif box["round"] is None or ticked:
            line_end = text.find("\n", box.end(), following)
            sheet.blank(box.start(), following if line_end < 0 else line_end)


def _is_on(box: re.Match[str]) -> bool:
    mark = (box["square"] or box["round"] or "").strip()
    return bool(box["on"]) or mark in ("x", "X", "✓", "✔")
