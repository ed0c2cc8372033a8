"""What a start and a rules turn load, and what is left to those who need it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

LATE = ("semantic_kernel", "openai", "numpy", "scipy", "botbuilder", "botframework", "azure", "msal", "alembic", "grpc")
"""Half a gigabyte of packages, and up to three seconds."""

SERVED = """
import asyncio, json, os, sys
from pathlib import Path
from agent.app import App, AppEnvironment
from agent.channels.server import Server
from agent.cli.chat_platforms import chat_platforms
from agent.cli.serve import chat_of, installation_of
from agent.events import Incoming
from agent.settings import Settings
from plugins.domain.plan import Person

async def served() -> None:
    world = AppEnvironment(Settings.model_validate({"Web": {"Port": 0}}), os.environ, Path(sys.argv[1]))
    app = App(world)
    server = Server(chat_of(world, app), installation_of(world.settings, world.home), chat_platforms(world, app))
    await server.start()
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
    person = Person(id="ana", name="Ana", roles=("requester",))
    await app.reply_to(Incoming(conversation="c", person=person, text="what would a dev etl workspace cost?"),
                       until_settled=False)
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
    await server.stop()

asyncio.run(served())
"""


def loaded(code: str, *arguments: str, **environment: str) -> list[set[str]]:
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return [set(json.loads(line)) for line in run.stdout.splitlines()]


def test_a_server_and_its_first_turn_by_the_rules_load_no_model_no_platform_and_no_cloud(tmp_path: Path) -> None:
    """On a fresh home, too: its tables are laid out without the tool that migrates older ones."""
    idle, spoken_to = loaded(SERVED, str(tmp_path / "home"))
    assert "aiohttp" in idle  # it is the whole server that was started
    assert sorted((idle | spoken_to) & set(LATE)) == []
    # Nobody has spoken yet, and no work was left: what carries out orders is not loaded, either.
    assert sorted(idle & {"dbos", "psycopg", "jinja2"}) == []


def test_the_first_prompt_stands_before_anything_else_is_loaded() -> None:
    code = (
        "import json, sys\nfrom agent.__main__ import main\nfrom agent.channels import terminal\n"
        "def first(*_, **__):\n    print(json.dumps(sorted(sys.modules)))\n    return 0\n"
        "terminal.converse = first\nmain(['chat'])\n"
    )
    (found,) = loaded(code)
    late = {*LATE, "agent.app", "sqlalchemy", "dbos", "aiohttp", "jinja2"}
    assert sorted(found & late) == []
