"""matcalc code"""

from __future__ import annotations

import click

from .options import output_option, read_source, source_options, write


@click.command()
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables; default: all but targets.")
@click.option("--target", type=click.Choice(["numpy", "jax", "torch"]), default="numpy", show_default=True)
@click.option("--no-check", is_flag=True, help="Do not compare with finite differences first.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the check's random points.")
@output_option
def code(source, shapes, assume, wrt, target, no_check, seed, output):
    """Write a stand-alone module that computes the loss of SOURCE and its gradients."""
    from ..api import derive
    d = derive(read_source(source, shapes, assume), wrt, check=False)
    d = d if no_check else d.checked(seed)
    write(d.code(target), output)
