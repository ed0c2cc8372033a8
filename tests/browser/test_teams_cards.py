"""Cards of Teams in the real renderer, adaptivecards 3.0.6, light and dark: pictures, and nothing lost or cut off."""

import json
from pathlib import Path
from typing import Any

import pytest
from camera import Camera
from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parents[1] / "golden" / "cards"
RENDERER = Path(__file__).parents[2] / "agent/channels/web_client/node_modules/adaptivecards/dist/adaptivecards.min.js"
NAMES = sorted(path.name.removesuffix(".teams.json") for path in GOLDEN.glob("*.teams.json"))
THEMES = {
    "light": {"page": "#f5f5f5", "card": "#ffffff", "text": "#242424", "subtle": "#616161", "box": "#f0f0f0"},
    "dark": {"page": "#1f1f1f", "card": "#292929", "text": "#ffffff", "subtle": "#adadad", "box": "#3d3d3d"},
}
_STYLES = {"good": "#330f7b3f", "attention": "#33c4314b", "warning": "#33c19716", "accent": "#335b5fc7"}
"""Alpha first, as the renderer reads it."""

_COLOURS = {
    "light": {"good": "#0f7b3f", "attention": "#c4314b", "warning": "#835b00", "accent": "#4f52b2"},
    "dark": {"good": "#6bd79a", "attention": "#f9526b", "warning": "#ffc328", "accent": "#a6a7ff"},
}


def host_config(theme: str) -> dict[str, Any]:
    """Close to what Teams draws with, which it does not publish."""
    colours = THEMES[theme]
    shades = {"default": {"default": colours["text"], "subtle": colours["subtle"]}}
    shades |= {name: {"default": shade, "subtle": shade} for name, shade in _COLOURS[theme].items()}
    style = {"foregroundColors": shades}
    boxes = {name: {"backgroundColor": shade, **style} for name, shade in _STYLES.items()}
    return {
        "fontFamily": "Segoe UI, system-ui, sans-serif",
        "containerStyles": {
            "default": {"backgroundColor": colours["card"], **style},
            "emphasis": {"backgroundColor": colours["box"], **style},
            **boxes,
        },
        "actions": {"maxActions": 5, "actionsOrientation": "horizontal", "actionAlignment": "left"},
        "fontTypes": {
            "default": {"fontFamily": "Segoe UI, system-ui, sans-serif"},
            "monospace": {"fontFamily": "monospace"},
        },
    }


STYLE = """
body { background: var(--page); color: var(--text); font: 14px system-ui; margin: 16px }
main { columns: 3; column-gap: 16px }
.card { width: 480px; margin: 0 0 16px; border-radius: 6px; overflow: hidden; background: var(--card);
  break-inside: avoid }
.ac-actionSet { flex-wrap: wrap; row-gap: 8px }
.ac-pushButton { background: transparent; color: inherit; border: 1px solid var(--subtle); border-radius: 4px;
  padding: 5px 12px; font-weight: 600 }
.ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff }
.ac-pushButton.style-destructive { color: #c4314b; border-color: #c4314b }
.ac-input { background: var(--box); color: inherit; border: 1px solid var(--subtle); padding: 5px; width: 100% }
"""
MOST_PARTS = 5
OPEN = """number => {
  for (const card of document.querySelectorAll('.card')) {
    const parts = [...card.querySelectorAll('.ac-pushButton.expandable')];
    if (parts[number]) parts[number].click();
  }
}"""
WIDER_THAN_A_CHAT = """() => [...document.querySelectorAll('.card')]
  .filter(card => [...card.querySelectorAll('*')].some(
    part => part.getBoundingClientRect().right > card.getBoundingClientRect().right + 1)).map(card => card.id)"""
DRAW = """([cards, config]) => {
  const markdown = text => text.replace(/[&<>]/g, c => ({'&':'&amp;','<':'&lt;','>':'&gt;'}[c]))
    .replace(/&amp;(lt|amp);/g, '&$1;').replace(/\\*\\*(.+?)\\*\\*/g, '<strong>$1</strong>');
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown(text); result.didProcess = true; };
  const complaints = [];
  for (const [name, content] of Object.entries(cards)) {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(config);
    const context = new AdaptiveCards.SerializationContext();
    card.parse(content, context);
    for (let i = 0; i < context.eventCount; i++) complaints.push(name + ': ' + context.getEventAt(i).message);
    const place = document.createElement('div');
    place.id = name; place.className = 'card';
    place.append(card.render());
    document.querySelector('main').append(place);
  }
  return complaints;
}"""


def buttons_in(card: dict[str, Any]) -> int:
    """Buttons that are seen before any part is opened."""
    sets = [one for one in card.get("body", []) if one["type"] == "ActionSet"]
    columns = [
        inner
        for one in card.get("body", [])
        if one["type"] == "ColumnSet"
        for column in one["columns"]
        for inner in column["items"]
        if inner["type"] == "ActionSet"
    ]
    return len(card.get("actions", [])) + sum(len(one["actions"]) for one in (*sets, *columns))


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    if not RENDERER.exists():
        pytest.skip("needs npm (npm ci in agent/channels/web_client)")
    return request.param


def test_cards_are_drawn_whole(context: BrowserContext, camera: Camera, theme: str) -> None:
    read = {name: json.loads((GOLDEN / f"{name}.teams.json").read_text("utf-8")) for name in NAMES}
    cards = {name: card for name, card in read.items() if card["type"] == "AdaptiveCard"}
    assert len(cards) >= 25
    page = context.new_page()
    page.set_viewport_size({"width": 1560, "height": 900})
    shades = "".join(f":root{{--{key}:{shade}}}" for key, shade in THEMES[theme].items())
    page.set_content(f"<!doctype html><style>{STYLE}{shades}</style><main></main>")
    page.add_script_tag(path=RENDERER)
    # An element that it does not know, and each action after the fifth, vanish without another word.
    assert page.evaluate(DRAW, [cards, host_config(theme)]) == []
    seen = {name: page.locator(f"[id='{name}'] .ac-pushButton").count() for name in cards}
    assert {name: count for name, count in seen.items() if count < buttons_in(cards[name])} == {}
    page.screenshot(path=camera.folder / f"teams-cards-{theme}.png", full_page=True)
    for part in range(MOST_PARTS):
        assert page.evaluate(WIDER_THAN_A_CHAT) == [], f"part {part}"
        page.evaluate(OPEN, part)
        if theme == "light":
            page.screenshot(path=camera.folder / f"teams-cards-part-{part + 1}.png", full_page=True)
