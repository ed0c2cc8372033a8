"""The widget in a real browser: what a person sees and does, over recorded conversations."""

import re
import zipfile
from typing import Any

import pytest
from camera import Camera
from double import Double, recorded, turns_of
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

TURN = {"conversation": "cnv_1", "turn": 1}
STATE: dict[str, Any] = {
    "type": "state",
    **TURN,
    "act": "help",
    "requests": [],
    "open_questions": [],
    "pending_plan": None,
    "deployments": [],
}


def first(name: str, kind: str, **fields: Any) -> dict[str, Any]:
    """The first recorded event of that kind with these fields."""
    return next(
        event for event in recorded(name) if event["type"] == kind and all(event[k] == v for k, v in fields.items())
    )


def said(text: str, turn: int = 1) -> dict[str, Any]:
    by = {"id": "ana@contoso.com", "name": "Ana Ruiz"}
    return {"type": "said", "text": text, "button": None, "by": by, "client_id": f"c-{turn}-{len(text)}", **TURN}


def message(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "text": text, "delta": False, **TURN, **fields}


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_label("Write a message").press("Enter")


def ready(page: Page, double: Double, path: str = "/") -> None:
    page.goto(double.url + path)
    expect(page.locator("brickie-chat .log")).to_have_attribute("aria-busy", "false")


def test_a_person_asks_confirms_and_follows_the_build_to_its_link(page: Page, double: Double, camera: Camera) -> None:
    """From the first sentence to the link of the workspace, with one click of consent."""
    double.follow(recorded("deploy")[3:])
    ready(page, double)
    expect(page.get_by_role("heading", name="Azure Databricks workspaces, from a sentence")).to_be_visible()
    camera.take(page, "welcome")
    write(page, "I need a workspace")
    expect(page.locator("brickie-chat legend").first).to_have_text("Which team is it for?")
    camera.take(page, "question", card=".question")
    write(page, "Databricks for the ML team in dev")
    plan = page.get_by_role("article", name="New workspace dbw-ml-dev")
    expect(plan).to_contain_text("232.20 USD")
    camera.take(page, "plan", card=".plan")
    plan.get_by_role("button", name="Confirm and build").click()
    expect(plan).to_contain_text("Approved by Ana Ruiz")
    link = page.get_by_role("link", name="Open the workspace")
    expect(link).to_have_attribute("href", re.compile("^https://adb-"))
    camera.take(page, "result", card=".run")
    told = first("deploy", "plan")
    action = {key: value for key, value in double.posted()[-1][1].items() if key != "client_id"}
    assert action == {"action": "confirm", "plan_id": told["plan_id"], "digest": told["digest"]}


def test_a_button_counts_once_however_often_it_is_pressed(page: Page, double: Double) -> None:
    """Ten presses are one confirmation, and the buttons are gone once the plan is settled."""
    double.tell(said("Databricks"), first("deploy", "plan"))
    ready(page, double)
    page.evaluate(
        "() => { const root = document.querySelector('brickie-chat').shadowRoot;"
        " const button = root.querySelector('.decide .primary'); for (let n = 0; n < 10; n++) button.click(); }"
    )
    expect(page.get_by_text("Sending your decision")).to_be_visible()
    assert page.get_by_role("button", name="Confirm and build").is_disabled()
    double.tell(first("deploy", "approval"))
    expect(page.get_by_role("button", name="Confirm and build")).to_have_count(0)
    assert [path for path, _ in double.posted()] == ["/api/conversations/cnv_1/actions"]


def test_a_choice_is_sent_by_its_chip_and_only_once(page: Page, double: Double) -> None:
    double.tell(said("hi"), first("deploy", "question"))
    ready(page, double)
    page.get_by_role("button", name="Model training").click()
    expect(page.get_by_text("Chose Model training")).to_be_visible()
    expect(page.get_by_role("button", name="Streaming")).to_be_disabled()
    sent = double.posted()[-1][1]
    assert (sent["action"], sent["slot"], sent["value"]) == ("choose", "workload_type", "machine_learning")


def test_destroying_production_needs_its_name_typed(page: Page, double: Double, camera: Camera) -> None:
    """The button lives only while the field holds the name exactly."""
    double.tell(said("destroy dbw-ledger-prod"), first("production", "plan", action="destroy"))
    ready(page, double)
    button = page.get_by_role("button", name="Confirm and destroy")
    field = page.get_by_label("Type dbw-ledger-prod to confirm")
    expect(button).to_be_disabled()
    field.fill("dbw-ledger-pro")
    expect(button).to_be_disabled()
    camera.take(page, "destroy-typed", card=".plan")
    field.fill("dbw-ledger-prod")
    with page.expect_response("**/actions"):
        field.press("Enter")
    assert double.posted()[-1][1]["value"] == "dbw-ledger-prod"


def test_a_refused_confirmation_says_why_and_may_be_tried_again(page: Page, double: Double, camera: Camera) -> None:
    events = recorded("production")
    double.tell(*turns_of(events)[0])
    ready(page, double)
    page.get_by_role("button", name="Confirm and build").click()
    double.tell(first("production", "approval", status="refused"))
    expect(page.get_by_text("Not confirmed: This plan touches production")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm and build")).to_be_enabled()
    camera.take(page, "refused", card=".plan")


def test_a_change_is_shown_as_now_beside_then(page: Page, double: Double, camera: Camera) -> None:
    double.tell(said("change it"), first("life", "plan", action="change"))
    ready(page, double)
    row = page.get_by_role("row").filter(has=page.get_by_text("Most workers", exact=True))
    assert row.locator("td").all_text_contents() == ["Most workers", "0", "3"]
    expect(page.get_by_text("112.89 USD a month more")).to_be_visible()
    camera.take(page, "change", card=".plan")


def test_alternatives_stand_side_by_side(page: Page, double: Double, camera: Camera) -> None:
    """Each alternative has its own column of figures; using one only fills the field."""
    plan = first("several", "plan")
    one, other = plan["items"]
    single = first("deploy", "plan") | {
        "alternatives": [{"label": "spot workers", "decision": other["decision"], "cost": other["cost"]}]
    }
    double.tell(said("hi"), single)
    ready(page, double)
    page.get_by_role("button", name=re.compile("^spot workers · ")).click()
    expect(page.locator("brickie-chat .said .bubble").last).to_have_text("spot workers")
    assert [body["text"] for _, body in double.posted()] == ["spot workers"]
    camera.take(page, "alternatives", card=".plan")
    assert one["decision"]["workspace_name"] == "dbw-ml-dev"


def test_many_workspaces_are_one_table_with_its_totals(page: Page, double: Double, camera: Camera) -> None:
    double.tell(said("24 please"), first("batch", "plan"))
    ready(page, double)
    table = page.get_by_role("group", name="Workspaces")
    expect(table.locator("tfoot")).to_contain_text("13,411.20 USD")
    expect(table.locator("tbody tr")).to_have_count(12)
    camera.take(page, "batch", card=".plan")
    page.get_by_role("button", name="Show all 24").click()
    expect(table.locator("tbody tr")).to_have_count(24)


def test_progress_names_what_is_being_made_and_counts(page: Page, double: Double, camera: Camera) -> None:
    turn = turns_of(recorded("deploy"))[3]
    two = next(at for at, event in enumerate(turn) if event.get("done") == 2) + 1
    double.tell(said("go"), first("deploy", "plan"), *turn[:two])
    ready(page, double)
    run = page.locator("brickie-chat .run")
    expect(run).to_contain_text("2 of 6")
    expect(run.get_by_role("progressbar")).to_have_attribute("value", "2")
    expect(run.locator(".steps li")).to_have_count(2)
    camera.take(page, "progress", card=".run")
    double.tell(*turn[two:])
    expect(run).to_contain_text("Deployed")
    expect(run.get_by_role("progressbar")).to_have_count(0)


@pytest.mark.parametrize("status", ["failed", "rolled_back"])
def test_a_failure_says_what_to_do_next(page: Page, double: Double, camera: Camera, status: str) -> None:
    events = [event | {"status": status} if event["type"] == "result" else event for event in recorded("failed")]
    double.tell(*events)
    ready(page, double)
    expect(page.get_by_text("Say the request again")).to_be_visible()
    camera.take(page, f"result-{status}", card=".run")


def test_a_streamed_text_grows_and_is_replaced_by_the_whole(page: Page, double: Double) -> None:
    """The pieces are shown as they come; the whole is announced once, the pieces are not."""
    double.pieces = 0.02
    ready(page, double, "/?c=cnv_1")
    page.evaluate(
        "() => { const live = document.querySelector('brickie-chat').shadowRoot.querySelector('[aria-live=polite]');"
        " window.announced = []; new MutationObserver(() => announced.push(live.textContent))"
        ".observe(live, { childList: true }); }"
    )
    words = ("Premium ", "has the ", "**access ", "control** that ", "policies need.")
    pieces = [message(word, delta=True) for word in words]
    double.tell(said("why?"), *pieces)
    writing = page.locator("brickie-chat .bot")
    expect(writing).to_have_text("Premium has the access control that policies need.")
    double.tell(message("Premium has the **access control** that policies need."), STATE)
    expect(page.locator("brickie-chat .writing")).to_have_count(0)
    expect(writing.locator("strong")).to_have_text("access control")
    assert page.evaluate("announced") == ["Premium has the access control that policies need."]


def test_hostile_text_stays_text(context: BrowserContext, double: Double) -> None:
    """HTML, scripts and javascript: links are shown or dropped, never run; nothing loads from a foreign host."""
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hostile = (
        "<script>window.hit=1</script><img src=x onerror=window.hit=1> [link](javascript:window.hit=1) "
        "![dot](https://foreign.example/dot.png) [fine](https://learn.microsoft.com/azure)"
    )
    plan = first("deploy", "plan")
    plan["diagram"] = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit=1">'
        "<script>window.hit=1</script>"
        '<image href="https://foreign.example/x.png"/><a href="javascript:window.hit=1"><text>Box</text></a></svg>'
    )
    plan["decision"]["workspace_name"] = "<img src=x onerror=window.hit=1>"
    result = first("deploy", "result")
    result["outputs"]["workspace_url"] = "javascript:window.hit=1"
    table = first("life", "table") | {"title": hostile, "rows": [[hostile, "", "", ""]]}
    double.tell(said(hostile), message(hostile), plan, table, result, STATE)
    ready(page, double)
    expect(page.get_by_role("link", name="fine", exact=True)).to_have_attribute(
        "href", "https://learn.microsoft.com/azure"
    )
    page.get_by_role("tab", name="Picture").click()
    expect(page.locator("brickie-chat .diagram svg")).to_be_visible()
    hrefs = page.locator("brickie-chat a").evaluate_all("links => links.map(link => link.href)")
    assert [href for href in hrefs if not href.startswith(("https:", double.url))] == []
    assert page.evaluate("window.hit") is None
    assert [url for url in asked if not url.startswith((double.url, "data:"))] == []


def test_the_files_of_an_export_are_one_block_and_one_zip(page: Page, double: Double, camera: Camera) -> None:
    files = [event for event in recorded("life") if event["type"] == "file"]
    double.tell(said("export"), *files, STATE)
    ready(page, double)
    expect(page.get_by_role("heading", name="dbw-ml-dev: 8 files")).to_be_visible()
    page.get_by_text("main.tf").click()
    expect(page.get_by_role("group", name="main.tf")).to_contain_text("azurerm_resource_group")
    camera.take(page, "files", card=".card")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download all").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            file["name"]: file["content"] for file in files
        }


def test_figures_of_a_table_stand_on_the_right(page: Page, double: Double, camera: Camera) -> None:
    double.tell(said("cost?"), first("money", "table", title="Estimated cost of a month"), STATE)
    ready(page, double)
    ends = page.locator("brickie-chat .table th.end").all_text_contents()
    assert ends == ["Quantity", "Unit price", "A month"]
    camera.take(page, "table", card=".table")


def test_an_error_offers_to_send_the_same_again(page: Page, double: Double, camera: Camera) -> None:
    error = {"type": "error", **TURN, "code": "internal", "text": "Fault 1f2e.", "retryable": True}
    double.tell(said("list my workspaces"), error, STATE)
    ready(page, double)
    camera.take(page, "error", card=".error")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("brickie-chat .said:not(.pending) .bubble")).to_have_count(2)
    assert double.posted()[-1][1]["text"] == "list my workspaces"


def test_a_flood_is_answered_clearly_and_loses_nothing(page: Page, double: Double) -> None:
    error = {"code": "flood", "text": "", "retryable": True}
    double.refusals.append((429, error, {"Retry-After": "7"}))
    ready(page, double, "/?c=cnv_1")
    write(page, "hello")
    expect(page.get_by_text("Try again in 7 s.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("brickie-chat .said:not(.pending) .bubble")).to_have_text("hello")
    assert [body["text"] for _, body in double.posted()] == ["hello"]


def test_a_text_that_is_too_long_is_not_sent(page: Page, double: Double) -> None:
    ready(page, double)
    write(page, "x" * 60_007)
    expect(page.get_by_text("7 characters too many: 60000 at most.")).to_be_visible()
    assert double.posts == []


def test_a_reload_shows_the_conversation_as_it_stands(page: Page, double: Double) -> None:
    """History, live plan and draft are there again."""
    double.tell(*recorded("life")[:20])
    ready(page, double)
    before = page.locator("brickie-chat .log > article").count()
    page.get_by_label("Write a message").fill("half a sen")
    page.reload()
    expect(page.locator("brickie-chat .log > article")).to_have_count(before)
    expect(page.get_by_label("Write a message")).to_have_value("half a sen")


def test_offline_keeps_a_sentence_and_sends_it_once_when_back(
    page: Page, double: Double, context: BrowserContext, camera: Camera
) -> None:
    ready(page, double, "/?c=cnv_1")
    context.set_offline(True)
    expect(page.get_by_text("You are offline. What you write is kept")).to_be_visible()
    write(page, "list my workspaces")
    expect(page.get_by_text("Not sent.")).to_be_visible()
    camera.take(page, "offline")
    context.set_offline(False)
    expect(page.locator("brickie-chat .said:not(.pending)")).to_have_count(1)
    assert [body["text"] for _, body in double.posted()] == ["list my workspaces"]


def test_a_confirmation_is_never_queued(page: Page, double: Double, context: BrowserContext) -> None:
    """Offline, the button says so and lives again; nothing is sent behind the person's back later."""
    double.tell(said("go"), first("deploy", "plan"))
    ready(page, double)
    context.set_offline(True)
    page.get_by_role("button", name="Confirm and build").click()
    expect(page.get_by_text("Not confirmed: You are offline.")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("brickie-chat .banner")).to_be_hidden()
    expect(page.get_by_role("button", name="Confirm and build")).to_be_enabled()
    assert double.posts == []


def test_a_sentence_written_offline_waits_when_something_new_has_happened(
    page: Page, double: Double, context: BrowserContext
) -> None:
    """A "yes" that was written before a plan changed must not consent to the new one."""
    double.tell(said("go"), first("deploy", "plan"))
    ready(page, double)
    context.set_offline(True)
    write(page, "yes")
    expect(page.get_by_text("Not sent.")).to_be_visible()
    double.tell(first("life", "plan", action="change"))
    context.set_offline(False)
    expect(page.get_by_role("article", name="Change dbw-ml-dev")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    assert double.posts == []


def test_a_server_that_restarts_under_the_page_is_found_again(page: Page, double: Double) -> None:
    double.tell(said("hi"), message("Hello."), STATE)
    ready(page, double)
    double.down()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    double.up()
    double.tell(message("Back."))
    expect(page.locator("brickie-chat .bot")).to_have_count(2)
    expect(page.locator("brickie-chat .banner")).to_be_hidden()


def test_two_tabs_show_one_conversation(page: Page, double: Double, context: BrowserContext) -> None:
    """What is confirmed in one tab is dead in the other."""
    double.tell(said("go"), first("deploy", "plan"))
    double.follow(recorded("deploy")[10:])
    ready(page, double)
    other = context.new_page()
    ready(other, double)
    page.get_by_role("button", name="Confirm and build").click()
    expect(other.get_by_text("Approved by Ana Ruiz")).to_be_visible()
    expect(other.get_by_role("button", name="Confirm and build")).to_have_count(0)
    expect(other.get_by_text("Pressed “Confirm”")).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_a_plan_loses_nothing(page: Page, double: Double, camera: Camera) -> None:
    double.tell(said("go"), first("deploy", "plan"))
    ready(page, double)
    double.signed_in = False
    page.get_by_role("button", name="Confirm and build").click()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/login")
    camera.take(page, "signed-out")
    double.signed_in = True
    page.get_by_role("button", name="I have signed in").click()
    expect(page.locator("brickie-chat .banner")).to_be_hidden()
    with page.expect_response("**/actions"):
        page.get_by_role("button", name="Confirm and build").click()
    assert len(double.posts) == 1


def test_a_newer_plan_takes_the_place_of_the_old_one(page: Page, double: Double) -> None:
    plan = first("deploy", "plan")
    superseded = {
        "type": "approval",
        **TURN,
        "plan_id": plan["plan_id"],
        "status": "superseded",
        "by": None,
        "reason": None,
    }
    double.tell(said("go"), plan, superseded, first("life", "plan", action="change"))
    ready(page, double)
    expect(page.get_by_text("Replaced by a newer plan")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(1)


def test_everything_can_be_done_from_the_keyboard(page: Page, double: Double) -> None:
    """From the field back to the confirm button by Tab, and the press of Space confirms."""
    double.tell(said("go"), first("deploy", "plan"))
    ready(page, double)
    page.get_by_label("Write a message").focus()
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("document.querySelector('brickie-chat').shadowRoot.activeElement.textContent")
        if focused == "Confirm and build":
            break
    page.keyboard.press("Space")
    expect(page.get_by_text("Sending your decision")).to_be_visible()


def test_a_portal_embeds_it_with_its_own_colours_and_language(page: Page, double: Double, camera: Camera) -> None:
    double.tell(*recorded("deploy")[:9])
    page.goto(double.url + "/embedded")
    page.get_by_role("button", name="Chat öffnen").click()
    expect(page.get_by_role("button", name="Bestätigen und bauen")).to_be_visible()
    page.evaluate("() => document.documentElement.style.setProperty('--brickie-accent', 'rgb(0, 90, 60)')")
    button = page.get_by_role("button", name="Bestätigen und bauen")
    assert button.evaluate("button => getComputedStyle(button).backgroundColor") == "rgb(0, 90, 60)"
    camera.take(page, "embedded-german")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Chat öffnen").click()
    expect(page.get_by_label("Nachricht schreiben")).to_be_focused()
