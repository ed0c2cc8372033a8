"""News from one's other channels behind the bell, and handing an approval over: as a person sees and presses it."""

from typing import Any

import pytest
from camera import Camera
from double import Double, recorded
from playwright.sync_api import Browser, Page, expect
from test_widget import STATE, message, ready, said

pytestmark = pytest.mark.browser

INES = {"id": "ines@contoso.com", "name": "Ines", "roles": ["requester", "approver"]}
REMARK = "Max handed it over to Ines."
NEWS = [
    {
        "number": 3,
        "text": "dbw-ml-dev is deployed.",
        "at": "2026-11-24T09:00:00+00:00",
        "plan_id": "pln_1",
    },
    {
        "number": 4,
        "text": "The plan for dbw-risk-prod was turned down by Ines.",
        "at": "2026-11-24T09:30:00+00:00",
        "plan_id": None,
    },
]
VIEWS = [(width, theme) for width in (1280, 390) for theme in ("light", "dark")]


def waiting_plan() -> dict[str, Any]:
    return next(dict(event) for event in recorded("deploy") if event["type"] == "plan")


def test_the_bell_counts_what_came_and_tells_it_once(page: Page, double: Double) -> None:
    double.news = list(NEWS)
    double.tell(said("hello"), message("Hello."), STATE)
    ready(page, double)
    bell = page.get_by_role("button", name="2 news from your other channels")
    expect(bell).to_contain_text("2")
    bell.click()
    dialog = page.get_by_role("dialog", name="News from your other channels")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog.get_by_role("link", name="dbw-ml-dev is deployed.")).to_have_attribute("href", "/plans/pln_1")
    dialog.get_by_role("button", name="Close").click()
    still = page.get_by_role("button", name="News from your other channels", exact=True)
    expect(still).to_be_focused()
    assert double.news == []
    still.click()
    expect(dialog).to_contain_text("Nothing new.")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_it_is_wished_in_the_same_place_which_says_how_to_link(page: Page, double: Double) -> None:
    double.tell(said("hello"), message("Hello."), STATE)
    ready(page, double)
    page.get_by_role("button", name="News from your other channels", exact=True).click()
    dialog = page.get_by_role("dialog")
    box = dialog.get_by_role("checkbox", name="Tell me on my other channels, too")
    expect(box).not_to_be_checked()
    expect(dialog).to_contain_text("say “link” in Teams or Slack")
    box.check()
    expect(dialog.get_by_role("status")).to_have_text("From now on you are told.")
    assert double.wishes
    box.uncheck()
    expect(dialog.get_by_role("status")).to_have_text("You are told only here.")
    assert not double.wishes


def test_an_approval_is_handed_over_to_another(page: Page, double: Double) -> None:
    """From the list of what waits, and from the plan's own page; what was handed over is said there."""
    plan = waiting_plan()
    double.user = INES
    asked = {"id": "ana", "name": "Ana"}
    at = "2026-11-24T09:00:00+00:00"
    double.approvals = [{"plan": plan, "requested_by": asked, "created_at": at, "remarks": []}]
    found: dict[str, Any] = {"plan": plan, "status": "pending", "may_answer": True, "requested_by": asked}
    people = [{"mark": "a1", "name": "Bo", "where": "Microsoft Teams"}, {"mark": "b2", "name": "Zoe", "where": "Slack"}]
    remarks = [REMARK]
    double.plans[plan["plan_id"]] = {
        **found,
        "created_at": at,
        "conversation": None,
        "candidates": people,
        "remarks": remarks,
    }
    for address in ("/deployments", f"/plans/{plan['plan_id']}"):
        page.goto(double.url + address)
        if address == "/deployments":
            page.locator("brickie-deployments .waiting summary").click()
        else:
            expect(page.get_by_text(REMARK)).to_be_visible()
        page.get_by_role("button", name="Hand over …").click()
        list_ = page.get_by_label("Hand over to")
        expect(list_).to_be_focused()
        list_.select_option("Zoe, on Slack")
        page.get_by_role("button", name="Hand over", exact=True).click()
        expect(page.get_by_text("Handed over to Zoe, who is asked on Slack. You may still decide it.")).to_be_visible()
        expect(page.get_by_role("button", name="Confirm and build")).to_be_enabled()
    handed = (f"/api/approvals/{plan['plan_id']}/hand_over", {"to": "b2"})
    assert double.posts == [handed, handed]


def test_where_nobody_else_may_decide_it_is_said(page: Page, double: Double) -> None:
    plan = waiting_plan()
    double.user = INES
    double.approvals = [{"plan": plan, "requested_by": {"id": "ana", "name": "Ana"}, "created_at": "2026-11-24T09:00Z"}]
    page.goto(double.url + "/deployments")
    page.locator("brickie-deployments .waiting summary").click()
    page.get_by_role("button", name="Hand over …").click()
    expect(page.get_by_text("Nobody else who may decide it is known here.")).to_be_visible()
    assert double.posts == []


@pytest.mark.parametrize(("width", "theme"), VIEWS)
def test_it_fits_every_window(browser: Browser, double: Double, camera: Camera, width: int, theme: Any) -> None:
    """The bar has room for the bell and for the language's whole label; nothing reaches beyond the window."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=theme, locale="en-GB", has_touch=width < 760
    )
    page = context.new_page()
    double.news, double.others = list(NEWS), ["Slack"]
    plan = waiting_plan()
    double.user = INES
    at = "2026-11-24T09:00:00+00:00"
    asked = {"id": "ana", "name": "Ana"}
    double.approvals = [{"plan": plan, "requested_by": asked, "created_at": at, "remarks": [REMARK]}]
    people = [{"mark": "a1", "name": "Bo", "where": "Microsoft Teams"}]
    double.plans[plan["plan_id"]] = {"plan": plan, "candidates": people}
    double.tell(said("hello"), message("Hello."), STATE)
    page.goto(double.url + "/?c=cnv_1")
    bell = page.get_by_role("button", name="2 news from your other channels")
    expect(bell).to_be_visible()
    language = page.get_by_label("Language")
    fits = "(list) => list.selectedOptions[0].textContent"
    assert language.evaluate(fits) == ("English" if width > 760 else "EN")
    inside = "(one) => { const box = one.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth; }"
    camera.take(page, f"bar-{width}-{theme}")
    for one in page.locator("#frame > *, #frame .who > *").all():
        assert not one.is_visible() or one.evaluate(inside)
    bell.click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    camera.take(page, f"bell-{width}-{theme}")
    page.goto(double.url + "/deployments")
    page.locator("brickie-deployments .waiting summary").click()
    page.get_by_role("button", name="Hand over …").click()
    expect(page.get_by_label("Hand over to")).to_be_focused()
    page.get_by_role("button", name="Hand over", exact=True).scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    camera.take(page, f"hand-over-{width}-{theme}")
    context.close()
