"""What Brickie keeps is its owner's alone, whatever the umask and whatever an older one left."""

import fcntl
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from agent.paths import close_home
from plugins.private import private_file, private_folder, write_private

pytestmark = pytest.mark.integration


def open_to_others(root: Path) -> dict[str, str]:
    """Everything at and below that folder that somebody else may use, or its owner may not, with its mode."""
    found = [root, *root.rglob("*")]
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in found if not path.is_symlink()}
    return {
        str(path.relative_to(root)): oct(mode)
        for path, mode in modes.items()
        if mode & 0o077 or mode & 0o600 != 0o600 or (path.is_dir() and mode != 0o700)
    }


@pytest.mark.parametrize("umask", ["000", "022", "077"])
def test_a_conversation_leaves_nothing_open_and_closes_what_was(tmp_path: Path, umask: str) -> None:
    """Looked at while the process lives, with the files that SQLite keeps beside the database."""
    home = tmp_path / "home"
    (home / "runs" / "old").mkdir(parents=True)
    for name in ("brickie.db-journal-of-old", "runs/old/terraform.tfvars.json", "runs/old/provider"):
        (home / name).write_text("{}", "utf-8")
    for path in (home, home / "runs", home / "runs" / "old", home / "runs" / "old" / "provider"):
        path.chmod(0o777)
    command = f'umask {umask}; exec "$0" -m agent chat --json'
    with subprocess.Popen(
        ["sh", "-c", command, sys.executable],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "BRICKIE_HOME": str(home)},
    ) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        chat.stdin.write('{"text": "help"}\n')
        chat.stdin.flush()
        while json.loads(chat.stdout.readline())["type"] != "state":
            pass
        assert {"brickie.db", "brickie.db-wal", "brickie.db-shm", "executors"} <= {p.name for p in home.iterdir()}
        assert open_to_others(home) == {}
    assert stat.S_IMODE((home / "runs" / "old" / "provider").stat().st_mode) == 0o700


def test_files_are_private_from_the_beginning(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = private_folder(tmp_path / "a" / "b")
        write_private(folder / "told", "one")
        write_private(folder / "told", "two")
        private_file(folder / "kept").write_text("three", "utf-8")
        private_file(folder / "kept")
    finally:
        os.umask(before)
    assert open_to_others(tmp_path / "a") == {}
    assert [(folder / name).read_text("utf-8") for name in ("told", "kept")] == ["two", "three"]


def test_a_home_that_others_need_stays_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's own home, or /tmp, named as BRICKIE_HOME: what is ours there is closed, and nothing else."""
    shared = tmp_path / "shared"
    (shared / "runs").mkdir(parents=True)
    (shared / "theirs").write_text("", "utf-8")
    (shared / "theirs").chmod(0o644)
    for mode, own in ((0o1777, tmp_path), (0o755, shared)):
        monkeypatch.setenv("HOME", str(own))
        shared.chmod(mode)
        (shared / "runs").chmod(0o755)
        close_home(shared)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (shared, *shared.iterdir())}
        assert modes == {"shared": mode, "runs": 0o700, "theirs": 0o644}


def test_a_link_to_somewhere_else_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("theirs", "utf-8")
    other.chmod(0o644)
    home = private_folder(tmp_path / "home")
    (home / "runs").symlink_to(other)
    close_home(home)
    assert stat.S_IMODE(other.stat().st_mode) == 0o644


def test_to_make_a_file_private_ends_no_lock_on_it(tmp_path: Path) -> None:
    """SQLite holds such a lock while another thread makes sure that its file is private."""
    path = private_file(tmp_path / "brickie.db")
    tried = "import fcntl, sys\nfcntl.lockf(open(sys.argv[1], 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    with path.open("r+") as held:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        private_file(path)
        other = subprocess.run([sys.executable, "-c", tried, path], capture_output=True, text=True, check=False)
    assert "BlockingIOError" in other.stderr
