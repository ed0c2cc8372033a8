#!/usr/bin/env bash
# SQLAlchemy 2.1.9: while one thread imports `sqlalchemy.orm` for the first time, Core statements of other threads fail.
# Expected: an import in one thread is none of another's business; a program that uses Core alone need not know whether a
# library that it loads late, in a thread (DBOS does), is made with the ORM.
# Seen: `sqlalchemy.orm.base` registers its look at any object as soon as it is read, long before the package is whole;
# from then on an `in_([])`, in whatever thread, goes through it and raises
# "AttributeError: partially initialized module 'sqlalchemy.orm.exc' …" until the import has ended. Whoever imports in a
# thread has to import `sqlalchemy.orm` first, before any statement.
# The import is held here at the point where it is read that far: without that it takes some hundredths of a second.
set -euo pipefail
folder="$(mktemp -d)"; trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q sqlalchemy==2.1.9
"$folder/venv/bin/python" - <<'PYTHON'
import importlib
import sys
import threading
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder

import sqlalchemy
from sqlalchemy import String, column

read_that_far, goes_on = threading.Event(), threading.Event()


class Held(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != "sqlalchemy.orm.base":
            return None
        spec = PathFinder.find_spec(name, path, target)
        whole = spec.loader.exec_module

        def held(module) -> None:
            whole(module)
            read_that_far.set()
            goes_on.wait()

        spec.loader.exec_module = held
        return spec


def tried() -> str:
    try:
        return str(column("name", String).in_([]))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print("sqlalchemy", sqlalchemy.__version__)
before = tried()
sys.meta_path.insert(0, Held())
other = threading.Thread(target=importlib.import_module, args=("sqlalchemy.orm",))
other.start()
read_that_far.wait()
meanwhile = tried()
goes_on.set()
other.join()
after = tried()
print("before:   ", before)
print("meanwhile:", meanwhile)
print("after:    ", after)
assert before == after
assert meanwhile.startswith("AttributeError: partially initialized module 'sqlalchemy.orm.exc'")
PYTHON
