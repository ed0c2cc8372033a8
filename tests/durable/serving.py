"""`brickie serve` with readings that are of no use (`hard_to_read`): a short text that breaks its reader breaks it."""

import sys
from importlib import import_module


def main() -> int:
    """Imports here: a process that reads imports this file as well, and needs nothing of the server."""
    return int(import_module("served_hardly").serve_hardly())


if __name__ == "__main__":
    sys.exit(main())
