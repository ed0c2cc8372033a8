"""The arguments of these commands; each is imported when it is run."""

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

_STATUSES = (
    "planned",
    "queued",
    "applying",
    "succeeded",
    "failed",
    "rolling_back",
    "rolled_back",
    "destroying",
    "destroyed",
    "attention",
)
Command = Callable[[argparse.Namespace, Mapping[str, str]], int]


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage]
    """Adds `deployments`, `approvals`, `audit`, `worker` and `help`."""
    _deployments(commands.add_parser("deployments", help="every workspace for its whole life"))
    approvals = commands.add_parser("approvals", help="which plans wait for whose decision")
    _spoken(approvals, "approvals", "waiting")
    audit = commands.add_parser("audit", help="who did what, and whether that record is whole")
    _reading(audit, "audit", "listed")
    audit.add_argument("--most", type=int, default=50, help="how many of the newest rows (shipped: 50)")
    kinds = audit.add_subparsers(metavar="COMMAND")
    listed = kinds.add_parser("list", help="the newest rows")
    _reading(listed, "audit", "listed")
    listed.add_argument("--most", type=int, default=50)
    verify = kinds.add_parser("verify", help="find any row altered, removed or inserted")
    _reading(verify, "audit", "verified")
    verify.add_argument("--anchor", metavar="FILE_OR_TEXT", help="what `brickie audit anchor` gave: is it still there?")
    anchor = kinds.add_parser("anchor", help="the newest row's hash, to keep where the records' owner cannot write")
    _reading(anchor, "audit", "anchored")
    anchor.add_argument("--out", type=Path, help="a file for it (shipped: standard output)")
    worker = commands.add_parser("worker", help="plan and apply what was ordered, until stopped")
    worker.set_defaults(command=_later("worker", "work"))
    page = commands.add_parser("help", help="settings, hosting, model, identity and more, a page each")
    page.add_argument("topic", nargs="?", metavar="TOPIC", help="without it: the list of them")
    page.set_defaults(command=_later("help", "shown"))


def add_speaker(parser: argparse.ArgumentParser) -> None:
    """`--as` and `--role`."""
    parser.add_argument("--as", dest="name", help="speak as somebody (sandbox, or where the settings trust you)")
    parser.add_argument("--role", action="append", help="a role of that somebody; may be given several times")


def _deployments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listed = commands.add_parser("list", help="what stands, whose it is, what it costs, when it expires")
    _spoken(listed, "deployments", "listed")
    listed.add_argument("--owner", help="part of the owner's name or address")
    listed.add_argument("--environment", choices=("dev", "staging", "prod"))
    listed.add_argument("--status", choices=_STATUSES, help="without it: everything that stands")
    _one(commands, "show", "configuration, cost, address, expiry and history", "deployments", "shown")
    plan = commands.add_parser("plan", help="what Terraform would do now to put a workspace right; or a batch")
    _spoken(plan, "orders", "planned")
    plan.add_argument("workspace", nargs="?", metavar="NAME")
    plan.add_argument("--csv", type=Path, help="a file with one workspace a line: team,environment,workload,…")
    _one(commands, "destroy", "plan the destroy; on a terminal, confirm it here", "orders", "destroyed")
    _one(commands, "cancel", "stop cleanly what is under way on a workspace", "orders", "cancelled")
    export = _one(commands, "export", "its Terraform with a README", "orders", "exported")
    export.add_argument("--out", required=True, type=Path, help="the folder for the files")
    _import(commands.add_parser("import", help="take over an existing workspace: a plan that needs consent"))


def _import(parser: argparse.ArgumentParser) -> None:
    _spoken(parser, "orders", "imported")
    parser.add_argument("azure_id", metavar="AZURE_ID", help="/subscriptions/…/workspaces/NAME")
    parser.add_argument("--team", required=True)
    parser.add_argument("--environment", required=True, choices=("dev", "staging", "prod"))
    parser.add_argument("--workload", required=True, help="data_engineering, machine_learning, analytics …")


def _one(commands: Any, name: str, help_: str, module: str, function: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    _spoken(parser, module, function)
    parser.add_argument("workspace", metavar="NAME")
    return parser


def _spoken(parser: argparse.ArgumentParser, module: str, function: str) -> None:
    add_speaker(parser)
    _reading(parser, module, function)


def _reading(parser: argparse.ArgumentParser, module: str, function: str) -> None:
    parser.add_argument("--json", action="store_true", help="JSON on standard output, for scripts")
    parser.set_defaults(command=_later(module, function))


def _later(module: str, function: str) -> Command:
    """The command itself, imported when it is run."""

    def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
        command: Command = getattr(import_module(f"agent.cli.{module}"), function)
        return command(options, environment)

    return run
