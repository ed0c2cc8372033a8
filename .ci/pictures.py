"""Makes the README's pictures anew, each from the real thing: .github/terminal.svg from a conversation in this process,
.github/web.png from `brickie serve` in a browser. Both plan with real Terraform over a sandbox cloud of their own.

    .venv/bin/python .ci/pictures.py
"""

import asyncio
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console

from agent import app
from agent.channels.cards.terminal import render
from agent.events import Event, Incoming, PlanProposed
from agent.settings import read_settings

FOLDER = Path(__file__).parents[1] / ".github"
SAID = "Databricks for the ML team in dev, owner is ana@contoso.com, cost center 4412"
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "BRICKIE_HOME": str(home), "LOGNAME": "ana", "Cloud__Sandbox__Speed": "0"}


async def planned(home: Path) -> PlanProposed:
    surroundings = environment(home)
    running = app.build(surroundings)
    plans: list[PlanProposed] = []

    def keep(event: Event) -> None:
        if isinstance(event, PlanProposed):
            plans.append(event)

    running.listen(keep)
    person = app.local_person(read_settings(surroundings))
    await running.reply_to(Incoming(conversation="cnv_1", person=person, text=SAID), until_settled=True)
    await running.close()
    return plans[0]


def terminal(path: Path, plan: PlanProposed) -> None:
    """The card as a terminal of 80 columns shows it, with the reader's own font: nothing is loaded from elsewhere."""
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(f"[bold green]>[/] {SAID}\n", highlight=False)
    console.print(render(plan), highlight=False)
    svg = re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", console.export_svg(title="brickie chat"), flags=re.DOTALL)
    path.write_text(svg.replace("Fira Code, monospace", FONTS), "utf-8")


@contextmanager
def served(home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "agent", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment(home), stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        yield (process.stderr or sys.stdin).readline().split()[-1]
        process.terminate()


def web(path: Path, url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 900, "height": 1600}, locale="en-GB")
        page.goto(url)
        page.get_by_label("Write a message").fill(SAID)
        page.get_by_label("Write a message").press("Enter")
        page.get_by_role("button", name="Confirm and build").wait_for(timeout=60_000)
        page.screenshot(path=path)
        browser.close()


def main() -> None:
    home = Path(tempfile.mkdtemp())
    terminal(FOLDER / "terminal.svg", asyncio.run(planned(home / "terminal")))
    with served(home / "web") as url:
        web(FOLDER / "web.png", url)
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
