"""One `init` for all folders that ask the same of it: what it made is kept, and lies in each of them.

Into a folder go the lock file, a link to the providers (on Azure half a gigabyte) and Terraform's note of the backend,
which names this deployment's own state: exactly what `init` would have put there. Nothing but `init` ever writes to the
providers, and every later command checks them against the folder's lock file.

What was kept serves for a day, since the templates leave the providers' newest patch to `init`, and only as long as
nothing about the providers' files has changed. It goes when it is old and no folder is linked to it any more.
"""

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.private import private_folder, write_private

_DATA, _LOCK_FILE = ".terraform", ".terraform.lock.hcl"
_PROVIDERS, _BACKEND, _SEEN = "providers", "terraform.tfstate", "seen.json"
_SERVES_SECONDS = 24 * 3600
_FORGOTTEN_SECONDS = 3 * _SERVES_SECONDS
"""Longer than whoever has just found one takes to link to it."""


_SETTINGS = re.compile(r"^\s*terraform\s*\{", re.MULTILINE)
_REQUIRED = re.compile(r"^\s*required_providers\s*\{(.*)", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"^\s*([\w-]+)\s*=\s*\{", re.MULTILINE)
_BLOCK = re.compile(r"^\s*(module|provider|resource|data|ephemeral|action|list)\b.*", re.MULTILINE)
_OF_PROVIDER = re.compile(r'\s*(?:provider\s+"([\w-]+)"|(?:resource|data|ephemeral)\s+"([a-z0-9]+)_\w+")')


def init_key(files: Mapping[str, str], *also: str) -> str:
    """What must be equal for one `init` to serve: the files that it reads, and whatever else is named."""
    counted = _settings(files)
    if counted is None:
        counted = [(name, text) for name, text in sorted(files.items()) if not name.endswith(".tfvars.json")]
    return hashlib.sha256(json.dumps([counted, also]).encode()).hexdigest()[:32]


def _settings(files: Mapping[str, str]) -> list[tuple[str, str]] | None:
    """The files with settings of Terraform's, where they tell all that `init` asks: which providers, and whose backend.
    None where others may as well: they call a module, or use a provider that nothing names.
    """
    sources = {name: text for name, text in files.items() if not name.endswith(".tfvars.json")}
    if not all(name.endswith(".tf") for name in sources):
        return None
    told = [(name, text) for name, text in sorted(sources.items()) if _SETTINGS.search(text)]
    required = {name for _, text in told for part in _REQUIRED.findall(text) for name in _NAMED.findall(part)}
    for text in sources.values():
        for block in _BLOCK.finditer(text):
            of_provider = _OF_PROVIDER.match(block[0])
            if of_provider is None or (of_provider[1] or of_provider[2]) not in required:
                return None
    return told


@dataclass(frozen=True)
class SharedInits:
    """What `init` made, below `home`/inits, for folders below `home`/runs."""

    home: Path

    def linked(self, key: str, folder: Path, state: Path) -> bool:
        """Whether the folder is initialised now, by what was kept under that key. `state` is its local state's path."""
        kept = next((path for path in self._kept(key) if _serves(path)), None)
        if kept is None:
            return False
        backend, locked = _backend_at(kept / _BACKEND, state), _text_of(kept / _LOCK_FILE)
        if backend is None or locked is None:
            return False
        data = private_folder(folder / _DATA)
        write_private(folder / _LOCK_FILE, locked)
        (data / _PROVIDERS).symlink_to(kept / _PROVIDERS)
        write_private(data / _BACKEND, backend)
        return True

    def names(self) -> list[str]:
        """Of all that is kept, by its key first."""
        return [path.name for path in self.home.glob("inits/*")]

    def has(self, key: str) -> bool:
        """Whether anything kept under that key would serve now."""
        return any(_serves(path) for path in self._kept(key))

    def fresh_folder(self) -> Path:
        """The path of a folder that nobody has made, to run an `init` in; what is left there is forgotten in time."""
        return private_folder(self.home / "inits") / f".{uuid.uuid4().hex}"

    def keep(self, key: str, folder: Path) -> None:
        """Keeps what `init` has made in that folder, which is linked to it from then on. Where somebody kept one
        meanwhile there are two for a while.
        """
        data = folder / _DATA
        # A remote backend, or a template with modules of its own, has more than these two.
        if {path.name for path in data.iterdir()} != {_PROVIDERS, _BACKEND}:
            return
        seen = _seen(data / _PROVIDERS)
        if seen is None:
            return
        new = private_folder(self.fresh_folder())
        for made in (folder / _LOCK_FILE, data / _BACKEND):
            write_private(new / made.name, made.read_text("utf-8"))
        (data / _PROVIDERS).rename(new / _PROVIDERS)
        write_private(new / _SEEN, json.dumps(seen))
        kept = new.with_name(f"{key}-{time.time_ns()}")
        new.rename(kept)
        (data / _PROVIDERS).symlink_to(kept / _PROVIDERS)
        self._forget()

    def _kept(self, key: str) -> Sequence[Path]:
        """The newest first."""
        return sorted(self.home.glob(f"inits/{key}-*"), reverse=True)

    def _forget(self) -> None:
        links = (path for path in self.home.glob(f"runs/*/*/{_DATA}/{_PROVIDERS}") if path.is_symlink())
        used = {path.readlink().parent for path in links}
        for kept in self.home.glob("inits/*"):
            if _age(kept) > _FORGOTTEN_SECONDS and kept not in used:
                shutil.rmtree(kept, ignore_errors=True)


def _serves(kept: Path) -> bool:
    try:
        seen = json.loads((kept / _SEEN).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return seen is not None and _age(kept) < _SERVES_SECONDS and seen == _seen(kept / _PROVIDERS)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None


def _seen(providers: Path) -> list[list[object]] | None:
    """Name, size and time of every provider's file, also where a package lies elsewhere and is linked to; None where
    one cannot be looked at, as behind a link to a cache that was cleared.
    """
    files = [Path(folder, name) for folder, _, names in os.walk(providers, followlinks=True) for name in names]
    try:
        states = [(path, path.stat()) for path in sorted(files)]
    except OSError:
        return None
    return [[str(path.relative_to(providers)), state.st_size, state.st_mtime_ns] for path, state in states]


def _backend_at(note: Path, state: Path) -> str | None:
    """Terraform's note of a local backend, for that state; None where it is not written as Terraform 1.11 writes it."""
    try:
        content: dict[str, Any] = json.loads(note.read_text("utf-8"))
        if content["version"] != 3 or content["backend"]["type"] != "local":  # noqa: PLR2004 - the note's own format
            return None
        content["backend"]["config"]["path"] = str(state)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return json.dumps(content, indent=2)
