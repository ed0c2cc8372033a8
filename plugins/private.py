"""Folders and files that only their owner may read and write, whatever the umask and whoever made them first."""

import contextlib
import os
import stat
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def private_folder(path: Path) -> Path:
    """That folder, made with those above it where they are missing. Raises OSError when it cannot be made."""
    if not path.parent.exists():
        private_folder(path.parent)
    path.mkdir(mode=_FOLDER, exist_ok=True)
    _close(path)
    return path


def private_file(path: Path) -> Path:
    """That file, made empty where it is missing: what SQLite or a library opens later keeps its mode.

    One that is there is not opened: to close it again would end every lock that this process holds on it, in the middle
    of SQLite's work on another thread. https://sqlite.org/howtocorrupt.html, 2.2 (read 2026-12-01).
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE))
    _close(path)
    return path


def write_private(path: Path, text: str) -> None:
    """The file with that text and no other."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE), "w", encoding="utf-8") as file:
        _close(path)
        file.write(text)


def close_to_others(root: Path) -> None:
    """Takes from everybody else what an older Brickie, or another umask, let them have of that and below it.

    What belongs to somebody else stays as it is, as its owner alone may change it; and so does a folder that others
    need, whatever it was named for: the root, one with a sticky bit as /tmp has, a person's own home.
    """
    _close(root)
    for folder, _, names in os.walk(root):
        _close(Path(folder))
        for name in names:
            _close(Path(folder, name))


def _close(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            return
        if stat.S_ISDIR(mode) and (mode & stat.S_ISVTX or path.absolute() in (Path.home(), Path("/"))):
            return
        wanted = _FOLDER if stat.S_ISDIR(mode) else (mode & _FOLDER) | _FILE
        if stat.S_IMODE(mode) != wanted:
            path.chmod(wanted)
