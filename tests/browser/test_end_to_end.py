"""A person deploys, changes and destroys a workspace in the browser, against the real server over the sandbox."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from camera import Camera
from double import Double
from playwright.sync_api import BrowserContext, Page, Route, expect

from agent.paths import place

pytestmark = pytest.mark.browser

web_server: Any = pytest.importorskip("web_server")
tokens: Any = pytest.importorskip("embedding_tokens")
serve = web_server.serve
served = web_server.served


@pytest.fixture
def chat(page: Page, served: Any) -> Page:
    page.goto(served.url)
    expect(page.get_by_role("heading", name="Azure Databricks workspaces, from a sentence")).to_be_visible()
    return page


def say(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_label("Write a message").press("Enter")


def post(page: Page, path: str, body: dict[str, Any]) -> int:
    """A request that the page itself could send; gives its status."""
    return page.evaluate(
        """async ([path, body]) => {
          const session = await (await fetch("/api/session")).json();
          const headers = { "Content-Type": "application/json", "X-Brickie-CSRF": session.csrf };
          return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).status;
        }""",
        [path, body],
    )


def test_a_workspace_lives_from_the_first_sentence_to_its_end(chat: Page, served: Any, camera: Camera) -> None:
    """Deploy, reload in the middle, change, look it up on its page, and destroy: three plans, three consents."""
    say(chat, "Databricks for the ML team in dev")
    plan = chat.get_by_role("article", name="New workspace dbw-ml-dev")
    expect(plan.get_by_role("button", name="Confirm and build")).to_be_enabled()
    chat.reload()
    expect(plan.get_by_role("button", name="Confirm and build")).to_be_enabled()
    camera.take(chat, "end-to-end-plan")
    assert served.terraform.applied == []
    plan.get_by_role("button", name="Confirm and build").click()
    expect(chat.get_by_role("link", name="Open the workspace")).to_be_visible()
    assert len(served.terraform.applied) == 1

    say(chat, "change dbw-ml-dev to 1 to 3 workers and tag project=apollo")
    change = chat.get_by_role("article", name="Change dbw-ml-dev")
    expect(change.get_by_role("row").filter(has_text="Most workers")).to_contain_text("3")
    expect(change.get_by_role("row").filter(has_text="Tag project")).to_contain_text("apollo")
    change.get_by_role("button", name="Confirm the change").click()
    expect(chat.get_by_role("link", name="Open the workspace")).to_have_count(2)

    chat.get_by_role("link", name="Deployments").click()
    chat.get_by_role("link", name="dbw-ml-dev").click()
    expect(chat.get_by_role("heading", name="dbw-ml-dev")).to_be_visible()
    camera.take(chat, "end-to-end-deployment")
    chat.get_by_role("link", name="Destroy …").click()
    expect(chat.get_by_label("Write a message")).to_have_value("destroy dbw-ml-dev")
    chat.get_by_label("Write a message").press("Enter")
    end = chat.get_by_role("article", name="Destroy dbw-ml-dev")
    expect(end.locator(".asked")).to_have_text(re.compile(r"This destroys dbw-ml-dev, and saves about .+ a month\."))
    end.get_by_role("button", name="Confirm and destroy").click()
    expect(chat.locator("brickie-chat .run").last).to_contain_text("Destroyed")
    assert len(served.terraform.applied) == 3
    chat.goto(served.url + "/deployments")
    expect(chat.locator("brickie-deployments td[data-col=status] .state")).to_have_text("destroyed")


def test_a_replayed_confirmation_builds_nothing_twice(chat: Page, served: Any) -> None:
    """The same action again, with its own id and with a new one: one build."""
    sent: list[Any] = []
    chat.on("request", lambda request: sent.append(request.post_data_json) if "/actions" in request.url else None)
    say(chat, "Databricks for the ML team in dev")
    chat.get_by_role("button", name="Confirm and build").click()
    expect(chat.get_by_role("link", name="Open the workspace")).to_be_visible()
    conversation = re.search(r"c=([^&]+)", chat.url)
    assert conversation is not None
    path = f"/api/conversations/{conversation[1]}/actions"
    assert post(chat, path, sent[0]) == 202
    assert post(chat, path, sent[0] | {"client_id": "another-click"}) == 202
    say(chat, "list my workspaces")
    expect(chat.get_by_role("heading", name=re.compile("^Workspaces"))).to_be_visible()
    assert len(served.terraform.applied) == 1


def test_the_conversation_of_another_is_not_there(chat: Page, served: Any) -> None:
    """A conversation that one has no part in looks like one that does not exist."""
    chat.goto(f"{served.url}/?c=cnv_000000000000")
    expect(chat.get_by_text("This conversation does not exist")).to_be_visible()


def test_a_message_with_markup_and_one_that_is_long_come_back_as_they_were(chat: Page) -> None:
    say(chat, "<b>hello</b> <img src=x onerror=alert(1)>")
    bubbles = chat.locator("brickie-chat .said:not(.pending) .bubble")
    expect(bubbles.first).to_have_text("<b>hello</b> <img src=x onerror=alert(1)>")
    say(chat, "etl " * 14_000)
    expect(bubbles).to_have_count(2)
    expect(chat.locator("brickie-chat .bot, brickie-chat .error, brickie-chat .question").last).to_be_visible()


def test_two_tabs_confirm_once(chat: Page, context: BrowserContext, served: Any) -> None:
    say(chat, "Databricks for the ML team in dev")
    expect(chat.get_by_role("button", name="Confirm and build")).to_be_enabled()
    other = context.new_page()
    other.goto(chat.url)
    other.get_by_role("button", name="Confirm and build").click()
    expect(chat.get_by_role("link", name="Open the workspace")).to_be_visible()
    expect(chat.get_by_role("button", name="Confirm and build")).to_have_count(0)
    assert len(served.terraform.applied) == 1


def portal(served: Any, token: str) -> str:
    """A page of another site that shows the widget to a person whom that site has signed in: word for word what
    `brickie help identity` says to write.
    """
    said = (place("templates") / "help" / "identity.md").read_text("utf-8")
    lines = re.search(r"```html\n(.+?)```", said, re.DOTALL)
    assert lines is not None
    snippet = lines[1].replace("https://brickie.contoso.com", served.url)
    signed = f'<script>const fetchYourSignedToken = async () => "{token}"</script>'
    return f'<!doctype html><html lang="en"><title>Intranet</title><h1>Intranet</h1>{signed}{snippet}</html>'


def test_production_takes_two_also_in_a_portal(page: Page, double: Double, camera: Camera, tmp_path: Path) -> None:
    """A site embeds the widget with its own signed token; who asked may not confirm, and another person's consent
    shows in the page of the first.
    """
    settings = {"Identity": tokens.TOKENS, "Web": {"EmbeddingSites": [double.url]}}
    served = web_server.Served(tmp_path / "home", settings)
    try:
        rita = tokens.token(sub="rita", name="Rita Berg", roles=["requester"])
        ines = tokens.token(sub="ines", name="Ines Roth", roles=["approver"])
        double.portal = portal(served, rita)
        page.goto(double.url + "/portal")
        say(page, "production workspace for the ledger team, etl, west europe, 2 to 4")
        expect(page.get_by_text("Needs somebody with the role approver, other than Rita Berg.")).to_be_visible()
        expect(page.get_by_role("button", name="Copy the link for them")).to_be_visible()
        expect(page.get_by_role("button", name="Confirm and build")).to_have_count(0)
        camera.take(page, "end-to-end-portal")
        decided = page.evaluate(
            """async ([url, token]) => {
              const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
              const { approvals } = await (await fetch(url + "/api/approvals", { headers })).json();
              const { plan_id, digest } = approvals[0].plan;
              const body = JSON.stringify({ action: "confirm", digest, value: null, client_id: "ines-click" });
              return (await fetch(`${url}/api/approvals/${plan_id}`, { method: "POST", headers, body })).status;
            }""",
            [served.url, ines],
        )
        assert decided == 202
        expect(page.get_by_text("Approved by Ines Roth")).to_be_visible()
        expect(page.get_by_role("link", name="Open the workspace")).to_be_visible()
    finally:
        served.stop()


def test_what_is_written_before_the_session_is_there_is_sent_when_it_is(page: Page, served: Any) -> None:
    """A slow sign-in delays a sentence; it does not lose it."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/session", hold)
    page.goto(served.url)
    say(page, "Databricks for the ML team in dev")
    expect(page.get_by_text("Sending …")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("button", name="Confirm and build")).to_be_enabled()
    expect(page.locator("brickie-chat article.said")).to_have_count(1)


@pytest.fixture
def restartable(tmp_path: Path) -> Iterator[list[Any]]:
    """Servers of one home, one after another; the last is stopped at the end."""
    started: list[Any] = [web_server.Served(tmp_path / "home")]
    yield started
    started[-1].stop()


def test_a_server_restarted_under_the_page_loses_nothing(page: Page, restartable: list[Any], tmp_path: Path) -> None:
    """The plan that waited still waits, the page finds the new server by itself, and one click builds it."""
    old = restartable[0]
    page.goto(old.url)
    say(page, "Databricks for the ML team in dev")
    confirm = page.get_by_role("button", name="Confirm and build")
    expect(confirm).to_be_enabled()
    old.stop()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    port = int(old.url.rsplit(":", 1)[1])
    restartable.append(web_server.Served(tmp_path / "home", {"Web": {"Port": port}}))
    expect(page.locator("brickie-chat .banner")).to_be_hidden(timeout=20_000)
    expect(page.get_by_role("article", name="New workspace dbw-ml-dev")).to_have_count(1)
    confirm.click()
    expect(page.get_by_role("link", name="Open the workspace")).to_be_visible()
