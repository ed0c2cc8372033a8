"""The federated token as Terraform's provider finds it: given, in a file, of a pod, or asked of the pipeline."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from plugins.deploy.health import SignInMissing
from plugins.deploy.sign_in import assertion
from plugins.deploy.terraform.process import environment

pytestmark = pytest.mark.integration


class Pipeline(HTTPServer):
    """Gives a token as GitHub Actions and Azure Pipelines do, or sends people `elsewhere`; `asked` is what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[tuple[str, str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/token"
        self.elsewhere = ""


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({"value": "from-github", "count": 1})

    def do_POST(self) -> None:
        self._answer({"oidcToken": "from-pipelines"})

    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 - as the library calls it

    def _answer(self, document: dict[str, Any]) -> None:
        assert isinstance(self.server, Pipeline)
        self.server.asked.append((self.command, self.path, self.headers["Authorization"]))
        self.send_response(302 if self.server.elsewhere else 200)
        self.send_header("Location", self.server.elsewhere)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


@pytest.fixture
def pipeline() -> Iterator[Pipeline]:
    server = Pipeline()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_token_that_is_given_counts_before_its_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("from-file\n", "utf-8")
    held = {"ARM_OIDC_TOKEN_FILE_PATH": str(path)}
    assert assertion({**held, "ARM_OIDC_TOKEN": "given"}) == "given"
    assert assertion(held) == "from-file"
    path.write_text("renewed\n", "utf-8")
    assert assertion(held) == "renewed"


def test_a_pods_token_counts_where_the_provider_is_told_to_use_it(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("of-the-pod\n", "utf-8")
    pod = {"AZURE_FEDERATED_TOKEN_FILE": str(path)}
    assert assertion({**pod, "ARM_USE_AKS_WORKLOAD_IDENTITY": "true"}) == "of-the-pod"
    with pytest.raises(SignInMissing):
        assertion(pod)


@pytest.mark.parametrize("names", ["ARM_OIDC_REQUEST_{}", "ACTIONS_ID_TOKEN_REQUEST_{}"])
def test_github_is_asked_for_a_token_for_azure(pipeline: Pipeline, names: str) -> None:
    url, key = names.format("URL"), names.format("TOKEN")
    assert assertion({url: f"{pipeline.url}?version=2", key: "key"}) == "from-github"
    wanted = "/token?version=2&audience=api%3A%2F%2FAzureADTokenExchange"
    assert pipeline.asked == [("GET", wanted, "Bearer key")]


def test_azure_pipelines_is_asked_for_one_of_the_service_connection(pipeline: Pipeline) -> None:
    asked = {
        "SYSTEM_OIDCREQUESTURI": pipeline.url,
        "SYSTEM_ACCESSTOKEN": "key",
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "sc",
    }
    assert assertion(asked) == "from-pipelines"
    assert pipeline.asked == [("POST", "/token?api-version=7.1&serviceConnectionId=sc", "Bearer key")]


@pytest.mark.parametrize("more", [{}, {"ARM_OIDC_AZURE_SERVICE_CONNECTION_ID": "sc"}])
def test_the_key_follows_no_redirect(pipeline: Pipeline, more: dict[str, str]) -> None:
    pipeline.elsewhere = f"{pipeline.url.replace('127.0.0.1', 'localhost')}/of-others"
    with pytest.raises(OSError, match="302"):
        assertion({"ARM_OIDC_REQUEST_URL": pipeline.url, "ARM_OIDC_REQUEST_TOKEN": "key", **more})
    assert len(pipeline.asked) == 1


def test_the_key_goes_over_no_open_wire() -> None:
    with pytest.raises(SignInMissing):
        assertion({"ARM_OIDC_REQUEST_URL": "http://example.com/token", "ARM_OIDC_REQUEST_TOKEN": "key"})


@pytest.mark.parametrize("missing", [{}, {"ARM_OIDC_REQUEST_URL": "https://example.com"}])
def test_without_any_of_them_nobody_signs_in(missing: dict[str, str]) -> None:
    with pytest.raises(SignInMissing):
        assertion(missing)


def test_terraform_is_given_what_it_signs_in_by_in_azure_alone() -> None:
    names = ("ARM_USE_AKS_WORKLOAD_IDENTITY", "AZURE_FEDERATED_TOKEN_FILE", "SYSTEM_OIDCREQUESTURI")
    base: dict[str, str] = dict.fromkeys(names, "x")
    assert base.items() <= environment(base, {}, azure=True).items()
    assert not base.items() & environment(base, {}, azure=False).items()
