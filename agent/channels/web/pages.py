"""The built pages and scripts of the web client, from memory, with tags by which browsers keep them."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

from agent.channels.http.refusals import Refused

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}
_FOR_GOOD = "public, max-age=31536000, immutable"
_TAG_CHARACTERS = 16


@dataclass(frozen=True)
class _Built:
    body: bytes
    media_type: str
    tag: str


class Pages:
    """Every file below that folder, read once. An address with `?v=` and the file's tag may be kept for good."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        self._files: Mapping[str, _Built] = {path.relative_to(folder).as_posix(): _built(path) for path in paths}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def answer(self, request: web.Request, name: str) -> web.Response:
        """The file of that name. Raises Refused when there is none."""
        found = self._files.get(name)
        if found is None:
            raise Refused("not_found", 404)
        kept = found.tag if request.query.get("v", "") == found.tag else None
        headers = {hdrs.ETAG: f'"{found.tag}"', hdrs.CACHE_CONTROL: _FOR_GOOD if kept else "no-cache"}
        if request.headers.get(hdrs.IF_NONE_MATCH, "").removeprefix("W/") == f'"{found.tag}"':
            return web.Response(status=304, headers=headers)
        charset = "utf-8" if found.media_type.startswith(("text/", "application/json")) else None
        return web.Response(body=found.body, content_type=found.media_type, charset=charset, headers=headers)


def _built(path: Path) -> _Built:
    body = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _Built(body, media_type, hashlib.sha256(body).hexdigest()[:_TAG_CHARACTERS])
