"""The part of OData that the list's filters use: `field eq 'value'`, `and`, `or`, brackets. Linear in its length."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Matches = Callable[[Mapping[str, Any]], bool]

_TOKENS = re.compile(r"\s*(?:(\()|(\))|'((?:[^']|'')*)'|([A-Za-z]+))")
_FIELDS = {"priceType": "type"}
"""The filter's name of a field, where the rows call it otherwise."""

_FILTERABLE = frozenset(
    ("serviceName", "serviceFamily", "armRegionName", "location", "armSkuName", "skuName", "productName", "meterName")
) | {"meterId", "productId", "skuId", "priceType"}


class BadFilter(ValueError):
    """It is no such filter."""


def filter_of(text: str) -> Matches:
    """Whether a row matches, values compared by their case. Raises BadFilter."""
    tokens = _Tokens(text)
    matches = _either(tokens)
    if tokens.next_is():
        raise BadFilter(text)
    return matches


class _Tokens:
    """What is left of a filter."""

    def __init__(self, text: str) -> None:
        self._left = list(_split(text))[::-1]

    def next_is(self, *kinds: str) -> bool:
        """Whether the next is one of these words or brackets; of no kinds: whether there is a next one."""
        return bool(self._left) and (not kinds or self._left[-1][0] in kinds)

    def take(self, kind: str) -> str:
        if not self.next_is(kind):
            raise BadFilter(kind)
        return self._left.pop()[1]


def _split(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKENS.match(text, at)
        if found is None:
            raise BadFilter(text)
        at = found.end()
        if found[3] is not None:
            yield "value", found[3].replace("''", "'")
        elif found[4] in ("and", "or", "eq"):
            yield found[4], found[4]
        else:
            yield ("(" if found[1] else ")" if found[2] else "name"), found[4] or ""


def _either(tokens: _Tokens) -> Matches:
    several = [_both(tokens)]
    while tokens.next_is("or"):
        tokens.take("or")
        several.append(_both(tokens))
    return lambda row: any(matches(row) for matches in several)


def _both(tokens: _Tokens) -> Matches:
    several = [_one(tokens)]
    while tokens.next_is("and"):
        tokens.take("and")
        several.append(_one(tokens))
    return lambda row: all(matches(row) for matches in several)


def _one(tokens: _Tokens) -> Matches:
    if tokens.next_is("("):
        tokens.take("(")
        matches = _either(tokens)
        tokens.take(")")
        return matches
    name = tokens.take("name")
    tokens.take("eq")
    value = tokens.take("value")
    if name not in _FILTERABLE:
        raise BadFilter(name)
    of = _FIELDS.get(name, name)
    return lambda row: row.get(of) == value
