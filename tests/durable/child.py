"""A process of Brickie that can be told where to die: the real app, with blades put around its own methods.

    python child.py [--in-memory]

Reads what `brickie chat --json` reads, and {"arm": "Records.end_run:2:before:die"}: from then on the second call of
that method ends the process (`die`: SIGKILL, by itself) or is held until there is a file "go" in its home (`hold`).
{"arm": "fail:3"} has the next apply in memory fail at its third resource.
Writes events, and marks: {"type": "mark", "what": …}. `--in-memory` puts the in-memory Terraform, kept in a file, in
place of the real one.
"""

import argparse
import asyncio
import fcntl
import functools
import inspect
import json
import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

from agent.app import App, AppEnvironment
from agent.channels.json_lines import JsonLines
from agent.deployment.terraform import GeneratedTerraform
from agent.events import Event, Incoming
from agent.paths import home_of, place
from agent.settings import read_settings
from agent.store.database import Database
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.deploy.terraform.contents import Contents
from plugins.deploy.terraform.recovery import Remaining
from plugins.domain.deployment import DeploymentResult, Drift, Undone
from plugins.domain.plan import Person, PlanFile, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


class KeptTerraform(InMemoryTerraform):
    """What it remembers is kept in a file, as a cloud would, for every process of one home."""

    def __init__(self, platform: PlatformSettings, templates: Path, path: Path) -> None:
        super().__init__(platform, templates)
        self._path = path
        self._constant = frozenset(vars(self)) - {
            "_deployed",
            "_there",
            "_made",
            "_runs",
            "_ordered",
            "applied",
            "kept",
        }

    async def plan(self, *given: Any, **named: Any) -> tuple[TerraformFiles, PlanFile]:
        with self._kept():
            return await super().plan(*given, **named)

    async def apply(self, *given: Any, **named: Any) -> DeploymentResult:
        with self._kept():
            return await super().apply(*given, **named)

    async def drift(self, *given: Any, **named: Any) -> tuple[Drift, ...]:
        with self._kept():
            return await super().drift(*given, **named)

    async def remaining(self, *given: Any, **named: Any) -> Remaining:
        with self._kept():
            return await super().remaining(*given, **named)

    async def undo(self, *given: Any, **named: Any) -> Undone:
        with self._kept():
            return await super().undo(*given, **named)

    def discard(self, plan_id: str) -> None:
        with self._kept():
            super().discard(plan_id)

    @contextmanager
    def _kept(self) -> Generator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._path.exists():
                vars(self).update(pickle.loads(self._path.read_bytes()))  # noqa: S301 - our own file
            yield
            held = {name: value for name, value in vars(self).items() if name not in self._constant}
            held.pop("_constant", None)
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(pickle.dumps(held))
            fresh.rename(self._path)

    def order_failure(self, number: int) -> None:
        """The next apply, in whichever process, fails at its resource of that number."""
        with self._kept():
            self.fail_at(number)


class Blades:
    """Methods that are counted, and the call at which one of them kills or holds this process."""

    def __init__(self, home: Path, terraform: KeptTerraform | None) -> None:
        self._go = home / "go"
        self._terraform = terraform
        kind = GeneratedTerraform if terraform is None else KeptTerraform
        self._classes: dict[str, type] = {
            "Records": Records,
            "Database": Database,
            "Terraform": kind,
            "Contents": Contents,
        }

    def arm(self, point: str) -> None:
        if point.startswith("fail:"):
            assert self._terraform is not None
            self._terraform.order_failure(int(point.removeprefix("fail:")))
            return
        name, number, when, what = point.split(":")
        owner, method = name.split(".")
        left = [int(number)]

        def cut(at: str) -> None:
            if at != when:
                return
            left[0] -= 1
            if left[0] == 0:
                mark(point)
                self._strike(what)

        self._put_around(self._classes[owner], method, cut)

    def _strike(self, what: str) -> None:
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        while not self._go.exists():
            time.sleep(0.01)

    def _put_around(self, owner: type, method: str, cut: Callable[[str], None]) -> None:
        inner = getattr(owner, method)

        @functools.wraps(inner)
        async def waited(*given: Any, **named: Any) -> Any:
            cut("before")
            done = await inner(*given, **named)
            cut("after")
            return done

        @functools.wraps(inner)
        def called(*given: Any, **named: Any) -> Any:
            cut("before")
            done = inner(*given, **named)
            cut("after")
            return done

        setattr(owner, method, waited if inspect.iscoroutinefunction(inner) else called)


class Lines:
    """Standard input without the lines that are for the blades. {"leave": true} ends it, and waits for nothing."""

    def __init__(self, blades: Blades) -> None:
        self._blades = blades
        self.is_leaving = False

    def readline(self) -> str:
        while True:
            line = sys.stdin.readline()
            if line.startswith('{"leave"'):
                self.is_leaving = True
                return ""
            if not line.startswith('{"arm"'):
                return line
            self._blades.arm(json.loads(line)["arm"])
            mark("armed")


class Leaving:
    """The app as the channel sees it, which closes at once when it was told to leave."""

    def __init__(self, app: App, source: Lines) -> None:
        self._app = app
        self._source = source

    def listen(self, listener: Callable[[Event], None]) -> None:
        self._app.listen(listener)

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        await self._app.reply_to(incoming, until_settled=until_settled)

    async def close(self) -> None:
        await self._app.close(waiting=not self._source.is_leaving)


def mark(what: str) -> None:
    sys.stdout.write(json.dumps({"type": "mark", "what": what, "at": time.time()}) + "\n")
    sys.stdout.flush()


def tell_beginnings() -> None:
    """Marks every run that this process takes on."""
    inner = Records.begin_run

    def begun(self: Records, run_id: str, executor: str, **named: Any) -> bool:
        mark(f"begin {run_id}")
        return inner(self, run_id, executor, **named)

    Records.begin_run = begun


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--in-memory", action="store_true")
    options = parser.parse_args()
    settings, home = read_settings(os.environ), home_of(os.environ)
    home.mkdir(parents=True, exist_ok=True)
    in_memory = KeptTerraform(settings.platform, place("templates") / "terraform", home / "terraform.pickle")
    tell_beginnings()
    app = App(AppEnvironment(settings, os.environ, home), terraform=in_memory if options.in_memory else None)
    source = Lines(Blades(home, in_memory if options.in_memory else None))
    lines = JsonLines(Leaving(app, source), ANA, believed=True, until_settled=False, out=sys.stdout)
    await app.start()
    mark("started")
    await lines.converse(cast("TextIO", source))


if __name__ == "__main__":
    asyncio.run(main())
