"""Threads share one heap, so that what one of them frees another takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="of the GNU C library alone"),
]

ROOT = Path(__file__).parents[2]
HEAPS = """
import ctypes, hashlib, sys, threading
from agent.heap import share_one_heap

if sys.argv[1] == "shared":
    share_one_heap()
held = threading.Barrier(9)

def allocate():
    kept = [bytearray(5000) for _ in range(100)]
    held.wait()

for thread in [threading.Thread(target=allocate) for _ in range(8)]:
    thread.start()
held.wait()
c = ctypes.CDLL(None)
c.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(c.fdopen(1, b"w"))
c.malloc_info(0, out)
c.fflush(out)
"""


def heaps(how: str) -> int:
    run = subprocess.run([sys.executable, "-c", HEAPS, how], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.count("<heap nr=")


def test_threads_share_one_heap() -> None:
    assert heaps("shared") == 1
    assert heaps("as the library does it") > 1
