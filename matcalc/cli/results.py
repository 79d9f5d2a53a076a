"""matcalc jacobian, matcalc hessian"""

from __future__ import annotations

import click

from .derive import FORMATS
from .options import output_option, read_source, source_options, write


def _command(name: str, help: str):
    """One command a verb of the api; both take the same options."""
    @click.command(name, help=help)
    @source_options
    @click.option("--wrt", required=True, metavar="x", help="The variable.")
    @click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
    @click.option("--no-check", is_flag=True, help="Do not compare with finite differences.")
    @click.option("--seed", type=int, default=0, show_default=True, help="Seed of the check's random points.")
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @output_option
    def command(source, shapes, assume, wrt, format_, no_check, seed, as_json, output):
        from .. import api
        result = getattr(api, name)(read_source(source, shapes, assume), wrt, check=False)
        result = result if no_check else result.checked(seed)
        write(result.render("json" if as_json else format_), output)
    return command


jacobian = _command("jacobian", "Jacobian of SOURCE: J[i, j] = dF_i/dx_j, of matrices d vec(F) / d vec(X)^T.")
hessian = _command("hessian", "Hessian of SOURCE, a scalar expression.")
