"""What may be read: text, a file, a SymPy expression, a model."""

from __future__ import annotations

import os
from pathlib import Path

from ..derive.result import Gradient, Result
from ..errors import fail
from ..layers.network import Written
from ..model import Model

SUFFIXES = (".mc", ".txt", ".tex")
MAX_BYTES = 1_000_000  # the reader's own limit is lower; this one keeps a huge file out of memory
MAX_NAME = 1024


def read(source, shapes=None, assume=None) -> Model:
    """A model from a source.

    source   text of the input language; a path, as a Path or a name that ends in
             .mc or .txt; a SymPy expression; a Network or TorchModel; a Gradient or Result, to be
             differentiated again; a Model (returned as it is)
    shapes   {"W": ("m", "n"), "x": ("n",), "a": ()}
    assume   {"S": "spd", "y": "onehot"}

    Raises MatcalcError.
    """
    if isinstance(source, Model):
        _nothing_more(shapes, assume, "a model that is read already")
        return source
    if isinstance(source, (Gradient, Result)):
        _nothing_more(shapes, assume, "a result, which has its own")
        return source.as_model()
    if isinstance(source, Written):
        _nothing_more(shapes, assume, "a network, which has its own")
        return source.model
    if isinstance(source, os.PathLike) or isinstance(source, str) and is_file_name(source):
        return read_file(Path(source), shapes, assume)
    if isinstance(source, str):
        from ..reader import read as read_source
        return read_source(source, shapes, assume)
    if _is_sympy(source):
        _nothing_more(shapes, None, "a SymPy expression, which has its own")
        from ..expr.sympy_border import from_sympy
        return from_sympy(source, assume=assume)
    raise fail("M184", "this is no source that can be read",
               facts=("a source is text, a path, a SymPy expression or a model",),
               help='write the formula as text, for instance "norm2(W*x - y)^2"')


def is_file_name(text: str) -> bool:
    """Whether text names a file: no expression ends like one."""
    return text.strip().endswith(SUFFIXES) and len(text) <= MAX_NAME and "\n" not in text


def read_file(path: Path, shapes=None, assume=None) -> Model:
    """The model in a file. Raises MatcalcError."""
    from ..reader import read as read_source
    return read_source(file_text(path), shapes, assume, name=str(path))


def file_text(path: Path, most: int = MAX_BYTES, encoding: str = "utf-8-sig", errors: str = "strict") -> str:
    """The text of a file, of at most so many bytes; errors="replace" puts U+FFFD for what is no character.

    Raises MatcalcError: M180 (no such file), M181 (a folder), M182 (not UTF-8),
    M183 (cannot be read).
    """
    try:
        with open(path, "rb") as file:
            data = file.read(most)
    except FileNotFoundError:
        raise _missing(path) from None
    except IsADirectoryError:
        raise fail("M181", f"`{path}` is a folder, not a file", help="name a file in it") from None
    except (OSError, ValueError):
        raise fail("M183", f"`{path}` cannot be read",
                   help="check its permissions, or pipe its text and use - as the source") from None
    return decoded(data, str(path), encoding, errors)


def decoded(data: bytes, name: str, encoding: str = "utf-8-sig", errors: str = "strict") -> str:
    """Bytes as UTF-8 text. Raises MatcalcError (M182)."""
    try:
        return data.decode(encoding, errors)
    except UnicodeDecodeError as problem:
        raise fail("M182", f"`{name}` is not UTF-8 text",
                   facts=(f"byte {problem.start + 1} does not belong to a UTF-8 character",),
                   help="save the file as UTF-8") from None


def _missing(path: Path):
    from ..suggest import closest
    is_source = path.suffix in SUFFIXES
    try:
        near = [str(p) for p in path.parent.iterdir() if p.suffix in (SUFFIXES if is_source else (path.suffix,))]
    except (OSError, ValueError):
        near = []
    return fail("M180", f"there is no file `{path}`",
                help=closest(str(path), near) or "check the name" + ", or write the expression itself" * is_source)


def _is_sympy(source) -> bool:
    return any(c.__module__.split(".")[0] == "sympy" for c in type(source).__mro__)


def _nothing_more(shapes, assume, what: str) -> None:
    if shapes or assume:
        raise fail("M185", f"shapes and assumptions cannot be added to {what}",
                   help="give them where the formula is read as text")
