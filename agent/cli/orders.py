"""`brickie deployments plan, destroy, cancel, export, import`: a turn each, under the rules of every conversation."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from agent.cli.session import CommandSession, UnknownWorkspace, exact_name, fail, why_not, write_json
from agent.events import ApprovalNoted, Error, Event, File, PlanProposed, Result
from agent.output import put, tell
from plugins.domain.errors import ConfigurationError
from plugins.parse.batch import batch_of

MOST_BYTES = 1_000_000
"""Largest CSV file that is read at all; what a message may hold is checked by the turn."""

Carry = Callable[[CommandSession, argparse.Namespace], Awaitable[int]]


def planned(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """The plan that puts a workspace right, or that of a batch; it waits for its consent elsewhere."""
    if (options.workspace is None) == (options.csv is None):
        raise ConfigurationError("planning", "one thing is planned at a time.", "Give a NAME or --csv FILE.")
    return _run(options, environment, "planning", _batch if options.csv else _fix)


def destroyed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "planning the destroy", _destroy)


def cancelled(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "cancelling", _cancel)


def exported(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "exporting", _export)


def imported(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "taking over a workspace", _import)


def _run(options: argparse.Namespace, environment: Mapping[str, str], activity: str, carry: Carry) -> int:
    async def run() -> int:
        session = CommandSession(options, environment)
        try:
            return await carry(session, options)
        except UnknownWorkspace as unknown:
            return fail(f"{activity}: {unknown}")
        finally:
            await session.close()

    return asyncio.run(run())


async def _fix(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    return _told_plan(session, await session.say(f"plan the workspace called {name}"), or_nothing=True)


async def _batch(session: CommandSession, options: argparse.Namespace) -> int:
    return _told_plan(session, await session.say(_list_in(options.csv)))


async def _import(session: CommandSession, options: argparse.Namespace) -> int:
    workload = options.workload.replace("_", " ")
    words = f"import {options.azure_id} for team {options.team}, {options.environment}, {workload} workload"
    return _told_plan(session, await session.say(words))


async def _destroy(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    events = await session.say(f"destroy the workspace called {name}")
    plan = _plan_in(events)
    if plan is None or session.as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _told_plan(session, events)
    session.show(events)
    return await _decided_here(session, plan)


async def _decided_here(session: CommandSession, plan: PlanProposed) -> int:
    """Asks for the consent; whatever is neither a yes nor a no is answered as in any conversation, and asked again."""
    prompt = f"Type {plan.confirm.phrase} to confirm, or no: " if plan.confirm.kind == "type" else "yes or no: "
    while True:
        try:
            events = await session.say(await asyncio.to_thread(input, prompt))
        except EOFError:
            return _left_waiting(plan)
        session.show(events)
        results = [event for event in events if isinstance(event, Result)]
        if results:
            return 1 if any(result.error for result in results) else 0
        settled = {event.status for event in events if isinstance(event, ApprovalNoted)}
        if "refused" in settled:
            return _left_waiting(plan)
        if settled:
            return 1


def _left_waiting(plan: PlanProposed) -> int:
    """Nobody decided it here: it waits for whoever may."""
    tell(f"Nothing was done. {_waits(plan)}")
    return 1


def _waits(plan: PlanProposed) -> str:
    return f"Plan {plan.plan_id} waits: say “show {plan.plan_id}” in `brickie chat` to decide it."


async def _cancel(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    events = await session.say(f"stop the work on the workspace called {name}")
    if session.as_json:
        write_json({"workspace_name": name, "stopping": _is_act(events, "reject"), "text": why_not(events)})
    else:
        session.show(events)
    return 0 if _is_act(events, "reject") else 1


async def _export(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    events = await session.say(f"export the workspace called {name}")
    files = [event for event in events if isinstance(event, File) and event.content is not None]
    if not files:
        return fail(f"exporting {name}: {why_not(events)}")
    paths = _written(files, options.out)
    if session.as_json:
        write_json({"workspace_name": name, "files": [str(path) for path in paths]})
    else:
        put("".join(f"{path}\n" for path in paths))
    return 0


def _written(files: Sequence[File], out: Path) -> list[Path]:
    paths = [out / file.name.split("/", 1)[1] for file in files]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, file in zip(paths, files, strict=True):
            path.write_text(file.content or "", "utf-8")
    except OSError as error:
        raise ConfigurationError(
            "writing the Terraform files", f"{out} cannot be written to.", "Give --out a folder of yours."
        ) from error
    return paths


def _told_plan(session: CommandSession, events: list[Event], *, or_nothing: bool = False) -> int:
    """Shows the plan; 1 with the reason where there is none. `or_nothing`: that nothing would change is fine too."""
    plan = _plan_in(events)
    failed = any(isinstance(event, Error) for event in events)
    if plan is None and (failed or not (or_nothing and session.has_planned)):
        return fail(why_not(events))
    if session.as_json:
        session.show([plan] if plan else events)
    else:
        session.show(events)
    if plan is not None:
        tell(_waits(plan))
    return 0


def _plan_in(events: Sequence[Event]) -> PlanProposed | None:
    return next((event for event in events if isinstance(event, PlanProposed)), None)


def _is_act(events: Sequence[Event], act: str) -> bool:
    return any(getattr(event, "act", None) == act for event in events)


def _list_in(path: Path) -> str:
    """The list in this file. Raises ConfigurationError for any other text: a file gives no orders in sentences."""
    text = _text_of(path)
    if batch_of(text) is None:
        raise ConfigurationError(
            "reading the CSV",
            f"{path.name} is no list of workspaces, so nothing was done.",
            "Its first line must name the columns: team,environment,workload and more as you need them.",
        )
    return text


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigurationError(
                "reading the CSV", f"{path.name} has over a megabyte.", "Give one of up to 400 rows."
            )
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "reading the CSV", f"{path.name} cannot be read as text.", "Give --csv a file in UTF-8."
        ) from error
