"""Templates: where they are and how they print.

LaTeX templates use \\VAR{...}, \\BLOCK{...} and \\COMMENT{...}; a plain string is
escaped when it is printed, a `Tex` string passes.  HTML templates escape in the
same way, and `Html` passes.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from ..errors import fail
from .tex import Tex, finalize

PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """The templates: inside the installed package, else in the project's root."""
    shipped = PACKAGE / "templates"
    return shipped if shipped.is_dir() else PACKAGE.parent / "templates"


def filled(template: str, **data) -> str:
    """The text of a template. Raises MatcalcError (M502) when it is not there."""
    environment = _tex() if template.endswith(".tex.j2") else _plain(escapes=template.endswith(".html.j2"))
    try:
        return str(environment.get_template(template).render(**data))
    except TemplateNotFound:
        raise fail("M502", f"the template `{template}` is missing",
                   help="install matcalc again: its templates belong to it") from None


class _TexEnvironment(Environment):
    """Macros and blocks give Tex again, so that nothing is escaped twice."""

    concat = staticmethod(lambda parts: Tex("".join(parts)))


def _tex() -> Environment:
    """A new environment for every call, so that no state outlives one."""
    environment = _TexEnvironment(
        block_start_string=r"\BLOCK{", block_end_string="}",
        variable_start_string=r"\VAR{", variable_end_string="}",
        comment_start_string=r"\COMMENT{", comment_end_string="}",
        finalize=finalize, autoescape=False, loader=FileSystemLoader(folder()), **_COMMON)
    environment.globals["newline"] = Tex(r"\\")  # a template cannot end a line with backslashes
    return environment


def _plain(escapes: bool) -> Environment:
    return Environment(autoescape=escapes, loader=FileSystemLoader(folder()), **_COMMON)


_COMMON = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True,
           "keep_trailing_newline": True}
