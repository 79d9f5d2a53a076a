"""The oracle of the crowd's answers: losses and answers in NumPy, written by hand, and finite differences."""

from __future__ import annotations

import io
import tokenize
import tomllib
from functools import lru_cache

import numpy as np

from matcalc.errors import MatcalcError
from matcalc.grade.loading import load
from matcalc.grade.problem import Problem
from matcalc.numeric.evaluate import evaluate

from .problems import DATA, records

PROBLEMS = tomllib.loads((DATA / "crowd.toml").read_text(encoding="utf-8"))
ANSWERS = records("crowd.jsonl")
STEP = {"gradient": 1e-4, "jacobian": 1e-3}


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_rows(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def number(a):
    return float(np.asarray(a).reshape(-1)[0])


KNOWN = {"np": np, "inv": np.linalg.inv, "sig": lambda z: 1 / (1 + np.exp(-z)), "softmax": softmax,
         "smr": softmax_rows, "s": number, "nrm": lambda a: np.sqrt(np.sum(a * a))}
DRAWN = {
    "unit": lambda x, rng: rng.uniform(0.1, 0.9, x.shape), "positive": lambda x, rng: rng.uniform(0.2, 1.5, x.shape),
    "onehot": lambda x, rng: np.eye(len(x))[:, [rng.integers(len(x))]],
    "onehotrows": lambda x, rng: np.eye(x.shape[1])[rng.integers(x.shape[1], size=len(x))],
    "spd": lambda x, rng: x @ x.T + np.eye(len(x)), "sym": lambda x, rng: x + x.T,
    "positive_det": lambda x, rng: x * np.where(np.arange(len(x)) == 0, np.sign(np.linalg.det(x)), 1)[:, None],
}


@lru_cache(maxsize=None)
def problem(name: str) -> Problem:
    given = PROBLEMS[name]
    return load({"id": name} | {k: given[k] for k in ("wrt", "kind", "model", "functions") if k in given})


@lru_cache(maxsize=None)
def point(name: str, seed: int) -> dict:
    """Values of the variables, 2-D."""
    given, rng = PROBLEMS[name], np.random.default_rng(seed)
    out = {}
    for v in problem(name).model.variables.values():
        x = rng.normal(size=[n.value(given["sizes"]) for n in v.shape])
        out[v.name] = DRAWN[given["draw"][v.name]](x, rng) if v.name in given.get("draw", {}) else x
        if v.shape[0].is_one and v.shape[1].is_one:
            out[v.name] = rng.uniform(0.5, 2, (1, 1))
    return out


def named(name: str, values: dict) -> dict:
    """Everything that NumPy formulas of a problem may use."""
    out = KNOWN | {k: number(x) if x.size == 1 else x for k, x in values.items()}
    out["lam"] = out.get("lambda")
    for line in PROBLEMS[name].get("named", "").split(";"):
        word, _, formula = line.partition("=")
        if formula:
            out[word.strip()] = eval(formula.strip(), out)
    return out


def loss(name: str, values: dict) -> np.ndarray:
    return np.asarray(eval(PROBLEMS[name]["loss"], named(name, values)), float)


@lru_cache(maxsize=None)
def slopes(name: str, seed: int) -> np.ndarray:
    """Finite differences of the loss, of fourth order."""
    wrt, kind = PROBLEMS[name]["wrt"], PROBLEMS[name].get("kind", "gradient")
    values, h = point(name, seed), STEP[PROBLEMS[name].get("kind", "gradient")]

    def moved(i: int, by: float):
        x = values[wrt].copy()
        x.flat[i] += by
        return loss(name, values | {wrt: x})
    found = [(8 * (moved(i, h) - moved(i, -h)) - (moved(i, 2 * h) - moved(i, -2 * h))) / (12 * h)
             for i in range(values[wrt].size)]
    return np.hstack(found) if kind == "jacobian" else np.array(found, float).reshape(values[wrt].shape)


def two(a) -> np.ndarray:
    a = np.asarray(a, float)
    return a.reshape(-1, 1) if a.ndim < 2 else a


def meant(record: dict, seed: int) -> np.ndarray | None:
    """What the writer of an answer meant; None for what has no value in NumPy."""
    name = record["problem"]
    formula = record.get("numpy", PROBLEMS[name]["gradient"])
    try:
        return two(eval(formula, named(name, point(name, seed)))) if formula else None
    except ValueError:
        return None


def value(name: str, e, seed: int) -> np.ndarray:
    """What an expression of the reader is at a point."""
    values, sizes = dict(point(name, seed)), PROBLEMS[name]["sizes"]
    for a in problem(name).model.assignments:
        values[a.name] = evaluate([a.expr], values, sizes)[0]
    return evaluate([e], values, sizes)[0]


def alike(a, b, tolerance: float = 1e-7) -> bool:
    return a is not None and b is not None and a.shape == b.shape and bool(
        np.linalg.norm(a - b) <= tolerance * max(1.0, float(np.linalg.norm(b))))


def python_answer(record: dict) -> bool:
    """Whether an answer is one formula that Python runs (np.diag of a column is a number there)."""
    answer = record["answer"]
    return record["form"] == "code" and ("@" in answer or "np." in answer) and "\n" not in answer and "=" not in answer \
        and "np.diag" not in answer \
        and ran(record["problem"], answer, 1) in ("right", "wrong")


def ran(name: str, code: str, seed: int) -> str:
    """What Python makes of an answer: right, wrong, error or syntax. Vectors are columns."""
    known = named(name, point(name, seed)) | PROBLEMS[name]["sizes"] | {"sigmoid": KNOWN["sig"]}
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(eval(compile(code, "answer", "eval"), known), float)
    except SyntaxError:
        return "syntax"
    except Exception:  # whatever an edited formula raises
        return "error"
    right = slopes(name, seed)
    found = found.reshape(right.shape) if found.size == right.size == 1 else found
    return "right" if alike(found, right, 1e-6) else "wrong"


_OTHER = {"+": "-", "-": "+", "*": "/", "@": "*", "2": "3", "1": "2", "3": "2"}


def mutants(code: str, name: str, rng, count: int) -> list[str]:
    """So many texts with one token changed."""
    pieces = [t.string for t in tokenize.generate_tokens(io.StringIO(code).readline)]
    names, out = list(point(name, 1)), []
    for _ in range(8 * count):
        changed = list(pieces)
        k = rng.randrange(len(pieces))
        if pieces[k] in names:
            changed[k] = rng.choice(names)
        elif pieces[k:k + 2] == [".", "T"]:
            changed[k:k + 2] = []
        elif pieces[k] in _OTHER:
            changed[k] = _OTHER[pieces[k]]
        text = "".join(changed)
        if text != "".join(pieces) and text not in out and len(out) < count:
            out.append(text)
    return out


def code_of(problem_of_reading: MatcalcError) -> str:
    return problem_of_reading.diagnostic.code
