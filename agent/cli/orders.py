"""`brickie deploy` and `brickie deployments plan, destroy, cancel …`: a turn each, under the rules of every
conversation.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from agent.cli.session import CommandSession, UnknownWorkspace, exact_name, fail, why_not, write_json
from agent.events import (
    ApprovalNoted,
    DestroyCommand,
    Error,
    Event,
    ExportCommand,
    File,
    FixCommand,
    ImportCommand,
    PlanProposed,
    Question,
    Result,
    StopCommand,
)
from agent.output import put, tell
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.parse.batch import batch_of

MOST_BYTES = 1_000_000
"""Largest CSV file that is read at all; what a message may hold is checked by the turn."""

Carry = Callable[[CommandSession, argparse.Namespace], Awaitable[int]]


def planned(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """The plan that puts a workspace right, or that of a batch; it waits for its consent elsewhere."""
    if (options.workspace is None) == (options.csv is None):
        raise error_of(ConfigurationError, "cli.orders.two_things")
    return _run(options, environment, "plan", _batch if options.csv else _fix)


def deployed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """The plan of a sentence; on a terminal what is open of it is asked, and it is decided there."""
    return _run(options, environment, "deploy", _deploy)


def destroyed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "destroy", _destroy)


def cancelled(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "cancel", _cancel)


def exported(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "export", _export)


def imported(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    return _run(options, environment, "import", _import)


def _run(options: argparse.Namespace, environment: Mapping[str, str], doing: str, carry: Carry) -> int:
    async def run() -> int:
        session = CommandSession(options, environment)
        try:
            return await carry(session, options)
        except UnknownWorkspace as unknown:
            return fail(phrase(f"cli.orders.{doing}.failed", why=unknown))
        finally:
            await session.close()

    return asyncio.run(run())


async def _fix(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    return _told_plan(session, await session.order(FixCommand(workspace_name=name)), or_nothing=True)


async def _batch(session: CommandSession, options: argparse.Namespace) -> int:
    return _told_plan(session, await session.say(_list_in(options.csv)))


async def _import(session: CommandSession, options: argparse.Namespace) -> int:
    command = ImportCommand(
        azure_id=options.azure_id, team=options.team, environment=options.environment, workload=options.workload
    )
    return _told_plan(session, await session.order(command))


async def _deploy(session: CommandSession, options: argparse.Namespace) -> int:
    events = await session.say(" ".join(options.text))
    if session.as_json or not _is_watched():
        return _told_plan(session, events)
    while _plan_in(events) is None and any(isinstance(event, Question) for event in events):
        session.show(events, whole=False)
        try:
            events = await session.say(await asyncio.to_thread(input, phrase("cli.deploy.answer")))
        except EOFError:
            return fail(why_not(events))
    plan = _plan_in(events)
    if plan is None:
        return _told_plan(session, events)
    session.show(events, whole=False)
    return await _decided_here(session, plan)


def _is_watched() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def _destroy(session: CommandSession, options: argparse.Namespace) -> int:
    # The records' own spelling: what is nearly a name is an error here, never a guess.
    name = await exact_name(session, options.workspace)
    events = await session.order(DestroyCommand(workspace_name=name))
    plan = _plan_in(events)
    if plan is None or session.as_json or not _is_watched():
        return _told_plan(session, events)
    session.show(events, whole=False)
    return await _decided_here(session, plan)


async def _decided_here(session: CommandSession, plan: PlanProposed) -> int:
    """Asks for the consent; whatever is neither a yes nor a no is answered as in any conversation, and asked again."""
    is_typed = plan.confirm.kind == "type"
    prompt = phrase("cli.orders.type_or_no" if is_typed else "cli.orders.yes_or_no", phrase=plan.confirm.phrase)
    while True:
        try:
            events = await session.say(await asyncio.to_thread(input, prompt))
        except EOFError:
            return _left_waiting(plan)
        session.show(events, whole=False)
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
    tell(phrase("cli.orders.left_waiting", plan_id=plan.plan_id))
    return 1


async def _cancel(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    events = await session.order(StopCommand(workspace_name=name))
    if session.as_json:
        write_json({"workspace_name": name, "stopping": _is_act(events, "reject"), "text": why_not(events)})
    else:
        session.show(events)
    return 0 if _is_act(events, "reject") else 1


async def _export(session: CommandSession, options: argparse.Namespace) -> int:
    name = await exact_name(session, options.workspace)
    events = await session.order(ExportCommand(workspace_name=name))
    files = [event for event in events if isinstance(event, File) and event.content is not None]
    if not files:
        return fail(phrase("cli.orders.not_exported", name=name, why=why_not(events)))
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
        raise error_of(ConfigurationError, "cli.orders.not_written", out=out) from error
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
        tell(phrase("cli.orders.waits", plan_id=plan.plan_id))
    return 0


def _plan_in(events: Sequence[Event]) -> PlanProposed | None:
    return next((event for event in events if isinstance(event, PlanProposed)), None)


def _is_act(events: Sequence[Event], act: str) -> bool:
    return any(getattr(event, "act", None) == act for event in events)


def _list_in(path: Path) -> str:
    """The list in this file. Raises ConfigurationError for any other text: a file gives no orders in sentences."""
    text = _text_of(path)
    if batch_of(text) is None:
        raise error_of(ConfigurationError, "cli.orders.no_list", file=path.name)
    return text


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise error_of(ConfigurationError, "cli.orders.too_large", file=path.name)
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise error_of(ConfigurationError, "cli.orders.no_text", file=path.name) from error
