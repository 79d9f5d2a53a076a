"""Where PyTorch is imported, when it is called for."""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import warnings

from ..errors import fail
from .tracing import Given


def torch_of():
    """The package. Raises MatcalcError (M330) when it is not installed."""
    try:
        import torch
    except ImportError:
        raise fail("M330", "PyTorch is not installed",
                   help='python -m pip install "matcalc-derivations[torch]"') from None
    return torch


def double(module, example: tuple) -> tuple:
    """A copy of a module and its arguments in float64 on the CPU."""
    moved = tuple(x.detach().cpu().clone() for x in example)
    return copy.deepcopy(module).double().cpu(), tuple(x.double() if x.is_floating_point() else x for x in moved)


def exported(module, example: tuple) -> tuple:
    """(graph, placeholder -> what it stands for, constants by path).

    Raises MatcalcError (M332) when `torch.export` does not trace the module.
    """
    torch = torch_of()
    try:
        own, arguments = double(module, example)
        with _quiet():
            program = torch.export.export(own, arguments)
    except Exception as problem:  # noqa: BLE001
        raise fail("M332", "torch.export cannot trace this module",
                   facts=(f"it says: {_first_line(problem)}",),
                   help="branches on values have no formula; give a tensor as example") from None
    return program.graph, *_placeholders(program, own)


def _placeholders(program, own) -> tuple[dict[str, Given], dict]:
    """What the placeholders stand for; a parameter with several names has its first."""
    first: dict[int, str] = {}
    for path, tensor in [*own.named_parameters(), *own.named_buffers()]:
        first.setdefault(id(tensor), path)
    everything = dict([*own.named_parameters(remove_duplicate=False), *own.named_buffers(remove_duplicate=False)])
    values = {n.name: n.meta["val"] for n in program.graph.nodes if n.op == "placeholder"}
    given = {}
    for spec in program.graph_signature.input_specs:
        name, path = spec.arg.name, spec.target or spec.arg.name
        value = values.get(name)
        is_index = value is not None and hasattr(value, "dtype") and not value.is_floating_point()
        if spec.target is None:
            given[name] = Given("input", path, is_index)
            continue
        tensor = everything.get(path)
        is_free = spec.kind.name == "PARAMETER" and tensor.requires_grad
        given[name] = Given("parameter" if is_free else "constant", first.get(id(tensor), path), is_index)
    return given, dict(program.constants)


@contextlib.contextmanager
def _quiet():
    """Without the warnings and the partial graphs that `torch.export` prints."""
    level = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()), \
                contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _first_line(problem: Exception) -> str:
    return next((line.strip() for line in str(problem).splitlines() if line.strip()), type(problem).__name__)
