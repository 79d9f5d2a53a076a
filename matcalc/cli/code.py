"""matcalc code"""

from __future__ import annotations

import click

from .options import check_options, output_option, read_source, source_options, write


@click.command()
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables; default: all but targets.")
@click.option("--target", type=click.Choice(["numpy"]), default="numpy", show_default=True)
@check_options
@output_option
def code(source, shapes, assume, wrt, target, no_check, seed, output):
    """Write a stand-alone module that computes the loss of SOURCE and its gradients."""
    from ..api import derive
    d = derive(read_source(source, shapes, assume), wrt, check=False)
    d = d if no_check else d.checked(seed)
    write(d.code(target), output)
