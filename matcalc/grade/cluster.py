"""The same work on a Dask cluster. What holds here too: a stuck answer is killed, a dead process costs one answer.

A worker of the cluster does not grade itself: each batch runs in a program of its own
(`python -m matcalc.grade.batch`), which has processes that it can kill. That works in
every kind of worker, also in those that may not have children of Python's own making.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from .. import __version__
from ..errors import MatcalcError, fail
from .judging import Judged
from .workers import DIED, Task, undecided

CONNECT, SLACK = 10.0, 60.0  # seconds: to find the scheduler; for a batch to start and end
LEAST, MOST = 4, 25  # tasks of a batch: enough to start a program for, few enough to share them out


def verdicts_on(address: str, tasks: Iterable[Task], seconds: float,
                judge: Callable[[Task], Judged]) -> Iterator[tuple[Task, Judged]]:
    """(task, what was found) as they come, a batch at a time.

    Raises MatcalcError: M436 (no such cluster), M437 (its workers have no matcalc of this version).
    """
    client, as_completed = _connected(address)
    with client:
        threads = _checked(client)
        tasks = list(tasks)
        size = max(LEAST, min(MOST, len(tasks) // (2 * threads)))
        batches = [tasks[n:n + size] for n in range(0, len(tasks), size)]
        futures = {client.submit(graded, pickle.dumps((b, seconds, judge)), len(b) * seconds + SLACK, pure=False): b
                   for b in batches}
        for future in as_completed(list(futures), loop=client.loop):
            found: dict[str, Judged] = {}
            with suppress(Exception):  # a worker that is gone: what it had is undecided, and tried again next time
                found = pickle.loads(future.result())
            for task in futures[future]:
                yield task, found.get(task.key) or undecided(DIED, task.feedback)
            future.release()


def graded(batch: bytes, seconds: float) -> bytes:
    """Run on a worker: the pickled {key: what was found} of a pickled batch."""
    with subprocess.Popen([sys.executable, "-m", "matcalc.grade.batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as child:
        try:
            return child.communicate(batch, timeout=seconds)[0]
        finally:
            child.kill()


def version() -> str:
    """Run on a worker."""
    return __version__


def _connected(address: str):
    try:
        from distributed import Client, as_completed
        from distributed.comm import get_address_host_port, normalize_address
    except ImportError:
        raise fail("M436", "Dask is not installed here", help='pip install "matcalc-derivations[dask]"') from None
    try:
        get_address_host_port(normalize_address(address), strict=True)  # a client that begins with nonsense never ends
        return Client(address, timeout=CONNECT, set_as_default=False), as_completed
    except (OSError, ValueError):
        raise fail("M436", f"there is no Dask scheduler at `{address}`",
                   help="give its address as `dask scheduler` prints it, such as tcp://localhost:8786") from None


def _checked(client) -> int:
    """The threads of all workers, which have the same matcalc as we."""
    try:
        found = client.run(version)
        threads = sum(client.nthreads().values())
    except MatcalcError:
        raise
    except Exception:
        raise fail("M437", "the workers of the cluster cannot load matcalc", help="install it where they run") from None
    if not found:
        raise fail("M437", "the cluster has no workers", help="start some with `dask worker ADDRESS`")
    other = next((v for v in found.values() if v != __version__), None)
    if other:
        raise fail("M437", f"a worker of the cluster has matcalc {other}, this is {__version__}", help="install the same")
    return threads
