"""Notebooks: the format, what the cells hold, and that they run."""

from __future__ import annotations

import json

import pytest

import matcalc as mc
from matcalc.render.source import model_source

from .test_html import RESULTS
from .test_render import CLASSIFIER, NET, net


def notebook(result) -> dict:
    return json.loads(result.render("notebook"))


def code(data: dict) -> list[str]:
    return ["".join(c["source"]) for c in data["cells"] if c["cell_type"] == "code"]


@pytest.fixture(scope="module", params=RESULTS)
def data(request) -> dict:
    """One notebook after the other."""
    return notebook(RESULTS[request.param]())


def test_the_format(data):
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)
    assert len({c["id"] for c in data["cells"]}) == len(data["cells"])
    for cell in data["cells"]:
        more = {"execution_count", "outputs"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | more
        assert "".join(cell["source"]).strip()


def test_the_schema(data):
    pytest.importorskip("nbformat").validate(data)


def test_the_code_runs(data):
    names: dict = {}
    for cell in code(data):
        if "IPython" in cell:
            pytest.importorskip("IPython")
        exec(compile(cell, "<cell>", "exec"), names)  # noqa: S102
    assert names["d"].check().verdict != "disagrees"


def test_the_cells():
    data = notebook(mc.derive(NET, check=False))
    first, picture, numbers, check = code(data)
    assert picture.endswith('SVG(mc.plot("layers", d.model))')
    assert first.startswith("import matcalc as mc\n") and "f2 = W2*f1" not in first.splitlines()[0]
    assert "mc.derive(source, wrt=['W3', 'W2', 'W1', 'x'])" in first
    assert "d.numpy()(**values)" in numbers
    assert check == "d.check()"
    headings = [c["source"][0].strip() for c in data["cells"] if c["cell_type"] == "markdown"]
    assert headings[1:] == ["## Variables", "## Forward pass", "## Backward pass", "## Gradients", "## In numbers",
                            "## Against finite differences"]


@pytest.mark.parametrize("source", [
    NET, CLASSIFIER, 'x : n # a """quoted""" word\nsum(x)', "x : n # back\\slash\nsum(x)",
    "phi(t) = t/(1 + exp(-t)); sum(phi(W*x))", "sigma : function; sum(sigma(x))", "N : scalar; 1/N*sum(x)",
])
def test_the_source_reads_as_the_model(source):
    model = mc.read(source)
    again = mc.read(model_source(model))
    assert [a.expr for a in again.assignments] == [a.expr for a in model.assignments]
    names: dict = {}
    exec(code(notebook(mc.derive(model, check=False)))[0], names)  # noqa: S102
    assert names["d"].model.output.expr is model.output.expr


def test_options_of_the_reader_are_written_down():
    model = mc.read("x'*S*x", shapes={"S": ("k", "k")}, assume={"S": "spd"})
    assert model_source(model).splitlines()[0] == "S : k x k spd" or "S : k x k spd" in model_source(model)


def test_a_model_from_sympy():
    sympy = pytest.importorskip("sympy")
    W, x = sympy.MatrixSymbol("W", 3, 2), sympy.MatrixSymbol("x", 2, 1)
    data = notebook(mc.derive((W * x).T * (W * x), check=False))
    names: dict = {}
    exec(code(data)[0], names)  # noqa: S102
    assert set(names["d"].gradients) == {"W", "x"}
    y = sympy.MatrixSymbol("<!-- cell: code -->", 2, 1)
    with pytest.raises(mc.MatcalcError, match="M523"):
        mc.derive(y.T * y, check=False).render("notebook")


def test_an_abstract_function_has_no_numbers():
    data = notebook(mc.derive("sigma : function; sum(sigma(W*x))", check=False))
    assert not any("numpy" in cell for cell in code(data))


def test_jupyter_runs_it():
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    book = nbformat.reads(net(CLASSIFIER).render("notebook"), as_version=4)
    nbclient.NotebookClient(book, timeout=120).execute()
    last = book.cells[-1].outputs[0].data
    assert "<table>" in last["text/html"] and "agrees" in last["text/plain"]


def test_sample_gives_the_shapes_of_users():
    d = net(CLASSIFIER)
    values = d.sample(seed=1)
    assert values["x"].ndim == 1 and values["W1"].ndim == 2
    assert all((values[n] == d.sample(seed=1)[n]).all() for n in values)
