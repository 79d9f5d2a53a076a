"""matcalc explain"""

from __future__ import annotations

from importlib.resources import files

import click

from ..errors import fail
from ..suggest import closest
from .options import write


@click.command()
@click.argument("code")
def explain(code):
    """Explain an error CODE such as M201."""
    pages = {page.name.removesuffix(".md"): page for page in _folder().iterdir() if page.name.endswith(".md")}
    page = pages.get(code.strip().upper().removeprefix("ERROR[").rstrip("]"))
    if page is None:
        raise fail("M506", f"there is no page for `{code}`",
                   help=closest(code.upper(), pages) or "codes look like M201")
    write(page.read_text(encoding="utf-8").rstrip("\n") + "\n", None)


def _folder():
    return files("matcalc") / "messages"
