"""The guest process: it loads one answer, gives up all rights, and answers calls until its input ends.

`host` sends it this file and its neighbours as text, so it needs neither matcalc nor files.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import BinaryIO

from ...numeric.against import wire
from . import lock
from .calls import called, described, quietly
from .program import Program

READY = {"ready": True}  # what comes before it is no fault of the answer
MOST_ASKED = 2 ** 28  # bytes of the arguments of one call


def main(job: dict) -> None:
    """job   code, seconds, gigabytes, parent (its process id)"""
    requests, replies = _channels()
    wire.send(replies, READY)
    lock.stand_nowhere()
    lock.limits(job["seconds"], job["gigabytes"])
    try:
        program = Program(job["code"])
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as problem:
        place = [getattr(problem, n, None) or 0 for n in ("lineno", "offset")]
        wire.send(replies, {"syntax": [getattr(problem, "msg", "it is too deep"), *place]})
        return
    program.load_modules()
    sys.path.remove(job["path"])
    guards = lock.down(job["parent"])
    functions: dict = {}

    def load():
        functions.update(program.run())

    _said(replies, lambda: {**quietly(load), "value": None,
                            "functions": program.described(functions), "guards": guards})
    while True:
        try:
            asked = wire.receive(requests, MOST_ASKED)
        except EOFError:
            return
        _said(replies, partial(_call, functions, *asked))


def _call(functions: dict, name: str, places: list, names: dict) -> dict:
    return called(functions[name], places, names)


def _said(replies: BinaryIO, run) -> None:
    """Reply with what run() finds, or with what got past it (KeyboardInterrupt, and what is raised like it)."""
    try:
        said = run()
    except BaseException as problem:
        said = {"error": described(problem)}
    wire.send(replies, said)


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of `host`, moved away from where an answer reads and prints."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    os.close(quiet)
    sys.dont_write_bytecode = True
    return requests, replies
