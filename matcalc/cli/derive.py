"""matcalc derive"""

from __future__ import annotations

import click

from ..errors import fail
from .options import check_options, notation_option, output_option, read_source, source_options, terminal_columns, write

FORMATS = ("text", "latex", "article", "html", "json")
DECKS = ("beamer", "slides")


@click.command(short_help="Derive all gradients.")
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables or named intermediates; default: all but targets.")
@click.option("--format", "format_", type=click.Choice((*FORMATS, *DECKS)), default=None,
              help="Default: text, or article with --pdf.")
@click.option("--pdf", is_flag=True, help="Compile the article, or the beamer deck; needs -o FILE and pdflatex.")
@click.option("--steps", type=click.Choice(["coarse", "normal", "fine"]),
              help="Of a deck: a slide at once; factor by factor, values together; every value by itself.  [default: normal]")
@click.option("--handout", is_flag=True, help="A deck with all steps of a slide at once.")
@click.option("--layout", type=click.Choice(["denominator", "numerator"]), default="denominator",
              show_default=True, help="Gradients in the shape of their variable, or transposed.")
@click.option("--named", is_flag=True, help="Only the forms in named intermediates.")
@notation_option
@check_options
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
def derive(source, shapes, assume, wrt, format_, pdf, steps, handout, layout, named, notation, no_check, seed, as_json,
           output):
    """Derive all gradients of SOURCE: a file, - for standard input, or the expression itself."""
    from ..api import derive as derived
    format_ = chosen_format(format_, as_json, pdf, output, ("article", "beamer"))
    if (steps or handout) and format_ not in DECKS:
        raise fail("M505", "only decks have steps and a handout", help="add --format beamer or --format slides")
    d = derived(read_source(source, shapes, assume), wrt, check=False, layout=layout)
    d = d if no_check else d.checked(seed)
    options = {"columns": terminal_columns() if output is None else None, "steps": steps, "handout": handout}
    text = d.render(format_, named=named, notation=notation, **{name: value for name, value in options.items() if value})
    if pdf:
        from ..render.pdf import compiled
        write(compiled(text), output)
    else:
        write(text, output)


def chosen_format(format_, as_json: bool, pdf: bool = False, output=None, compiled=("article",)) -> str:
    """The format that the options agree on; `compiled`: what --pdf can compile.
    Raises MatcalcError (M505)."""
    if pdf and (as_json or format_ not in (None, *compiled)):
        raise fail("M505", f"--pdf compiles {' or '.join(compiled)} only",
                   help="leave out --format")
    if pdf and output is None:
        raise fail("M505", "--pdf needs the name of a file", help="add -o gradients.pdf")
    if as_json and format_ not in (None, "json"):
        raise fail("M505", f"--json and --format {format_} ask for two different things", help="leave out one of them")
    return "json" if as_json else format_ or ("article" if pdf else "text")
