"""matcalc gradient, matcalc jacobian, matcalc hessian, matcalc differential"""

from __future__ import annotations

import click

from .derive import FORMATS, chosen_format
from .options import check_options, notation_option, output_option, read_source, source_options, terminal_columns, write


def _command(name: str, help: str, *more, needs_name: bool = True):
    """One command a verb of the api; all take the same options."""
    @click.command(name, help=help, params=list(more))
    @source_options
    @click.option("--wrt", required=needs_name, metavar="x",
                  help="The variable." if needs_name else "Variables; default: all but targets.")
    @click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: text.")
    @notation_option
    @check_options
    @click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    @output_option
    def command(source, shapes, assume, wrt, format_, notation, no_check, seed, as_json, output, **options):
        from .. import api
        result = getattr(api, name)(read_source(source, shapes, assume), wrt, check=False, **options)
        result = result if no_check else result.checked(seed)
        columns = terminal_columns() if output is None else None
        shown = {"notation": notation, **({"columns": columns} if columns else {})}
        write(result.render(chosen_format(format_, as_json), **shown), output)
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
