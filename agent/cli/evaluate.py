"""`brickie eval`: how well a brain reads a labelled set, and what a model is sent for it."""

import argparse
import asyncio
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext

from agent.evaluation.labels import GoldConversation, GoldLine, read_gold
from agent.output import put, put_json, tell
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError


def evaluate(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Prints the figures, the first problems and the score as the last line; with --show-prompt only what is sent."""
    if options.feedback:
        return asyncio.run(_rated(options, environment))
    if options.file is None:
        raise error_of(ConfigurationError, "cli.eval.nothing_named")
    from agent.evaluation import report  # a second of imports

    gold = read_gold(options.file)
    if options.show_prompt:
        from agent.evaluation.prompts import asked

        put(asked(_messages(gold, "--show-prompt"), environment))
        return 0
    # Before the run: an hour later it would be too late to say so.
    if options.repeat < 1:
        raise error_of(ConfigurationError, "cli.eval.repeat_below_one")
    # Read before the run: a file that is none would else be found at its end.
    other = report.load(options.against) if options.against else None
    with _pointed(options, gold, environment) as (kind, pointed):
        from agent.evaluation.runner import run_now

        run = run_now(gold, kind=kind, repeat=options.repeat, environment=pointed)
    if options.save:
        report.save(options.save, run)
    if other is not None:
        put(report.compared(report.figures(run), other[1], (run.brain, other[0])))
    put(report.table(run, show=options.show))
    return 0


async def _rated(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """What people thought of answers: a JSON line a message on standard output or in --save, the count beside it."""
    from agent.cli.session import CommandSession
    from agent.evaluation.feedback import labels, rated

    session = CommandSession(options, environment)
    turns = await session.read(lambda records: rated(records, session.viewer))
    await session.close()
    with options.save.open("w", encoding="utf-8") if options.save else nullcontext(sys.stdout) as out:
        for label in labels(turns):
            put_json(label, out)
    counts = {verdict: sum(turn.verdict == verdict for turn in turns) for verdict in ("good", "bad")}
    tell(phrase("cli.eval.rated", **counts))
    return 0


@contextmanager
def _pointed(
    options: argparse.Namespace, gold: list[GoldLine] | list[GoldConversation], environment: Mapping[str, str]
) -> Generator[tuple[str, Mapping[str, str]]]:
    """The brain's name, and the environment with a double in the model's place where one is asked for."""
    if options.readings is not None:
        if options.brain != "model":
            raise error_of(ConfigurationError, "cli.eval.readings_of_rules")
        from agent.brain.double.readings import replayed
        from agent.brain.double.stand_in import served

        texts = {line.id: line.text for line in _messages(gold, "--readings")}
        with served(environment, replayed(options.readings, texts)) as pointed:
            yield "model", pointed
    elif options.model_double is not None:
        from agent.brain.double.stand_in import doubled

        with doubled(environment, options.model_double) as pointed:
            yield "model", pointed
    else:
        yield options.brain, environment


def _messages(gold: list[GoldLine] | list[GoldConversation], option: str) -> list[GoldLine]:
    lines = [item for item in gold if isinstance(item, GoldLine)]
    if not lines:
        raise error_of(ConfigurationError, "cli.eval.conversations", option=option)
    return lines
