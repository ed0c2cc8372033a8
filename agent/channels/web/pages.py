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
"""Of the hexadecimal SHA-256; build.mjs writes as many into the pages."""


_PACKED = {"br": ".br", "gzip": ".gz"}
"""What build.mjs leaves beside a file, smallest first."""


@dataclass(frozen=True)
class _PageFile:
    body: bytes
    media_type: str
    tag: str
    packed: Mapping[str, bytes]


class Pages:
    """Every file below that folder, read once. An address with `?v=` and the file's tag may be kept for good."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        paths = [path for path in paths if path.suffix not in _PACKED.values()]
        self._files: Mapping[str, _PageFile] = {path.relative_to(folder).as_posix(): _read(path) for path in paths}

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def answer(self, request: web.Request, name: str) -> web.Response:
        """The file of that name. Raises Refused when there is none."""
        file = self._files.get(name)
        if file is None:
            raise Refused("not_found", 404)
        # For good only under the very tag that the page names: under an older one this file would stay for a year.
        is_tagged = request.query.get("v", "") == file.tag
        headers = {hdrs.ETAG: f'"{file.tag}"', hdrs.CACHE_CONTROL: _FOR_GOOD if is_tagged else "no-cache"}
        if file.packed:
            headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        if request.headers.get(hdrs.IF_NONE_MATCH, "").removeprefix("W/") == f'"{file.tag}"':
            return web.Response(status=304, headers=headers)
        charset = "utf-8" if file.media_type.startswith(("text/", "application/json")) else None
        encoding = next((name for name in file.packed if name in _taken(request)), None)
        if encoding is not None:
            headers[hdrs.CONTENT_ENCODING] = encoding
        body = file.body if encoding is None else file.packed[encoding]
        return web.Response(body=body, content_type=file.media_type, charset=charset, headers=headers)


def _read(path: Path) -> _PageFile:
    body = path.read_bytes()
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    beside = {name: path.with_name(path.name + suffix) for name, suffix in _PACKED.items()}
    packed = {name: small.read_bytes() for name, small in beside.items() if small.is_file()}
    return _PageFile(body, media_type, hashlib.sha256(body).hexdigest()[:_TAG_CHARACTERS], packed)


def _taken(request: web.Request) -> frozenset[str]:
    """The encodings that this browser takes: those that it names, and does not forbid with `q=0`."""
    named = (part.replace(" ", "").partition(";") for part in request.headers.get(hdrs.ACCEPT_ENCODING, "").split(","))
    return frozenset(name.casefold() for name, _, weight in named if weight not in ("q=0", "q=0.0"))
