"""What `brickie serve` costs with nobody there, and how soon `brickie chat` asks for the first message.

    .venv/bin/python tests/bench/idle.py [--seconds 60]

Computing and memory are of the whole tree of processes, after it has settled: at a first start, on an empty home, and
at a second one. Memory is what is resident, and the proportional share of it (shared libraries counted once for all who
have them). The first prompt is looked for on a terminal of its own.
"""

import argparse
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

BRICKIE = Path(sys.executable).with_name("brickie")
SETTLED_SECONDS = 10
PORT = 18_790
PROMPT = re.compile(rb"\x1b\[\?2004h.*>", re.DOTALL)
"""Bracketed paste is switched on with the line that is typed into."""

LIMIT_PERCENT, LIMIT_MB, LIMIT_PROMPT_SECONDS = 0.4, 105.0, 0.3


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def computed(process: psutil.Process) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in tree(process))


def idle(home: Path, seconds: float) -> tuple[float, float, float]:
    """Percent of a core, resident and proportional megabytes."""
    environment = {**os.environ, "BRICKIE_HOME": str(home)}
    command = [BRICKIE, "serve", "--port", str(PORT)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        assert "http" in served.stderr.readline()
        time.sleep(SETTLED_SECONDS)
        process = psutil.Process(served.pid)
        before = computed(process)
        time.sleep(seconds)
        percent = (computed(process) - before) / seconds * 100
        memory = [each.memory_full_info() for each in tree(process)]
        served.terminate()
    return percent, sum(each.rss for each in memory) / 1e6, sum(each.pss for each in memory) / 1e6


def prompted(home: Path) -> tuple[float, float]:
    """Seconds until a first message can be typed, and those that were computed for it."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "BRICKIE_HOME": str(home), "TERM": "xterm"}
    began = time.perf_counter()
    with subprocess.Popen([BRICKIE, "chat"], env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as chat:
        seen = b""
        while not PROMPT.search(seen):
            seen += os.read(ours, 4096)
        took = time.perf_counter() - began, computed(psutil.Process(chat.pid))
        chat.kill()
    os.close(ours)
    os.close(theirs)
    return took


def main(seconds: float) -> int:
    held = True
    with tempfile.TemporaryDirectory() as folder:
        for start in ("first", "second"):
            percent, resident, share = idle(Path(folder), seconds)
            held = held and percent <= LIMIT_PERCENT and share <= LIMIT_MB
            print(f"{start} start: {percent:.2f} % of a core, {resident:.0f} MB resident, {share:.0f} MB its share")
        prompts = sorted(prompted(Path(folder)) for _ in range(5))
    took, computing = prompts[2]
    print(f"first prompt: median {took:.2f} s, {computing:.2f} s of it computing")
    return 0 if held and took <= LIMIT_PROMPT_SECONDS else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    sys.exit(main(parser.parse_args().seconds))
