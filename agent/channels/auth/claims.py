"""Who a token speaks of: the claims of a sign-in as a person of ours. Pure."""

from collections.abc import Mapping, Sequence
from typing import cast

from agent.channels.http.refusals import Refused
from agent.settings import IdentitySettings
from plugins.domain.plan import Person

_NAMES = ("name", "preferred_username", "email")
_MOST_CHARACTERS = 200
"""Of a claim that is kept and shown; what is longer counts as not there."""


def person_of(claims: Mapping[str, object], identity: IdentitySettings, known: Sequence[str]) -> Person:
    """The person of these claims, which were checked, with those of their roles that the settings know.

    An address counts only where the issuer says that it has verified it. Raises Refused when nothing tells them apart,
    or when they have no such role.
    """
    who = _text(claims.get(identity.id_claim))
    # Without the id nobody can be told from anybody: a name is not unique.
    if who is None:
        raise Refused("sign_in_failed", 403)
    claimed = _roles(claims, identity)
    roles = tuple(role for role in known if role in claimed)
    # A role that the settings do not know gives nothing: absent means no.
    if not roles:
        raise Refused("no_role", 403, role=known[0])
    name = next((text for key in _NAMES if (text := _text(claims.get(key)))), who)
    return Person(
        id=who, name=name, roles=roles, issuer=str(claims["iss"]), email=_verified(claims), object_id=_object(claims)
    )


def _verified(claims: Mapping[str, object]) -> str | None:
    return _text(claims.get("email")) if claims.get("email_verified") is True else None


def _object(claims: Mapping[str, object]) -> str | None:
    """Entra ID's tenant and object (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference,
    read 2026-11-29), the same for a person in every application of that tenant.
    """
    tenant, object_id = _text(claims.get("tid")), _text(claims.get("oid"))
    return f"{tenant}/{object_id}" if tenant and object_id else None


def _roles(claims: Mapping[str, object], identity: IdentitySettings) -> frozenset[str]:
    """The values of the roles' claim as roles of ours; a claim that is no text and no list gives none."""
    claim: object = claims
    for key in identity.roles_claim.split("."):
        claim = _within(claim, key)
    values = [claim] if isinstance(claim, str) else cast("list[object]", claim) if isinstance(claim, list) else []
    return frozenset(identity.role_names.get(value, value) for value in values if isinstance(value, str))


def _within(value: object, key: str) -> object:
    return cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _MOST_CHARACTERS else None
