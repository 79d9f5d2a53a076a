"""matcalc check --against: exit codes, JSON, and the process of its own."""

from __future__ import annotations

import json

import pytest

import matcalc as mc
from matcalc.testing import assert_gradient

from .process import ROOT, matcalc

MODEL = "examples/two_layer.mc"
MINE = "examples/my_gradients.py"


@pytest.mark.parametrize(("function", "code", "said"), [
    ("right", 0, "right agrees with the derivation at 3 points"),
    ("forgotten", 1, "the derivative of tanh is missing in h = tanh(W1 x + b1)"),
    ("averaged", 1, "is n2 times too small (averaged twice"), ("nothing", 2, "error[M621]")])
@pytest.mark.parametrize("isolate", [(), ("--isolate",)], ids=["here", "isolated"])
def test_exit_codes(function, code, said, isolate):
    done = matcalc("check", MODEL, "--against", f"{MINE}:{function}", *isolate)
    assert done.returncode == code
    assert said in done.stdout + done.stderr


def test_isolated_and_not_are_the_same():
    shown = [matcalc("check", MODEL, "--against", f"{MINE}:forgotten", *more).stdout for more in ((), ("--isolate",))]
    assert shown[0] == shown[1]


def test_json():
    done = matcalc("check", MODEL, "--against", f"{MINE}:forgotten", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1 and report["verdict"] == "disagrees"
    assert report["diagnosis"] == ["the derivative of tanh is missing in h = tanh(W1 x + b1)"]
    assert {"relative_error", "noise", "worst_index", "theirs", "ours", "differences", "taylor_slope"} <= set(
        report["variables"]["W1"])


@pytest.fixture
def bad(tmp_path):
    """A file of functions that misbehave; gives the target of one."""
    (tmp_path / "bad.py").write_text('''
import os, sys
import numpy as np

def loop(x):
    while True:
        pass

def memory(x):
    return np.ones(10 ** 10)

def crash(x):
    os._exit(3)

def chatty(x):
    print("a line")
    os.write(1, b"more")
    return 2 * x

def leaves(x):
    sys.exit(0)

def random(x):
    return np.random.normal(size=x.shape)

def single(x):
    return (2 * x).astype("float32")

def zero_dimensional(x):
    return 1.0
''')
    (tmp_path / "broken.py").write_text("def f(x:\n    return x\n")
    (tmp_path / "needs.py").write_text("import no_such_module_at_all\n")
    return lambda name: f"{tmp_path}/{name if '.py' in name else 'bad.py:' + name}"


@pytest.mark.parametrize(("name", "code", "said", "options"), [
    ("loop", 2, "took longer than 1.5 seconds", ("--time-limit", "1.5")), ("memory", 2, "MemoryError", ("--memory-limit", "1")),
    ("crash", 2, "ended by itself", ()), ("chatty", 0, "the function prints: a line", ()), ("leaves", 2, "SystemExit", ()),
    ("random", 3, "not deterministic", ()), ("single", 0, "M634", ()), ("zero_dimensional", 1, "M631", ()),
    ("broken.py:f", 2, "SyntaxError", ()), ("needs.py:f", 2, "needs the module `no_such_module_at_all`", ())])
def test_isolated(bad, name, code, said, options):
    done = matcalc("check", "x : n; x'*x", "--against", bad(name), "--isolate", *options)
    assert said in done.stdout + done.stderr
    assert done.returncode == code


@pytest.mark.parametrize("name", ["leaves", "broken.py:f", "needs.py:f"])
def test_the_same_without_a_process(bad, name):
    assert matcalc("check", "x : n; x'*x", "--against", bad(name)).returncode == 2


def test_a_module_on_the_path():
    done = matcalc("check", MODEL, "--against", "examples.my_gradients:right")
    assert done.returncode == 0


@pytest.mark.parametrize("options", [("--size", "n=3"), ("--isolate",), ("--against", f"{MINE}:right", "--time-limit", "3")])
def test_options_that_need_another(options):
    assert matcalc("check", MODEL, *options).returncode == 2


@pytest.mark.parametrize("size", ["n0", "n0=x", "n0=0", "=3", "nope=3"])
def test_sizes(size):
    done = matcalc("check", MODEL, "--against", f"{MINE}:right", "--size", size)
    assert done.returncode == 2 and "M626" in done.stderr


def test_a_bar_on_a_terminal_only(monkeypatch, capsys):
    from matcalc.cli.run import run
    monkeypatch.chdir(ROOT)
    assert run(["check", MODEL, "--against", f"{MINE}:right"]) == 0
    assert capsys.readouterr().err == ""


# ---------------------------------------------------------------- for test suites

def mine(name: str) -> str:
    return f"{ROOT / MINE}:{name}"


def test_assert_gradient():
    assert_gradient(mine("right"), ROOT / MODEL)
    assert_gradient(lambda W, x: (x[None, :] * 1.0, W[0]), "W : 1 x n; x : n; sum(W*x)", wrt="W, x")


def test_its_message_helps():
    with pytest.raises(AssertionError) as caught:
        assert_gradient(mine("forgotten"), mc.derive((ROOT / MODEL).read_text()))
    message = str(caught.value)
    assert "the derivative of tanh is missing in h = tanh(W1 x + b1)" in message
    assert "dL/dW1 = ((dL/dh) .* (1 - h.^2)) x^T" in message
    assert message.count("disagrees with the derivation") == 1


def test_the_example_runs():
    import subprocess
    import sys
    done = subprocess.run([sys.executable, "examples/crosscheck.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "w: the gradient is N times the right one (a sum where a mean is meant?)" in done.stdout
    assert len((ROOT / "examples" / "crosscheck.py").read_text().splitlines()) < 20
