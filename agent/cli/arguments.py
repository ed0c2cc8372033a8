"""The arguments of every command, and which function of `agent.cli` each leads to.

A command's file is imported when the command is run: `--help` and a wrong argument load nothing of the app.
"""

import argparse
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from agent.output import plain_parser, put
from agent.wording import phrase, state, status_meant

if TYPE_CHECKING:
    from plugins.domain.deployment import DeploymentStatus

STATUSES: "tuple[DeploymentStatus, ...]" = (
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
"""What a list can be narrowed to; what is still being planned has no row of its own yet."""

Command = Callable[[argparse.Namespace, Mapping[str, str]], int]
"""Arguments and environment → exit code."""


def brickie_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `command` of what it parses is the `Command` to run."""
    # The order here is the order in `--help`: what one begins with comes first.
    parser = plain_parser(prog="brickie", description=phrase("cli.description"), near=phrase("cli.near", name="{name}"))
    parser.add_argument("--version", action=_Version, nargs=0, help=phrase("cli.version"))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _chat(commands.add_parser("chat", help=phrase("cli.chat.help")))
    _parse(commands.add_parser("parse", help=phrase("cli.parse.help")))
    _plan(commands.add_parser("plan", help=phrase("cli.plan.help")))
    _eval(commands.add_parser("eval", help=phrase("cli.eval.help")))
    mcp = commands.add_parser("mcp", help=phrase("cli.mcp.help"))
    mcp.set_defaults(command=_later("mcp", "serve_assistant"))
    doctor = commands.add_parser("doctor", help=phrase("cli.doctor.help"))
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=_later("doctor", "diagnosed"))
    serve = commands.add_parser("serve", help=phrase("cli.serve.help"))
    serve.add_argument("--host", help=phrase("cli.serve.host"))
    serve.add_argument("--port", type=int, help=phrase("cli.serve.port"))
    serve.add_argument("--slack-double", action="store_true", help=phrase("slack.cli.double"))
    serve.set_defaults(command=_later("serve", "serve_web"))
    _slack(commands.add_parser("slack", help=phrase("slack.cli.help")))
    _deployments(commands.add_parser("deployments", help=phrase("cli.deployments.help")))
    # The short names of what is done most.
    _list(commands.add_parser("list", help=phrase("cli.deployments.list")))
    _one(commands, "show", phrase("cli.deployments.show"), "deployments", "shown")
    deploy = commands.add_parser("deploy", help=phrase("cli.deploy.help"))
    _spoken(deploy, "orders", "deployed")
    deploy.add_argument("text", nargs="+", metavar="TEXT", help=phrase("cli.plan.text"))
    _one(commands, "destroy", phrase("cli.deployments.destroy"), "orders", "destroyed")
    _costs(commands.add_parser("costs", help=phrase("cli.costs.help")))
    _spoken(commands.add_parser("approvals", help=phrase("cli.approvals.help")), "approvals", "waiting")
    _audit(commands.add_parser("audit", help=phrase("cli.audit.help")))
    worker = commands.add_parser("worker", help=phrase("cli.worker.help"))
    worker.set_defaults(command=_later("worker", "work"))
    page = commands.add_parser("help", help=phrase("cli.help.help"))
    page.add_argument("topic", nargs="?", metavar="TOPIC", help=phrase("cli.help.topic"))
    page.set_defaults(command=_later("help", "shown"))
    _prices(commands.add_parser("prices", help=phrase("cli.prices.help")))
    _sandbox(commands.add_parser("sandbox", help=phrase("cli.sandbox.help")))
    _teams(commands.add_parser("teams", help=phrase("cli.teams.help")))
    return parser


class _Version(argparse.Action):
    """Looked up only where it is asked for: reading what is installed takes longer than all other arguments."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from agent.version import installed_version

        put(f"brickie {installed_version()}\n")
        parser.exit()


def _chat(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("message", nargs="*", help=phrase("cli.chat.message"))
    parser.add_argument("--json", action="store_true", help=phrase("cli.chat.json"))
    parser.add_argument("--until-settled", action="store_true", help=phrase("cli.chat.until_settled"))
    _add_speaker(parser)
    _add_double(parser, help_=phrase("cli.chat.model_double"))
    parser.set_defaults(command=_later("chat", "converse"))


def _parse(parser: argparse.ArgumentParser) -> None:
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--jsonl", action="store_true", help=phrase("cli.parse.jsonl"))
    how.add_argument("--explain", metavar="TEXT", help=phrase("cli.parse.explain"))
    parser.set_defaults(command=_later("parse", "understood"))


def _plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help=phrase("cli.plan.text"))
    parser.add_argument("--out", required=True, type=Path, help=phrase("cli.plan.out"))
    parser.add_argument("--json", action="store_true", help=phrase("cli.plan.json"))
    parser.set_defaults(command=_later("plan", "plan_once"))


def _eval(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help=phrase("cli.eval.file"))
    parser.add_argument("--feedback", action="store_true", help=phrase("cli.eval.feedback"))
    _add_speaker(parser)
    parser.add_argument("--brain", choices=["rules", "model"], default="rules")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help=phrase("cli.eval.repeat"))
    parser.add_argument("--show", type=int, default=15, metavar="N", help=phrase("cli.eval.show"))
    parser.add_argument("--save", type=Path, metavar="RUN", help=phrase("cli.eval.save"))
    parser.add_argument("--against", type=Path, metavar="RUN", help=phrase("cli.eval.against"))
    _add_double(parser, help_=phrase("cli.eval.model_double"))
    parser.add_argument("--readings", type=Path, metavar="READINGS", help=phrase("cli.eval.readings"))
    parser.add_argument("--show-prompt", action="store_true", help=phrase("cli.eval.show_prompt"))
    parser.set_defaults(command=_later("evaluate", "evaluate"))


def _list(parser: argparse.ArgumentParser) -> None:
    _spoken(parser, "deployments", "listed")
    parser.add_argument("--owner", help=phrase("cli.deployments.owner"))
    parser.add_argument("--environment", choices=("dev", "staging", "prod"))
    parser.add_argument("--status", type=_status, metavar="STATUS", help=phrase("cli.deployments.status"))
    _filters(parser)


def _deployments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _list(commands.add_parser("list", help=phrase("cli.deployments.list")))
    _one(commands, "show", phrase("cli.deployments.show"), "deployments", "shown")
    plan = commands.add_parser("plan", help=phrase("cli.deployments.plan"))
    _spoken(plan, "orders", "planned")
    plan.add_argument("workspace", nargs="?", metavar="NAME")
    plan.add_argument("--csv", type=Path, help=phrase("cli.deployments.csv"))
    _one(commands, "destroy", phrase("cli.deployments.destroy"), "orders", "destroyed")
    _one(commands, "cancel", phrase("cli.deployments.cancel"), "orders", "cancelled")
    export = _one(commands, "export", phrase("cli.deployments.export"), "orders", "exported")
    export.add_argument("--out", required=True, type=Path, help=phrase("cli.deployments.out"))
    _import(commands.add_parser("import", help=phrase("cli.deployments.import")))


def _costs(parser: argparse.ArgumentParser) -> None:
    _spoken(parser, "costs", "summed")
    groups = ("team", "environment", "owner", "region", "cost_center", "workload_type", "workspace_name")
    parser.add_argument("--by", choices=groups, default="team", help=phrase("cli.costs.by"))
    parser.add_argument("--csv", action="store_true", help=phrase("cli.costs.csv"))
    parser.add_argument("--actual", action="store_true", help=phrase("cli.costs.actual"))


def _filters(parser: argparse.ArgumentParser) -> None:
    """What a list can be narrowed to and put in order by, as in the conversation."""
    parser.add_argument("--team", help=phrase("cli.deployments.team"))
    parser.add_argument("--region", help=phrase("cli.deployments.region"))
    parser.add_argument("--network", choices=("public", "vnet", "private_link"), help=phrase("cli.deployments.network"))
    parser.add_argument("--runtime", help=phrase("cli.deployments.runtime"))
    parser.add_argument("--cost-center", dest="cost_center", help=phrase("cli.deployments.cost_center"))
    parser.add_argument("--over", type=_amount, metavar="AMOUNT", help=phrase("cli.deployments.over"))
    parser.add_argument("--under", type=_amount, metavar="AMOUNT", help=phrase("cli.deployments.under"))
    parser.add_argument(
        "--expires-within", dest="within", type=int, metavar="DAYS", help=phrase("cli.deployments.within")
    )
    keys = ("cost", "name", "expiry", "age", "team", "environment", "region", "owner", "status")
    parser.add_argument("--sort", choices=keys, help=phrase("cli.deployments.sort"))
    parser.add_argument("--descending", action="store_true", help=phrase("cli.deployments.descending"))


def _amount(text: str) -> Decimal:
    """An amount, finite and not below 0."""
    try:
        amount = Decimal(text)
        if amount.is_finite() and amount >= 0:
            return amount
    except InvalidOperation:
        pass
    raise argparse.ArgumentTypeError(phrase("cli.deployments.no_amount", text=text))


def _count(text: str) -> int:
    """A whole number, at least 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(phrase("cli.deployments.no_amount", text=text))
    return int(text)


def _import(parser: argparse.ArgumentParser) -> None:
    _spoken(parser, "orders", "imported")
    parser.add_argument("azure_id", metavar="AZURE_ID", help=phrase("cli.deployments.azure_id"))
    parser.add_argument("--team", required=True)
    parser.add_argument("--environment", required=True, choices=("dev", "staging", "prod"))
    parser.add_argument("--workload", required=True, help=phrase("cli.deployments.workload"))


def _status(text: str) -> "DeploymentStatus":
    """The status of which a table prints that, or whose own word it is."""
    status = status_meant(text)
    if status is None or status not in STATUSES:
        words = ", ".join(state(known).partition(":")[0] for known in STATUSES)
        raise argparse.ArgumentTypeError(phrase("cli.deployments.no_status", text=text, words=words))
    return status


def _audit(parser: argparse.ArgumentParser) -> None:
    _reading(parser, "audit", "listed")
    parser.add_argument("--most", type=int, default=50, help=phrase("cli.audit.most"))
    commands = parser.add_subparsers(metavar="COMMAND")
    listed = commands.add_parser("list", help=phrase("cli.audit.list"))
    _reading(listed, "audit", "listed")
    listed.add_argument("--most", type=int, default=50)
    verify = commands.add_parser("verify", help=phrase("cli.audit.verify"))
    _reading(verify, "audit", "verified")
    verify.add_argument("--anchor", metavar="FILE_OR_TEXT", help=phrase("cli.audit.anchor"))
    anchor = commands.add_parser("anchor", help=phrase("cli.audit.anchor_help"))
    _reading(anchor, "audit", "anchored")
    anchor.add_argument("--out", type=Path, help=phrase("cli.audit.out"))


def _prices(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser("show", help=phrase("cli.prices.show"))
    _reading(show, "prices", "shown")
    show.add_argument("size", metavar="SIZE")
    show.add_argument("--region", required=True, help=phrase("cli.prices.region"))
    refresh = commands.add_parser("refresh", help=phrase("cli.prices.refresh"))
    _reading(refresh, "prices", "refreshed")
    refresh.add_argument("--region", help=phrase("cli.prices.region_only"))


def _slack(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    manifest = commands.add_parser("manifest", help=phrase("slack.cli.manifest"))
    manifest.add_argument("--mode", choices=("http", "socket"), help=phrase("slack.cli.mode"))
    manifest.set_defaults(command=_later("slack", "manifest"))


def _sandbox(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    reset = commands.add_parser("reset", help=phrase("cli.sandbox.reset"))
    reset.set_defaults(command=_later("sandbox", "reset"))
    fault = commands.add_parser("fault", help=phrase("cli.sandbox.fault"))
    fault.add_argument("kind", help=phrase("cli.sandbox.kind"))
    fault.add_argument("--type", default="%", help=phrase("cli.sandbox.type"))
    fault.add_argument("--times", type=int, default=1)
    fault.set_defaults(command=_later("sandbox", "fault"))
    _subscription(commands)
    prices = commands.add_parser("prices", help=phrase("cli.sandbox.prices"))
    prices.add_argument("--region", action="append", help=phrase("cli.sandbox.prices_region"))
    prices.set_defaults(command=_later("sandbox", "prices"))


def _subscription(commands: Any) -> None:
    """What the sandbox's subscription is told to have."""
    quota = commands.add_parser("quota", help=phrase("cli.sandbox.quota"))
    quota.add_argument("row", metavar="SIZE", help=phrase("cli.sandbox.row"))
    quota.add_argument("limit", type=_count, metavar="LIMIT", help=phrase("cli.sandbox.limit"))
    quota.add_argument("--used", type=_count, default=0, help=phrase("cli.sandbox.used"))
    quota.add_argument("--region", required=True)
    quota.set_defaults(command=_later("sandbox", "quota"))
    restrict = commands.add_parser("restrict", help=phrase("cli.sandbox.restrict"))
    restrict.add_argument("size", nargs="?", metavar="SIZE", help=phrase("cli.sandbox.restrict_size"))
    restrict.add_argument("--region", help=phrase("cli.sandbox.restrict_region"))
    restrict.add_argument("--zone", action="append", help=phrase("cli.sandbox.zone"))
    restrict.add_argument("--name", help=phrase("cli.sandbox.name"))
    restrict.add_argument("--clear", action="store_true", help=phrase("cli.sandbox.clear"))
    restrict.set_defaults(command=_later("sandbox", "restrict"))
    bill = commands.add_parser("bill", help=phrase("cli.sandbox.bill"))
    bill.add_argument("hours", type=_amount, nargs="?", default=Decimal(0), help=phrase("cli.sandbox.hours"))
    bill.add_argument("--factor", type=_amount, help=phrase("cli.sandbox.factor"))
    bill.add_argument("--jump", type=_amount, help=phrase("cli.sandbox.jump"))
    bill.set_defaults(command=_later("sandbox", "bill"))


def _teams(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    manifest = commands.add_parser("manifest", help=phrase("cli.teams.manifest"))
    manifest.add_argument("--out", required=True, type=Path, metavar="FILE", help=phrase("cli.teams.out"))
    manifest.set_defaults(command=_later("teams", "manifest"))


def _add_speaker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="name", help=phrase("cli.speaker.name"))
    parser.add_argument("--role", action="append", help=phrase("cli.speaker.role"))


def _add_double(parser: argparse.ArgumentParser, *, help_: str) -> None:
    parser.add_argument("--model-double", metavar="SCRIPT", nargs="?", const="faithful", help=help_)


def _one(commands: Any, name: str, help_: str, module: str, function: str) -> argparse.ArgumentParser:
    """The parser of a command about one workspace."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_)
    _spoken(parser, module, function)
    parser.add_argument("workspace", metavar="NAME")
    return parser


def _spoken(parser: argparse.ArgumentParser, module: str, function: str) -> None:
    """What is asked for depends on who asks."""
    _add_speaker(parser)
    _reading(parser, module, function)


def _reading(parser: argparse.ArgumentParser, module: str, function: str) -> None:
    parser.add_argument("--json", action="store_true", help=phrase("cli.json"))
    parser.set_defaults(command=_later(module, function))


def _later(module: str, function: str) -> Command:
    """The command itself, imported when it is run."""

    def run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
        command: Command = getattr(import_module(f"agent.cli.{module}"), function)
        return command(options, environment)

    return run
