"""A function in a process of its own, with a time and a memory limit.

It keeps a mistake (an endless loop, all of memory, a crash) from taking matcalc along;
it is no wall against a file that means harm.
"""

from __future__ import annotations

import subprocess
import sys
from threading import Timer

import numpy as np

from ...errors import MatcalcError, fail
from . import wire
from .call import Reply

SECONDS, GIGABYTES = 60.0, 4.0
MOST = 2 ** 33  # bytes of one answer


class Isolated:
    """Like `call.Callee`, for a target that only the child process loads. Close it at the end.

    Raises MatcalcError as `load.load` does, and M625 (past a limit, or the process died).
    """

    def __init__(self, target: str, names: dict[str, str], wrt: list[str], kind: str = "",
                 seconds: float = SECONDS, gigabytes: float = GIGABYTES):
        self.target, self.seconds, self.gigabytes = target, seconds, gigabytes
        self.process = subprocess.Popen([sys.executable, "-m", "matcalc.numeric.against.worker"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        job = {"target": target, "names": names, "wrt": wrt, "kind": kind, "memory": gigabytes}
        said = self._exchange(job)
        if "refused" in said:
            self.close()
            code, message, help, facts = said["refused"]
            raise fail(str(code), str(message), help=str(help), facts=tuple(map(str, facts)))
        self.kind = str(said["ready"])

    def __call__(self, values: dict[str, np.ndarray]) -> Reply:
        said = self._exchange({n: np.asarray(v, dtype=float) for n, v in values.items()})
        error = said.get("error")
        return Reply(said["answer"], list(map(str, said["changed"])), str(said["printed"]),
                     None if error is None else (str(error[0]), str(error[1])), str(said["misfit"]))

    def _exchange(self, request: dict) -> dict:
        timed_out = []
        timer = Timer(self.seconds, lambda: (timed_out.append(True), self.process.kill()))
        timer.start()
        try:
            wire.send(self.process.stdin, request)
            return wire.receive(self.process.stdout, MOST)
        except (EOFError, OSError):
            code = self.process.wait()
            raise self._ended(bool(timed_out), code) from None
        except (ValueError, KeyError, TypeError):
            self.close()
            raise fail("M625", f"{self.target} broke the connection to its process",
                       help="check it without --isolate if you trust it") from None
        finally:
            timer.cancel()

    def _ended(self, timed_out: bool, code: int) -> MatcalcError:
        if timed_out:
            return fail("M625", f"{self.target} took longer than {self.seconds:g} seconds",
                        help="give it more with --time-limit")
        return fail("M625", f"the process of {self.target} ended by itself",
                    facts=(f"exit code {code}", f"it may use {self.gigabytes:g} GB of memory"),
                    help="give it more with --memory-limit, or run it alone to see why")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
