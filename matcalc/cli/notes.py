"""matcalc notes"""

from __future__ import annotations

import sys
from contextlib import contextmanager

import click

from .options import write
from .rendering import TEMPLATES, lang_option


@click.command()
@click.argument("file")
@click.option("-o", "--output", metavar="FILE", required=True,
              help="Where to write; the ending is the format: .pdf, .html, .tex or .md.")
@click.option("--flavour", type=click.Choice(["github", "jupyter"]),
              help="Markdown for GitHub (default), or for Jupyter, MyST and Quarto.")
@lang_option
@TEMPLATES
def notes(file, output, **options):
    """Make lecture notes from FILE.toml: sections of prose, derivations, tables and pictures.

    Everything is derived and checked before anything is written.
    """
    from ..notes import notes as read_notes
    from ..notes.notes import format_of
    format_of(output)
    with _progress() as progress:
        made = read_notes(file, progress)
    names = made.save(output, **{k: v for k, v in options.items() if v is not None})
    write(f"written: {', '.join(names)}\n", None)


@contextmanager
def _progress():
    """A function (done, total) that draws a bar, on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="deriving", file=sys.stderr) as bar:
        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)
        yield advance
