"""What a process may do with an answer: judge it, hang, die, fail, and write down that it did."""

from __future__ import annotations

import os
import time
from pathlib import Path

from matcalc.grade import Verdict, workers
from matcalc.grade.judging import Judged


def counted(task: workers.Task) -> Judged:
    """Right at once; the answer is noted in the file that COUNTED names."""
    with open(Path(os.environ["COUNTED"]), "a") as file:
        file.write(task.answer + "\n")
    return Judged(Verdict("right", credit=1))


def hostile(task: workers.Task) -> Judged:
    if task.answer == "hang":
        while True:
            time.sleep(1)
    if task.answer == "die":
        os._exit(7)
    return workers.judge(task)
