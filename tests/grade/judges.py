"""What a process may do with an answer: judge it, hang, die, fail, and write down that it did."""

from __future__ import annotations

import os
import time
from pathlib import Path

from matcalc.grade import Verdict, workers


def counted(task: workers.Task) -> Verdict:
    """Right at once; the answer is noted in the file that COUNTED names."""
    with open(Path(os.environ["COUNTED"]), "a") as file:
        file.write(task.answer + "\n")
    return Verdict("right")


def hostile(task: workers.Task) -> Verdict:
    if task.answer == "hang":
        while True:
            time.sleep(1)
    if task.answer == "die":
        os._exit(7)
    return workers.judge(task)
