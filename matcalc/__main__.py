"""The door of the command line: exit codes, and never a traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `matcalc` on the process's arguments and leave with its exit code."""
    from .cli.run import run
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # nobody reads on: leave without Python's complaint at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or 1
    sys.exit(code)


if __name__ == "__main__":
    main()
