"""`brickie doctor` names what is wrong with a model, and what to do."""

import pytest

from agent.brain.double.answers import Answer, Call, Fault
from agent.brain.double.faults import SECRET
from agent.brain.double.scripts import faulty, scripted
from agent.brain.double.server import Double, serving
from agent.cli.doctor import Check, examine

pytestmark = pytest.mark.integration

READY = scripted((Answer(calls=(Call("ready", "{}"),)),))


def model_check(environment: dict[str, str]) -> Check:
    return next(check for check in examine(environment) if check.what == "model")


def pointed(address: str) -> dict[str, str]:
    return {"Model__BaseUrl": address, "Model__Name": "double", "Model__TimeoutSeconds": "1", "MODEL_API_KEY": "k"}


def test_a_working_model_is_named_with_its_host() -> None:
    with serving(Double(READY)) as address:
        check = model_check(pointed(address))
    assert check.state == "ok"
    assert check.finding.startswith("double at 127.0.0.1:")


@pytest.mark.parametrize(
    ("fault", "said", "fix"),
    [
        ("wrong_key", "refuses the key", "MODEL_API_KEY"),
        ("wrong_deployment", "no deployment or model", "AZURE_OPENAI_DEPLOYMENT"),
        ("html", "something else answers", "/v1"),
        ("no_tools", "cannot call functions", "function calling"),
        ("text_only", "cannot call functions", "function calling"),
        ("quota", "quota is used up", "Raise the quota"),
        ("hangs", "does not answer in time", "TimeoutSeconds"),
        ("drops", "cannot be reached", "the address"),
        ("server_error", "fault of its own", "status page"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(fault: Fault, said: str, fix: str) -> None:
    with serving(Double(faulty((fault,)))) as address:
        check = model_check(pointed(address))
    assert check.state == "missing"
    assert said in check.finding
    assert "rules understand meanwhile" in check.finding
    assert fix in check.fix
    assert SECRET not in check.finding + check.fix


@pytest.mark.parametrize(
    ("environment", "fix"),
    [
        ({"AZURE_OPENAI_ENDPOINT": "https://x.openai.azure.com"}, "Set AZURE_OPENAI_DEPLOYMENT."),
        ({"Model__BaseUrl": "https://x/v1"}, "Set Model__Name."),
        ({"Model__BaseUrl": "http://elsewhere/v1", "Model__Name": "m"}, "https://"),
        ({"OPENAI_API_KEY": "k"}, "Set Model__Name."),
    ],
)
def test_half_a_configuration_is_named(environment: dict[str, str], fix: str) -> None:
    check = model_check(environment)
    assert check.state == "missing"
    assert fix in check.fix


def test_azures_path_of_deployments_and_its_key_are_used() -> None:
    double = Double(READY, key="right", deployment="gpt")
    with serving(double) as address:
        base = address.removesuffix("/v1")
        named = {"AZURE_OPENAI_ENDPOINT": base, "AZURE_OPENAI_KEY": "right", "AZURE_OPENAI_DEPLOYMENT": "gpt"}
        assert model_check(named).state == "ok"
        assert "refuses the key" in model_check({**named, "AZURE_OPENAI_KEY": "wrong"}).finding
        assert "no deployment" in model_check({**named, "AZURE_OPENAI_DEPLOYMENT": "other"}).finding
