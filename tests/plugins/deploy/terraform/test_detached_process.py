"""A command that outlives its reader; a shell script stands in for Terraform."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugins.deploy.terraform import exit_watch, spawn
from plugins.deploy.terraform.exit_watch import ExitWatch
from plugins.deploy.terraform.process import CommandResult, TerraformCommand, attach, stop
from plugins.deploy.terraform.spawn import DetachedProcess, runs_in, start
from plugins.domain.errors import DeploymentFailed

pytestmark = pytest.mark.integration

ENVIRONMENT = {"PATH": os.environ["PATH"], "SECRET": "s3cret"}
WAITING = """
trap 'echo stopping; sleep 0.3; kill $!; exit 1' INT
echo begun
(trap '' INT; echo x >>begun; exec sleep 60) &
wait
"""
"""Ends cleanly a moment after it is interrupted, and leaves a line in "begun" each time it is started.

The line is written by the child, once it hears no interrupt any more: one that came while the shell was forking would
find a second shell with this trap.
"""


def command(script: str, *, limit: float = 60) -> TerraformCommand:
    return TerraformCommand("apply", ("-c", script), limit)


async def ended(folder: Path, script: str, *, limit: float = 60) -> tuple[CommandResult, list[tuple[int, str]]]:
    told: list[tuple[int, str]] = []

    def tell(number: int, line: str) -> None:
        told.append((number, line))

    return await attach(("sh",), command(script, limit=limit), folder, ENVIRONMENT, tell), told


def stat_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text("utf-8")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


async def waiting(folder: Path) -> tuple[DetachedProcess, "asyncio.Task[tuple[CommandResult, list[tuple[int, str]]]]"]:
    """A run under way, and the task that follows it."""
    reading = asyncio.create_task(ended(folder, WAITING))
    await until((folder / "begun").exists)
    return DetachedProcess(folder, "apply"), reading


async def test_lines_are_told_with_their_numbers_and_the_code_is_kept(tmp_path: Path) -> None:
    found, told = await ended(tmp_path, "echo one; echo two >&2; printf three; exit 2")
    assert told == [(1, "one"), (2, "three")]
    assert (found.code, found.output, found.errors, found.stopped) == (2, "one\nthree", "two\n", None)


async def test_a_later_reader_is_told_the_same_and_starts_nothing(tmp_path: Path) -> None:
    first = await ended(tmp_path, "echo x >>begun; echo one")
    assert await ended(tmp_path, "echo x >>begun; echo one") == first
    assert (tmp_path / "begun").read_text("utf-8") == "x\n"


async def test_of_many_starters_one_wins(tmp_path: Path) -> None:
    found = await asyncio.gather(*(ended(tmp_path, "echo x >>begun; echo one") for _ in range(8)))
    assert [each.code for each, _ in found] == [0] * 8
    run = DetachedProcess(tmp_path, "apply")
    for _ in range(4):
        start(run, ("sh", "-c", "echo x >>begun"), ENVIRONMENT)
    assert (tmp_path / "begun").read_text("utf-8") == "x\n"
    assert runs_in(tmp_path) == [run]


async def test_many_starters_of_many_runs_share_each_run_once(tmp_path: Path) -> None:
    def begun(name: str) -> None:
        start(DetachedProcess(tmp_path, name), ("sh", "-c", "echo x >>$0", name), ENVIRONMENT)

    names = [f"apply{number}" for number in range(40)]
    with ThreadPoolExecutor(4) as starters:
        list(starters.map(begun, [name for name in names for _ in range(4)]))
    await until(lambda: all(run.has_ended for run in runs_in(tmp_path)))
    assert [(tmp_path / name).read_text("utf-8") for name in names] == ["x\n"] * 40


async def test_what_was_claimed_by_one_who_died_just_then_did_not_begin_and_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(spawn.os, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            start(DetachedProcess(tmp_path, "apply"), ("sh", "-c", "echo x >>begun"), ENVIRONMENT)
    run = DetachedProcess(tmp_path, "apply")
    await until(lambda: not run.is_alive())
    assert (run.is_started, run.has_ended, run.code) == (True, True, None)
    assert (await ended(tmp_path, "echo x >>begun"))[0].code is None
    assert [path.name for path in files_in(tmp_path)] == ["apply.pid"]


async def followed(folder: Path, script: str, then: str) -> tuple[CommandResult, DetachedProcess]:
    """How the first ended, and the run of what was to follow it."""
    shown = TerraformCommand("show", ("-c", then), 60)
    found = await attach(("sh",), command(script), folder, ENVIRONMENT, then=shown)
    return found, DetachedProcess(folder, "show")


async def test_what_follows_runs_in_the_same_shell_and_is_found_as_any_run(tmp_path: Path) -> None:
    found, shown = await followed(tmp_path, "echo planned", "echo shown; exit 4")
    assert (found.code, found.output) == (0, "planned\n")
    assert shown.leader == DetachedProcess(tmp_path, "apply").leader
    again = await attach(("sh",), TerraformCommand("show", ("-c", "echo never"), 60), tmp_path, ENVIRONMENT)
    assert (again.code, again.output) == (4, "shown\n")


async def test_nothing_follows_what_did_not_end_well(tmp_path: Path) -> None:
    found, shown = await followed(tmp_path, "exit 1", "echo x >>begun")
    assert found.code == 1
    assert not shown.is_started
    assert not DetachedProcess(tmp_path, "apply").is_alive()


async def test_nothing_follows_what_was_told_to_stop_and_ended_well(tmp_path: Path) -> None:
    reading = asyncio.create_task(followed(tmp_path, WAITING.replace("exit 1", "exit 0"), "true"))
    await until((tmp_path / "begun").exists)
    assert await stop(DetachedProcess(tmp_path, "apply"))
    found, shown = await reading
    assert (found.code, found.stopped, shown.is_started) == (0, "cancelled", False)


async def test_what_follows_is_stopped_as_any_run(tmp_path: Path) -> None:
    reading = asyncio.create_task(followed(tmp_path, "exit 0", WAITING))
    await until((tmp_path / "begun").exists)
    assert [run.name for run in runs_in(tmp_path) if not run.has_ended] == ["show"]
    assert await stop(DetachedProcess(tmp_path, "show"))
    found, shown = await reading
    assert (found.code, shown.code) == (0, 1)


async def test_a_line_is_told_when_it_is_complete(tmp_path: Path) -> None:
    script = "printf on; : >begun; while [ ! -e on ]; do :; done; echo e"
    told: list[str] = []
    reading = asyncio.create_task(
        attach(("sh",), command(script), tmp_path, ENVIRONMENT, lambda _number, line: told.append(line))
    )
    await until((tmp_path / "begun").exists)
    await asyncio.sleep(0.03)
    before = list(told)
    (tmp_path / "on").touch()
    await reading
    assert (before, told) == ([], ["one"])


async def test_separators_that_are_no_line_ends_stay_in_the_line(tmp_path: Path) -> None:
    _, told = await ended(tmp_path, r"printf 'a\342\200\250b\014c\n'")
    assert told == [(1, "a\u2028b\x0cc")]


async def test_cancelling_the_reader_leaves_the_command_running(tmp_path: Path) -> None:
    run, reading = await waiting(tmp_path)
    reading.cancel()
    await asyncio.wait({reading})
    assert run.is_alive()
    assert await stop(run)


async def test_a_stop_is_one_interrupt_whoever_asks_and_how_often(tmp_path: Path) -> None:
    run, reading = await waiting(tmp_path)
    assert await asyncio.gather(stop(run), stop(run), stop(DetachedProcess(tmp_path, "apply"))) == [True] * 3
    found, told = await reading
    assert (found.code, found.stopped) == (1, "cancelled")
    assert told == [(1, "begun"), (2, "stopping")]
    assert not await stop(run)


async def test_nothing_is_stopped_where_nothing_runs(tmp_path: Path) -> None:
    assert not await stop(DetachedProcess(tmp_path, "apply"))
    await ended(tmp_path, "exit 0")
    assert not await stop(DetachedProcess(tmp_path, "apply"))
    assert not (tmp_path / "apply.stop").exists()


async def test_past_its_limit_it_is_stopped_and_says_so(tmp_path: Path) -> None:
    _, reading = await waiting(tmp_path)
    found, _ = await ended(tmp_path, WAITING, limit=0.01)
    assert (found.code, found.stopped) == (1, "timeout")
    assert (await reading)[0] == found
    assert (await ended(tmp_path, WAITING))[0] == found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_command_that_dies_of_a_signal_has_no_code(tmp_path: Path, number: signal.Signals) -> None:
    found, _ = await ended(tmp_path, f"echo one; kill -{number.value} $$")
    assert (found.code, found.output) == (None, "one\n")


async def test_killed_with_its_whole_session_it_died(tmp_path: Path) -> None:
    run, reading = await waiting(tmp_path)
    run.signal(signal.SIGKILL)
    found, _ = await reading
    assert found.code is None
    assert run.code is None
    assert not run.is_alive()


async def test_while_its_shell_alone_is_gone_it_still_runs(tmp_path: Path) -> None:
    run, reading = await waiting(tmp_path)
    leader = run.leader
    assert leader is not None
    os.kill(leader.pid, signal.SIGKILL)
    await asyncio.sleep(0.05)
    assert run.is_alive()
    assert not reading.done()
    run.signal(signal.SIGKILL)
    assert (await reading)[0].code is None


async def test_another_process_of_the_same_number_is_not_taken_for_it(tmp_path: Path) -> None:
    """Numbers are given again: this one is ours, and it started at another time."""
    fields = stat_of(os.getpid()).split()
    fields[21] = "1"
    (tmp_path / "apply.pid").write_text(" ".join(fields), "utf-8")
    run = DetachedProcess(tmp_path, "apply")
    assert not run.is_alive()
    run.signal(signal.SIGKILL)
    assert (await ended(tmp_path, "echo never"))[0].code is None


async def test_nothing_of_the_environment_is_written(tmp_path: Path) -> None:
    found, _ = await ended(tmp_path, '[ "$SECRET" = s3cret ]')
    assert found.code == 0
    written = files_in(tmp_path)
    assert sorted(path.suffix for path in written) == [".err", ".out", ".pid", ".rc"]
    assert not any(b"s3cret" in path.read_bytes() for path in written)
    assert not any(path.stat().st_mode & 0o077 for path in written)


async def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeploymentFailed, match="could not be started"):
        await ended(tmp_path / "missing", "exit 0")


async def test_who_reads_from_the_agent_does_not_wait_for_the_run(tmp_path: Path) -> None:
    """`brickie … | jq` ends with Brickie, though Terraform goes on."""
    agent = (
        "from pathlib import Path; from plugins.deploy.terraform.spawn import DetachedProcess, start; print('said'); "
        f"start(DetachedProcess(Path({str(tmp_path)!r}), 'apply'), ['sleep', '60'], {{}})"
    )
    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-c", agent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(10):
        assert (await reader.communicate())[0] == b"said\n"
    run = DetachedProcess(tmp_path, "apply")
    assert run.is_alive()
    run.signal(signal.SIGKILL)


def test_a_command_has_ended_once_its_code_is_there_though_its_shell_lives_on(tmp_path: Path) -> None:
    """What was kept out of the state for an apply is put back at its end, however slowly its shell goes."""
    run = DetachedProcess(tmp_path, "apply")
    assert run.has_ended  # nothing was started
    # This very process stands in for the shell.
    run.path("pid").write_text(Path("/proc/self/stat").read_text("utf-8"), "utf-8")
    assert run.is_alive()
    for begun_writing in ("", "13"):
        run.path("rc").write_text(begun_writing, "utf-8")
        assert not run.has_ended
    run.path("rc").write_text("0\n", "utf-8")
    assert run.is_alive()
    assert run.has_ended


async def test_its_end_is_heard_of_between_two_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever started it: here a shell that is no child of the reader's. The next look would be an hour away."""
    monkeypatch.setattr(exit_watch, "_LONGEST_SECONDS", 3600.0)
    monkeypatch.setattr(exit_watch, "_POLL_SECONDS", 3600.0)
    run = DetachedProcess(tmp_path, "apply")
    starter = (
        "import sys; from pathlib import Path; from plugins.deploy.terraform.spawn import DetachedProcess, start; "
        "start(DetachedProcess(Path(sys.argv[1]), 'apply'), ('sh', '-c', 'read line <go'), {'PATH': sys.argv[2]})"
    )
    os.mkfifo(tmp_path / "go")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", starter, str(tmp_path), os.environ["PATH"])
    assert await process.wait() == 0
    with ExitWatch(run) as watch:
        heard = asyncio.create_task(watch.wait(3600))
        await asyncio.sleep(0)
        assert not heard.done()
        (tmp_path / "go").write_text("\n", "utf-8")
        async with asyncio.timeout(20):
            await heard
    assert run.code == 0


async def test_where_the_system_does_not_tell_it_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    found, told = await ended(tmp_path, "echo one; sleep 0.2; echo two")
    assert (found.code, told) == (0, [(1, "one"), (2, "two")])
