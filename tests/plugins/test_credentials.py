"""Credentials are found by their shape, and what people type every day is none."""

import pytest

from plugins.credentials import (
    KINDS,
    CredentialKind,
    credentials_in,
    demand_none,
    removed_from,
    unmarked,
    without_credentials,
)
from plugins.credentials.kinds import (
    ACCOUNT_KEY,
    API_KEY,
    AWS,
    CHAT,
    CLIENT_SECRET,
    CONNECTION,
    DATABRICKS,
    GIT,
    PASSWORD,
    PRIVATE_KEY,
    SIGNATURE,
    SIGNED,
    URL,
)
from plugins.domain.errors import InvalidRequest

HEX = "0123456789abcdef" * 2
BASE64 = "Ab1+" * 21 + "Zz"  # 86 characters: 64 bytes without their padding
PIECE = "a1B2c3D4e5" * 4

# Made up, and put together here, so that nobody's scanner takes this file for a leak.
TYPED: list[tuple[CredentialKind, str]] = [
    (DATABRICKS, "dapi" + HEX),
    (DATABRICKS, "dapi" + HEX + "-2"),
    (DATABRICKS, "dose" + HEX),
    (CLIENT_SECRET, "abc8Q" + "~" + "x1Y2" * 8 + "zz"),
    (ACCOUNT_KEY, BASE64 + "=="),
    (ACCOUNT_KEY, "a1" * 26 + "JQQJ9" + "9BAC" + "x1" * 11 + "z"),
    (
        CONNECTION,
        f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={BASE64}x==;EndpointSuffix=core.windows.net",
    ),
    (CONNECTION, f"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={PIECE}abc="),
    (CONNECTION, f"Endpoint=https://x.webpubsub.azure.com;AccessKey={PIECE};Version=1.0;"),
    (
        SIGNATURE,
        "https://x.blob.core.windows.net/c?sv=2022-11-02&se=2027-01-01&sig=" + PIECE[:20] + "%2B" + PIECE + "%3D",
    ),
    (AWS, "AKIA" + "ABCDEFGH23456723"),
    (GIT, "ghp_" + PIECE[:36]),
    (GIT, "github_pat_" + PIECE),
    (GIT, "glpat-" + PIECE[:20]),
    (CHAT, "xoxb-123456789012-" + PIECE[:24]),
    (CHAT, "https://hooks.slack.com/services/T0000000/B0000000/" + PIECE[:24]),
    (SIGNED, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ." + PIECE),
    (SIGNED, "Bearer " + PIECE),
    (PRIVATE_KEY, f"-----BEGIN RSA PRIVATE KEY-----\n{PIECE}\n{PIECE}\n-----END RSA PRIVATE KEY-----"),
    (PRIVATE_KEY, f"-----BEGIN OPENSSH PRIVATE KEY-----\n{PIECE}"),
    (API_KEY, "sk-" + PIECE),
    (API_KEY, "sk-proj-" + PIECE + "_-" + PIECE),
    (API_KEY, "sk-ant-api03-" + PIECE),
    (API_KEY, "AIza" + PIECE[:35]),
    (API_KEY, "hf_" + PIECE[:34]),
]
NAMED = [
    "password=hunter2",
    "Password: hunter2",
    "password: swordfish",
    "passwd hunter22",
    "pwd = 'hunter2 with blanks'",
    "the password is hunter2",
    "my password is swordfish.",
    'the password for prod is "open sesame"',
    '{"password": "open sesame"}',
    "--password hunter2",
    "secret: s3cr3t",
    "client secret = abcdef",
    "ARM_CLIENT_SECRET=abcdef",
    f"api key: {HEX}",
    f"AZURE_OPENAI_KEY={HEX}",
    f"aws_secret_access_key = {PIECE}",
    f"access token: {PIECE}",
    f"token={PIECE}",
    "tag token=abcd1234efgh",
    "Passwort: geheim1",
    "das Kennwort ist geheim1",
    "mot de passe: azerty12",
    "contraseña: clave123",
]
INNOCENT = [
    "Databricks for the ML team in dev",
    "import /subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/rg-x/providers/Microsoft.Databricks/x",
    "subscription 0b1f6471-1bf0-4dda-aec3-111122223333",
    "call it dbw-dapi-dev",
    "call it dbw-secret-lab-dev",
    "show pln_9027b6c62000",
    f"the digest is {HEX}{HEX}",
    f"sha512-{BASE64}==",
    "node type Standard_DS4_v2",
    "owner is ana@contoso.com",
    "cost center 4412",
    "tag project=apollo",
    "tag tier=gold, tag keyvault=kv-ml-prod",
    "no password needed",
    "the password is not needed",
    "the password is encrypted.",
    "the password is known to the ML team",
    "password: required",
    "passwords are rotated every 90 days",
    "access token lifetime is 90 days",
    "token limit 4096",
    "max_token: 4096",
    "secret scope kv-ml",
    "we keep secrets in key vault",
    "the secret is safe in the vault",
    "client secret is stored in kv-ml",
    "secret: {{secrets/ml/db}}",
    "password=$DB_PASSWORD",
    "password=<your password>",
    "password: ********",
    "postgresql://USER:PASSWORD@HOST/NAME",
    "http://127.0.0.1:8765/deployments",
    "mail me at bot:ana@contoso.com",
    "sk-learn-based-team-for-training",
    "risk-assessment-platform-for-the-data-team",
    "key: value",
    "keys: team, environment",
    "the key question is the price",
    "Asia and Europe",
    "Pat: the owner",
    "an NVIDIA A100 or H100",
    "the secretary: Ana",
    "10.20.0.0/16",
    "spot is fine, 2 to 8 workers, $800/month",
]


@pytest.mark.parametrize(("kind", "typed"), TYPED)
def test_a_credential_is_known_by_its_shape_wherever_it_stands(kind: CredentialKind, typed: str) -> None:
    for before, after in (
        ("", ""),
        ("use ", " for it"),
        ("tag key=", ", in dev"),
        ('"', '"'),
        ("ml,dev,etl,", ""),
        ("(", ")"),
    ):
        cleaned = without_credentials(before + typed + after)
        assert not _pieces(typed) & _pieces(cleaned), cleaned
        assert removed_from(cleaned) == (kind,), cleaned
        assert f"[removed: {kind.name}]" in cleaned, cleaned


@pytest.mark.parametrize("typed", NAMED)
def test_what_is_called_a_password_is_one(typed: str) -> None:
    cleaned = without_credentials(f"for the ML team, {typed}")
    assert removed_from(cleaned) == (PASSWORD,)
    assert cleaned.startswith("for the ML team, ")


@pytest.mark.parametrize("typed", INNOCENT)
def test_what_people_type_every_day_is_no_credential(typed: str) -> None:
    assert without_credentials(typed) == typed


def test_a_column_that_is_called_as_a_password_is_emptied() -> None:
    cleaned = without_credentials(
        "Ours:\nteam,environment,tag:password,workload\nml,dev,hunter2,etl\nrisk,dev,,etl\nx,dev,none"
    )
    mark = f"[removed: {PASSWORD.name}]"
    assert cleaned == f"Ours:\nteam,environment,tag:password,workload\nml,dev,{mark},etl\nrisk,dev,,etl\nx,dev,none"
    assert unmarked(cleaned).splitlines()[2] == "ml,dev, ,etl"
    prose = "a team, an environment, a token\nml, dev, whatever it takes"
    assert without_credentials(prose) == prose


def test_a_url_loses_its_password_and_its_user_only() -> None:
    assert without_credentials("use postgresql://u:p4ss@db/x") == f"use postgresql://[removed: {URL.name}]@db/x"


def test_a_secret_without_a_name_of_its_own_goes_with_the_id_beside_it() -> None:
    assert PIECE not in without_credentials(f"AKIA{'ABCDEFGH23456723'} and {PIECE}")
    assert without_credentials(f"commit {PIECE}") == f"commit {PIECE}"


def test_what_is_understood_holds_neither_the_credential_nor_its_name() -> None:
    cleaned = without_credentials(f"ML team in dev, tag token=dapi{HEX}, 2 workers, password: hunter2")
    assert unmarked(cleaned).split() == ["ML", "team", "in", "dev,", ",", "2", "workers,"]
    assert unmarked("ML team in dev") == "ML team in dev"
    assert unmarked(without_credentials(f'a,dev,etl,"dapi{HEX}",x')) == "a,dev,etl, ,x"


def test_cleaning_again_changes_nothing() -> None:
    once = without_credentials("\n".join([typed for _, typed in TYPED if "OPENSSH" not in typed] + NAMED))
    assert without_credentials(once) == once
    assert {DATABRICKS, CLIENT_SECRET, CHAT, PASSWORD} <= set(removed_from(once)) <= set(KINDS)


def test_the_same_kind_is_named_once_and_an_invented_mark_names_none() -> None:
    assert removed_from(without_credentials(f"dapi{HEX} dapi{HEX}")) == (DATABRICKS,)
    assert removed_from("[removed: my patience]") == ()


def test_what_overlaps_is_one_credential() -> None:
    text = f"my secret key is: AccountKey={BASE64}=="
    (found,) = credentials_in(text)
    assert (found.kind, text[found.end :]) == (ACCOUNT_KEY, "")


def test_a_door_that_cannot_cut_refuses_without_naming_the_secret() -> None:
    with pytest.raises(InvalidRequest) as refused:
        demand_none("reading the request", ["in dev", "password=hunter2"])
    assert "hunter2" not in str(refused.value)
    assert "change it wherever it is in use" in str(refused.value)


def _pieces(text: str) -> set[str]:
    """Its runs of sixteen, that a secret may be known by."""
    bare = text.replace("\n", "")
    return {bare[at : at + 16] for at in range(len(bare) - 15)}
