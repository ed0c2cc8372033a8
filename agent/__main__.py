"""The command line: from its arguments to a command of `agent.cli`, and from its errors to an exit code.

Standard output carries data, standard error what is said about the run. Exit codes: 0 done; 1 the thing asked for
failed; 2 usage or configuration, with one line on standard error that says what to change.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.cli.arguments import brickie_parser
from agent.output import log_plainly, tell
from agent.wording import phrase
from plugins.domain.errors import ConfigurationError, InfraError

if TYPE_CHECKING:
    from agent.cli.arguments import Command


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; never lets an exception's text out."""
    log_plainly()
    options = brickie_parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options, os.environ)
    except ConfigurationError as error:
        tell(phrase("cli.failed", text=error))
        return 2
    except InfraError as error:
        tell(phrase("cli.failed", text=error))
        return 1
    except KeyboardInterrupt:
        tell(phrase("cli.stopped"))
        return 1
    except BrokenPipeError:
        # Whoever read us has gone (`brickie … | head`): without this the interpreter complains once more at its end.
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
