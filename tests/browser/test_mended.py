"""What was once wrong on the page, each fault as a person met it."""

from typing import Any

import deployed
import pytest
from double import Double, recorded
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from test_widget import STATE, TURN, first, message, ready, said

pytestmark = pytest.mark.browser

CHAT = "document.querySelector('brickie-chat').shadowRoot"


def confirm(page: Page) -> Locator:
    return page.get_by_role("button", name="Confirm and build")


def focused(page: Page) -> str:
    """The tag and class of what has the focus, within the widget."""
    return page.evaluate(f"(() => {{ const one = {CHAT}.activeElement; return one ? one.tagName : 'none'; }})()")


@pytest.fixture
def embedding(double: Double) -> str:
    """A page of another origin, which sets the token after the element is there."""
    double.token = "signed"
    double.portal = (
        f'<!doctype html><html lang="en"><title>Portal</title><h1>Portal</h1>'
        f'<script src="{double.url}/widget.js"></script><brickie-chat></brickie-chat></html>'
    )
    return double.url.replace("127.0.0.1", "localhost") + "/portal"


def test_an_embedded_widget_waits_for_its_token_and_then_signs_in(page: Page, double: Double, embedding: str) -> None:
    """Nothing is asked for without it, nothing can be written, and the reason is said."""
    page.goto(embedding)
    field = page.get_by_label("Write a message")
    expect(field).to_be_disabled()
    expect(page.get_by_text("This page has not said who you are")).to_be_visible()
    assert double.asked == []
    page.evaluate("document.querySelector('brickie-chat').token = 'wrong'")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    expect(field).to_be_disabled()
    page.evaluate("document.querySelector('brickie-chat').token = async () => 'signed'")
    expect(field).to_be_enabled()
    assert double.asked == ["Bearer wrong", "Bearer signed"]
    expect(page.locator("brickie-chat .banner")).to_be_hidden()


def test_a_long_chat_never_scrolls_the_page(page: Page, double: Double) -> None:
    double.tell(*[event for _ in range(3) for event in recorded("life")], *[message(f"line {n}") for n in range(60)])
    ready(page, double)
    heights = page.evaluate(
        f"[document.documentElement.scrollHeight, innerHeight, {CHAT}.querySelector('.chat').scrollHeight,"
        f" {CHAT}.querySelector('.chat').clientHeight]"
    )
    assert heights[0] == heights[1]
    assert heights[2] == heights[3]


@pytest.mark.parametrize("size", [(1280, 860), (640, 360), (390, 844)])
def test_a_plan_arrives_with_its_top_and_its_foot_in_view(browser: Browser, double: Double, size: Any) -> None:
    """On a desktop, on 1280x720 at 200 %, and on a phone; live, and after a reload; with all of the field in view."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size[0] == 390)
    page = context.new_page()
    double.tell(said("hi"), *[message(f"line {n}") for n in range(30)])
    ready(page, double)
    double.tell(said("go"), first("deploy", "plan"))
    for _ in range(2):
        heading = page.get_by_role("heading", name="dbw-ml-dev")
        expect(heading).to_be_in_viewport(ratio=1)
        expect(confirm(page)).to_be_in_viewport(ratio=1)
        expect(page.locator("brickie-chat .sum")).to_have_text("dbw-ml-dev · 232\u00a0USD a month")
        expect(page.locator("brickie-chat .composer .field")).to_be_in_viewport(ratio=1)
        expect(page.get_by_text("Sandbox", exact=True)).to_be_in_viewport(ratio=1)
        page.reload()
    context.close()


def test_who_may_not_confirm_is_not_offered_to(page: Page, double: Double) -> None:
    """They get the link for those who may; a refusal is told once."""
    plan = first("production", "plan")
    others = {"role": "approver", "count": 1, "names": [], "other_than": ["Ana Ruiz"], "text": "somebody else"}
    double.plans = {plan["plan_id"]: {"could_decide": ["Ines Roth"]}}
    double.tell(said("go"), plan | {"approvers": [others]})
    ready(page, double)
    expect(confirm(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Copy the link for them")).to_be_visible()
    expect(page.get_by_text("Needs somebody else. Ines Roth could.")).to_be_visible()
    double.tell(said("go on"), plan | {"plan_id": "pln_9"})
    confirm(page).wait_for()
    refused = {
        "type": "approval",
        **TURN,
        "plan_id": "pln_9",
        "status": "refused",
        "by": "Ana",
        "reason": "It needs two.",
    }
    double.tell(refused, message("It needs two."), STATE)
    expect(page.get_by_text("It needs two.")).to_have_count(1)


def test_requests_of_others_say_what_they_do_and_at_what_price(page: Page, double: Double) -> None:
    destroy = first("production", "plan", action="destroy")
    double.deployments = deployed.rows()
    double.approvals = [{"plan": destroy, "requested_by": {"id": "rita", "name": "Rita"}, "created_at": "2026-11-25"}]
    page.goto(double.url + "/deployments")
    expect(page.locator("brickie-deployments summary")).to_contain_text(
        "Rita asks to destroy dbw-ledger-prod, which saves"
    )
    expect(page.get_by_label("1 plan waits for your decision").or_(page.locator(".waiting-count"))).to_contain_text("1")


def progress(step: str, text: str, **fields: Any) -> dict[str, Any]:
    told = {"type": "progress", **TURN, "step": step, "text": text, "done": 1, "total": 2, "elapsed_s": 1.0}
    return {**told, "deployment_id": "dep_1", **fields}


def result(deployment: str, status: str = "succeeded") -> dict[str, Any]:
    return {**first("deploy", "result"), **TURN, "deployment_id": deployment, "status": status}


def test_progress_tells_what_failed_and_ends_when_it_is_over(page: Page, double: Double) -> None:
    """No tick beside a failure, nothing that spins afterwards, and a clock that runs through every wave of a batch."""
    failed = first("failed", "result") | {**TURN, "deployment_id": "dep_1"}
    begun = progress("apply", "creating resource group")
    double.tell(said("go"), begun, progress("apply", "creating cluster"), progress("apply", "cluster failed"), failed)
    ready(page, double)
    run = page.locator("brickie-chat .run").last
    run.get_by_text("Steps").click()
    expect(run.locator(".steps li").filter(has_text="cluster").locator(".icon-cross")).to_be_visible()
    expect(run.locator(".steps li").filter(has_text="resource group")).to_contain_text("not finished")
    expect(run.locator(".spin")).to_have_count(0)
    expect(run.get_by_role("button", name="Retry")).to_be_visible()
    turn = {"turn": 2, "elapsed_s": 0.0}
    double.tell(*(progress("apply", "creating cluster", deployment_id=f"dep_{n}", **turn) for n in (2, 3)))
    double.tell(*({**result(f"dep_{n}"), "turn": 2} for n in (2, 3)))
    run = page.locator("brickie-chat .run").last
    expect(run).to_contain_text("2 of 2 settled")
    double.tell(progress("apply", "creating cluster", deployment_id="dep_4", **turn))
    expect(run.locator(".row").last.locator(".time")).to_have_text("2 s")


def test_the_focus_stays_where_the_work_is(page: Page, double: Double, context: BrowserContext) -> None:
    """In the field at first; in it after a chip; on what is told after a confirmation. One Tab leads past any list."""
    double.conversations = [{"id": f"cnv_{n}", "title": f"Earlier {n}"} for n in range(12)]
    double.tell(said("hi"), first("deploy", "question"))
    ready(page, double)
    expect(page.get_by_label("Write a message")).to_be_focused()
    page.get_by_role("button", name="Model training").click()
    expect(page.get_by_label("Write a message")).to_be_focused()
    double.tell(first("deploy", "plan"))
    confirm(page).click()
    assert focused(page) == "P"
    double.tell(first("deploy", "approval"))
    expect(page.get_by_text("Approved by Ana Ruiz")).to_be_focused()
    fresh = context.new_page()
    fresh.goto(double.url + "/?say=")
    fresh.get_by_role("heading", level=2, name="Azure Databricks").wait_for()
    fresh.evaluate("document.activeElement.blur()")
    stops: list[str] = []
    while "TEXTAREA" not in stops and len(stops) < 25:
        fresh.keyboard.press("Tab")
        stops.append(str(fresh.evaluate(f"{CHAT}.activeElement?.tagName")))
    assert len(stops) <= 16
    fresh.get_by_role("link", name="Skip to the content").press("Enter")
    expect(fresh.get_by_label("Write a message")).to_be_focused()


SMALL = """() => {
  const found = [];
  const look = (root) => {
    const parts = "a, button, input:not([type=checkbox]), label.box, select, summary, textarea";
    for (const one of root.querySelectorAll(parts)) {
      const { width, height } = one.getBoundingClientRect();
      const small = width && height && Math.min(width, height) < 43.5;
      if (small && !one.closest("p")) found.push(one.outerHTML.slice(0, 80));
    }
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) look(one.shadowRoot);
  };
  look(document);
  return found;
}"""


def test_on_a_phone_everything_can_be_hit_and_the_list_tells_cost_and_end(browser: Browser, double: Double) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    double.deployments = deployed.rows()
    double.details = {"dep_1": deployed.one()}
    double.tell(*recorded("life"), said("go"), first("deploy", "plan"))
    ready(page, double)
    assert page.evaluate(SMALL) == []
    page.get_by_role("button", name="Conversations").click()
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for path in ("/deployments", "/deployments/dep_1"):
        page.goto(double.url + path)
        page.locator("brickie-deployments h1").wait_for()
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(double.url + "/deployments")
    row = page.locator("brickie-deployments tbody tr").filter(has_text="2026").first
    for shown in ("monthly", "expires_on"):
        box = row.locator(f"[data-col={shown}]").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
    context.close()


def test_one_page_has_one_total_and_charts_of_what_is_shown(page: Page, double: Double) -> None:
    double.deployments = deployed.rows()
    double.details = {"dep_1": deployed.one() | {"expires_on": "2027-03-01"}}
    page.goto(double.url + "/deployments")
    chart = page.get_by_role("figure", name="Cost a month by environment").locator("td.end")

    def whole(text: str) -> float:
        return float(text.split("\u00a0", maxsplit=1)[0].replace(",", ""))

    for team in ("", "borea"):
        page.get_by_label("Team", exact=True).select_option(team)
        total = whole(page.locator("brickie-deployments tfoot [data-col=monthly]").inner_text())
        assert sum(whole(text) for text in chart.all_inner_texts()) == pytest.approx(total, abs=2)
    page.goto(double.url + "/deployments/dep_1")
    expect(page.locator("brickie-deployments dl").filter(has_text="Ends")).to_contain_text("1 Mar 2027")


def test_figures_of_a_chart_never_lie_upon_each_other_and_more_is_not_green(page: Page, double: Double) -> None:
    """The chart's figures are text beside the drawing; what costs more is not told in the colour of good news."""
    plan = first("life", "plan", action="change")
    plan["cost"] |= {"low": 340.0, "expected": 345.09, "high": 350.0}
    double.tell(said("go"), plan)
    ready(page, double)
    expect(page.locator("brickie-chat svg.range text")).to_have_count(0)
    boxes = page.locator("brickie-chat .legend > span").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect())"
        ".map(({left, right, top, bottom}) => [left, right, top, bottom])"
    )
    assert len(boxes) >= 2
    overlaps = [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
    ]
    assert overlaps == []
    good = page.evaluate(f"getComputedStyle({CHAT}.host).getPropertyValue('--good').trim()")
    worse = page.locator("brickie-chat .delta").evaluate("one => getComputedStyle(one).color")
    assert good == "#17693c"
    assert worse != "rgb(23, 105, 60)"


def test_a_plan_that_is_over_is_folded_and_opens_again(page: Page, double: Double) -> None:
    """What replaces it says what changed."""
    plan = first("deploy", "plan")
    gone = {"type": "approval", **TURN, "plan_id": plan["plan_id"], "status": "superseded", "by": None, "reason": None}
    gone["turn"] = plan["turn"]
    newer: dict[str, Any] = first("deploy", "plan") | {"plan_id": "pln_next"}
    newer["decision"] = newer["decision"] | {"max_workers": 4}
    double.tell(said("go"), plan, gone, newer)
    ready(page, double)
    old = page.locator("brickie-chat .plan").first
    expect(old.locator(".body")).to_be_hidden()
    changed = page.get_by_role("group", name="Changed since the last plan")
    expect(changed.get_by_role("row").filter(has_text="Most workers")).to_contain_text("4")
    old.get_by_role("button", name="Show the plan").click()
    expect(old.get_by_role("tab", name="Bill")).to_be_visible()
