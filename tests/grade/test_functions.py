"""Programs as answers: verdicts by values, and a name for everything that keeps them from having any."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.grade import load
from matcalc.grade.functions import program_in

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = {p.stem: load(p) for p in sorted((ROOT / "examples" / "problems").glob("*.toml"))}
ANSWERS = [json.loads(line) for line in (ROOT / "tests" / "data" / "student_answers.jsonl").read_text(
    encoding="utf-8").splitlines()]
HELPERS = {"had": "a*b", "softmax": "np.exp(a - a.max())/np.exp(a - a.max()).sum()"}
FORWARD = "    h = np.tanh(W1 @ x + b1)\n    e = W2 @ h + b2 - y\n"
NETWORK = "import numpy as np\ndef grad(W1, b1, W2, b2, x, y):\n" + FORWARD + "    return "


def program(recorded: dict) -> str:
    """The hand translation of a recorded answer as a student's program."""
    body = recorded["numpy"].replace("ones", "np.ones((X.shape[0], 1))")
    names = sorted({n for n in re.findall(r"(?<![.\w])[A-Za-z]\w*", body)} - {"np", *HELPERS})
    helpers = "".join(f"def {n}({'a, b' if n == 'had' else 'a'}): return {e}\n" for n, e in HELPERS.items())
    return f"import numpy as np\n{helpers}\ndef grad({', '.join(names)}):\n    return {body}\n"


@pytest.mark.parametrize("recorded", [a for a in ANSWERS if a["numpy"]], ids=lambda a: a["id"])
def test_hand_translations_have_the_recorded_verdicts(recorded: dict):
    space: dict = {}
    exec(program(recorded), space)
    verdict = mc.grade(PROBLEMS[recorded["problem"]], space["grad"])
    is_flat = "vectors were passed with one axis, (n,)" in verdict.notes  # there, nothing can be transposed
    assert verdict.result == ("right" if is_flat and recorded["mistake"] == "layout_transposed" else recorded["verdict"])


@pytest.mark.parametrize("recorded", [a for a in ANSWERS if a["numpy"]][::9], ids=lambda a: a["id"])
def test_a_text_and_its_function_have_the_same_verdict(recorded: dict):
    space: dict = {}
    exec(program(recorded), space)
    inside = mc.grade(PROBLEMS[recorded["problem"]], space["grad"])
    outside = mc.grade(PROBLEMS[recorded["problem"]], program(recorded))
    assert (inside.result, inside.mistake) == (outside.result, outside.mistake)
    if inside.mistake != "raises":  # which says the line, where there is a text
        assert inside == outside


@pytest.mark.parametrize("recorded", [a for a in ANSWERS if "def " in a["answer"]], ids=lambda a: a["id"])
def test_recorded_programs(recorded: dict):
    assert mc.grade(PROBLEMS[recorded["problem"]], recorded["answer"]).result == recorded["verdict"]


def test_no_formula_is_taken_for_a_program():
    assert [a["id"] for a in ANSWERS if program_in(a["answer"])] == [a["id"] for a in ANSWERS if "def " in a["answer"]]
    for text in ("\\lambda x + y", "lambda*w", "2 A x\nfrom the chain rule", "for all x: 2 A x", "definition = A",
                 "important: A"):
        assert program_in(text) is None


@pytest.mark.parametrize(("code", "formula"), [
    ("np.outer(W2.T @ e, x)", "W2'*(yhat - y)*x'"),
    ("np.outer((W2.T @ e)*(1 - h**2), x).T", "x*((W2'*(yhat - y)).*(1 - h.^2))'"),
    ("-np.outer((W2.T @ e)*(1 - h**2), x)", "-((W2'*(yhat - y)).*(1 - h.^2))*x'"),
    ("2*np.outer((W2.T @ e)*(1 - h**2), x)", "2*((W2'*(yhat - y)).*(1 - h.^2))*x'"),
    ("np.outer((W2.T @ e)*h*(1 - h), x)", "((W2'*(yhat - y)).*h.*(1 - h))*x'"),
    ("np.outer((W2.T @ e)*(1 - np.tanh(h)**2), x)", "((W2'*(yhat - y)).*(1 - tanh(h).^2))*x'"),
])
def test_a_mistake_has_the_name_and_the_sentence_it_has_in_a_formula(code: str, formula: str):
    theirs, ours = mc.grade(PROBLEMS["p17"], NETWORK + code), mc.grade(PROBLEMS["p17"], formula)
    assert theirs.result == ours.result == "wrong" and theirs.mistake == ours.mistake != ""
    assert theirs.feedback == ours.feedback


@pytest.mark.parametrize("change", ["W2.T @ e", "(1 - h**2)", "x)", "np.outer(", "e = W2", "+ b2", "- y", "h**2"])
def test_a_change_of_a_right_program_is_found(change: str):
    right = NETWORK + "np.outer((W2.T @ e)*(1 - h**2), x)"
    assert mc.grade(PROBLEMS["p17"], right).result == "right"
    other = {"W2.T @ e": "W2.T @ (e + 1e-4)", "(1 - h**2)": "(1 + h**2)", "x)": "h[:1]*0 + x.sum()*np.ones_like(x))",
             "np.outer(": "-np.outer(", "e = W2": "e = 2*W2", "+ b2": "- b2", "- y": "+ y", "h**2": "h**3"}[change]
    assert change in right
    assert mc.grade(PROBLEMS["p17"], right.replace(change, other)).result == "wrong"


@pytest.mark.parametrize("problem", ["p04", "p07", "p17", "p25"])
def test_code_that_matcalc_writes_is_right(problem: str):
    p = PROBLEMS[problem]
    if p.kind == "gradient":
        assert mc.grade(p, mc.derive(p.model, check=False).code("numpy")).result == "right"


LEAST_SQUARES = "X.T @ (X @ w - y)"


@pytest.mark.parametrize(("code", "note"), [
    (f"def grad(X, w, y):\n    return {LEAST_SQUARES}", ""),
    (f"import numpy as np\ndef anything(X, w, y):\r\n    return {LEAST_SQUARES}", ""),
    (f"```python\ndef grad(X, w, y):\n    return {LEAST_SQUARES}\n```", ""),
    (f"    def grad(X, w, y):\n        return {LEAST_SQUARES}\n    z = 3", ""),
    (f"grad = lambda w, X, y: {LEAST_SQUARES}", ""), (f"lambda X, w, y: {LEAST_SQUARES}", ""),
    ("def grad(A, v, b):\n    return A.T @ (A @ v - b)", "took your A as X, v as w, b as y"),
    ("def grad(x_, W, Y):\n    return x_.T @ (x_ @ W - Y)", "took your x_ as X, W as w, Y as y"),
    (f"def grad(X, w, y, scale=1):\n    return scale*{LEAST_SQUARES}", ""),
    (f"def grad(X, w, y, /):\n    return {LEAST_SQUARES}", ""), (f"def grad(*, w, y, X):\n    return {LEAST_SQUARES}", ""),
    ("def grad(*all):\n    X, w, y = all\n    return X.T @ (X @ w - y)", ""),
    ("def grad(**all):\n    return all['X'].T @ (all['X'] @ all['w'] - all['y'])", ""),
    ("import numpy as np\nr = X @ w - y\ndw = X.T @ r\nloss = np.sum(r*r)", ""),
    ("import numpy as np\nr = X @ w - y\nX.T @ r", ""),
    ("import numpy as np\nr = X @ w - y\ng = X.T @ r\nprint(g)", "prints"),
    ("def error(X, w, y):\n    return X @ w - y\ndef grad(X, w, y):\n    return X.T @ error(X, w, y)", ""),
    ("def error(X, w, y):\n    return X @ w - y\ndef answer(X, w, y):\n    return X.T @ error(X, w, y)", ""),
    ("def loss(X, w, y):\n    return 1\ndef dw(X, w, y):\n    return X.T @ (X @ w - y)", ""),
    (f"def grad(X, w, y):\n    return 0.5, {LEAST_SQUARES}", "took value 2 of the 2"),
    (f"def grad(X, w, y):\n    return {{'loss': 1, 'dw': {LEAST_SQUARES}}}", "took the entry dw"),
    (f"def grad(X, w, y):\n    return ({LEAST_SQUARES},)", ""),
    (f"def grad(X, w, y):\n    return ({LEAST_SQUARES}).tolist()", "a list was taken as an array"),
    (f"def grad(X, w, y):\n    return ({LEAST_SQUARES}).ravel()", "one axis"),
    (f"def grad(X, w, y):\n    return ({LEAST_SQUARES}).astype('float32')", "float32"),
    (f"import numpy as np\ndef grad(X, w, y):\n    return np.matrix({LEAST_SQUARES})", "matrix"),
    (f"import numpy as np\ndef grad(X, w, y):\n    return np.ma.masked_array({LEAST_SQUARES})", "MaskedArray"),
    (f"def grad(X, w, y):\n    return {LEAST_SQUARES} + 0j", ""),
    ("import numpy as np\ndef grad(X, w, y):\n    return np.einsum('nd,n->d', X, X @ w - y)", "one axis, (n,)"),
    (f"import matplotlib.pyplot as plt, torch.nn as nn\ndef grad(X, w, y):\n    return {LEAST_SQUARES}\n"
     "def draw():\n    plt.plot(1)", ""),
    (f"import sys\ndef grad(X, w, y):\n    print('hi', file=sys.stderr)\n    return {LEAST_SQUARES}", "it prints: hi"),
    (f"import os\ndef grad(X, w, y):\n    os.write(1, b'forged' * 100)\n    return {LEAST_SQUARES}", ""),
    ("from math import sqrt\nimport numpy as np, numpy.linalg as la\ndef grad(X, w, y):\n"
     "    return sqrt(4)/2*X.T @ la.inv(la.inv(np.eye(len(y)))) @ (X @ w - y)", ""),
])
def test_ways_to_write_a_right_program(code: str, note: str):
    verdict = mc.grade(PROBLEMS["p04"], code)
    assert verdict.result == "right", verdict
    assert note in "; ".join(verdict.notes) and (note or not verdict.notes or "taken" in str(verdict.notes))


def wrong(body: str, arguments: str = "X, w, y") -> str:
    return f"import numpy as np, os, sys, ctypes\nstate = []\ndef grad({arguments}):\n    {body}\n"


BAD = [
    (wrong("while True: pass"), "undecided", "time_limit"), (wrong("import time; time.sleep(60)"), "undecided", "time_limit"),
    (wrong("while True:\n        try: os.fork()\n        except OSError: pass"), "undecided", "time_limit"),
    (wrong("os.fork()"), "unreadable", "not_allowed"), (wrong("os.execv('/bin/sh', ['sh'])"), "unreadable", "not_allowed"),
    (wrong("return np.ones(10**10)"), "undecided", "memory"), (wrong("return [0]*10**10"), "undecided", "memory"),
    (wrong("os._exit(0)"), "wrong", "process_ended"), (wrong("sys.exit(0)"), "wrong", "process_ended"),
    (wrong("ctypes.string_at(0)"), "wrong", "process_ended"),
    (wrong("os.closerange(0, 99); return w"), "wrong", "process_ended"),
    (wrong("os.abort()"), "wrong", "process_ended"),
    (wrong("return grad(X, w, y)"), "wrong", "raises"), (wrong("raise KeyboardInterrupt"), "wrong", "raises"),
    (wrong("raise ValueError('a' * 10**6)"), "wrong", "raises"), (wrong("return X @ X @ w"), "wrong", "raises"),
    (wrong("g = X.T @ (X @ w - y); w -= 0.1*g; return g"), "wrong", "changes_arguments"),
    (wrong("return np.array([[1.], [2.], [3.]])"), "wrong", "hard_coded"),
    (wrong("state.append(1); return len(state)*w"), "wrong", "not_repeatable"),
    (wrong("return X.T @ (X @ w - y) + np.random.randn(*w.shape)"), "wrong", "not_repeatable"),
    (wrong("return 3.0*np.sum(w)"), "wrong", "wrong_shape"), (wrong("return X.T @ (X @ w - y)/0*0"), "wrong", "not_finite"),
    (wrong("return None"), "wrong", "no_array"), (wrong("X.T @ (X @ w - y)"), "wrong", "no_array"),
    (wrong("return 'X.T'"), "wrong", "no_array"), (wrong("return np.array([None, w], dtype=object)"), "wrong", "no_array"),
    (wrong("return [[1.0], [2.0, 3.0]]"), "wrong", "no_array"), (wrong("return w + 1j"), "wrong", "no_array"),
    (wrong("return np.ma.masked_array(w, w > 0)"), "wrong", "no_array"), (wrong("return grad"), "wrong", "no_array"),
    (wrong("return np.zeros((9**6, 99))"), "wrong", "wrong_shape"),
    (wrong("return np.zeros((2, 2, 2)) + w[0]"), "wrong", "wrong_shape"),
    (wrong("a = []; a.append(a); return a"), "wrong", "raises"), (wrong("yield w"), "wrong", "no_array"),
    (wrong("return w, w, w, w, w"), "unreadable", "which_part"),
    (wrong("return {'a': w, 'b': w}"), "unreadable", "which_part"),
    (wrong("return w", "params"), "unreadable", "arguments"), (wrong("return w", "X, w, y, z"), "unreadable", "arguments"),
    (wrong("return np.ones(3)", ""), "wrong", "hard_coded"),
    (wrong("return w", "w, A, b"), "unreadable", "arguments"),
    ("import numpy as np\nA = 3*B", "unreadable", "arguments"), ("import numpy as np", "unreadable", "no_function"),
    ("class A:\n    pass\nfor i in range(3):\n    pass", "unreadable", "no_function"),
    ("def a(X, w, y): return w\ndef b(X, w, y): return w", "unreadable", "which_function"),
    ("def grad(X, w y):\n    return w", "unreadable", "syntax"), ("def grad(X):\nreturn X", "unreadable", "syntax"),
    ("def grad(X):\n    return " + "(" * 999, "unreadable", "syntax"), ("def grad(X): return '\0'", "unreadable", "syntax"),
    ("def grad(X): return " + "-" * 19_000 + "1", "unreadable", "syntax"),
    ("def g(X): return '\ud800'", "unreadable", "syntax"),
    ("def grad(X):\n    return 1\n" * 2000, "unreadable", "too_long"),
    ("import torch\ndef grad(X, w, y):\n    return torch.tensor(w)", "unreadable", "module"),
    ("from torch import nn\ndef grad(X, w, y):\n    return nn.Linear(1)", "unreadable", "module"),
    ("import matcalc.api as m\ndef grad(X, w, y):\n    return m.derive('x')", "unreadable", "module"),
    ("def grad(X, w, y):\n    import socket\n    socket.socket()", "unreadable", "module"),
    ("def grad(X, w, y):\n    return __import__('matcalc')", "unreadable", "module"),
    ("def grad(X, w, y):\n    return open('/etc/passwd').read()", "unreadable", "not_allowed"),
    ("open('/etc/passwd')\ndef grad(X, w, y):\n    return w", "unreadable", "not_allowed"),
    ("1/0\ndef grad(X, w, y):\n    return w", "unreadable", "raises"),
    ("class E(Exception):\n    def __str__(self):\n        raise self\ndef grad(X, w, y):\n    raise E", "wrong", "raises"),
    ("import numpy as np\nnp.array = np.asarray = np.copy = np.array_equal = None\n"
     "def grad(X, w, y):\n    return w", "wrong", None),
    ("import sys\nsys.modules.clear()\ndef grad(X, w, y):\n    return w", "wrong", None),
]


@pytest.mark.parametrize(("code", "result", "mistake"), BAD, ids=lambda v: repr(v)[-40:] if isinstance(v, str) else "")
def test_everything_bad_has_a_name(code: str, result: str, mistake: str | None):
    verdict = mc.grade(PROBLEMS["p04"], code, seconds=0.8 if mistake == "time_limit" else None)
    assert (verdict.result, verdict.mistake) == (result, verdict.mistake if mistake is None else mistake), verdict
    assert verdict.feedback and len(verdict.feedback) < 1500
    assert "Traceback" not in verdict.feedback and "\0" not in verdict.feedback


def test_a_mistake_of_syntax_is_shown_with_its_place():
    said = mc.grade(PROBLEMS["p04"], "def grad(X, w, y):\n    r = X @ w - y\n    return X.T @ r)").feedback
    assert "3:19" in said and said.split("\n")[4].index("^") == said.split("\n")[3].index(")")


def test_an_exception_is_shown_with_its_line_and_the_shapes():
    said = mc.grade(PROBLEMS["p04"], wrong("r = X @ w - y\n    return X @ r")).feedback
    assert "ValueError: matmul" in said and "in line 5, `return X @ r`" in said and "X (5, 4)" in said


def test_what_a_student_prints_is_one_line_of_text():
    code = "def grad(X, w, y):\n    print('\\x1b[31m\\u202e<b>\\n' * 3)\n    raise ValueError('\\x1b]0;x\\x07\\u202e')"
    verdict = mc.grade(PROBLEMS["p04"], code)
    assert not {"\x1b", "\u202e", "\x07", "\n"} & {*"".join(verdict.notes), *verdict.feedback}


def test_an_intermediate_is_not_mistaken_for_a_variable_that_is_spelled_alike():
    model = {"wrt": "w", "model": "X : N x d; w : d; Y : N target; y = X*w; L = 1/2*norm2(y - Y)^2"}
    assert mc.grade(model, "def grad(X, y, Y):\n    return X.T @ (y - Y)").result == "right"
    assert mc.grade(model, "def grad(X, Y, y):\n    return X.T @ (Y - y)").mistake == "wrong_sign"


@pytest.mark.parametrize("level", ["none", "verdict", "hint", "full"])
def test_an_accepted_program_gets_its_credit_and_the_teachers_words(level: str):
    problem = {"wrt": "x", "model": "A : n x n; x : n; f = x'*A*x", "accept": [
        {"answer": "2 A x", "credit": 0.5, "feedback": "Nobody said symmetric.", "mistake": "assumed_symmetric"}]}
    verdict = mc.grade(problem, "def grad(A, x): return 2*A @ x", feedback=level)
    assert (verdict.result, verdict.mistake, verdict.credit) == ("wrong", "assumed_symmetric", 0.5)
    assert verdict.feedback == ("Nobody said symmetric." if level in ("hint", "full") else "")


@pytest.mark.parametrize("level", ["none", "verdict", "hint"])
def test_levels(level: str):
    late = mc.grade(PROBLEMS["p04"], wrong("raise ValueError('x')"), feedback=level)
    assert bool(late.feedback) == (level == "hint")
    sign = mc.grade(PROBLEMS["p04"], wrong("return X.T @ (y - X @ w)"), feedback=level)
    assert sign.feedback == ("Check the signs." if level == "hint" else "")


def test_the_problem_may_name_the_function():
    model = "X : N x d; w : d; y : N; L = 1/2*norm2(X*w - y)^2"
    code = f"def f(X, w, y): return {LEAST_SQUARES}\ndef g(X, w, y): return w"
    assert mc.grade({"wrt": "w", "model": model, "function": "f"}, code).result == "right"
    assert mc.grade({"wrt": "w", "model": model, "function": "g"}, code).result == "wrong"
    assert mc.grade({"wrt": "w", "model": model, "function": "h"}, code).mistake == "no_function"
    with pytest.raises(mc.MatcalcError):
        mc.grade({"wrt": "w", "model": model, "function": "2"}, code)


def test_layouts():
    given = {"wrt": "W", "model": "W : m x n; x : n; y : m; L = 1/2*norm2(W*x - y)^2"}
    code = "import numpy as np\ndef grad(W, x, y):\n    return np.outer(x, W @ x - y)"
    results = {layout: mc.grade({**given, "layout": layout}, code) for layout in ("expected", "either", "report")}
    assert [v.result for v in results.values()] == ["wrong", "right", "right"]
    assert "transpose" in results["report"].feedback and results["expected"].mistake == "layout_transposed"


def test_sizes_that_are_written_down():
    one_size = {"wrt": "x", "model": "A : n x n; x : n; f = x'*A*x"}
    for n in range(2, 8):
        code = f"import numpy as np\ndef grad(A, x):\n    return (A + A.T) @ x if len(x) == {n} else np.zeros(({n}, 1))"
        assert mc.grade(one_size, code).result == "wrong"


def test_an_abstract_function_has_no_values():
    abstract = {"wrt": "x", "model": "W : m x n; x : n; z = W*x; L = sum(phi(z))"}
    assert mc.grade(abstract, "def grad(W, x):\n    return W.T @ (W @ x)").result == "undecided"


def test_names_of_scalars_and_sizes():
    ridge = {"wrt": "w", "model": "X : N x d; w : d; y : N; lambda : scalar; L = 1/N*norm2(X*w - y)^2 + lambda*norm2(w)^2"}
    for name in ("lam", "lambda_", "lmbda"):
        code = f"def grad(w, X, y, {name}, N):\n    return 2/N*X.T @ (X @ w - y) + 2*{name}*w"
        assert mc.grade(ridge, code).result == "right"


def test_callables_of_a_teacher():
    assert mc.grade(PROBLEMS["p04"], lambda X, w, y: X.T @ (y - X @ w)).mistake == "wrong_sign"
    assert mc.grade(PROBLEMS["p04"], lambda q: q).mistake == "arguments"
    assert mc.grade(PROBLEMS["p04"], lambda X, w, y: X @ X).mistake == "raises"
    given = np.ones(3)
    assert mc.grade(PROBLEMS["p04"], lambda X, w, y: given).mistake == "hard_coded"
