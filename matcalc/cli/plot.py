"""matcalc plot"""

from __future__ import annotations

import json
import re

import click

from ..errors import fail
from .options import is_path, output_option, read_source, source_options, write
from .rendering import lang_option


@click.command()
@click.argument("kind", type=click.Choice(["graph", "layers", "differences", "norms", "descent"]))
@source_options
@click.option("--at", metavar="x1=1,x2=3", help="Values of all variables: numbers, or arrays such as W=[[1,2],[3,4]].")
@click.option("--wrt", metavar="W1,W2", help="Variables to differentiate with respect to.")
@click.option("--below", type=click.Choice(["partials", "gradients"]), help="What stands below the edges of a graph.")
@click.option("--operations", is_flag=True, default=None, help="A box for every operation.  [default: for a single formula]")
@click.option("--rate", "rates", type=click.FloatRange(min=0, min_open=True), multiple=True,
              help="Learning rate of descent; may be repeated.  [default: too low, right, too high]")
@click.option("--steps", type=click.IntRange(1, 100_000), help="Steps of descent.  [default: 40]")
@click.option("--depth", type=click.IntRange(1, 200), help="Layers of norms.  [default: 20]")
@click.option("--width", type=click.IntRange(1, 1000), help="Neurons a layer of norms.  [default: 32]")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of random points.  [default: 0]")
@click.option("--format", "format_", type=click.Choice(["svg", "pdf", "png", "tex"]),
              help="Default: the ending of FILE, else svg.")
@lang_option
@output_option
def plot(kind, source, shapes, assume, at, format_, output, **options):
    """Draw a picture of SOURCE.

    \b
    graph        the computational graph, values above, derivatives below the edges
    layers       the layers with the shapes of what flows between them
    differences  error of finite differences against the step size
    norms        gradient norm by layer; SOURCE may be "sigmoid, tanh, relu:2"
    descent      loss curves for three learning rates
    """
    from ..plot import plot as drawn
    given = {n: v for n, v in options.items() if v not in (None, ())}
    if at is not None:
        given["at"] = parsed_values(at)
    is_names = kind == "norms" and re.fullmatch(r"[a-z_0-9:., ]+", source) and not is_path(source)
    model = source if is_names else read_source(source, shapes, assume)
    form = format_ or (None if output not in (None, "-") else "svg")
    write(drawn(kind, model, format=form or ending(output), **given), output)


def ending(output: str) -> str:
    """The ending of a file's name, or the whole of it where there is none."""
    return output.rpartition(".")[2].lower()


def parsed_values(text: str) -> dict:
    """{"x1": 1, "x": [1, 2]} from x1=1,x=[1,2]. Raises MatcalcError (M537)."""
    out = {}
    for entry in re.split(r",(?=\s*[^\W\d]\w*\s*=)", text):
        name, equals, value = (part.strip() for part in entry.partition("="))
        try:
            if not name or not equals:
                raise ValueError
            out[name] = json.loads(value)
        except ValueError:
            raise fail("M537", f"--at does not understand `{entry}`",
                       help="write --at x1=1,x2=3 or --at W=[[1,2],[3,4]],x=[1,2]") from None
    return out
