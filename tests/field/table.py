"""Derivatives with the forms that books and courses print.

Every TOML file of this folder, and the package's own cookbook, is a list of
`[[derivative]]` entries:

    id        unique
    source    book and equation, or course and page
    kind      gradient (default), jacobian, hessian; or named: a gradient in
              named intermediates, as backpropagation is printed
    wrt       the variable (for `named` also an intermediate)
    model     statements of the input language
    form      the source's form in the input language; for `named` the model's
              intermediates may appear, and dL/df for a cotangent
    entries   independent, where the source leaves a structure's entries free
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matcalc as mc
from matcalc import reader
from matcalc.expr.node import Expr
from matcalc.model import Model

COOKBOOK = Path(mc.__file__).parent / "cookbook" / "identities.toml"
ONLY_SHOWN = ("section", "note")  # what the cookbook's page shows beside an entry


@dataclass(frozen=True)
class Entry:
    """One derivative of the table."""

    id: str
    source: str
    wrt: str
    model: str
    form: str
    kind: str = "gradient"
    entries: str = "free"

    @property
    def read(self) -> Model:
        return _read(self.model)

    @property
    def printed(self) -> Expr:
        """The source's form."""
        return reader.read_formula(self.form, self.read)

    @property
    def found(self):
        """matcalc's result, derived once; not checked yet, the tests do that."""
        return _found(self)

    @property
    def formula(self) -> Expr:
        """matcalc's formula that answers the source's."""
        return self.found[self.wrt].named_form if self.kind == "named" else self.found.form


@cache
def _read(source: str) -> Model:
    return reader.read(source)


@cache
def _found(entry: Entry):
    return derive(entry)


def derive(entry: Entry):
    """The derivative, anew."""
    model = reader.read(entry.model)
    if entry.kind == "named":
        return mc.derive(model, wrt=entry.wrt, check=False)
    options = {"entries": entry.entries} if entry.kind == "gradient" else {}
    return getattr(mc, entry.kind)(model, entry.wrt, check=False, **options)


FILES = [*sorted(Path(__file__).parent.glob("*.toml")), COOKBOOK]
ENTRIES = [Entry(**{k: v for k, v in e.items() if k not in ONLY_SHOWN})
           for f in FILES for e in tomllib.loads(f.read_text(encoding="utf-8"))["derivative"]]
