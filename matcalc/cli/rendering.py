"""The options of how a result is shown, which all commands that show one share."""

from __future__ import annotations

from functools import reduce

import click

from ..errors import fail
from ..lang import languages
from .options import terminal_columns

FORMATS = ("text", "latex", "article", "html", "markdown", "notebook", "typst", "json")
DECKS = ("beamer", "slides")
COMPILED = ("article", "beamer", "typst")
_CHOSEN = ("notation", "detail", "flavour", "gradient", "transpose", "hadamard", "bold", "lang", "templates", "named",
           "steps", "handout")
_ALL = {"format_", "as_json", "pdf", *_CHOSEN}

PDF = click.option("--pdf", is_flag=True, help="Compile with pdflatex, or with Typst (--format typst); needs -o FILE.")
DECK = (
    click.option("--steps", type=click.Choice(["coarse", "normal", "fine"]),
                 help="Of a deck: a slide at once; factor by factor, values together (default); "
                      "every value by itself."),
    click.option("--handout", is_flag=True, default=None, help="A deck with all steps of a slide at once."),
)
lang_option = click.option("--lang", type=click.Choice(languages()), help="The language of all words; default: en.")
_OPTIONS = (
    click.option("--json", "as_json", is_flag=True, help="The same as --format json."),
    click.option("--detail", type=click.Choice(["answer", "layers", "rules"]),
                 help="Only the answers, layer by layer (default), or every rule with its reason and sources."),
    click.option("--notation", type=click.Choice(["matrix", "index", "entries"]),
                 help="In matrices (default); with a section in index notation; or with all entries written out."),
    click.option("--gradient", type=click.Choice(["partial", "nabla", "delta", "d"]),
                 help="How dL/dW is written: as a quotient (default), ∇_W L, δ_W, or dW."),
    click.option("--transpose", type=click.Choice(["top", "T"]), help="The transpose as ⊤ (default) or T."),
    click.option("--hadamard", type=click.Choice(["odot", "circ"]),
                 help="The product entry by entry as ⊙ (default) or ∘."),
    click.option("--bold", is_flag=True, default=None, help="Vectors and matrices in bold type."),
    lang_option,
    click.option("--flavour", type=click.Choice(["github", "jupyter"]),
                 help="Markdown for GitHub (default), or for Jupyter, MyST and Quarto."),
    click.option("--template-dir", "templates", metavar="DIR", help="Templates that replace those of matcalc."),
)


def render_options(*more, formats=FORMATS):
    """--format --json --detail --notation --gradient --transpose --hadamard --bold
    --lang --flavour --template-dir, and more.

    The command gets them as one argument, `shown`, for `rendered`.
    """
    default = "text, or article with --pdf" if PDF in more else "text"
    format_ = click.option("--format", "format_", type=click.Choice(formats), help=f"Default: {default}.")

    def decorated(command):
        def collected(*arguments, **options):
            shown = {k: v for k, v in options.items() if k in _ALL}
            return command(*arguments, **{k: v for k, v in options.items() if k not in _ALL},
                           shown={**shown, "compiled": tuple(f for f in COMPILED if f in formats)})
        collected.__doc__, collected.__name__ = command.__doc__, command.__name__
        return reduce(lambda f, option: option(f), reversed([format_, *_OPTIONS, *more]), collected)
    return decorated


def rendered(result, shown: dict, output: str | None) -> str | bytes:
    """The text of a result, or its PDF. Raises MatcalcError (M505 and those of rendering)."""
    format_ = chosen_format(shown["format_"], shown["as_json"], shown.get("pdf", False), output, shown["compiled"])
    columns = terminal_columns() if output is None else None
    options = {k: shown[k] for k in _CHOSEN if shown.get(k) is not None}
    text = result.render(format_, **options, **({"columns": columns} if columns else {}))
    if shown.get("pdf"):
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
