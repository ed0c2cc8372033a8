"""From the first message to the workspace's URL in the sandbox, answers given at once, and our share of it.

    .venv/bin/python tests/bench/main_job.py [ROUNDS] [--against REV]

Terraform's own commands (`version` among them) are timed from their process's start to its exit code, as the system
tells that their files are made (a file's own time may lag by 6 ms: Linux 6.18, measured 2026-12-01). The rest is ours,
and the trace says where it went, by the innermost of the parts that were at work at each moment. `--against`
puts another revision into a worktree and a venv of its own (it downloads what that needs) and takes turns with it.
Uses the `terraform` on PATH, or with BRICKIE_TERRAFORM=extra the extra's.
"""

import argparse
import asyncio
import ctypes
import functools
import inspect
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TERRAFORM = "Terraform"
PARTS = (
    ("agent.factories", "find_terraform", TERRAFORM),
    ("plugins.deploy.terraform.process", "start", "start of a detached process"),
    ("agent.store.database", "Database.open", "records: opened and migrated"),
    ("agent.deployment.dbos_engine", "_launch", "engine: its tables and threads"),
    ("agent.deployment.dbos_engine", "DbosEngine.start", "engine: queues and client"),
    ("agent.store.database", "Database.transact", "records: kept (with fsync)"),
    ("agent.turn.turn", "Turns._answered", "turns: read, decided, told"),
    ("agent.deployment.apply", "_health", "the cloud asked whether it works"),
    ("agent.deployment.dispatcher", "plan_workspace", "plan: around Terraform"),
    ("agent.deployment.dispatcher", "apply_workspace", "apply: around Terraform"),
    ("agent.turn.turn", "Turns._settled", "engine: waiting for its queue, and for what was kept to be told"),
)
"""Module, name, and what the trace calls the time in it; of two that are at work at once the earlier in this list."""

_CREATED, _MOVED_TO = 0x100, 0x80

DETACHED = "detached process: its end seen"


@dataclass(frozen=True)
class Span:
    start: float
    end: float
    part: str


@dataclass(frozen=True)
class Job:
    """Seconds in all and outside Terraform's commands, those that this process computed, the URL, and seconds by part
    of ours. `served` are the first two of somebody who comes next, to the same process over the same records.
    """

    whole: float
    ours: float
    computed: float
    url: str
    trace: Mapping[str, float]
    served: tuple[float, float]


class FileClock:
    """When files came to be, by `time.perf_counter`, in folders that are watched (inotify(7))."""

    def __init__(self) -> None:
        self._system = ctypes.CDLL(None)
        self._events = self._system.inotify_init1(0)
        self._folders: dict[int, Path] = {}
        self._made: dict[Path, float] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def watch(self, folder: Path) -> None:
        watched = self._system.inotify_add_watch(self._events, str(folder).encode(), _CREATED | _MOVED_TO)
        self._folders[watched] = folder

    def made(self, run: Path, kind: str) -> float:
        return self._made[run.with_name(f"{run.name}.{kind}")]

    def _read(self) -> None:
        head = struct.Struct("iIII")
        while True:
            told, now, at = os.read(self._events, 65_536), time.perf_counter(), 0
            while at < len(told):
                watched, _, _, length = head.unpack_from(told, at)
                name = told[at + head.size : at + head.size + length].rstrip(b"\0").decode()
                self._made[self._folders[watched] / name] = now
                at += head.size + length


class Recorder:
    """Spans of everything in `PARTS` that this revision has, and of each Terraform command."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._commands: list[Path] = []
        self._clock = FileClock()

    @contextmanager
    def at_work(self) -> Generator[None]:
        undone: list[Callable[[], None]] = []
        for module, name, part in PARTS:
            undone += self._wrapped(module, name, part)
        undone += self._terraform_timed()
        try:
            yield
        finally:
            for undo in reversed(undone):
                undo()

    def _wrapped(self, module: str, name: str, part: str) -> list[Callable[[], None]]:
        *path, last = name.split(".")
        holder: Any = functools.reduce(getattr, path, import_module(module))
        wrapped = getattr(holder, last, None)
        if wrapped is None:
            return []

        @functools.wraps(wrapped)
        async def awaited(*given: Any, **named: Any) -> Any:
            with self._span(part):
                return await wrapped(*given, **named)

        @functools.wraps(wrapped)
        def called(*given: Any, **named: Any) -> Any:
            with self._span(part):
                return wrapped(*given, **named)

        setattr(holder, last, awaited if inspect.iscoroutinefunction(wrapped) else called)
        return [lambda: setattr(holder, last, wrapped)]

    def _terraform_timed(self) -> list[Callable[[], None]]:
        """A command lasts from when its output was opened for it until the exit code lay there."""
        site: Any = import_module("plugins.deploy.terraform.site")
        process: Any = import_module("plugins.deploy.terraform.process")
        attach, start = site.attach, process.start

        def watched(run: Any, *given: Any, **named: Any) -> None:
            self._clock.watch(run.folder)
            start(run, *given, **named)

        async def timed(terraform: Any, command: Any, folder: Path, *given: Any, **named: Any) -> Any:
            with self._span(DETACHED):
                ended = await attach(terraform, command, folder, *given, **named)
            self._commands.append(folder / command.name)
            return ended

        def undo() -> None:
            site.attach, process.start = attach, start

        site.attach, process.start = timed, watched
        return [undo]

    @contextmanager
    def _span(self, part: str) -> Generator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.spans.append(Span(begun, time.perf_counter(), part))

    def trace(self, begun: float, ended: float) -> dict[str, float]:
        """Seconds by part between these two; each moment counts once."""
        made = self._clock.made
        self.spans += [Span(made(run, "out"), made(run, "rc"), TERRAFORM) for run in self._commands]
        self._commands.clear()
        order = list(dict.fromkeys((TERRAFORM, PARTS[1][2], DETACHED, *(part for *_, part in PARTS))))
        edges = sorted({begun, ended, *(t for s in self.spans for t in (s.start, s.end) if begun < t < ended)})
        seconds: dict[str, float] = dict.fromkeys([*order, "between turns"], 0.0)
        for start, end in pairwise(edges):
            parts = [span.part for span in self.spans if span.start <= start and end <= span.end]
            seconds[min(parts, key=order.index, default="between turns")] += end - start
        return seconds


async def job(home: Path) -> Job:
    from agent.app import App, AppEnvironment
    from agent.events import Event, Incoming, Result
    from agent.settings import Settings
    from plugins.domain.plan import Person

    recorder = Recorder()
    with recorder.at_work():
        begun, computed = time.perf_counter(), time.process_time()
        app = App(AppEnvironment(Settings.model_validate({"Cloud": {"Sandbox": {"Speed": 0}}}), os.environ, home))
        heard: list[Event] = []
        app.listen(heard.append)

        async def said(name: str, text: str) -> None:
            person = Person(id=name, name=name, roles=("requester",))
            for each in (text, "yes"):
                await app.reply_to(Incoming(conversation=name, person=person, text=each), until_settled=True)

        await said("ana", "I need Databricks for the ML team in dev")
        url = next(str(event.outputs["workspace_url"]) for event in heard if isinstance(event, Result))
        ended, computed = time.perf_counter(), time.process_time() - computed
        await said("ben", "I need machine learning on Databricks for the risk team in dev")
        served = time.perf_counter()
        await app.close()
    trace = recorder.trace(begun, ended)
    within = trace.pop(TERRAFORM, 0.0)
    next_ones = served - ended, served - ended - recorder.trace(ended, served)[TERRAFORM]
    return Job(ended - begun, ended - begun - within, computed, url, trace, next_ones)


def one_round() -> Job:
    """After the imports, and after one job that nobody counts: it loads what is loaded once in a process."""
    for name in ("agent.app", "plugins.parse"):
        import_module(name)
    return [_alone() for _ in range(2)][-1]


def _alone() -> Job:
    with tempfile.TemporaryDirectory() as home:
        return asyncio.run(job(Path(home)))


def in_process(python: Path, folder: Path) -> Job:
    """One round of the revision that lies there, by this very file."""
    run = subprocess.run(
        [python, __file__, "--one"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    return Job(**json.loads(run.stdout.splitlines()[-1]))


@contextmanager
def other(revision: str) -> Generator[tuple[Path, Path]]:
    """The Python and the folder of another revision."""
    with tempfile.TemporaryDirectory() as folder:
        tree, environment = Path(folder) / "tree", Path(folder) / "venv"
        subprocess.run(
            ["git", "worktree", "add", "--detach", tree, revision], cwd=ROOT, check=True, capture_output=True
        )
        try:
            venv.create(environment, with_pip=True)
            python = environment / "bin" / "python"
            constraints = tree / ".constraints.txt"
            subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, "-e", tree], check=True)
            yield python, tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


def told(name: str, jobs: list[Job]) -> float:
    """Prints the medians; gives that of our seconds."""
    whole, ours = (statistics.median(getattr(job, what) for job in jobs) for what in ("whole", "ours"))
    print(
        f"{name}: first message to URL: median {whole:.2f} s, slowest {max(j.whole for j in jobs):.2f} s, n {len(jobs)}"
    )
    print(f"{name}: computed by this process: median {statistics.median(job.computed for job in jobs):.3f} s")
    print(f"{name}: outside Terraform's commands: median {ours:.3f} s, {ours / whole:.1%} of it")
    again, ours_again = (statistics.median(job.served[at] for job in jobs) for at in (0, 1))
    print(f"{name}: who comes next: median {again:.2f} s, {ours_again:.3f} s of it ours, {ours_again / again:.1%}")
    for part in sorted({part for job in jobs for part in job.trace}, key=lambda part: -_median(jobs, part)):
        print(f"    {_median(jobs, part) * 1000:7.1f} ms  {part}")
    return ours


def _median(jobs: list[Job], part: str) -> float:
    return statistics.median(job.trace.get(part, 0.0) for job in jobs)


def main(rounds: int, against: str | None) -> None:
    here = Path(sys.executable), ROOT
    if against is None:
        found = [in_process(*here) for _ in range(rounds)]
        told("here", found)
        print(found[-1].url)
        return
    with other(against) as there:
        pairs = [(in_process(*here), in_process(*there)) for _ in range(rounds)]
    ours = told("here", [pair[0] for pair in pairs])
    theirs = told(against, [pair[1] for pair in pairs])
    print(f"ours here: {ours / theirs:.2f} times ours in {against}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--against", metavar="REV")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    told_to = parser.parse_args()
    if told_to.one:
        print(json.dumps(asdict(one_round())))
    else:
        main(told_to.rounds, told_to.against)
