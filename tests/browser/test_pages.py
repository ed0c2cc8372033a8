"""The pages of deployments in a real browser."""

import re

import deployed
import pytest
from camera import Camera
from double import Double, recorded
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def stocked(double: Double) -> Double:
    double.deployments = deployed.rows()
    double.details = {"dep_1": deployed.one()}
    return double


def names(page: Page) -> list[str]:
    return page.locator("brickie-deployments .found tbody td[data-col=workspace_name] > a").all_text_contents()


def test_the_list_filters_by_what_an_engineer_looks_for(page: Page, stocked: Double, camera: Camera) -> None:
    """Filters work together, live in the address, and a reload keeps them."""
    page.goto(stocked.url + "/deployments")
    expect(page.get_by_text("24 workspaces")).to_be_visible()
    camera.take(page, "deployments")
    page.get_by_label("Team", exact=True).select_option("borea")
    page.get_by_label("Environment", exact=True).select_option("dev")
    assert names(page) == ["dbw-borea-dev-2", "dbw-borea-dev"]
    page.get_by_label("Search").fill("dev-2")
    assert names(page) == ["dbw-borea-dev-2"]
    page.reload()
    expect(page.get_by_text("1 workspace", exact=True)).to_be_visible()
    assert names(page) == ["dbw-borea-dev-2"]
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("24 workspaces")).to_be_visible()
    page.get_by_label("A month from").fill("700")
    expect(page.get_by_text("12 workspaces")).to_be_visible()


def test_a_status_is_called_what_the_chat_calls_it(page: Page, stocked: Double) -> None:
    """In the table, in the filter and in the address; a link with the record's own word still finds them."""
    page.goto(stocked.url + "/deployments")
    choice = page.get_by_label("Status", exact=True)
    expect(choice.get_by_role("option")).to_have_text(
        ["All", "being deployed", "deployed", "destroyed", "not deployed: the last run failed"]
    )
    choice.select_option("being deployed")
    expect(page.get_by_text("4 workspaces")).to_be_visible()
    expect(page).to_have_url(f"{stocked.url}/deployments?status=being+deployed")
    shown = page.locator("brickie-deployments .found tbody td[data-col=status]").all_text_contents()
    assert set(shown) == {"being deployed"}
    page.goto(stocked.url + "/deployments?status=applying")
    expect(page.get_by_text("4 workspaces")).to_be_visible()
    expect(choice).to_have_value("being deployed")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Search").fill("not deployed")
    expect(page.get_by_text("4 workspaces")).to_be_visible()


def test_the_list_sorts_by_any_column(page: Page, stocked: Double) -> None:
    page.goto(stocked.url + "/deployments")
    page.get_by_role("button", name="Workspace").click()
    assert names(page)[0] == "dbw-atlas-dev"
    page.get_by_role("button", name="Workspace").click()
    assert names(page)[0] == "dbw-fides-staging-2"
    header = page.get_by_role("columnheader", name="Workspace")
    expect(header).to_have_attribute("aria-sort", "descending")


def test_the_charts_say_what_each_team_costs(page: Page, stocked: Double) -> None:
    """The largest first, and only what is deployed: what failed or is destroyed costs nothing."""
    page.goto(stocked.url + "/deployments")
    rows = page.get_by_role("figure", name="Cost a month by team").get_by_role("row")
    expect(rows).to_have_count(6)
    assert rows.first.get_by_role("cell").last.text_content() == "1,494\u00a0USD"


def test_a_workspace_has_its_page_and_its_ways_back_into_the_chat(page: Page, stocked: Double, camera: Camera) -> None:
    """Nothing is done from the page: the sentence waits in the chat's field until the person sends it."""
    page.goto(stocked.url + "/deployments/dep_1")
    expect(page.get_by_role("heading", name="dbw-ml-dev")).to_be_visible()
    expect(page.get_by_text("approved the plan to change")).to_be_visible()
    expect(page.get_by_text("112.89 USD a month more")).to_be_visible()
    camera.take(page, "deployment")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Terraform (zip)").click()
    assert waiting.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="Destroy …").click()
    expect(page.get_by_label("Write a message")).to_have_value("destroy dbw-ml-dev")
    assert stocked.posts == []


def test_an_unknown_workspace_is_said_to_be_none(page: Page, stocked: Double) -> None:
    page.goto(stocked.url + "/deployments/dep_other")
    expect(page.get_by_role("alert")).to_contain_text("There is no such workspace")


def test_a_plan_of_somebody_else_is_decided_here(page: Page, stocked: Double, camera: Camera) -> None:
    plan = next(event for event in recorded("production") if event["type"] == "plan")
    stocked.approvals = [
        {"plan": plan, "requested_by": {"id": "rita", "name": "Rita Berg"}, "created_at": "2026-11-25"}
    ]
    page.goto(stocked.url + "/deployments")
    page.get_by_text(re.compile("Rita Berg asks to create dbw-ledger-prod: .+USD a month")).click()
    camera.take(page, "approvals")
    page.get_by_role("button", name="Confirm and build").click()
    expect(page.get_by_text("Sent. Reload the page")).to_be_visible()
    [(path, body)] = stocked.posts
    assert path == f"/api/approvals/{plan['plan_id']}"
    assert (body["action"], body["digest"]) == ("confirm", plan["digest"])


def test_who_is_not_signed_in_is_shown_the_way(page: Page, stocked: Double) -> None:
    stocked.signed_in = False
    page.goto(stocked.url + "/deployments")
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/login")


@pytest.mark.parametrize("path", ["/deployments", "/deployments/dep_1"])
def test_the_pages_fit_a_phone(browser: Browser, stocked: Double, camera: Camera, path: str) -> None:
    """Nothing but tables scrolls sideways."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(stocked.url + path)
    page.locator("brickie-deployments h1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    camera.take(page, f"phone{path.replace('/', '-')}")
    context.close()
