"""How soon the chat page is there and how heavy it is, beside another checkout in one run: prints a table.

    .venv/bin/python tests/bench/page.py [--beside CHECKOUT] [--times 5]

The other checkout (`git worktree add /tmp/then COMMIT`) is served by this environment's interpreter with its own
sources. Each figure is the best of so many loads of a new context over the in-memory Terraform: `new` to a field that
can be written in, `forty` to a conversation with forty workspaces deployed, drawn and answerable, `nodes` its elements,
`listed` the new chat with 200 conversations at the side (each figure in seconds), `idle` requests in five idle seconds,
`drawn_ms` the median from the last byte of an event of the building to the frame that shows it, in milliseconds.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parents[2]
SERVE = """
import sys, tempfile, time
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests/channels"]
from datetime import UTC, datetime
from web_server import Served
from agent.paths import place
from agent.cli.serve import installation_of
served = Served(Path(tempfile.mkdtemp()), {})
me = installation_of(served.settings, served.home).local
def fill(records):
    for number in range(200):
        records.keep_conversation(records.conversation(f"cnv_bench{number}"), now=datetime.now(UTC), owner=me.key,
                                  title=f"Databricks for team {number} in dev")
print(served.url, flush=True)
for line in sys.stdin:
    served._run(served.app.kept(fill))
    print("filled", flush=True)
served.stop()
"""
FORTY = "\n".join(
    f"{number}. etl workspace for team t{number} in {stage}" for number in range(1, 21) for stage in ("dev", "staging")
)
NODES = "document.querySelector('brickie-chat').shadowRoot.querySelectorAll('*').length"
WATCHED = ("plan", "message", "progress", "result")
WATCH = f"""(() => {{
  const parse = JSON.parse;
  window.drawn = [];
  JSON.parse = (text, ...rest) => {{
    const value = parse(text, ...rest);
    if ({list(WATCHED)}.includes(value?.type)) {{
      const began = performance.now();
      requestAnimationFrame(() => setTimeout(() => window.drawn.push(performance.now() - began)));
    }}
    return value;
  }};
}})()"""
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def timed(browser: Browser, url: str, selector: str, times: int) -> float:
    """Seconds from the request to that element, and a field that takes text, in a new context; the best."""
    taken: list[float] = []
    for _ in range(times):
        context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
        page = context.new_page()
        page.goto(url, wait_until="commit")
        page.locator(selector).first.wait_for(timeout=60_000)
        page.locator("brickie-chat .log[aria-busy=false]").wait_for(timeout=60_000)
        taken.append(page.evaluate("performance.now()") / 1000)
        context.close()
    return min(taken)


def deployed(page: Page, url: str) -> str:
    """A conversation in which forty workspaces were asked for and built; gives its address."""
    page.goto(url)
    page.get_by_label("Write a message").fill(FORTY)
    page.get_by_label("Write a message").press("Enter")
    page.get_by_role("button", name="Confirm and build").click(timeout=120_000)
    page.get_by_text("40 of 40 settled").wait_for(timeout=180_000)
    return page.url


def figures(browser: Browser, checkout: Path, times: int) -> dict[str, float]:
    command = [sys.executable, "-c", SERVE, str(checkout)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=checkout
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        found = {"new": timed(browser, url, "brickie-chat .welcome:not([hidden])", times)}
        page = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB").new_page()
        page.add_init_script(WATCH)
        address = deployed(page, url)
        found["drawn_ms"] = statistics.median(page.evaluate("window.drawn"))
        page.goto(address)
        page.locator("brickie-chat .run.settled").wait_for()
        time.sleep(2)
        found["nodes"] = page.evaluate(NODES)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(5000)
        found["idle"] = len(asked)
        page.context.close()
        found["forty"] = timed(browser, address, "brickie-chat .run.settled", times)
        server.stdin.write("fill\n")
        server.stdin.flush()
        server.stdout.readline()
        found["listed"] = timed(browser, url + "/?say=", "brickie-chat .welcome:not([hidden])", times)
        server.stdin.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    checkouts = {"now": HERE, **({"beside": options.beside.resolve()} if options.beside else {})}
    print(f"load {os.getloadavg()[0]:.1f}, in {tempfile.gettempdir()}")
    with sync_playwright() as playwright:
        path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, checkout in checkouts.items():
            told = figures(browser, checkout, options.times)
            print(
                name,
                ", ".join(f"{key} {value:.2f}" if value % 1 else f"{key} {value:.0f}" for key, value in told.items()),
            )
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
