#!/usr/bin/env bash
# dbos 3.4.0: one awaited call makes DBOS's own threads those of the caller's event loop, and for good.
# Expected: `asyncio.to_thread` of the application goes on as before, with the executor that the application chose, while
# DBOS runs and after `DBOS.destroy()`.
# Seen: any `DBOS.…_async` call sets the running loop's default executor (`set_default_executor`); what the application
# had set there is gone without a word, and after `DBOS.destroy()` every `asyncio.to_thread` of that loop raises
# "cannot schedule new futures after shutdown", and so does what rests on it (`loop.getaddrinfo`: every connection to a
# host by its name). Whoever lets DBOS end while the loop goes on has to set an executor anew.
set -euo pipefail
folder="$(mktemp -d)"; trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q dbos==3.4.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

from dbos import DBOS, DBOSConfig


def thread() -> str:
    return threading.current_thread().name


async def main() -> tuple[str, str, str]:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1, "application"))
    DBOS(config=DBOSConfig(name="app", system_database_url="sqlite:///dbos.db", log_level="ERROR"))
    DBOS.launch()
    before = await asyncio.to_thread(thread)
    await DBOS.list_workflows_async()
    after = await asyncio.to_thread(thread)
    await loop.run_in_executor(ThreadPoolExecutor(1), DBOS.destroy)
    try:
        ended = await asyncio.to_thread(thread)
    except RuntimeError as error:
        ended = f"RuntimeError: {error}"
    return before, after, ended


print("dbos", version("dbos"))
before, after, ended = asyncio.run(main())
print("launched:       ", before)
print("after a call:   ", after)
print("after destroy():", ended)
assert before.startswith("application")
assert not after.startswith("application")
assert ended == "RuntimeError: cannot schedule new futures after shutdown"
PYTHON
