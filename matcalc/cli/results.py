"""matcalc gradient, matcalc jacobian, matcalc hessian, matcalc differential"""

from __future__ import annotations

import click

from .options import check_options, output_option, read_source, source_options, write
from .rendering import render_options, rendered


def _command(name: str, help: str, *more, needs_name: bool = True):
    """One command a verb of the api; all take the same options."""
    @click.command(name, help=help, params=list(more))
    @source_options
    @click.option("--wrt", required=needs_name, metavar="x",
                  help="The variable." if needs_name else "Variables; default: all but targets.")
    @check_options
    @output_option
    @render_options
    def command(source, shapes, assume, wrt, no_check, seed, output, shown, **options):
        from .. import api
        result = getattr(api, name)(read_source(source, shapes, assume), wrt, check=False, **options)
        write(rendered(result if no_check else result.checked(seed), shown, output), output, shown["lang"])
    return command


gradient = _command("gradient", "Gradient of SOURCE, a scalar expression, by one variable.",
                    click.Option(["--entries"], type=click.Choice(["free", "independent", "tangent"]), default="free",
                                 show_default=True, help="All entries vary; only those that a declared structure "
                                 "leaves free; or projected on the tangent space."))
jacobian = _command("jacobian", "Jacobian of SOURCE: J[i, j] = dF_i/dx_j, of matrices d vec(F) / d vec(X)^T.")
hessian = _command("hessian", "Hessian of SOURCE, a scalar expression, or with --times its product with a direction.",
                   click.Option(["--times"], metavar="v", help="Only the product H v, for a direction of this name."))
differential = _command("differential", "Differential of SOURCE in terms of dX, and the derivatives identified from it.",
                        needs_name=False)
