"""matcalc derive"""

from __future__ import annotations

import click

from .options import check_options, output_option, read_source, source_options, write
from .rendering import render_options, rendered


@click.command(short_help="Derive all gradients.")
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables or named intermediates; default: all but targets.")
@click.option("--through", metavar="h1,h2", help="The only named intermediates that the chain rule goes through.")
@click.option("--layout", type=click.Choice(["denominator", "numerator"]), default="denominator",
              show_default=True, help="Gradients in the shape of their variable, or transposed.")
@click.option("--named", is_flag=True, help="Only the forms in named intermediates.")
@check_options
@output_option
@render_options
def derive(source, shapes, assume, wrt, through, layout, no_check, seed, output, shown):
    """Derive all gradients of SOURCE: a file, - for standard input, or the expression itself."""
    from ..api import derive as derived
    d = derived(read_source(source, shapes, assume), wrt, check=False, layout=layout, through=through)
    write(rendered(d if no_check else d.checked(seed), shown, output), output, shown["lang"])
