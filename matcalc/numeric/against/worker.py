"""The child process that runs somebody else's file: `python -m matcalc.numeric.against.worker`.

It speaks `wire` over the standard input and output that it was started with; what
the file prints goes elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import asdict

from . import wire


def main() -> None:
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    job = wire.receive(requests, 0)
    limit_memory(job["memory"])
    from ...errors import MatcalcError
    try:
        from .call import Callee
        from .load import load
        callee = Callee(load(job["target"]), job["names"], job["wrt"], job["kind"])
    except MatcalcError as problem:
        d = problem.diagnostic
        wire.send(replies, {"refused": [d.code, d.message, d.help, list(d.facts)]})
        return
    wire.send(replies, {"ready": callee.kind})
    while True:
        try:
            values = wire.receive(requests, sys.maxsize)
        except EOFError:
            return
        reply = callee(values)
        wire.send(replies, {**asdict(reply), "answer": reply.answer})


def limit_memory(gigabytes: float) -> None:
    """At most so much more memory than the process has now (where the system can do that)."""
    try:
        import resource
    except ImportError:
        return
    import numpy  # noqa: F401  what it reserves is not the file's
    with open("/proc/self/statm") if os.path.exists("/proc/self/statm") else open(os.devnull) as file:
        pages = (file.read().split() or ["0"])[0]
    most = int(pages) * resource.getpagesize() + int(gigabytes * 2 ** 30)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
