"""Whether a SQLite file is sound, looked at without changing it."""

import sqlite3
from contextlib import closing
from pathlib import Path


def damage_of(path: Path) -> str | None:
    """What SQLite's own check finds wrong with this file, in its words; None when it is sound, or cannot be looked at
    just now.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as file:
            verdict = file.execute("pragma quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if verdict == "ok" else str(verdict)
