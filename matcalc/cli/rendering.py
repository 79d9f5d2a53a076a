"""The options of how a result is shown, which all commands that show one share."""

from __future__ import annotations

from functools import reduce

import click

from ..errors import fail
from ..lang import languages
from .options import terminal_columns

FORMATS = ("text", "latex", "article", "html", "markdown", "notebook", "typst", "beamer", "slides", "json")
COMPILED = ("article", "beamer", "typst")
_CHOSEN = ("notation", "detail", "flavour", "gradient", "transpose", "hadamard", "bold", "lang", "templates",
           "named", "steps", "handout", "picture")
_ALL = {"format_", "as_json", "pdf", *_CHOSEN}

TEMPLATES = click.option("--template-dir", "templates", metavar="DIR", help="Templates that replace those of matcalc.")
lang_option = click.option("--lang", type=click.Choice(languages()), help="The language of all words; default: en.")
_OPTIONS = (
    click.option("--format", "format_", type=click.Choice(FORMATS), help="Default: text, or article with --pdf."),
    click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
    click.option("--detail", type=click.Choice(["answer", "layers", "rules"]),
                 help="Only the answers, layer by layer (default), or every rule with its reason and sources."),
    click.option("--notation", type=click.Choice(["matrix", "index", "entries", "dimensions"]),
                 help="In matrices (default); with a section in index notation; with all entries written out; or with the "
                      "dimensions of all factors."),
    click.option("--gradient", type=click.Choice(["partial", "nabla", "delta", "d"]),
                 help="How dL/dW is written: as a quotient (default), ∇_W L, δ_W, or dW."),
    click.option("--transpose", type=click.Choice(["top", "T"]), help="The transpose as ⊤ (default) or T."),
    click.option("--hadamard", type=click.Choice(["odot", "circ"]),
                 help="The product entry by entry as ⊙ (default) or ∘."),
    click.option("--bold", is_flag=True, default=None, help="Vectors and matrices in bold type."),
    lang_option,
    click.option("--flavour", type=click.Choice(["github", "jupyter"]),
                 help="Markdown for GitHub (default), or for Jupyter, MyST and Quarto."),
    click.option("--picture", type=click.Choice(["auto", "none", "graph", "layers"]),
                 help="On pages and decks: the computational graph, or the layers; default: the layers where there "
                      "are several."),
    TEMPLATES,
    click.option("--steps", type=click.Choice(["coarse", "normal", "fine"]),
                 help="Of a deck: line by line; factor by factor, then value by value (default); also the sides of "
                      "an equation."),
    click.option("--handout", is_flag=True, default=None, help="A deck with all steps of a slide at once."),
    click.option("--pdf", is_flag=True, help="Compile with pdflatex, or with Typst (--format typst); needs -o FILE."),
)


def render_options(command):
    """The options of the outputs; the command gets them as one argument, `shown`, for `rendered`."""
    def collected(*arguments, **options):
        shown = {k: v for k, v in options.items() if k in _ALL}
        return command(*arguments, **{k: v for k, v in options.items() if k not in _ALL}, shown=shown)
    collected.__doc__, collected.__name__ = command.__doc__, command.__name__
    return reduce(lambda f, option: option(f), reversed(_OPTIONS), collected)


def rendered(result, shown: dict, output: str | None) -> str | bytes:
    """The text of a result, or its PDF. Raises MatcalcError (M505 and those of rendering)."""
    format_ = chosen_format(shown["format_"], shown["as_json"], shown["pdf"], output, COMPILED)
    columns = terminal_columns() if output is None else None
    options = {k: shown[k] for k in _CHOSEN if shown.get(k) is not None}
    text = result.render(format_, **options, **({"columns": columns} if columns else {}))
    if shown["pdf"]:
        from ..render import pdf, typst
        return (typst if format_ == "typst" else pdf).compiled(text)
    return text


def chosen_format(format_, as_json: bool, pdf: bool = False, output=None, compiled=("article",)) -> str:
    """The format that the options agree on; `compiled`: what --pdf can compile.
    Raises MatcalcError (M505)."""
    if pdf and (as_json or format_ not in (None, *compiled)):
        raise fail("M505", "--pdf compiles no other format than these", facts=(f"it compiles {', '.join(compiled)}",),
                   help="leave out --format, or use one of them")
    if pdf and output is None:
        raise fail("M505", "--pdf needs the name of a file", help="add -o gradients.pdf")
    if as_json and format_ not in (None, "json"):
        raise fail("M505", f"--json and --format {format_} ask for two different things", help="leave out one of them")
    return "json" if as_json else format_ or ("article" if pdf else "text")
