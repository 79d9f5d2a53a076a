"""matcalc backprop"""

from __future__ import annotations

import click

from .derive import FORMATS, chosen_format
from .options import output_option, write


@click.command()
@click.option("--activation", default="g", show_default=True, metavar="NAME",
              help="An entrywise function, tanh, relu, ..., or g for any.")
@click.option("--last-layer", "last", type=click.Choice(["linear", "softmax", "sigmoid"]), default="softmax",
              show_default=True, help="The last layer: with half the squared error, or with cross-entropy.")
@click.option("--recurrent", is_flag=True, help="A recurrent network over T steps instead of L layers.")
@click.option("--no-bias", is_flag=True, help="Layers without a bias.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: text, or article with --pdf.")
@click.option("--pdf", is_flag=True, help="Compile the article; needs -o FILE and pdflatex.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
def backprop(activation, last, recurrent, no_bias, format_, pdf, as_json, output):
    """The backpropagation algorithm of a network of any depth: layer i, the unrolled product, the box."""
    from ..api import backpropagation
    format_ = chosen_format(format_, as_json, pdf, output)
    text = backpropagation(activation, last, not no_bias, recurrent).render(format_)
    if pdf:
        from ..render.pdf import compiled
        text = compiled(text)
    write(text, output)
