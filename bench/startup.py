"""Whole-process times of the command line.

    python bench/startup.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

THREE = str(Path(__file__).resolve().parents[1] / "examples" / "three_layer.mc")


def seconds(*arguments: str) -> float:
    times = []
    for _ in range(7):
        start = perf_counter()
        subprocess.run([sys.executable, "-m", "matcalc", *arguments], check=True, capture_output=True)
        times.append(perf_counter() - start)
    return median(times)


if __name__ == "__main__":
    print(f"matcalc --help                             {seconds('--help'):.2f} s   (bar 0.2)")
    print(f"matcalc derive three_layer.mc              {seconds('derive', THREE):.2f} s   (bar 1)")
    print(f"matcalc derive three_layer.mc --no-check   {seconds('derive', THREE, '--no-check'):.2f} s")
