"""`brickie worker`, a real process: told to stop in the middle of an apply, and started again."""

import asyncio
import os
import select
import signal
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from crashing import ROOT, Ground, until
from forked import Forked
from kill_points import CHANGES, REQUEST, halted, terraform_of

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path

pytestmark = pytest.mark.durable

STOPS_SECONDS = 5.0


class Worker:
    """`brickie worker`, and what it wrote."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        (heard, its_output), (told, its_errors) = os.pipe(), os.pipe()
        with Path(os.devnull).open() as nothing:
            files = (nothing.fileno(), its_output, its_errors)
            self.process = Forked("agent", ("worker",), files=files, env={**os.environ, **environment}, folder=ROOT)
        os.close(its_output)
        os.close(its_errors)
        self._output, self._errors = os.fdopen(heard), os.fdopen(told)

    async def told(self, words: str) -> None:
        """Returns when a line with these words was on standard error."""
        line = ""
        while words not in line:
            line = await asyncio.to_thread(self._line)
            assert line, f"the worker ended, or did not say {words!r} in time"

    def _line(self) -> str:
        if not select.select([self._errors], [], [], 30)[0]:
            return ""
        return self._errors.readline()

    async def stopped(self) -> tuple[int, str, str]:
        """Told to stop; exit code, output and errors."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> tuple[int, str, str]:
        code = await asyncio.to_thread(self.process.ended, 60)
        with self._output, self._errors:
            return code, self._output.read(), self._errors.read()

    def killed(self) -> None:
        """Where it has not ended, and been heard to the end, before."""
        self.process.send_signal(signal.SIGKILL)
        self._output.close()
        self._errors.close()


@pytest.mark.alone
@pytest.mark.terraform
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_worker_that_is_told_to_stop_leaves_terraform_to_the_next(database: str, ground: Ground) -> None:
    """SIGTERM ends it at once, with nothing to say but that it is ready; the apply goes on, and is finished once."""
    del database
    slow = replace(ground, speed=0.02)
    workers: list[Worker] = []
    try:
        talk = await slow.child(in_memory=False)
        await talk.say(REQUEST)
        await talk.heard("plan")
        await talk.say("yes")
        await until(lambda: SandboxCloud(cloud_path(ground.home)).operations("create"), "the first resource")
        with halted(ground.home, "apply"):
            worker = Worker(slow.environment)
            workers.append(worker)
            await worker.told("ready")
            await talk.killed()
            await worker.told("taking over the work of here-0")
            began = time.monotonic()
            code, out, errors = await worker.stopped()
            assert time.monotonic() - began <= STOPS_SECONDS
            assert (code, out) == (0, "")
            assert errors == ""
            assert terraform_of(ground.home, "apply"), "Terraform ended with its worker"
        next_one = Worker(slow.environment)
        workers.append(next_one)
        await slow.settled()
        assert (await next_one.stopped())[0] == 0
        story = await slow.story()
    finally:
        await slow.clear()
        for started in workers:
            started.killed()
    assert [event["status"] for event in story.told("result")] == ["succeeded"]
    assert len(SandboxCloud(cloud_path(ground.home)).operations("create")) == CHANGES
    assert story.audit_fault is None


@pytest.mark.parametrize("database", ["sqlite"])
async def test_a_second_worker_of_one_name_is_refused(database: str, ground: Ground) -> None:
    """As any second process is, on both databases: tests/store/test_no_database.py."""
    del database
    named = {**ground.environment, "Engine__Executor": "mine"}
    first = Worker(named)
    try:
        await first.told("ready")
        code, out, errors = await Worker(named).ended()
        assert (code, out) == (2, "")
        assert errors.count("\n") == 1
        assert "a process named mine is at work on this database already" in errors
    finally:
        assert (await first.stopped())[0] == 0
