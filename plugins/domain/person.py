"""Who somebody is: exactly, where it is about what is theirs, and broadly, where two must be two.

A wrong "the same" costs a second look; a wrong "another" lets one person be their own second. So rights and ownership
hang on `Person.key` as it stands, while `could_be_one` folds case, width, invisible marks and the "+tag" of an address
(which reaches the same mailbox: RFC 5233, https://www.rfc-editor.org/rfc/rfc5233, read 2026-11-29).
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

OS: Final = "os"
"""Issuer of the operating system's users on this machine."""

SAID: Final = "said"
"""Issuer of whoever a caller that is believed says they are."""

_HERE = frozenset({OS, SAID})
"""Issuers of the ids that this machine goes by; they name the same people."""

IdentityMarks = Mapping[str, frozenset[str]]
"""A person's key → what is known to tell them apart wherever they speak: `marks_of` them and of who they are."""

NOTHING_KNOWN: IdentityMarks = {}


class Person(BaseModel):
    """Somebody as the channel verified them.

    `id` tells the people of one `issuer` apart. `email` is set only where the issuer has verified it; `object_id` is
    the directory's, "TENANT/OBJECT" (Entra ID's claims `tid` and `oid`). By either, ids of several channels are known
    to be one person's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    roles: tuple[str, ...] = ()
    issuer: str = SAID
    email: str | None = None
    object_id: str | None = None

    @property
    def key(self) -> str:
        """Exactly this identity, for rights and ownership: never one in another case or of another issuer."""
        plain = self.issuer in _HERE and "|" not in self.id
        return self.id if plain else f"{self.issuer}|{self.id}"


def marks_of(person: Person) -> frozenset[str]:
    """What the channel verified that tells this person apart on other channels, too; empty when it verified nothing."""
    email = {f"email:{folded(person.email)}"} if person.email else set[str]()
    directory = {f"directory:{folded(person.object_id)}"} if person.object_id else set[str]()
    return frozenset(email | directory)


def exact_marks_of(person: Person) -> frozenset[str]:
    """The same for what is theirs: an address as it is written, case apart, since "+tags" may be given to several."""
    address = {f"mailbox:{person.email.casefold()}"} if person.email else set[str]()
    return frozenset(address | {mark for mark in marks_of(person) if mark.startswith("directory:")})


def are_one(one: Person, other: Person, known: IdentityMarks = NOTHING_KNOWN) -> bool:
    """Whether these two read alike, or share what tells people apart."""
    if _are_of_one_issuer(one, other) and folded(one.id) == folded(other.id):
        return True
    return bool((_known(one, known) | _address(one)) & (_known(other, known) | _address(other)))


def could_be_one(one: Person, other: Person, known: IdentityMarks = NOTHING_KNOWN) -> bool:
    """Whether these two may be the same human being.

    Ids of one issuer are two people unless they read alike or share a mark. Ids of two issuers are two people only
    where both have a mark of the same kind, and none is shared; without one nobody can tell, and they may be one.
    """
    if _are_of_one_issuer(one, other) or _kinds(_known(one, known)) & _kinds(_known(other, known)):
        return are_one(one, other, known)
    return True


def folded(text: str) -> str:
    """As people would read it aloud: without case, width, invisible marks, and the "+tag" of an address."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Zs")).strip()
    box, at, host = visible.partition("@")
    return f"{box.split('+', 1)[0] or box}@{host}" if at else visible


def _are_of_one_issuer(one: Person, other: Person) -> bool:
    return one.issuer == other.issuer or {one.issuer, other.issuer} <= _HERE


def _known(person: Person, known: IdentityMarks) -> frozenset[str]:
    return marks_of(person) | known.get(person.key, frozenset())


def _address(person: Person) -> frozenset[str]:
    """The id, where it reads as an address: it may be that mailbox's owner, though nobody verified it."""
    return frozenset({f"email:{folded(person.id)}"}) if "@" in person.id else frozenset()


def _kinds(marks: frozenset[str]) -> frozenset[str]:
    """What two sets of marks can be compared by: addresses, and objects of one tenant."""
    return frozenset(mark.split(":", 1)[0] if mark.startswith("email:") else mark.rsplit("/", 1)[0] for mark in marks)
