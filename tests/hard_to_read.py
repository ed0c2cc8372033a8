"""Readings that are of no use, by the words of the text: functions of a module, as a process of its own needs them."""

import os
import signal
import time
from pathlib import Path

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

SLOW = "this takes for ever to read "
DEADLY = "this breaks what reads it "
WRONG = "this is read wrongly "


def hardly(text: str, context: Context) -> Understanding:
    """As the rules read, but for texts that begin so; the file that BEING_READ names then tells of a SLOW one."""
    if text.startswith(SLOW):
        if "BEING_READ" in os.environ:
            Path(os.environ["BEING_READ"]).touch()
        time.sleep(600)
    if text.startswith(DEADLY):
        os.kill(os.getpid(), signal.SIGKILL)
    if text.startswith(WRONG):
        raise ZeroDivisionError
    return understand(text, context)
