"""Times of all derivatives of tests/field: median, slowest, and how many are longer than printed.

    python bench/field.py          (from the root of the checkout)
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from matcalc.expr.notation import length  # noqa: E402
from tests.field.table import ENTRIES, derive  # noqa: E402


def main() -> None:
    times, longer = [], 0
    for entry in ENTRIES:
        start = perf_counter()
        found = derive(entry)
        form = found[entry.wrt].named_form if entry.kind == "named" else found.form
        times.append((1e3 * (perf_counter() - start), entry.id))
        longer += length(form) > length(entry.printed)
    slowest, name = max(times)
    print(f"{len(ENTRIES)} derivatives: read and derived in {median(t for t, _ in times):.1f} ms (median), "
          f"{slowest:.0f} ms (slowest, {name}); {longer} longer than printed ({100 * longer / len(ENTRIES):.1f} %)")


if __name__ == "__main__":
    main()
