"""matcalc check"""

from __future__ import annotations

import json

import click

from .options import exit_code, read_source, seed_option, source_options, write


@click.command()
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables; default: all but targets.")
@click.option("--exact", is_flag=True, help="Decide without a tolerance, over prime fields; what is not rational: "
                                            "50 digits.")
@seed_option
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
@click.pass_context
def check(ctx, source, shapes, assume, wrt, exact, seed, as_json):
    """Compare every gradient of SOURCE with finite differences at random points."""
    from ..api import derive
    report = derive(read_source(source, shapes, assume), wrt, check=False).check(seed, exact)
    write(json.dumps(report.to_json(), indent=2) + "\n" if as_json else str(report) + "\n", None)
    ctx.exit(exit_code(report))
