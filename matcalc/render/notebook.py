"""A Jupyter notebook (nbformat 4.5) from cells that a template lays out.

A line <!-- cell: markdown --> or <!-- cell: code --> begins a cell; no text of the
user's can be such a line, because < is escaped everywhere.  A heading begins a
cell of its own.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from ..errors import fail
from .source import model_source
from .tex import Tex

_CELL = re.compile(r"^<!-- cell: (markdown|code) -->\n", re.MULTILINE)
_HEADING = re.compile(r"\n(?=## )")


def notebook(text: str) -> str:
    """The JSON of a notebook with these cells.

    Raises MatcalcError (M524) when the template begins no cell.
    """
    _, *parts = _CELL.split(text)
    if not parts:
        raise fail("M524", "the notebook's template begins no cell",
                   help="a cell begins with the line <!-- cell: markdown --> or <!-- cell: code -->")
    cells = []
    for kind, content in zip(parts[::2], parts[1::2]):
        for piece in _HEADING.split(content) if kind == "markdown" else [content]:
            if piece.strip():
                cells.append(_cell(kind, piece.strip("\n"), len(cells)))
    data = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
             "language_info": {"name": "python"}}


def _cell(kind: str, text: str, number: int) -> dict:
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, **more,
            "source": text.splitlines(keepends=True)}


def call(derivation, kind: str) -> dict:
    """What the template's code cells need.

    verb         "derive", or the kind of a result
    source       the model's source as a literal of Python
    arguments    further arguments of the verb
    is_concrete  whether every function has values, so that numbers can be had
    """
    if kind == "general":
        derivation, kind = derivation.equations, "derivation"
        arguments = []
    elif kind == "derivation":
        arguments = [f"wrt={list(derivation.gradients)!r}"]
        arguments += [] if derivation.layout == "denominator" else [f"layout={derivation.layout!r}"]
    elif kind == "differential":
        arguments = [f"wrt={list(derivation.wrt)!r}"]
    else:
        arguments = [repr(derivation.wrt)]
        arguments += [] if derivation.entries == "free" else [f"entries={derivation.entries!r}"]
        arguments += [f"times={derivation.times!r}"] if derivation.times else []
    verb = {"derivation": "derive", "differential": "differential"}.get(kind) or derivation.kind.split()[0]
    model = derivation.model
    if getattr(derivation, "times", ""):  # the verb adds the direction to the model
        model = replace(model, variables={n: v for n, v in model.variables.items() if n != derivation.times}, source="")
    return {"verb": Tex(verb), "source": Tex(_literal(model_source(model))), "arguments": [Tex(a) for a in arguments],
            "kind": kind, "is_concrete": all(f.body is not None for f in model.functions.values())}


def _literal(text: str) -> str:
    """A string of Python: its lines between triple quotes where nothing in it could end them."""
    is_plain = '"""' not in text and "\\" not in text and not text.endswith('"')
    return f'"""\n{text}\n"""' if is_plain else repr(text)
