"""Pictures of what a test saw, kept in test-artefacts/ for people to look at."""

from pathlib import Path

from playwright.sync_api import Page

_TALL = 3200


class Camera:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, *, card: str | None = None) -> None:
        """The window as it is, or the last card of that kind, whole."""
        path = self.folder / f"{name}.png"
        if card is None:
            page.screenshot(path=path)
        else:
            window = page.viewport_size or {"width": 1280, "height": 860}
            page.set_viewport_size({"width": window["width"], "height": _TALL})
            page.locator(card).last.screenshot(path=path)
            page.set_viewport_size(window)
