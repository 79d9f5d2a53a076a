"""Templates: where they are and how they print.

LaTeX, Markdown and Typst templates use \\VAR{...}, \\BLOCK{...} and \\COMMENT{...}; a plain
string is escaped when it is printed, what is ready (`Tex`, `Markdown`, `Typst`) passes.  HTML
templates escape in the same way, and `Html` passes.  All words stand in t("..."), which
says them in the language of the result.

A user's folder comes first; "builtin:NAME" is the template that it replaces.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import Label, MatcalcError, fail
from ..lang import ENGLISH, Language, said
from ..suggest import closest
from . import html, markdown, typst
from .tex import Tex, finalize

PACKAGE = Path(__file__).resolve().parents[1]
BUILTIN = "builtin"


def folder() -> Path:
    """The templates: inside the installed package, else in the project's root."""
    shipped = PACKAGE / "templates"
    return shipped if shipped.is_dir() else PACKAGE.parent / "templates"


def filled(template: str, templates=None, language: Language = ENGLISH, **data) -> str:
    """The text of a template; `templates`: a folder whose templates replace ours.

    Raises MatcalcError: M502 (a template is missing), M521 (a template cannot be
    used), M522 (the folder is not there, or replaces nothing).
    """
    kind = template.split(".")[1]
    own = None if templates is None else _replacing(Path(templates))
    environment = _builtin(kind, language) if own is None else _environment(kind, language, own)
    try:
        return str(environment.get_template(template).render(**data))
    except MatcalcError:
        raise
    except TemplateNotFound as problem:
        where = _marked(*place, "it is asked for here") if own and (place := _place(problem)) else {}
        raise fail("M502", f"the template `{problem.name}` is missing", **where,
                   help=_near(str(problem.name)) if own else "install matcalc again: its templates belong to it") from None
    except UnicodeDecodeError:
        raise fail("M521", f"a template in `{templates}` is not UTF-8 text", help="save it as UTF-8") from None
    except Exception as problem:
        place = _place(problem)
        if own is None or place is None:
            raise
        raise _faulty(problem, *place) from None


# ---------------------------------------------------------------- environments

_COMMON = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
_BRACES = {"block_start_string": r"\BLOCK{", "block_end_string": "}",
           "variable_start_string": r"\VAR{", "variable_end_string": "}",
           "comment_start_string": r"\COMMENT{", "comment_end_string": "}"}
_READY = {"tex": (Tex, finalize, r"\\"), "md": (Tex, markdown.finalize, r"\\"), "typ": (typst.Typst, typst.finalize, "\\")}


@cache
def _builtin(kind: str, language: Language):
    """matcalc's own templates, compiled once: that takes longer than filling one.  A
    template cannot change its environment, so nothing else outlives a call."""
    return _environment(kind, language, None)


def _environment(kind: str, language: Language, own: Path | None):
    """For the templates of a kind, "txt", "html", "js", "tex", "md" or "typ"."""
    common = {"loader": _loader(own), **_COMMON}
    if kind == "html":
        return _speaking(ImmutableSandboxedEnvironment(autoescape=True, **common), language, html.ready, html.sentence)
    if kind not in _READY:
        return _speaking(ImmutableSandboxedEnvironment(autoescape=False, **common), language)
    ready, escaped, newline = _READY[kind]
    environment = ImmutableSandboxedEnvironment(finalize=escaped, autoescape=False, **_BRACES, **common)
    environment.concat = lambda parts: ready("".join(parts))  # what macros and blocks give is escaped already
    environment.globals["newline"] = ready(newline)  # a template cannot end a line with backslashes
    return _speaking(environment, language, escaped, environment.concat)


def _speaking(environment, language: Language, escaped=str, together="".join):
    """The environment with t("..."), which says a sentence; what it gives is escaped already."""
    def t(pattern: str, **parts):
        return together([escaped(piece) for piece in language.pieces(said(pattern, **parts))])
    environment.globals.update(t=t, language=language)
    return environment


def _loader(own: Path | None):
    builtin = FileSystemLoader(folder())
    if own is None:
        return builtin
    return ChoiceLoader([FileSystemLoader(own), builtin, PrefixLoader({BUILTIN: builtin}, ":")])


# ---------------------------------------------------------------- a user's templates

def _replacing(own: Path) -> Path:
    """The folder, if it is one that replaces a template of ours."""
    try:
        names = sorted(p.name for p in own.iterdir())
    except OSError:
        raise fail("M522", f"there is no folder `{own}` with templates",
                   help="name a folder; docs/templates.md says what may be in it") from None
    known = _known()
    if not set(names) & set(known):
        near = [hint for hint in map(_near, names) if hint]
        raise fail("M522", f"no template in `{own}` replaces one of matcalc's",
                   facts=(f"matcalc's templates are {', '.join(known)}",),
                   help=near[0] if near else "give a file the name of the template that it replaces")
    return own


def _known() -> list[str]:
    return sorted(p.name for p in folder().iterdir() if not p.name.startswith("."))


def _near(name: str) -> str:
    return closest(name, _known())


def _place(problem: Exception) -> tuple[Path, int] | None:
    """The template and the line where it happened."""
    if isinstance(problem, TemplateSyntaxError):
        return (Path(problem.filename), problem.lineno) if problem.filename else None
    place, frame = None, problem.__traceback__
    while frame is not None:  # Jinja2 writes the template's lines into the traceback
        name = frame.tb_frame.f_code.co_filename
        if not name.endswith(".py") and Path(name).is_file():
            place = Path(name), frame.tb_lineno
        frame = frame.tb_next
    return place


def _faulty(problem: Exception, path: Path, line: int):
    """What is said of a mistake in a template."""
    reason = problem.message if isinstance(problem, TemplateError) and problem.message else "it cannot be computed"
    for pattern, words in _REASONS:
        reason = pattern.sub(words, reason)
    return fail("M521", f"the template `{path.name}` has a mistake in line {line}", **_marked(path, line, reason),
                help="docs/templates.md says what a template may use")


_REASONS = [  # what Jinja2 says, without the names of Python's types
    (re.compile(r"'.* object' has no attribute '(.*)'"), r"there is nothing called '\1' here"),
    (re.compile(r"access to attribute '(.*)' of .* is unsafe\."), r"a template may not use '\1'"),
]


def _marked(path: Path, line: int, remark: str) -> dict:
    """A line of a template, marked with a remark."""
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    text = lines[line - 1]
    start = sum(len(before) + 1 for before in lines[:line - 1])
    indent = len(text) - len(text.lstrip())
    return {"source": source, "name": str(path), "labels": (Label(start + indent, start + max(len(text), indent + 1), remark),)}
