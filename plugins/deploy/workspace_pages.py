"""Pages of a workspace's REST API, read as what they are or not at all."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from plugins.deploy.health import RestAnswer
from plugins.domain.contents import Why

_OK, _NOT_LET_IN = 200, (401, 403)
_NO_METASTORE = "METASTORE_DOES_NOT_EXIST"


class Unseen(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


def page_of(answer: RestAnswer) -> Mapping[str, Any]:
    """Raises Unseen for anything but a whole page."""
    if answer.status is None:
        raise Unseen("not_reached")
    if answer.status in _NOT_LET_IN:
        raise Unseen("not_let_in")
    if answer.document.get("error_code") == _NO_METASTORE:
        raise Unseen("no_catalog")
    if answer.status != _OK or not answer.is_whole:
        raise Unseen("not_understood")
    return answer.document


def rows_of(page: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """Where there is none of something the API leaves the list out."""
    listed: Any = page.get(name)
    for row in cast("list[Any]", listed) if isinstance(listed, list) else []:
        if isinstance(row, dict):
            yield cast("Mapping[str, Any]", row)
