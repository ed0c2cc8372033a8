"""Whether anybody, in whichever process, has committed to an SQLite file: what a look at the records is worth."""

import sqlite3
from pathlib import Path


class FileChanges:
    """Looks at one file's number of commits (https://sqlite.org/pragma.html#pragma_data_version, read 2026-11-30): it
    changes with every commit of another connection, and asking for it takes some microseconds.

    Every look that cannot be made counts as a change. To be used by one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    def seen(self) -> bool:
        """Whether something was committed since the last look; True at the first."""
        now = self._version()
        changed = now is None or now != self._seen
        self._seen = now
        return changed

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _version(self) -> int | None:
        try:
            if self._connection is None:
                uri = f"{self._path.absolute().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(uri, uri=True, timeout=0, check_same_thread=False)
            (version,) = self._connection.execute("pragma data_version").fetchone()
        except sqlite3.Error:
            self.close()
            return None
        return int(version)
