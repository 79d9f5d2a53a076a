"""matcalc rules"""

from __future__ import annotations

import click

from ..errors import fail
from .options import output_option, write
from .rendering import TEMPLATES, chosen_format, lang_option

COOKBOOK_FORMATS = ("text", "article", "html", "json")


@click.command()
@click.argument("name", required=False)
@click.option("--cookbook", is_flag=True, help="The Matrix Cookbook's derivatives, derived and checked.")
@click.option("--format", "format_", type=click.Choice(COOKBOOK_FORMATS), help="Of the cookbook; default: text.")
@click.option("--pdf", is_flag=True, help="Compile the cookbook's article; needs -o FILE and pdflatex.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@lang_option
@TEMPLATES
@output_option
@click.pass_context
def rules(ctx, name, cookbook, format_, pdf, as_json, lang, templates, output):
    """List the rules, or print the page of NAME, for instance matmul or tanh."""
    from ..lang import language
    spoken = language(lang or "en")
    if cookbook:
        ctx.exit(_cookbook(name, chosen_format(format_, as_json, pdf, output), pdf, templates, output, spoken))
    if format_ or pdf or as_json or templates:
        raise fail("M505", "only the cookbook has other formats than text, and templates", help="add --cookbook")
    from ..render.rule_page import rule_list, rule_page
    write(rule_page(name, spoken) if name else rule_list(spoken), output)


def _cookbook(name, format_: str, pdf: bool, templates, output, language) -> int:
    """Write the cookbook; 0, or 1 when an equation that should be had is not.

    Raises MatcalcError (M505, M508, M509).
    """
    if templates and format_ in ("text", "json"):
        raise fail("M505", f"--template-dir is for templates, and {format_} has none",
                   help="add --format article or html, or leave it out")
    if name:
        raise fail("M505", f"--cookbook is about all equations, and `{name}` about one rule",
                   help="leave out one of them")
    from ..cookbook.table import coverage, load
    from ..render import cookbook_page as page
    table = load()
    rows = coverage(table)
    if format_ in ("article", "html"):
        document = {"article": page.article, "html": page.page}[format_](table, rows, templates, language)
    elif format_ == "json":
        document = page.coverage_json(table, rows)
    else:
        document = page.coverage_text(table, rows, language)
    if pdf:
        from ..render.pdf import compiled
        write(compiled(document), output)
    else:
        write(document, output)
    return int(any(row.has_failed for row in rows))
