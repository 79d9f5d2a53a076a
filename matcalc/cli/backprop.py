"""matcalc backprop"""

from __future__ import annotations

import click

from .options import output_option, write
from .rendering import render_options, rendered


@click.command()
@click.option("--activation", default="g", show_default=True, metavar="NAME",
              help="An entrywise function, tanh, relu, ..., or g for any.")
@click.option("--last-layer", "last", type=click.Choice(["linear", "softmax", "sigmoid"]), default="softmax",
              show_default=True, help="The last layer: with half the squared error, or with cross-entropy.")
@click.option("--recurrent", is_flag=True, help="A recurrent network over T steps instead of L layers.")
@click.option("--no-bias", is_flag=True, help="Layers without a bias.")
@output_option
@render_options
def backprop(activation, last, recurrent, no_bias, output, shown):
    """The backpropagation algorithm of a network of any depth: layer i, the unrolled product, the box."""
    from ..api import backpropagation
    write(rendered(backpropagation(activation, last, not no_bias, recurrent), shown, output), output, shown["lang"])
