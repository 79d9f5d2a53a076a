"""The commands: what goes where, and the exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from .process import ROOT, matcalc

NET = "examples/three_layer.mc"


def test_help_names_every_command():
    done = matcalc("--help")
    assert done.returncode == 0
    for name in ("derive", "jacobian", "hessian", "code", "check", "rules", "explain"):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("command", ["derive", "jacobian", "hessian", "code", "check", "rules", "explain"])
def test_every_command_has_help(command):
    done = matcalc(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")


def test_derive_shows_all_gradients_and_the_check():
    done = matcalc("derive", NET)
    assert (done.returncode, done.stderr) == (0, "")
    for line in ("= (W₃ W₂ W₁ x − y)(W₂ W₁ x)ᵀ", "= W₃ᵀ(W₃ W₂ W₁ x − y)(W₁ x)ᵀ",
                 "= W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y) xᵀ", "= W₁ᵀ W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y)"):
        assert line in done.stdout
    assert "Check" in done.stdout
    assert "\x1b" not in done.stdout


def test_wrt_chooses():
    done = matcalc("derive", NET, "--wrt", "W2,f1", "--json", "--no-check")
    assert list(json.loads(done.stdout)["gradients"]) == ["W2", "f1"]


def test_json_has_the_promised_fields():
    data = json.loads(matcalc("derive", NET, "--format", "json").stdout)
    assert {"loss", "variables", "forward", "backward", "gradients", "steps", "assumptions", "check"} <= set(data)
    assert data["variables"]["W1"]["shape"] == ["n1", "n0"]
    assert {"text", "latex", "named_text", "named_latex", "shape"} <= set(data["gradients"]["W2"])
    assert {"rule", "before", "after", "because", "cites"} <= set(data["steps"][0])


def test_standard_input():
    done = matcalc("derive", "-", "--no-check", stdin=b"norm2(W*x - y)^2")
    assert "2 (W x − y) xᵀ" in done.stdout


def test_shapes_and_assumptions():
    done = matcalc("derive", "x'*S*x", "--shape", "S=3 x 3", "--assume", "S=symmetric", "--no-check")
    assert "∂L/∂x = 2 S x" in done.stdout
    assert "S : 3 × 3" in done.stdout


def test_output_to_a_file(tmp_path):
    done = matcalc("derive", NET, "--no-check", "--format", "article", "-o", str(tmp_path / "a.tex"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "a.tex").read_text().startswith(r"\documentclass")


def test_decks(tmp_path):
    for format, start in (("beamer", r"\documentclass[handout,"), ("slides", "<!DOCTYPE html>")):
        done = matcalc("derive", NET, "--no-check", "--format", format, "--handout", "--steps", "fine", "-o", str(tmp_path / "deck"))
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "deck").read_text().startswith(start)


def test_only_decks_have_steps():
    done = matcalc("derive", NET, "--no-check", "--steps", "fine")
    assert done.returncode == 2 and "M505" in done.stderr


def test_code_runs():
    done = matcalc("code", NET)
    assert done.returncode == 0
    compile(done.stdout, "made.py", "exec")


def test_code_for_other_targets_and_derivatives():
    assert "torch.float32" in matcalc("code", NET, "--target", "torch", "--dtype", "float32").stdout
    assert "def hessian_vector_product" in matcalc("code", NET, "--what", "hvp").stdout
    assert "def jacobian" in matcalc("code", "softmax(W*x)", "--what", "jacobian", "--wrt", "x").stdout
    assert matcalc("code", "x'*A*x", "--what", "hessian").returncode == 2


def test_check_says_agrees():
    done = matcalc("check", NET)
    assert done.returncode == 0
    assert "agrees" in done.stdout
    assert json.loads(matcalc("check", NET, "--json").stdout)["verdict"] == "agrees"


def test_jacobian_and_hessian():
    assert "= W\n" in matcalc("jacobian", "W*x", "--wrt", "x").stdout
    assert "= A + Aᵀ\n" in matcalc("hessian", "x'*A*x", "--wrt", "x").stdout


@pytest.mark.parametrize("arguments", [
    ("derive", "norm2(W*x"), ("derive", "no_such.mc"), ("derive", "examples"), ("derive",),
    ("frobnicate",), ("derive", "x", "--format", "docx"), ("rules", "nothing"), ("explain", "E1"),
    ("derive", "W*x"), ("derive", "x'*x", "--no-check", "-o", "/no/such/folder/x"), (),
])
def test_bad_input_ends_with_2_and_a_message(arguments):
    done = matcalc(*arguments)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["no_such.tex", "no_such.txt", "./no_such", "examples/no_such", "no/such.mc"])
def test_what_looks_like_a_file_is_none(name):
    assert "error[M180]" in matcalc("derive", name).stderr


def test_a_missing_problem_is_no_expression():
    said = matcalc("grade", "examples/problems/p8.toml", "x").stderr
    assert "error[M180]" in said and "p38.toml" in said and "expression" not in said
    assert "expression" not in matcalc("grade", "examples/problems/p17.toml", "--class", "no.csv", "-o", "x").stderr


def test_a_quotient_is_no_file():
    assert matcalc("derive", "a/b", "--no-check").returncode == 0


def test_a_leading_minus_needs_two():
    assert "behind --" in matcalc("derive", "-x'*x").stderr
    assert "= −2 x" in matcalc("derive", "--no-check", "--", "-x'*x").stdout


@pytest.mark.parametrize("arguments", [("--seed", "-1"), ("--shape", "x=0"), ("--shape", "x=1e9"), ("--wrt", "")])
def test_options_that_make_no_sense(arguments):
    done = matcalc("derive", "x'*x", *arguments)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk():
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "matcalc", "rules"], cwd=ROOT, stdout=full,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error[M504]")


def test_named_forms_only():
    done = matcalc("derive", NET, "--named", "--no-check")
    assert "= (∂L/∂f₁) xᵀ" in done.stdout and "W₂ᵀ W₃ᵀ" not in done.stdout


def test_bold_headings_are_for_terminals():
    from matcalc.cli.options import emphasised
    assert "\x1b[1mCheck\x1b[0m" in emphasised("Check\n  checked")
    assert "\x1b" not in matcalc("derive", NET, "--no-check").stdout


def test_errors_as_json():
    done = matcalc("derive", "W*x", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "M301"
    assert "error[M301]" in done.stderr


def test_a_reader_that_stops_reading():
    process = subprocess.Popen([sys.executable, "-m", "matcalc", "rules"], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.wait(30)


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_interrupted():
    process = subprocess.Popen([sys.executable, "-m", "matcalc", "derive", "-"], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stderr.read().strip() == b"interrupted"
    process.stdin.close()


def test_a_mistake_of_ours_is_said_without_a_traceback(monkeypatch, capsys):
    from matcalc.cli import run as door

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.delenv("MATCALC_DEBUG", raising=False)
    monkeypatch.setattr(door.matcalc, "main", broken)
    assert door.run([]) == 3
    assert capsys.readouterr().err.startswith("error[M999]")


def test_every_rule_has_a_page():
    from matcalc.render.rule_page import rule_page
    from matcalc.rules import ENTRYWISE, RULES
    for name in (*RULES, *ENTRYWISE):
        page = rule_page(name)
        assert "∂L/∂" in page or name == "rearrange", name  # whose second derivative is refused


def test_the_matmul_page_prints_its_formulas():
    done = matcalc("rules", "matmul")
    assert "∂L/∂A = (∂L/∂Y) Bᵀ" in done.stdout
    assert "∂L/∂B = Aᵀ(∂L/∂Y)" in done.stdout


@pytest.mark.parametrize(("source", "code"), [
    ("examples/networks.py:nothing", "M621"), ("examples/none.py:net", "M620"), ("examples/networks.py:mc", "M184")])
def test_networks_in_files_that_are_none(source: str, code: str):
    done = matcalc("derive", source)
    assert done.returncode == 2 and code in done.stderr


def test_a_network_in_a_file():
    done = matcalc("derive", "examples/networks.py:classifier", "--named")
    assert done.returncode == 0 and "= ŷ − y" in done.stdout and "∂L/∂W₁ = (∂L/∂a₁) xᵀ" in done.stdout
    assert matcalc("code", "examples/networks.py:attention").returncode == 0
