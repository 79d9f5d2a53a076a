"""Templates hold layout: every word that they print stands in t("...")."""

from __future__ import annotations

import re

import pytest
from jinja2 import nodes

from matcalc.lang import ENGLISH
from matcalc.render.templating import _environment

from .patterns import TEMPLATES

WORD = re.compile(r"[^\W\d_]{2,}")
GAP = "\0"  # where something is printed
COMMANDS = re.compile(r"\\(?:begin|end|documentclass|usepackage|color|setlength|hspace|section|textcolor|addtolength)\*?"
                      r"(?:\[[^\]]*\])?(?:\{[^{}]*\})?(?:\{[^{}]*\})?|\\[A-Za-z@]+\*?|\d*\.?\d+(?:pt|mm|em)|\[[lrtc]\]")
LAYOUT = {  # words of the format, not of English, that are left when its commands are gone
    "tex": {"handout", "aspectratio", "plus", "mcfit", "vec", "head", "firsthead", "group", "width", "align", "mcalign", "toc", "section",
            "tabular"}, "md": {"emsp"},
    "html": {"data", "since", "script", "src", "img"}, "txt": set(),
    "typ": {"quad", "fit", "limits", "underbrace", "inline", "em", "box", "image", "bytes", "svg", "alt", "format"},
}
CHOOSING = ("selectattr", "rejectattr", "map", "groupby", "replace")  # filters whose arguments are names, or layout


def environment(path):
    return _environment(path.name.split(".")[1], ENGLISH, None)


def literal(path, source: str) -> str:
    """What a template prints as it stands, without the words of its format."""
    data = "".join(value if kind == "data" else GAP for _, kind, value in environment(path).lex(source))
    data = data.replace("The Matrix Cookbook", "")  # a title
    kind = path.name.split(".")[-2]
    if kind == "html":
        return re.sub(r"<[^>]*>|&\w+;|&#\w+;", " ", data)
    if kind == "typ":
        return re.sub(r"^#(set|show|let)\b.*?(?=^$|^=|\Z)", "", data, flags=re.MULTILINE | re.DOTALL)
    if path.name == "notebook.md.j2":
        data = re.sub(r"<!-- cell: code -->.*?(?=<!-- cell: markdown|\Z)", "", data, flags=re.DOTALL)
        data = data.replace("pip install matcalc-derivations", "")
    if kind in ("tex", "md"):
        data = re.sub(r"<!--.*?-->", "", data)
        before, document, after = data.partition(r"\begin{document}")
        return COMMANDS.sub(" ", (LINES.sub("", before) if document else before) + after)
    return data


LINES = re.compile(r"^(\\(documentclass|usepackage|set|definecolor|newcommand|At|use|newlength|newsavebox|newenvironment).*"
                   r"|  \\(mathmakebox|ifdim).*|\\make.*)$", re.MULTILINE)


def untranslated(path, source: str) -> set[str]:
    """Words outside t(...): in the text, and in strings of expressions that may be printed."""
    found = set(WORD.findall(literal(path, source))) - LAYOUT[path.name.split(".")[-2]]
    tree = environment(path).parse(source)
    never_printed = [*tree.find_all((nodes.Compare, nodes.Include, nodes.Import, nodes.Extends)),
                     *(kwarg for n in tree.find_all(nodes.Filter) for kwarg in n.kwargs),
                     *(x for n in tree.find_all(nodes.Filter) if n.name in CHOOSING for x in n.args),
                     *(pair.key for pair in tree.find_all(nodes.Pair))]
    said = [n for n in tree.find_all(nodes.Call) if _is_said(n)]
    quiet = {id(c) for n in [*never_printed, *said] for c in [n, *n.find_all(nodes.Const)]}
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and id(const) not in quiet:
            found |= set(WORD.findall(COMMANDS.sub("", const.value)))
    return found


def _is_said(node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "t"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_word_outside_t(path):
    assert untranslated(path, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(("name", "line"), [
    ("derivation.html.j2", "<h2>Lecture notes</h2>"), ("derivation.tex.j2", r"\VAR{f.heading('Lecture notes')}"),
    ("beamer.tex.j2", r"\textbf{Lecture notes}"), ("derivation.md.j2", "## Lecture notes"),
    ("derivation.typ.j2", "== Lecture notes"), ("derivation.txt.j2", "Lecture notes"),
    ("derivation.txt.j2", "{{ 'Lecture notes' }}"), ("derivation.txt.j2", "{{ pad('Lecture notes', x='Lecture') }}"), ("notebook.md.j2", "<!-- cell: markdown -->\nLecture notes")])
def test_this_would_be_seen(name, line):
    path = next(p for p in TEMPLATES if p.name == name)
    assert untranslated(path, path.read_text(encoding="utf-8") + "\n" + line) == {"Lecture", "notes"}
