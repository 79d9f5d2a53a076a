"""Work in processes, each of which may be killed: a stuck or dead one costs one answer."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import lru_cache
from math import inf
from multiprocessing import get_context, parent_process
from time import monotonic
from typing import NamedTuple

from ..errors import fail
from ..numeric.against.worker import limit_memory
from .judging import Judged, judged
from .problem import Problem
from .verdict import Verdict

SECONDS, GIGABYTES = 10.0, 4.0
TIME_LIMIT, FAILED, DIED = "time limit", "failed", "died"  # how an answer came to be undecided
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Task(NamedTuple):
    """An answer to a pickled problem."""

    key: str
    problem: bytes
    answer: str
    format: str
    feedback: str
    seed: int


class _Worker:
    """One process, and what it is doing."""

    def __init__(self) -> None:
        self.pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_prepare)
        self.pid: int | None = None
        self.task: Task | None = None
        self.until = inf
        self.doing: Future = self.pool.submit(os.getpid)

    @property
    def is_due(self) -> bool:
        return self.doing.done() or monotonic() >= self.until

    def give(self, judge: Callable[[Task], Judged], task: Task, seconds: float) -> None:
        self.task, self.until = task, monotonic() + seconds
        try:
            self.doing = self.pool.submit(judge, task)
        except BrokenProcessPool as died:
            self.doing = Future()
            self.doing.set_exception(died)

    def outcome(self) -> Judged | None:
        """What was found of its task; None when it has only been started."""
        if not self.doing.done():
            return undecided(TIME_LIMIT, self.task.feedback)
        try:
            said = self.doing.result()
        except BrokenProcessPool:
            if self.task is None:
                raise fail("M417", "no process can be started to grade in",
                           help='in a script file, call it under  if __name__ == "__main__":') from None
            return undecided(DIED, self.task.feedback)
        if self.task is None:
            self.pid = said
            return None
        return said

    def stop(self) -> None:
        if self.pid is not None:
            with suppress(OSError):
                os.kill(self.pid, KILL)
        self.pool.shutdown(wait=self.pid is not None, cancel_futures=True)


def verdicts(tasks: Iterable[Task], workers: int, seconds: float,
             judge: Callable[[Task], Judged]) -> Iterator[tuple[Task, Judged]]:
    """(task, what was found) as they come. Raises MatcalcError: M417 (no process can be started)."""
    waiting = deque(tasks)
    crew = [_Worker() for _ in range(min(workers, len(waiting)))]
    try:
        while crew:
            soonest = min(w.until for w in crew)
            wait([w.doing for w in crew], None if soonest == inf else max(soonest - monotonic(), 0), FIRST_COMPLETED)
            for worker in [w for w in crew if w.is_due]:
                found = worker.outcome()
                if found is not None:
                    yield worker.task, found
                is_lost = found is not None and found.verdict.how in (TIME_LIMIT, DIED)
                if waiting and not is_lost:
                    worker.give(judge, waiting.popleft(), seconds)
                    continue
                worker.stop()
                crew.remove(worker)
                if waiting:
                    crew.append(_Worker())
    finally:
        for worker in crew:
            worker.stop()


def judge(task: Task) -> Judged:
    """The verdict on a task; a mistake of ours is never called the student's."""
    try:
        return judged(_problem(task.problem), task.answer, task.format, task.feedback, task.seed)
    except Exception:
        return undecided(FAILED, task.feedback)


def undecided(how: str, feedback: str) -> Judged:
    said = "This could not be decided; it is not counted as wrong."
    return Judged(Verdict("undecided", feedback="" if feedback == "none" else said, how=how), f"{said} ({how})")


@lru_cache(maxsize=64)
def _problem(data: bytes) -> Problem:
    return pickle.loads(data)  # our own bytes, from the parent process


def _prepare() -> None:
    """A worker leaves interruptions to its parent, ends with it, and has bounded memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(GIGABYTES)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent_process().join()
    os._exit(1)
