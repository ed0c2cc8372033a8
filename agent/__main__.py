"""The command line: contract, section 5.

Standard output carries data, standard error what is said about the run. Exit codes: 0 done, 1 the thing asked for
failed, 2 usage or configuration. Heavy parts are imported by the command that needs them.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.arguments import add_commands, add_speaker
from agent.output import log_plainly, plain_parser, put, put_json, tell
from plugins.domain.errors import ConfigurationError, InfraError

if TYPE_CHECKING:
    from agent.app import App
    from plugins.domain.plan import Person

Environment = Mapping[str, str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; never lets an exception's text out."""
    log_plainly()
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, Environment], int] = options.command
    try:
        return command(options, os.environ)
    except ConfigurationError as error:
        tell(f"brickie: {error}")
        return 2
    except InfraError as error:
        tell(f"brickie: {error}")
        return 1
    except KeyboardInterrupt:
        tell("brickie: stopped.")
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = plain_parser(prog="brickie", description="Azure Databricks workspaces, from a sentence to a URL.")
    parser.add_argument("--version", action="version", version=f"brickie {_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    chat = commands.add_parser("chat", help="hold a conversation here")
    chat.add_argument("message", nargs="*", help="what to say first")
    chat.add_argument("--json", action="store_true", help="JSON lines in and out, for scripts")
    chat.add_argument(
        "--until-settled", action="store_true", help="a turn lasts until its plans and deployments have ended"
    )
    add_speaker(chat)
    chat.add_argument(
        "--model-double",
        metavar="SCRIPT",
        nargs="?",
        const="faithful",
        help="let a stand-in on this machine play the language model: faithful, obedient, or a fault such as busy",
    )
    chat.set_defaults(command=_chat)
    parse = commands.add_parser("parse", help="understand messages, nothing else")
    how = parse.add_mutually_exclusive_group(required=True)
    how.add_argument("--jsonl", action="store_true", help='lines {"id": …, "text": …} on standard input')
    how.add_argument("--explain", metavar="TEXT", help="what is read from which words of TEXT, and what is not used")
    parse.set_defaults(command=_parse)
    plan = commands.add_parser("plan", help="decide, price and plan without a conversation; nothing is applied")
    plan.add_argument("text", help="the request, in a sentence")
    plan.add_argument("--out", required=True, type=Path, help="the folder for the Terraform files")
    plan.add_argument("--json", action="store_true", help="the plan event as JSON")
    plan.set_defaults(command=_plan)
    _eval_command(commands.add_parser("eval", help="run a labelled set and print how well a brain reads"))
    mcp = commands.add_parser("mcp", help="serve the reading and proposing functions to an assistant, over stdio")
    mcp.set_defaults(command=_mcp)
    doctor = commands.add_parser("doctor", help="what is configured, what is missing, how to fix it")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(command=_doctor)
    serve = commands.add_parser("serve", help="the web page, the widget and the channels of chat services")
    serve.add_argument("--host", help="the address to listen on (shipped: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="the port to listen on (shipped: 8765)")
    serve.set_defaults(command=_serve)
    add_commands(commands)
    sandbox = commands.add_parser("sandbox", help="the sandbox cloud")
    _sandbox_commands(sandbox)
    return parser


def _sandbox_commands(sandbox: argparse.ArgumentParser) -> None:
    commands = sandbox.add_subparsers(required=True, metavar="COMMAND")
    reset = commands.add_parser("reset", help="forget the sandbox cloud and everything deployed in it")
    reset.set_defaults(command=_sandbox_reset)
    fault = commands.add_parser("fault", help="order a fault, to see what happens then")
    fault.add_argument("kind", help="quota, throttled, name_conflict, policy, region, half_way, cluster_start …")
    fault.add_argument("--type", default="%", help="Terraform type, %% as wildcard")
    fault.add_argument("--times", type=int, default=1)
    fault.set_defaults(command=_sandbox_fault)


def _eval_command(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("file", type=Path, help="labelled messages or conversations, one JSON object a line")
    evaluate.add_argument("--brain", choices=["rules", "model"], default="rules")
    evaluate.add_argument("--repeat", type=int, default=1, metavar="N", help="run each item N times (pass^1 … pass^N)")
    evaluate.add_argument("--show", type=int, default=15, metavar="N", help="print the first N items with a problem")
    evaluate.add_argument("--save", type=Path, metavar="RUN", help="keep this run's figures")
    evaluate.add_argument("--against", type=Path, metavar="RUN", help="compare with a run that was kept")
    evaluate.add_argument("--model-double", metavar="SCRIPT", nargs="?", const="faithful", help="as with chat")
    evaluate.add_argument(
        "--readings",
        type=Path,
        metavar="READINGS",
        help='with --brain model: replay these readings, {"id", "arguments"} a line, in the model\'s place',
    )
    evaluate.add_argument(
        "--show-prompt",
        action="store_true",
        help="print what a model is sent for each message, to be answered by hand and given to --readings",
    )
    evaluate.set_defaults(command=_eval)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("brickie")
    except PackageNotFoundError:
        return "unknown (not installed)"


def _chat(options: argparse.Namespace, environment: Environment) -> int:
    if options.model_double is not None:
        from agent.brain.double.stand_in import doubled

        with doubled(environment, options.model_double) as pointed:
            options.model_double = None
            return _chat(options, pointed)
    from agent.paths import home_of, model_is_named, sandbox_is_named

    def start() -> "tuple[App, Person]":
        """The running app and who speaks: half a second of imports, behind the first prompt."""
        from agent import app
        from agent.cli.session import speaker
        from agent.settings import read_settings

        settings = read_settings(environment)
        person = speaker(options, settings)
        return app.build(environment), person

    if options.json:
        from agent.app import believes
        from agent.channels import json_lines
        from agent.settings import read_settings

        believed = believes(read_settings(environment))
        running, person = start()
        return json_lines.converse(running, person, believed=believed, until_settled=options.until_settled)
    from agent.channels import terminal

    first = " ".join(options.message) or None
    return terminal.converse(
        start,
        first=first,
        home=home_of(environment),
        sandbox=sandbox_is_named(environment),
        behind=("agent.brain.semantic_kernel",) if model_is_named(environment) else (),
    )


def _parse(options: argparse.Namespace, environment: Environment) -> int:
    from agent.settings import read_settings
    from agent.views.first_reading import understood_line, warn_of_credentials

    settings = read_settings(environment)
    today = datetime.now(UTC).date()
    if options.explain is not None:
        from agent.cli.explain import explain

        explain(options.explain, settings, today)
        warn_of_credentials(options.explain)
        return 0
    for line in sys.stdin:
        if line.strip():
            put_json(understood_line(line, settings, today))
            warn_of_credentials(line)
    return 0


def _plan(options: argparse.Namespace, environment: Environment) -> int:
    from agent.cli.plan import plan_once

    return plan_once(environment, options.text, options.out, as_json=options.json)


def _eval(options: argparse.Namespace, environment: Environment) -> int:
    from agent.cli.evaluate import evaluate

    return evaluate(options, environment)


def _mcp(options: argparse.Namespace, environment: Environment) -> int:
    del options
    import tomllib

    from agent import app
    from agent.channels.mcp import McpSession, serve
    from agent.paths import place
    from agent.settings import read_settings

    settings = read_settings(environment)
    words = tomllib.loads((place("prompts") / "functions.toml").read_text("utf-8"))
    allowed = settings.approvals.elicitation
    return serve(
        app.build(environment),
        McpSession(app.local_person(settings), settings.platform, lambda: datetime.now(UTC).date(), words),
        elicits=settings.cloud.mode == "sandbox" if allowed is None else allowed,
    )


def _doctor(options: argparse.Namespace, environment: Environment) -> int:
    from agent.cli.doctor import examine, report

    checks = examine(environment)
    if options.json:
        put_json({"checks": [check.as_json() for check in checks]})
    else:
        put(report(checks))
    return 1 if any(check.state == "missing" for check in checks) else 0


def _serve(options: argparse.Namespace, environment: Environment) -> int:
    from agent.cli.serve import serve_web

    return serve_web(environment, host=options.host, port=options.port)


def _sandbox_reset(options: argparse.Namespace, environment: Environment) -> int:
    del options
    from agent.app import reset_sandbox

    tell(reset_sandbox(environment))
    return 0


def _sandbox_fault(options: argparse.Namespace, environment: Environment) -> int:
    from agent.app import order_fault

    order_fault(environment, options.kind, resource_type=options.type, times=options.times)
    tell(f"The next {options.times} matching operation(s) in the sandbox will meet: {options.kind}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
