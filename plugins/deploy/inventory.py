"""The tables and notebooks of a workspace, before it is destroyed: counted, within bounds of requests and of time. What
was not reached within them is said to be missing, never taken for nothing.

Tables are those of Unity Catalog in catalogs of the house's own (`MANAGED_CATALOG`), that Terraform's identity may see:
catalogs, schemas and tables, page by page; a page may be empty and still name a next one. Notebooks are found by going
through the folders, the upper ones first. API: docs.databricks.com/api/azure/workspace/catalogs/list, schemas/list,
tables/list (`max_results=0` gives pages) and workspace/list (read 2026-11-30).
"""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from plugins.deploy.health import RestHealth
from plugins.deploy.workspace_pages import Unseen, page_of, rows_of
from plugins.domain.contents import Found, Why

MOST_REQUESTS = 40
"""Of each kind: a large estate is counted in part rather than making a person wait."""

MOST_SECONDS = 6.0
"""For each kind."""

MOST_COUNTED = 1_000
_UNITY = "/api/2.1/unity-catalog"
_OWN, _OF_THE_SYSTEM = "MANAGED_CATALOG", "information_schema"
_FOLDERS = ("DIRECTORY", "REPO")


class _Spent(Exception):
    """Nothing more may be asked."""


@dataclass
class Walk:
    """A bounded number of requests to one workspace, all signed alike; none after `ends` (by `time.monotonic`)."""

    rest: RestHealth
    host: str
    signed: Mapping[str, str]
    ends: float
    left: int = field(default_factory=lambda: MOST_REQUESTS)

    def __post_init__(self) -> None:
        self.ends = min(self.ends, time.monotonic() + MOST_SECONDS)

    def page(self, path: str) -> Mapping[str, Any]:
        """Raises _Spent, and Unseen for anything but a page."""
        seconds = self.ends - time.monotonic()
        if self.left <= 0 or seconds <= 0:
            raise _Spent
        self.left -= 1
        quick = replace(self.rest, timeout_seconds=min(self.rest.timeout_seconds, seconds))
        return page_of(quick.answer(self.host, path, self.signed))

    def listed(self, kind: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """All of that kind of Unity Catalog, page by page."""
        token = ""
        while True:
            asked = {**query, "max_results": "0", **({"page_token": token} if token else {})}
            page = self.page(f"{_UNITY}/{kind}?{urlencode(asked)}")
            yield from rows_of(page, kind)
            token = str(page.get("next_page_token") or "")
            if not token:
                return


@dataclass
class _Count:
    """`lacks` is why it is a part only, where it is one."""

    names: list[str] = field(default_factory=list[str])
    lacks: Why | None = None

    def add(self, name: object) -> None:
        """Raises _Spent where so many were counted."""
        if len(self.names) >= MOST_COUNTED:
            raise _Spent
        self.names.append(str(name))

    def found(self) -> Found:
        """Where nothing was found and something is lacking, nobody could look."""
        if not self.names:
            return Found(unseen=self.lacks)
        return Found(names=tuple(self.names), is_part=self.lacks is not None)


def tables_of(walk: Walk) -> Found:
    """Every table and view that this identity may see, by its full name."""
    count = _Count()
    try:
        for catalog in walk.listed("catalogs"):
            name = str(catalog.get("name") or "")
            # Those of the system, of samples, and of other systems or houses are no loss of this workspace.
            if name and catalog.get("catalog_type") == _OWN:
                _count_catalog(walk, name, count)
    except _Spent:
        count.lacks = "not_in_time"
    except Unseen as unseen:
        count.lacks = unseen.why
    return count.found()


def notebooks_of(walk: Walk) -> Found:
    """Every notebook in any folder, by its path."""
    count, folders = _Count(), deque(["/"])
    try:
        while folders:
            folders.extend(_count_folder(walk, folders.popleft(), count))
    except _Spent:
        count.lacks = "not_in_time"
    return count.found()


def _count_folder(walk: Walk, folder: str, count: _Count) -> Iterator[str]:
    """Gives the folders in it. One that does not let us in leaves the count a part."""
    try:
        page = walk.page(f"/api/2.0/workspace/list?{urlencode({'path': folder})}")
    except Unseen as unseen:
        count.lacks = unseen.why
        return
    for each in rows_of(page, "objects"):
        if each.get("object_type") == "NOTEBOOK":
            count.add(each.get("path"))
        elif each.get("object_type") in _FOLDERS:
            yield str(each.get("path"))


def _count_catalog(walk: Walk, catalog: str, count: _Count) -> None:
    """What of it does not let us in leaves the count a part."""
    try:
        schemas = [str(each.get("name")) for each in walk.listed("schemas", catalog_name=catalog)]
    except Unseen as unseen:
        count.lacks = unseen.why
        return
    for schema in schemas:
        if schema != _OF_THE_SYSTEM:
            _count_schema(walk, catalog, schema, count)


def _count_schema(walk: Walk, catalog: str, schema: str, count: _Count) -> None:
    query = {"catalog_name": catalog, "schema_name": schema, "omit_columns": "true", "omit_properties": "true"}
    try:
        for table in walk.listed("tables", **query):
            count.add(table.get("full_name") or f"{catalog}.{schema}.{table.get('name')}")
    except Unseen as unseen:
        count.lacks = unseen.why
