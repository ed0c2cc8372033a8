"""What the web client promises in figures: size, accessibility, and a bundle that its sources build to."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Literal

import deployed
import pytest
from camera import Camera
from double import DIST, Double, recorded, turns_of
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

CLIENT = DIST.parent
AXE = CLIENT / "node_modules" / "axe-core" / "axe.min.js"
EVERY_CARD = ("deploy", "life", "money", "production", "several", "batch", "failed")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
needs_npm = pytest.mark.skipif(not AXE.is_file(), reason="needs `npm ci` in agent/channels/web_client")


def test_the_widget_weighs_at_most_90_kb() -> None:
    assert len(gzip.compress((DIST / "widget.js").read_bytes(), 9)) <= 90_000


@needs_npm
def test_the_bundle_is_what_its_sources_build_to() -> None:
    node = shutil.which("node")
    assert node is not None
    checked = subprocess.run([node, "build.mjs", "--check"], cwd=CLIENT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_nothing_in_the_client_names_a_foreign_host() -> None:
    """The lock file names no registry, and no built page loads from elsewhere."""
    lock = json.loads((CLIENT / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    for page in DIST.glob("*.html"):
        assert "://" not in page.read_text("utf-8")


def photographed(page: Page, camera: Camera, name: str) -> None:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        camera.take(page, f"{name}-{theme}")


def found(page: Page, theme: str = "light", within: str | None = None) -> list[tuple[str, list[Any]]]:
    """What axe has to say of the page, or of those parts of the chat, as they are now. Evaluated, since the page's
    policy lets no foreign script in.

    In the dark only colours are other than by day, and only they are looked at.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    rules = ["color-contrast"] if theme == "dark" else None
    where = {"include": [{"fromShadowDom": ["brickie-chat", within]}]} if within else None
    answer = page.evaluate("([where, only]) => axe.run(where ?? document, only ? {runOnly: only} : {})", [where, rules])
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]


@needs_npm
@pytest.mark.parametrize("talk", EVERY_CARD)
def test_every_card_is_accessible(browser: Browser, double: Double, camera: Camera, talk: str) -> None:
    """No violation of any rule at any level, with every part of every card opened."""
    double.tell(*recorded(talk))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(double.url)
    expect(page.locator("brickie-chat .log")).to_have_attribute("aria-busy", "false")
    page.locator("brickie-chat").evaluate(
        "chat => { const root = chat.shadowRoot; root.querySelectorAll('.fold').forEach(one => one.click());"
        " root.querySelectorAll('details').forEach(one => (one.open = true)); }"
    )
    lists = page.locator("brickie-chat [role=tablist]")
    tabs = lists.evaluate_all("lists => Math.max(1, ...lists.map(list => list.children.length))")
    for tab in range(tabs):
        lists.evaluate_all("(lists, tab) => lists.forEach(list => list.children[tab]?.click())", tab)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            # Another tab changes what is beneath its list, and nothing else.
            assert found(page, theme, within=".tabs" if tab else None) == []
    photographed(page, camera, talk)
    context.close()


@needs_npm
@pytest.mark.parametrize("path", ["/", "/deployments", "/deployments/dep_1", "/embedded"])
def test_every_page_is_accessible(browser: Browser, double: Double, camera: Camera, path: str) -> None:
    double.deployments = deployed.rows()
    double.details = {"dep_1": deployed.one()}
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(double.url + path)
    page.locator("brickie-deployments h1, brickie-chat .launch, brickie-chat[bare] .welcome").first.wait_for()
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        assert found(page, theme) == []
    photographed(page, camera, f"page{path.replace('/', '-')}")
    context.close()


@needs_npm
@pytest.mark.parametrize("state", ["progress", "typed", "offline", "error"])
def test_states_that_pass_are_accessible_too(browser: Browser, double: Double, state: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    error = {
        "type": "error",
        "conversation": "cnv_1",
        "turn": 1,
        "code": "internal",
        "text": "Fault.",
        "retryable": True,
    }
    told = {
        "progress": turns_of(recorded("deploy"))[3][:5],
        "typed": [event for event in recorded("production") if event.get("action") == "destroy"],
        "offline": [],
        "error": [error],
    }[state]
    double.tell(*told)
    page.goto(double.url + "/?c=cnv_1")
    expect(page.locator("brickie-chat .log")).to_have_attribute("aria-busy", "false")
    context.set_offline(state == "offline")
    if state == "offline":
        page.get_by_label("Write a message").fill("hello")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Not sent.")).to_be_visible()
    assert found(page) == []
    context.close()


@pytest.mark.parametrize("talk", EVERY_CARD)
def test_every_card_fits_a_phone(browser: Browser, double: Double, camera: Camera, talk: str) -> None:
    """At 390 px only tables, code and drawings scroll sideways, each inside itself."""
    double.tell(*recorded(talk))
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(double.url)
    expect(page.locator("brickie-chat .log")).to_have_attribute("aria-busy", "false")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        wide = page.locator("brickie-chat").evaluate(
            "chat => [...chat.shadowRoot.querySelectorAll('.log, .log > *, .body > *')]"
            ".filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className)"
        )
        assert wide == []
    photographed(page, camera, f"phone-{talk}")
    context.close()


def test_less_motion_means_none(browser: Browser, double: Double) -> None:
    double.tell(*recorded("deploy")[:9], *turns_of(recorded("deploy"))[3][:5])
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(double.url)
    expect(page.locator("brickie-chat .run")).to_be_visible()
    moving = page.locator("brickie-chat").evaluate(
        "chat => chat.shadowRoot.getAnimations().filter(one => one.playState === 'running').length"
    )
    assert moving == 0
    context.close()


def test_the_page_theme_can_be_chosen_and_stays(page: Page, double: Double) -> None:
    page.goto(double.url)
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    ground = page.locator("brickie-chat").evaluate("chat => getComputedStyle(chat).backgroundColor")
    assert ground == "rgb(18, 21, 27)"


def fixtures() -> list[Path]:
    return sorted((Path(__file__).parent / "fixtures").glob("*.jsonl"))


def test_every_kind_of_event_is_among_the_recorded_ones() -> None:
    """So that a new kind cannot go without a rendering: `error` is rare enough to be written by hand."""
    kinds = {json.loads(line)["type"] for path in fixtures() for line in path.read_text("utf-8").splitlines()}
    assert kinds >= {"said", "message", "question", "plan", "approval", "progress", "result", "table", "file", "state"}
