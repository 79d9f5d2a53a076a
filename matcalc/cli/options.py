"""What several commands share: SOURCE, shapes, assumptions, where output goes."""

from __future__ import annotations

import os
import re
import sys
from functools import reduce
from pathlib import Path

import click

from ..errors import fail
from ..lang import language

_HEADINGS = ("Variables", "Forward", "Steps", "Backward", "Gradient", "Gradients", "Jacobian", "Hessian", "Function",
             "Assumptions", "Check")
_SIZE = re.compile(r"[^\W\d]\w*|[1-9]\d*")
_OBJECT = re.compile(r"[^\n;=]+\.py:[A-Za-z_][\w.]*")
_BETWEEN = re.compile(r"\s+x\s+|\s*[×,]\s*|(?<=\d)x(?=\d)")


def source_options(command):
    """SOURCE --shape --assume"""
    return _all(command, [
        click.argument("source"),
        click.option("--shape", "shapes", multiple=True, metavar='W="m x n"',
                     help="Shape of a variable; may be repeated."),
        click.option("--assume", "assume", multiple=True, metavar="S=spd",
                     help="Assumption about a variable: symmetric, spd, skew, diagonal, lower, upper, toeplitz, orthogonal, "
                          "invertible, positive, onehot, simplex, constant; may be repeated."),
    ])


def output_option(command):
    return _all(command, [click.option("-o", "--output", metavar="FILE", help="Write to a file.")])


def check_options(command):
    """--no-check --seed"""
    return _all(command, [
        click.option("--no-check", is_flag=True, help="Do not compare with finite differences."),
        seed_option,
    ])


def seed_option(command):
    return click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True,
                        help="Seed of the check's random points.")(command)


def _all(command, options):
    return reduce(lambda f, option: option(f), reversed(options), command)


def read_source(source: str, shapes: tuple[str, ...], assume: tuple[str, ...]):
    """The model of SOURCE: a file, - for standard input, FILE.py:NAME for a network that a
    Python file makes (the file is executed), or the expression itself."""
    from ..api.sources import decoded, read, read_file
    options = {"shapes": parsed_shapes(shapes), "assume": parsed_assumptions(assume)}
    if source == "-":
        from ..reader import read as read_text
        return read_text(decoded(sys.stdin.buffer.read(), "standard input"), **options, name="<stdin>")
    if is_path(source):
        return read_file(Path(source), **options)
    if _OBJECT.fullmatch(source):
        from ..numeric.against.load import load
        return read(load(source), **options)
    return read(source, **options)


def is_path(source: str) -> bool:
    """Whether SOURCE is a file (or would be, if it were there) and no expression:
    it exists, begins like a path, or names something in a folder that exists."""
    path = Path(source)
    try:
        if source.strip() in ("", ".") or len(source) == 1 and path.is_dir():
            return False  # a folder may well be called W
        return path.exists() or source.startswith(("./", "../", "/", "~/")) or (
            "/" in source and path.parent.is_dir() and re.fullmatch(r"[\w./-]+", source) is not None)
    except (OSError, ValueError):  # too long for a name, or with a null character
        return False


def parsed_shapes(entries: tuple[str, ...]) -> dict:
    """{"W": ("m", "n")} from W="m x n", x=n, a=scalar. Raises MatcalcError (M186)."""
    out = {}
    for entry in entries:
        name, equals, dims = (part.strip() for part in entry.partition("="))
        sizes = [] if dims in ("scalar", "1") else _BETWEEN.split(dims)
        if not name or not equals or len(sizes) > 2 or not all(map(_SIZE.fullmatch, sizes)):
            raise fail("M186", f"--shape does not understand `{entry}`",
                       help='write --shape W="m x n", --shape x=n or --shape a=scalar')
        out[name] = tuple(int(s) if s.isdigit() else s for s in sizes)
    return out


def parsed_assumptions(entries: tuple[str, ...]) -> dict:
    """{"S": ["spd"]} from S=spd. Raises MatcalcError (M187)."""
    out: dict[str, list[str]] = {}
    for entry in entries:
        name, equals, words = (part.strip() for part in entry.partition("="))
        if not name or not equals or not words:
            raise fail("M187", f"--assume does not understand `{entry}`", help="write --assume S=spd")
        out.setdefault(name, []).extend(w.strip() for w in words.split(","))
    return out


def parsed_sizes(entries: tuple[str, ...]) -> dict[str, int]:
    """{"n": 1000} from n=1000. Raises MatcalcError (M626)."""
    out = {}
    for entry in entries:
        name, equals, number = (part.strip() for part in entry.partition("="))
        if not name or not equals or not re.fullmatch(r"[1-9]\d{0,8}", number):
            raise fail("M626", f"--size does not understand `{entry}`", help="write --size n=1000")
        out[name] = int(number)
    return out


def write(text: str | bytes, output: str | None, lang: str | None = None) -> None:
    """To a file or to standard output; lang: of the headings. Raises MatcalcError (M504)."""
    if output is None or output == "-":
        click.echo(emphasised(text, lang) if isinstance(text, str) and sys.stdout.isatty() else text, nl=False)
        return
    data = text.encode() if isinstance(text, str) else text
    try:
        with open(output, "wb") as file:
            file.write(data)
    except (OSError, ValueError):
        raise fail("M504", f"`{output}` cannot be written",
                   help="name a file in a folder that exists and may be written to") from None


def emphasised(text: str, lang: str | None = None) -> str:
    """Headings in bold, on a terminal that wants colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    headings = "|".join(map(re.escape, map(language(lang or "en").plain, _HEADINGS)))
    return re.sub(rf"^({headings})\b.*$", lambda m: click.style(m.group(), bold=True), text, flags=re.MULTILINE)


def terminal_columns() -> int | None:
    """Columns of the terminal; None when the output goes elsewhere."""
    import shutil
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def exit_code(report) -> int:
    """0 agrees, 1 disagrees, 3 cannot tell."""
    return {"agrees": 0, "disagrees": 1}.get(report.verdict, 3)
