"""matcalc check"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager

import click

from .options import (
    exit_code,
    parsed_sizes,
    read_source,
    seed_option,
    source_options,
    write,
)


@click.command()
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables; default: all but targets.")
@click.option("--against", metavar="FILE.py:FUNCTION",
              help="Check this function's gradients instead (or package.module:function).")
@click.option("--exact", is_flag=True, help="Decide without a tolerance, over prime fields; what is not rational: "
                                             "50 digits.")
@click.option("--size", "sizes", multiple=True, metavar="n=1000", help="Size of the random arrays; may be repeated.")
@click.option("--arrays", type=click.Choice(["numpy", "jax", "torch"]), help="What the function takes; default: found out.")
@click.option("--isolate", is_flag=True, help="Run the function in a process of its own, with limits.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="For one call with --isolate.  [default: 60]")
@click.option("--memory-limit", type=click.FloatRange(min=0, min_open=True), metavar="GB",
              help="With --isolate.  [default: 4]")
@seed_option
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.pass_context
def check(ctx, source, shapes, assume, wrt, against, exact, sizes, arrays, isolate, time_limit, memory_limit, seed,
          as_json):
    """Compare every gradient of SOURCE with finite differences at random points;
    with --against, the gradients of a function of yours with those of SOURCE."""
    from ..api import derive
    if against is None and (sizes or arrays or isolate or time_limit or memory_limit):
        raise click.UsageError("--size, --arrays, --isolate and the limits go with --against")
    if not isolate and (time_limit or memory_limit):
        raise click.UsageError("--time-limit and --memory-limit go with --isolate")
    if against is not None and exact:
        raise click.UsageError("--exact is about matcalc's own gradients; leave out --against")
    derivation = derive(read_source(source, shapes, assume), wrt, check=False)
    if against is None:
        report = derivation.check(seed, exact)
    else:
        order = [n.strip() for n in wrt.split(",")] if wrt else None
        with _progress() as progress:
            report = derivation.checked(seed).check_against(
                against, seed, parsed_sizes(sizes), order=order, arrays=arrays or "", isolate=isolate,
                seconds=time_limit, gigabytes=memory_limit, progress=progress)
    write(json.dumps(report.to_json(), indent=2) + "\n" if as_json else str(report) + "\n", None)
    ctx.exit(exit_code(report))


@contextmanager
def _progress():
    """A function (done, total) that draws a bar, on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="comparing", file=sys.stderr) as bar:
        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)
        yield advance
