"""While a draft or a plan is open: an answer stays one, a question changes nothing, another service is named."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_TODAY = date(2026, 11, 29)
_WHOLE = InfrastructureRequest(
    capability="databricks", team="sales", environment="dev", workload_type="data_engineering", region="eastus"
)
_PENDING = Context(today=_TODAY, drafts=(_WHOLE,), plan_pending=True)
_ASKED = Context(
    today=_TODAY,
    drafts=(InfrastructureRequest(capability="databricks"),),
    open_slots=("team", "environment", "workload_type"),
)


@pytest.mark.parametrize(
    "text",
    [
        "and if we took 4 workers?",
        "what about uksouth?",
        "and in uk south?",
        "what if it were prod?",
        "how about spot?",
        "and with photon?",
        "without spot?",
        "what would 8 workers cost?",
        "does it have photon?",
        "is that in europe?",
        "spot or on-demand?",
        "what gpus do you have?",
        "what is the dev limit?",
        "should we use private link?",
        "are 4 workers enough?",
        "is it dev or prod?",
        "is spot allowed in prod?",
        "will it be in west europe?",
        "why not west europe?",
        "does it run 24/7?",
        "which team is it for?",
        "how many workers does it have?",
        "what happens with it after 30 days?",
        "puh. and per year?",
        "would uk south be cheaper?",
        "do we get a T4 with that?",
        "isn't photon more expensive?",
        "suppose we took 10 workers, what then?",
        "uk south?",
        "hmm, and in sweden?",
    ],
)
def test_a_question_changes_nothing(text: str) -> None:
    understood = understand(text, _PENDING)
    assert understood.act in ("cost", "compare", "explain", "status", "help")
    assert not understood.remove


@pytest.mark.parametrize(
    "text",
    [
        "make it uk south",
        "can we make it 4 workers?",
        "could you move it to west europe?",
        "can you use spot instead?",
        "please turn on photon",
        "4 workers please",
        "uk south instead",
        "no, make it prod",
        "yes but in westeurope",
        "would you mind adding photon?",
        "would it be possible to have 4 workers?",
        "any chance of 4 workers?",
        "max 6 workers and no spot",
        "we'd rather have it in north europe",
        "it's for streaming, not etl",
        "with private link, our auditors insist",
        "set the budget to 900 dollars a month",
        "connect it to our storage account, and in uk south",
        "actually staging",
        "undo that",
    ],
)
def test_a_change_is_one(text: str) -> None:
    assert understand(text, _PENDING).act == "amend"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("payments", "team", "payments"),
        ("it's for the claims team", "team", "claims"),
        ("dev", "environment", "dev"),
        ("prod please", "environment", "prod"),
        ("notebooks", "workload_type", "data_science"),
        ("we train models", "workload_type", "machine_learning"),
        ("team Baggage Claim, it is for staging", "team", "baggage-claim"),
        ("dashboards for the board, in prod", "workload_type", "analytics"),
        ("sales, dev, etl", "team", "sales"),
    ],
)
def test_an_answer_is_one(text: str, field: str, value: str) -> None:
    understood = understand(text, _ASKED)
    assert understood.act == "answer"
    assert getattr(understood.requests[0], field) == value


@pytest.mark.parametrize("context", [Context(today=_TODAY), _PENDING, _ASKED], ids=["first", "pending", "asked"])
@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("an AKS cluster for team web in prod with 3 workers", "Azure Kubernetes Service"),
        ("storage account for team data in dev", "a storage account"),
        ("azure openai for team ml", "Azure OpenAI"),
        ("sql database for team x", "Azure SQL Database"),
        ("create a storage account in west europe", "a storage account"),
        ("we need a postgres server for team risk, prod", "Azure Database for PostgreSQL"),
        ("a key vault for team payments in prod", "Azure Key Vault"),
        ("please set up a data factory for finance in dev", "Azure Data Factory"),
        ("Cosmos DB for the shop team, prod, west europe", "Azure Cosmos DB"),
        ("spin up a virtual machine with 4 cores in uk south", "a virtual machine"),
        ("function app for team web", "Azure Functions"),
        ("could we get a redis cache for team web in prod?", "Azure Cache for Redis"),
        ("a synapse workspace for finance in dev", "Azure Synapse"),
        ("fabric capacity for the bi team in prod", "Microsoft Fabric"),
        ("event hubs namespace for team iot in prod", "Event Hubs"),
    ],
)
def test_another_service_is_named(text: str, service: str, context: Context) -> None:
    understood = understand(text, context)
    assert (understood.act, understood.topic) == ("out_of_scope", (service,))


@pytest.mark.parametrize(
    "text",
    [
        "databricks for team data in dev, etl, connect it to our storage account",
        "workspace for team risk, prod, streaming from event hubs",
        "databricks for finance in dev, it reads from our SQL database",
        "a databricks workspace for ml, dev, we use azure openai too",
        "prod lakehouse for claims, etl, secrets are in a key vault",
    ],
)
def test_a_service_beside_a_workspace_is_none_that_is_asked_for(text: str) -> None:
    assert understand(text, Context(today=_TODAY)).act == "provision"


@pytest.mark.parametrize(
    "text",
    [
        "send 100 dollars from savings to checking",
        "how many people live in paris",
        "book a hotel in london for 3 people for two days",
        "my name is jason",
        "what's the weather in dallas",
        "remind me in 5 days",
        "i want to report a lost card",
    ],
)
def test_other_things_change_nothing(text: str) -> None:
    assert understand(text, _PENDING).act in ("out_of_scope", "unclear", "explain")
