#!/usr/bin/env bash
# dbos 3.4.0: whoever put another sys.stderr in place while DBOS was first made cannot make it again later.
# Expected: after `DBOS.destroy()` a second `DBOS(...)` begins as the first did, and what it logs goes where the
# application's logging goes, or to the sys.stderr of that moment.
# Seen: the first `DBOS(...)` gives the logger "dbos" a handler of its own on what sys.stderr was then, ends that logger's
# propagation, and `destroy()` takes neither back. The application's own handlers see nothing of DBOS; and once that
# stream is closed (a test's capture, a redirected command), the second `DBOS(...)` raises "I/O operation on closed
# file", since it flushes every handler. A handler put on the logger beforehand, even one that does nothing, keeps DBOS
# from adding its own: everything then goes the ordinary way.
set -euo pipefail
folder="$(mktemp -d)"; trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q dbos==3.4.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import contextlib
import logging
from importlib.metadata import version
from pathlib import Path

from dbos import DBOS, DBOSConfig

heard: list[str] = []


class Application(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        heard.append(record.getMessage())


def a_life() -> str:
    try:
        DBOS(config=DBOSConfig(name="app", system_database_url="sqlite:///dbos.db", log_level="ERROR"))
    except ValueError as error:
        return f"ValueError: {error}"
    logging.getLogger("dbos").error("a line of DBOS's")
    DBOS.destroy()
    return "began and ended"


def two_lives() -> tuple[str, str]:
    with Path("errors.txt").open("w") as stream, contextlib.redirect_stderr(stream):
        first = a_life()
    second = a_life()
    DBOS.destroy()
    return first, second


logging.getLogger().addHandler(Application())
print("dbos", version("dbos"))
first, second = two_lives()
print("first:", first, "| second:", second, "| the application heard:", heard)
assert (first, second) == ("began and ended", "ValueError: I/O operation on closed file.")
assert heard == []

log = logging.getLogger("dbos")
log.handlers[:], log.propagate = [logging.NullHandler()], True
first, second = two_lives()
print("first:", first, "| second:", second, "| the application heard:", heard)
assert (first, second) == ("began and ended", "began and ended")
assert heard == ["a line of DBOS's"] * 2
PYTHON
