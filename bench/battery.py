"""The 132 derivatives of the battery: right, textbook form, time; beside the peers.

    python bench/battery.py          (from the root of the checkout)
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from matcalc.derive import jacobian as derivatives  # noqa: E402
from matcalc.expr.notation import length  # noqa: E402
from matcalc.numeric.evaluate import evaluate  # noqa: E402
from tests.battery.numbers import POINTS, as_jacobian, difference_jacobian, draw, relative_error  # noqa: E402
from tests.battery.references import REFERENCES  # noqa: E402
from tests.battery.tasks import TASKS  # noqa: E402


def main() -> None:
    right = textbook = 0
    times = []
    for task in TASKS:
        model = task.model
        start = perf_counter()
        result = getattr(derivatives, task.kind)(model, task.wrt)
        times.append(1e3 * (perf_counter() - start))
        errors = []
        for seed, sizes in enumerate(POINTS):
            values = draw(model.variables, sizes, seed)
            [form] = evaluate([result.form], values, sizes)
            errors.append(relative_error(as_jacobian(form, task.kind, values, task.wrt),
                                         difference_jacobian(REFERENCES[task.id], values, task.wrt)))
        ours, by_hand = length(result.form), length(task.by_hand)
        right += max(errors) < 1e-6
        textbook += ours <= by_hand
        mark = "" if ours <= by_hand else f"  longer than by hand ({ours} > {by_hand})"
        print(f"{task.id}  {times[-1]:6.1f} ms  {max(errors):.0e}  {result.text}{mark}")
    n = len(TASKS)
    print(f"\nright {right}/{n}, textbook form {textbook}/{n}, median {median(times):.1f} ms, longest {max(times):.0f} ms")
    print("SymPy 1.14: right 72/132, wrong 25, textbook form 37; tensorgrad: right 116/116, textbook form 21")


if __name__ == "__main__":
    main()
