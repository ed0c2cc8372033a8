"""Spans of a turn, its brain, its verbs and the deployments: enough to follow one conversation, and no word of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agent import telemetry
from agent.app import App, AppEnvironment
from agent.brain.double.scripts import faithful
from agent.brain.double.server import Double, serving
from agent.brain.factory import BrainDependencies, brain_for
from agent.events import Incoming
from agent.paths import place
from agent.settings import Settings
from agent.telemetry import DeploymentSpans, provided
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person
from plugins.domain.understanding import Context

pytestmark = pytest.mark.integration

ANA = Person(id="ana", name="Ana", roles=("requester", "approver"))


async def nothing(_: Context, __: str, ___: Any) -> dict[str, Any]:
    return {}


async def test_a_conversation_can_be_followed_in_spans_that_hold_no_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = InMemorySpanExporter()
    provider = provided(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    with serving(Double(faithful)) as address:
        settings = Settings.model_validate(
            {"Model": {"BaseUrl": address, "Name": "double", "InputPricePerMillion": 1, "OutputPricePerMillion": 2}}
        )
        brain = brain_for(BrainDependencies(settings, lambda: datetime.now(UTC).date(), nothing), {})
        in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        app = App(AppEnvironment(settings, {}, tmp_path), brain=brain, terraform=in_memory, inline=True)
        app.listen(DeploymentSpans(provider.get_tracer("brickie")).hear)
        for text in ("Databricks for the zebra team in dev, etl", "yes"):
            await app.reply_to(Incoming(conversation="cnv_7", person=ANA, text=text), until_settled=True)
        await app.close()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert {"turn", "brain", "chat double", "verb parse", "verb decide", "verb estimate", "verb check"} <= set(spans)
    assert (spans["brain"].attributes or {})["brickie.conversation"] == "cnv_7"
    assert int(str((spans["brain"].attributes or {})["brickie.conversation.tokens"])) > 1000
    assert float(str((spans["brain"].attributes or {})["brickie.conversation.money"])) > 0
    assert int(str((spans["chat double"].attributes or {})["gen_ai.usage.input_tokens"])) > 1000
    turns = {span.context.trace_id for span in exporter.get_finished_spans() if span.name == "turn" and span.context}
    assert spans["chat double"].context
    assert spans["chat double"].context.trace_id in turns
    told = "".join(json.dumps(json.loads(span.to_json())) for span in exporter.get_finished_spans())
    assert "zebra" not in told


def test_telemetry_that_is_off_listens_to_nothing() -> None:
    assert telemetry.switch_on(Settings().telemetry) == telemetry.Watching()
