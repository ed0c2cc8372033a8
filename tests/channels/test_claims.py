"""Who a token speaks of: the claims of a sign-in as a person of ours."""

import pytest

from agent.channels.auth.claims import person_of
from agent.cli.doctor import approvers
from agent.factories import rules_of
from agent.settings import IdentitySettings, Settings
from plugins.domain.plan import Person

ISSUER = "https://login.contoso.com/v2.0"
KNOWN = ("requester", "approver", "finance")
CLAIMS: dict[str, object] = {"iss": ISSUER, "sub": "7f3a", "name": "Ana", "roles": ["requester", "finance", "janitor"]}


def test_an_id_carries_its_issuer_and_the_roles_that_rules_name() -> None:
    person = person_of(CLAIMS, IdentitySettings(), KNOWN)
    assert person == Person(id="7f3a", name="Ana", roles=("requester", "finance"), issuer=ISSUER)
    assert person.key == f"{ISSUER}|7f3a"


@pytest.mark.parametrize(
    ("told", "email"),
    [
        ({"email": "ana@contoso.com"}, None),
        ({"email": "ana@contoso.com", "email_verified": False}, None),
        ({"email": "ana@contoso.com", "email_verified": "true"}, None),
        ({"email": "ana@contoso.com", "email_verified": True}, "ana@contoso.com"),
        ({"preferred_username": "ana@contoso.com", "email_verified": True}, None),
    ],
)
def test_only_an_address_that_the_issuer_verified_counts(told: dict[str, object], email: str | None) -> None:
    """Anybody may write another's address into a profile that nobody checks."""
    assert person_of(CLAIMS | told, IdentitySettings(), KNOWN).email == email


def test_the_directory_s_object_is_of_its_tenant() -> None:
    assert person_of(CLAIMS | {"oid": "o1", "tid": "t1"}, IdentitySettings(), KNOWN).object_id == "t1/o1"
    assert person_of(CLAIMS | {"oid": "o1"}, IdentitySettings(), KNOWN).object_id is None


@pytest.mark.parametrize(
    ("settings", "roles"),
    [
        ({}, ("requester", "approver")),
        ({"Cloud": {"Mode": "azure"}}, ("requester",)),
        ({"Cloud": {"Mode": "azure"}, "Identity": {"LocalRoles": ["approver"]}}, ("approver",)),
        ({"Approvals": {"ApproverRole": "platform-approvers"}}, ("requester", "platform-approvers")),
    ],
)
def test_who_is_on_the_machine_approves_in_the_sandbox_only(
    settings: dict[str, object], roles: tuple[str, ...]
) -> None:
    assert Settings.model_validate(settings).local_roles == roles


@pytest.mark.parametrize(
    ("identity", "state"),
    [({}, "optional"), ({"LocalRoles": ["approver"]}, "ok"), ({"Issuer": ISSUER, "ClientId": "b"}, "ok")],
)
def test_the_doctor_says_that_nobody_could_approve(identity: dict[str, object], state: str) -> None:
    settings = Settings.model_validate({"Cloud": {"Mode": "azure"}, "Identity": identity})
    assert approvers(settings).state == state


def test_roles_that_rules_name_are_known_at_the_door() -> None:
    settings = Settings.model_validate({"Approvals": {"Rules": [{"role": "finance", "above": 2000}]}})
    assert rules_of(settings).roles == KNOWN
