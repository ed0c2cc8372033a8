"""Two must be two: who may be the same human being as whom."""

import pytest

from plugins.domain.person import Person, could_be_one

WEB, SLACK, TENANT = "https://login.contoso.com/v2.0", "slack:T024BE7LD", "72f988bf"


def local(id_: str) -> Person:
    return Person(id=id_, name=id_)


def at(issuer: str, id_: str, *, email: str | None = None, object_id: str | None = None) -> Person:
    return Person(id=id_, name=id_, issuer=issuer, email=email, object_id=object_id)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (local("ana@contoso.com"), local("Ana@Contoso.com"), True),
        (local("ana@contoso.com"), local("ana+ops@contoso.com"), True),
        (local("ana@contoso.com"), local("ana\u200b@contoso.com"), True),
        (local("ana"), local("\uff21na"), True),
        (local("ana"), local("anna"), False),
        (local("ana"), at(WEB, "7f3a"), True),  # nobody can tell
        (local("ana@contoso.com"), at(WEB, "7f3a", email="ana@contoso.com"), True),
        (local("bo@contoso.com"), at(WEB, "7f3a", email="ana@contoso.com"), True),  # an address that nobody verified
        (local("bo").model_copy(update={"email": "bo@contoso.com"}), at(WEB, "7f3a", email="ana@contoso.com"), False),
        (at(WEB, "7f3a", email="ana@contoso.com"), at(SLACK, "U1", email="Ana@contoso.com"), True),
        (at(WEB, "7f3a", email="ana@contoso.com"), at(SLACK, "U2", email="bo@contoso.com"), False),
        (at(WEB, "7f3a", email="ana@contoso.com"), at(WEB, "9c11", email="ana@contoso.com"), True),
        (at(WEB, "7f3a"), at(WEB, "9c11"), False),
        (at(WEB, "7f3a", object_id=f"{TENANT}/1"), at("teams", "29:x", object_id=f"{TENANT}/1"), True),
        (at(WEB, "7f3a", object_id=f"{TENANT}/1"), at("teams", "29:x", object_id=f"{TENANT}/2"), False),
        (at(WEB, "7f3a", object_id=f"{TENANT}/1"), at("teams", "29:x", object_id="other/2"), True),  # a guest's
        (at(WEB, "7f3a", object_id=f"{TENANT}/1"), at(SLACK, "U2", email="bo@contoso.com"), True),
    ],
)
def test_who_may_be_one(one: Person, other: Person, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (could_be_one(one, other), could_be_one(other, one)) == (same, same)


def test_what_was_seen_before_links_identities() -> None:
    """Slack's Ana told her address once; today her message brings none."""
    web, slack = at(WEB, "7f3a", email="ana@contoso.com"), at(SLACK, "U1")
    known = {slack.key: frozenset({"email:ana@contoso.com"})}
    assert could_be_one(web, slack, known)
    assert not could_be_one(at(WEB, "9c11", email="bo@contoso.com"), slack, known)


def test_rights_are_exact() -> None:
    keys = {local("ana").key, local("Ana").key, at(WEB, "ana").key, at(SLACK, "ana").key, local(f"{WEB}|ana").key}
    assert len(keys) == 5
