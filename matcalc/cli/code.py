"""matcalc code"""

from __future__ import annotations

import click

from .options import check_options, output_option, read_source, source_options, write


@click.command()
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables; default: all but targets.")
@click.option("--target", type=click.Choice(["numpy", "jax", "torch"]), default="numpy", show_default=True)
@click.option("--what", type=click.Choice(["both", "loss", "gradients", "jacobian", "hessian", "hvp"]), default="both",
              show_default=True, help="What the module computes; hvp: Hessian-vector products. "
              "A Jacobian or Hessian is taken with respect to one variable (--wrt).")
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", show_default=True)
@click.option("--batch", type=click.Choice(["columns", "rows"]), help="Write it for N examples at once, the columns or "
              "rows of matrices; the loss is their mean.")
@click.option("--examples", metavar="x,y", help="The variables that every example has; default: inputs (x...) and targets.")
@check_options
@output_option
def code(source, shapes, assume, wrt, target, what, dtype, batch, examples, no_check, seed, output):
    """Write a stand-alone module that computes the loss of SOURCE and its gradients."""
    from .. import api
    model = read_source(source, shapes, assume)
    if examples and not batch:
        raise click.UsageError("--examples goes with --batch")
    if batch:
        model = api.batched(model, batch, examples)
    if what in ("jacobian", "hessian"):
        made = getattr(api, what)(model, wrt or "", check=False)
        options = {"dtype": dtype}
    else:
        made = api.derive(model, wrt, check=False)
        options = {"what": what, "dtype": dtype}
    made = made if no_check else made.checked(seed)
    write(made.code(target, **options), output)
