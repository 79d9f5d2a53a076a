"""FILE.py:function or package.module:function -> the function."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import sys
from pathlib import Path

from ...errors import fail
from ...suggest import closest

HELP = "write FILE.py:NAME or package.module:NAME"


def load(target: str):
    """The function, class or module object that `target` names.

    Its file is executed. Raises MatcalcError: M620 (the file cannot be loaded),
    M621 (nothing of that name in it).
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name or name.endswith(".py"):
        raise fail("M620", f"`{target}` names no function", help=HELP)
    module = _module(place, target)
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            known = [n for n, v in vars(module).items() if callable(v) and not n.startswith("_")]
            raise fail("M621", f"there is no `{name}` in {place}",
                       facts=(f"it has {', '.join(known[:12])}",) if known else (), help=closest(name, known))
        found = getattr(found, part)
    return found


def _module(place: str, target: str):
    path = Path(place)
    is_file = place.endswith(".py")
    if is_file and not path.is_file():
        raise fail("M620", f"there is no file `{place}`", help=HELP)
    folder = str(path.resolve().parent) if is_file else str(Path.cwd())
    try:
        with _first_on_path(folder), contextlib.redirect_stdout(io.StringIO()):
            return _executed(path) if is_file else importlib.import_module(place)
    except ModuleNotFoundError as problem:
        missing = str(problem.name)
        if not is_file and (place == missing or place.startswith(f"{missing}.")):
            raise fail("M620", f"there is no module `{place}`", help=HELP) from None
        raise fail("M620", f"{place} needs the module `{missing}`, which is not installed",
                   help=f"install {missing} beside matcalc") from None
    except (Exception, SystemExit) as problem:
        line = f"line {problem.lineno}: " if isinstance(problem, SyntaxError) and problem.lineno else ""
        message = problem.msg if isinstance(problem, SyntaxError) else str(problem).split("\n")[0]
        raise fail("M620", f"{place} cannot be loaded",
                   facts=(f"{line}{type(problem).__name__}: {message}",), help="python " + place + " should run") from None


def _executed(path: Path):
    name = f"_checked_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _first_on_path(folder: str):
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
