"""Our side of the guest process: start it, ask it, and end it, whatever it does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic, sleep
from typing import Self
from unicodedata import category

import numpy as np

from ...errors import Label, fail
from ...numeric.against import wire
from .replies import Reply, reply

SECONDS, GIGABYTES = 6.0, 1.0
MOST = 2 ** 26  # bytes of the arrays of one reply
ROOM = "matcalc.grade.sandbox"
PARTS = ("matcalc.numeric.against.wire", *(f"{ROOM}.{n}" for n in ("calls", "program", "lock", "guest")))
BOOT = """
import json, sys, types
job = json.loads(sys.stdin.buffer.readline())
sys.path.append(job["path"])
for name, text in job["parts"]:
    part = sys.modules[name] = types.ModuleType(name)
    part.__package__ = name.rpartition(".")[0]
    package = sys.modules.setdefault(part.__package__, types.ModuleType(part.__package__))
    setattr(package, name.rpartition(".")[2], part)
    exec(compile(text, name, "exec"), part.__dict__)
part.main(job)
"""
THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1")
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # what the interpreter itself may need to start


class Ended(Exception):
    """The guest does not answer any more.

    mistake  "time_limit" or "process_ended";  words: how it ended
    """

    def __init__(self, mistake: str, words: str):
        super().__init__(words)
        self.mistake, self.words = mistake, words


class Guest:
    """A process with one answer in it, to be closed at the end (a context manager).

    code       text of the answer, a Python program
    seconds    of wall clock for everything together;  gigabytes: of memory

    loaded     what loading it gave
    Raises Ended, here and at each call, and MatcalcError: M422 (it is no Python program),
    M417 (no such process can be started).
    """

    def __init__(self, code: str, seconds: float = SECONDS, gigabytes: float = GIGABYTES):
        self.seconds = seconds
        self.until = monotonic() + seconds
        self.process = _started()
        self.chunks: Queue[bytes] = Queue(maxsize=64)
        self.rest = b""
        self.pump = Thread(target=self._pump, daemon=True)
        self.pump.start()
        job = {"path": str(Path(np.__file__).parents[1]), "parts": _parts(), "code": code, "seconds": seconds,
               "gigabytes": gigabytes, "parent": os.getpid()}
        try:
            Thread(target=self._write, args=(json.dumps(job).encode() + b"\n",), daemon=True).start()
            self._begin()
            self.loaded = self._said(_loaded)
            if isinstance(self.loaded, tuple):
                raise _no_program(code, *self.loaded)
        except BaseException:
            self.close()
            raise

    def call(self, name: str, places: list, names: dict) -> Reply:
        """What `calls.called` says; the values of it may be forged."""
        request = wire.packed((name, places, names))
        Thread(target=self._write, args=(request,), daemon=True).start()  # a guest may never read
        return self._said(reply)

    def read(self, count: int) -> bytes:
        """Up to so many bytes; none at the end of the stream. Raises Ended past the time limit."""
        if not self.rest:
            try:
                self.rest = self.chunks.get(timeout=max(self.until - monotonic(), 0))
            except Empty:
                raise self._late() from None
        out, self.rest = self.rest[:count], self.rest[count:]
        return out

    def close(self) -> None:
        self._kill()
        with suppress(OSError):
            self.process.stdin.close()
        until = monotonic() + 0.5
        while self.pump.is_alive() and monotonic() < until:  # it may wait for room
            with suppress(Empty):
                self.chunks.get(timeout=0.01)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _begin(self) -> None:
        """Wait until our own part of the guest stands. Raises MatcalcError (M417), and Ended past the time limit."""
        with suppress(EOFError, ValueError):
            wire.receive(self, 0)
            return
        self._kill()
        raise _no_process(f"it ended with exit code {self.process.returncode}")

    def _said(self, understood: Callable):
        """The next message, by a function that raises anything for one that is forged."""
        try:
            return understood(wire.receive(self, MOST))
        except EOFError:
            raise self._gone() from None
        except Ended:
            raise
        except Exception:
            raise Ended("process_ended", "The program broke the connection to its process.") from None

    def _write(self, request: bytes) -> None:
        with suppress(OSError, ValueError):
            self.process.stdin.write(request)
            self.process.stdin.flush()

    def _pump(self) -> None:
        """Bytes from the pipe; the end is an empty chunk. Blocks as long as anybody holds the other end."""
        with self.process.stdout as pipe:
            while chunk := pipe.read1(1 << 16):
                self.chunks.put(chunk)
        self.chunks.put(b"")

    def _kill(self) -> None:
        """The guest and all that it may have started: it leads a session of its own."""
        with suppress(OSError):
            if hasattr(os, "killpg") and self.process.returncode is None:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def _late(self) -> Ended:
        return Ended("time_limit", f"The program took longer than {self.seconds:g} seconds: does a loop never end?")

    def _gone(self) -> Ended:
        """After the end of its output: why. The process is killed before it is waited for, with those it started."""
        while hasattr(os, "waitid") and monotonic() < self.until and not os.waitid(
                os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            sleep(0.002)
        if monotonic() >= self.until:
            return self._late()
        self._kill()
        code = self.process.returncode
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return Ended("process_ended", f"The program ended its process instead of returning a value ({how}).")


def _started() -> subprocess.Popen:
    """An interpreter with nothing of ours. Raises MatcalcError (M417)."""
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-c", BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=THREADS | {n: os.environ[n] for n in KEPT if n in os.environ},
            start_new_session=True)
    except OSError as problem:
        raise _no_process(problem.strerror or "") from None


def _no_process(why: str):
    return fail("M417", "no process can be started to grade in", facts=(why,) if why else (),
                help="answers that are formulas need none")


def _loaded(said: dict) -> Reply | tuple[str, int, int]:
    """What loading the program gave, or the mistake of syntax in it and its place."""
    if "syntax" not in said:
        return reply(said)
    words, line, column = said["syntax"]
    return str(words), int(line), int(column)


def _no_program(code: str, words: str, line: int, column: int):
    """The error of a text with a mistake of syntax; its place was counted by Python, from 1."""
    lines = code.split("\n")
    row = min(max(line, 1), len(lines)) - 1
    start = sum(len(text) + 1 for text in lines[:row]) + min(max(column, 1) - 1, len(lines[row]))
    shown = "".join("\ufffd" if category(c)[0] == "C" and c not in "\n\t" else c for c in code)
    return fail("M422", f"this is no Python program: {words}", source=shown, name="<answer>",
                labels=(Label(start, start + 1),), help="run it yourself before you hand it in")


@cache
def _parts() -> list[tuple[str, str]]:
    """Name and text of the files that a guest is made of."""
    folders = {n: files(n.rpartition(".")[0]) for n in PARTS}
    return [(n, folders[n].joinpath(f"{n.rpartition('.')[2]}.py").read_text(encoding="utf-8")) for n in PARTS]
