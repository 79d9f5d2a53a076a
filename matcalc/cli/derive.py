"""matcalc derive"""

from __future__ import annotations

import click

from ..errors import fail
from .options import check_options, notation_option, output_option, read_source, source_options, terminal_columns, write

FORMATS = ("text", "latex", "article", "html", "json")


@click.command(short_help="Derive all gradients.")
@source_options
@click.option("--wrt", metavar="W1,W2", help="Variables or named intermediates; default: all but targets.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default=None,
              help="Default: text, or article with --pdf.")
@click.option("--pdf", is_flag=True, help="Compile the article; needs -o FILE and pdflatex.")
@click.option("--layout", type=click.Choice(["denominator", "numerator"]), default="denominator",
              show_default=True, help="Gradients in the shape of their variable, or transposed.")
@click.option("--named", is_flag=True, help="Only the forms in named intermediates.")
@notation_option
@check_options
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@output_option
def derive(source, shapes, assume, wrt, format_, pdf, layout, named, notation, no_check, seed, as_json, output):
    """Derive all gradients of SOURCE: a file, - for standard input, or the expression itself."""
    from ..api import derive as derived
    format_ = chosen_format(format_, as_json, pdf, output)
    d = derived(read_source(source, shapes, assume), wrt, check=False, layout=layout)
    d = d if no_check else d.checked(seed)
    columns = terminal_columns() if output is None else None
    text = d.render(format_, named=named, notation=notation, **({"columns": columns} if columns else {}))
    if pdf:
        from ..render.pdf import compiled
        write(compiled(text), output)
    else:
        write(text, output)


def chosen_format(format_, as_json: bool, pdf: bool = False, output=None) -> str:
    """The format that the options agree on. Raises MatcalcError (M505)."""
    if pdf and (as_json or format_ not in (None, "article")):
        raise fail("M505", "--pdf makes a PDF of the article, so it has no other format",
                   help="leave out --format")
    if pdf and output is None:
        raise fail("M505", "--pdf needs the name of a file", help="add -o gradients.pdf")
    if as_json and format_ not in (None, "json"):
        raise fail("M505", f"--json and --format {format_} ask for two different things", help="leave out one of them")
    return "json" if as_json else "article" if pdf else format_ or "text"
