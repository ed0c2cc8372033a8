"""What a person can do on the page beside talking: edit a plan, find conversations, rate answers, share, save, move."""

from pathlib import Path
from typing import Any

import deployed
import pytest
from camera import Camera
from double import Double, recorded
from playwright.sync_api import BrowserContext, Page, expect
from test_widget import STATE, first, message, ready, said

pytestmark = pytest.mark.browser

DROP = """([name, text]) => {
  const panel = document.querySelector("brickie-chat").shadowRoot.querySelector(".chat");
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "text/csv" }));
  panel.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def test_a_plan_is_edited_as_a_form_that_says_its_sentence(page: Page, double: Double, camera: Camera) -> None:
    """Only what was changed is said; what cannot be is told beside the field, and nothing is sent."""
    double.tell(said("go"), first("deploy", "plan"))
    ready(page, double)
    page.get_by_role("button", name="Edit", exact=True).last.click()
    form = page.get_by_role("form", name="Edit dbw-ml-dev")
    expect(form.get_by_label("Region")).to_be_focused()
    form.get_by_label("Cost centre").fill("44, yes")
    form.get_by_role("button", name="Plan it anew").click()
    expect(form.get_by_role("alert")).to_have_text("A cost centre has letters, digits, dots and hyphens only.")
    assert double.posts == []
    form.get_by_label("Cost centre").fill("4412")
    form.get_by_label("Region").select_option("West Europe")
    form.get_by_label("Most workers").fill("4")
    form.get_by_role("button", name="Add me as owner").click()
    camera.take(page, "plan-form", card=".plan")
    form.get_by_role("button", name="Plan it anew").click()
    expect(form).to_have_count(0)
    [(_, sent)] = double.posted()
    assert sent["text"] == "region westeurope, 0 to 4 workers, owner is ana@contoso.com, cost center 4412"


def test_results_offer_what_comes_next(page: Page, double: Double) -> None:
    double.tell(*recorded("life")[:12])
    ready(page, double)
    run = page.locator("brickie-chat .run").last
    run.get_by_role("button", name="Extend …").click()
    expect(page.get_by_label("Write a message")).to_have_value("extend dbw-ml-dev by 7 days")
    run.get_by_role("button", name="Status").click()
    expect(page.locator("brickie-chat .said .bubble").last).to_have_text("status of dbw-ml-dev")
    page.get_by_label("Write a message").fill("")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Write a message")).to_have_value("status of dbw-ml-dev")


def test_conversations_are_found_named_and_deleted(page: Page, double: Double, camera: Camera) -> None:
    """Two hundred of them do not put the first view off; deleting asks first."""
    double.conversations = [{"id": f"cnv_{n}", "title": f"Earlier {n}"} for n in range(2, 202)]
    double.conversations[0] |= {"workspace": "dbw-ml-dev", "state": "succeeded"}
    double.tell(said("hello"), message("Hello."), STATE)
    ready(page, double, "/?c=cnv_1")
    side = page.get_by_role("navigation", name="Conversations")
    expect(side.get_by_role("listitem")).to_have_count(201)
    expect(side.get_by_role("link", name="Earlier 2 dbw-ml-dev: deployed")).to_be_visible()
    expect(side.locator("[aria-current]")).to_contain_text("hello")
    camera.take(page, "sidebar")
    side.get_by_role("searchbox").fill("earlier 77")
    expect(side.get_by_role("listitem")).to_have_count(1)
    side.get_by_role("searchbox").fill("")
    side.get_by_role("button", name="Rename hello").click()
    side.get_by_label("Name of the conversation").fill("The first one")
    page.keyboard.press("Enter")
    expect(side.locator("[aria-current]")).to_contain_text("The first one")
    side.get_by_role("button", name="Delete The first one").click()
    page.get_by_role("button", name="Cancel").click()
    side.get_by_role("button", name="Delete The first one").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Azure Databricks")).to_be_visible()
    assert double.posted(2) == [
        ("/api/conversations/cnv_1/title", {"title": "The first one"}),
        ("/api/conversations/cnv_1/delete", {}),
    ]


def test_an_answer_is_rated_and_a_list_is_dropped(page: Page, double: Double) -> None:
    double.tell(said("hi"), message("Hello."), STATE)
    ready(page, double)
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    assert double.posted() == [("/api/conversations/cnv_1/feedback", {"turn": 1, "verdict": "good"})]
    page.evaluate(DROP, ["wanted.csv", "team,environment\nml,dev\n"])
    expect(page.get_by_label("Write a message")).to_have_value("team,environment\nml,dev")
    page.evaluate(DROP, ["picture.png.exe", "x" * 60_001])
    expect(page.get_by_text("picture.png.exe is no CSV or text file")).to_be_visible()


def test_the_palette_the_slash_and_the_language(page: Page, double: Double) -> None:
    double.deployments = deployed.rows()
    double.tell(said("hi"), message("Hello."), STATE)
    ready(page, double)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Go to, or say").fill("atlas-dev-2")
    expect(page.get_by_role("option", name="dbw-atlas-dev-2 · being deployed")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{double.url}/deployments/{deployed.rows()[2]['deployment_id']}")
    page.goto(double.url + "/deployments")
    page.get_by_role("heading", level=1, name="Deployments").wait_for()
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_role("combobox", name="Language").select_option("Deutsch")
    expect(page.get_by_label("Suche", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    page.goto(double.url)
    expect(page.get_by_label("Nachricht schreiben")).to_be_visible()


def test_the_list_is_saved_without_a_formula_and_acted_upon_together(
    page: Page, double: Double, tmp_path: Path
) -> None:
    rows = deployed.rows()
    rows[0] |= {"owner": '=HYPERLINK("https://foreign.example","x")', "status": "succeeded", "live": True}
    double.deployments = rows
    page.goto(double.url + "/deployments")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    waiting.value.save_as(tmp_path / "saved.csv")
    saved = (tmp_path / "saved.csv").read_text("utf-8-sig")
    assert '"\'=HYPERLINK(""https://foreign.example' in saved
    assert len(saved.splitlines()) == 1 + len(rows)
    for name in (rows[0]["workspace_name"], rows[1]["workspace_name"]):
        page.get_by_role("checkbox", name=f"Choose {name}", exact=True).check()
    page.get_by_role("link", name="Destroy …").click()
    wanted = f"destroy {rows[1]['workspace_name']} and {rows[0]['workspace_name']}"
    expect(page.get_by_label("Write a message")).to_have_value(wanted)
    assert double.posts == []


def test_a_plan_has_a_page_to_send_and_to_print(page: Page, double: Double, camera: Camera) -> None:
    plan = first("deploy", "plan")
    seen: dict[str, Any] = {"plan": plan, "status": "pending", "may_answer": True, "could_decide": []}
    by = {"id": "rita", "name": "Rita Berg"}
    double.plans = {"pln_1": {**seen, "requested_by": by, "created_at": "2026-11-25T09:00:00Z", "conversation": None}}
    page.goto(double.url + "/plans/pln_1")
    expect(page.get_by_text("Rita Berg asked for this on")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()
    expect(page.get_by_role("link", name="Continue in a chat here")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=2, name="Why")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm and build")).to_be_hidden()
    camera.take(page, "plan-printed")
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Confirm and build").click()
    expect(page.get_by_text("Sent. Reload the page")).to_be_visible()
    assert double.posted()[0][0] == f"/api/approvals/{plan['plan_id']}"
    page.goto(double.url + "/plans/pln_other")
    expect(page.get_by_role("alert")).to_contain_text("This plan does not exist, or it is not yours to see.")


def test_a_request_from_another_channel_goes_on_in_a_chat_here(page: Page, double: Double) -> None:
    plan = first("deploy", "plan")
    seen: dict[str, Any] = {"plan": plan, "status": "pending", "may_answer": False, "could_decide": []}
    by = {"id": "U0ANA", "name": "Ana in Slack"}
    here: dict[str, Any] = {"requested_by": by, "created_at": "2026-11-25T09:00:00Z", "conversation": None}
    double.plans = {"pln_1": {**seen, **here, "may_continue": True}}
    page.goto(double.url + "/plans/pln_1")
    page.get_by_role("link", name="Continue in a chat here").click()
    expect(page.get_by_label("Write a message")).to_have_value(f"continue {plan['plan_id']} here")
    assert double.posts == []


def test_whoever_looks_elsewhere_is_told_in_the_title_and_the_icon(
    page: Page, double: Double, context: BrowserContext
) -> None:
    ready(page, double, "/?c=cnv_1")
    page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })")
    double.tell(said("go"), first("deploy", "plan"))
    expect(page).to_have_title("● A plan waits for your decision. dbw-ml-dev — Brickie")
    assert "favicon-news" in page.evaluate("document.querySelector('link[rel=icon]').href")
    page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title("Brickie")
    assert len(context.pages) == 1


def test_an_idle_page_asks_for_nothing(page: Page, double: Double) -> None:
    page.clock.install()
    double.tell(*recorded("life"))
    ready(page, double)
    page.clock.run_for(2000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(30_000)
    assert asked == []
