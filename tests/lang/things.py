"""One thing of every kind, and all of its renderings as words."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import matcalc as mc
from matcalc.cookbook.table import Row, Table, derived, load
from matcalc.lang import language
from matcalc.render import cookbook_page
from matcalc.render.render import DECKS, FORMATS
from matcalc.rules.bibliography import bibliography

_EXAMPLES = {path.stem: path for path in sorted((Path(__file__).resolve().parents[2] / "examples").rglob("*.mc"))}
STRUCTURES = ("S : n x n spd; Q : n x n orthogonal; T : n x n toeplitz; D : n x n diagonal; y : n onehot; "
              "p : n simplex; c : n constant; a : scalar positive; "
              "1/2*logdet(S) + tr(Q*S*T) + sum(log(S*vector(1))) + norm1(Q) + max(S) + sum(gelu(D*y)) + p'*c/a")
RESIDUAL = "x : n; h1 = x + relu(W1*x); h2 = h1 + tanh(W2*h1); L = norm2(h2 - y)^2"
DEEP = "h0 : n; " + "".join(f"h{i} = h{i - 1} + tanh(W{i}*h{i - 1}); " for i in range(1, 17)) + "L = norm2(h16 - y)^2"
CLASSIFIER = "b1 : h; a1 = W1*x + b1; h1 = tanh(a1); yhat = softmax(W2*h1); L = cross_entropy(yhat, y)"


@cache
def things() -> dict:
    """Derived and checked; each says other sentences."""
    classifier = mc.derive(CLASSIFIER)
    return {
        **{name: mc.derive(path) for name, path in _EXAMPLES.items()},
        "structures": mc.derive(STRUCTURES, check=False), "residual": mc.derive(RESIDUAL),
        "deep": mc.derive(DEEP, check=False), "numerator": mc.derive(CLASSIFIER, layout="numerator", check=False),
        "exactly": replace(classifier, report=classifier.check(exact=True)),
        "too large": mc.derive("W : 1000000 x 100000; norm2(W*x)^2"),
        "zero": mc.derive("x : n; z : n; h = 0*z; L = sum(x)", wrt="x,z"),
        "abstract": mc.derive("g : function; L = sum(g(W*x))", check=False),
        "gradient": mc.gradient("S : n x n symmetric; logdet(S)", "S", entries="independent"),
        "tangent": mc.gradient("Q : n x n orthogonal; tr(A*Q)", "Q", entries="tangent", check=False),
        "jacobian": mc.jacobian("A*X*B", "X"), "vectors": mc.jacobian("softmax(W*x)", "x", check=False),
        "by a scalar": mc.jacobian("A : m x n; B : m x n; t : scalar; A + t*B", "t", check=False),
        "hessian": mc.hessian("x'*A*x", "x"),
        "product": mc.hessian("h = tanh(W*x); L = sum(h)^2", "W", times="V"),
        "differential": mc.differential("h = tanh(W*x); L = sum(h)^2"),
        "of matrices": mc.differential("A*X*B", "X", check=False),
        "backprop": mc.backpropagation(), "recurrent": mc.backpropagation("tanh", recurrent=True)}


def renderings(lang: str, formats=tuple(f for f in FORMATS if f != "json")):
    """(name, words) of every thing; of the examples in one format, of the others in all."""
    for name, thing in things().items():
        for format in formats if name not in _EXAMPLES else ["text"]:
            yield f"{name}, {format}", words(thing.render(format, lang=lang), format)
        if name not in ("backprop", "recurrent"):
            wanted = set(formats) - set(DECKS) if name in ("residual", "hessian", "of matrices") else {"text"}
            for format in sorted(wanted):
                yield f"{name}, {format}, rules", before_sources(words(thing.render(format, detail="rules", lang=lang), format))
    for name in ("structures", "zero"):
        for format in DECKS:
            yield f"{name}, {format}", words(things()[name].render(format, lang=lang), format)
    yield from cookbook(lang)


def cookbook(lang: str):
    """The cookbook's page, article and table; a part of it."""
    table = load()
    chosen = [e for e in table.equations if not hasattr(e, "wrt") or getattr(e, "note", "")]
    rows = [Row(e, derived(e)) if hasattr(e, "wrt") else Row(e, reason=e.reason) for e in chosen]
    table, spoken = Table(table.sections, tuple(chosen)), language(lang)
    for format, make in (("html", cookbook_page.page), ("article", cookbook_page.article),
                         ("text", cookbook_page.coverage_text)):
        yield f"cookbook, {format}", words(make(table, rows, language=spoken), format).replace("The Matrix Cookbook", "")


def before_sources(text: str) -> str:
    """Without the bibliography, where titles are in English in every language."""
    text = " ".join(text.split())
    last = [f"{s.author.split(' and ')[-1].partition(',')[0]}, {s.title[:10]}" for s in bibliography().values()]
    return text[:min((text.index(entry) for entry in last if entry in text), default=None)]


def words(text: str, format: str) -> str:
    """What a reader reads, and more or less nothing else."""
    if format in ("html", "slides"):
        text = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*>", " ", text))
    if format == "notebook":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        text = text.replace("`pip install matcalc-derivations`", "")
    if format == "typst":
        text = "= " + text.partition("\n= ")[2]
        text = re.sub(r'bytes\("(?:[^"\\]|\\.)*"\)', " ", text)  # a picture
        return re.sub(r'#\w+|op\("\w+"\)|[a-z]+\(', " ", text)
    if format in ("article", "beamer"):
        text = text.partition(r"\begin{document}")[2]
    text = re.sub(r"\\(begin|end|operatorname|mathrm|color|textcolor|setlength|hspace|rule)\*?\{[^{}]*\}", " ", text)
    return re.sub(r"\\[A-Za-z]+|``?`?math", " ", text)
