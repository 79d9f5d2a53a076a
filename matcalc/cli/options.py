"""What several commands share: SOURCE, shapes, assumptions, where output goes."""

from __future__ import annotations

import re
import sys
from functools import reduce

import click

from ..errors import fail

_BETWEEN = re.compile(r"\s+x\s+|\s*[×,]\s*|(?<=\d)x(?=\d)")


def source_options(command):
    """SOURCE --shape --assume"""
    return _all(command, [
        click.argument("source"),
        click.option("--shape", "shapes", multiple=True, metavar='W="m x n"',
                     help="Shape of a variable; may be repeated."),
        click.option("--assume", "assume", multiple=True, metavar="S=spd",
                     help="Assumption about a variable: symmetric, spd, diagonal, orthogonal, "
                          "invertible, positive, onehot, simplex, constant; may be repeated."),
    ])


def output_option(command):
    return _all(command, [click.option("-o", "--output", metavar="FILE", help="Write to a file.")])


def _all(command, options):
    return reduce(lambda f, option: option(f), reversed(options), command)


def read_source(source: str, shapes: tuple[str, ...], assume: tuple[str, ...]):
    """The model of SOURCE: a file, - for standard input, or the expression itself."""
    from ..api.sources import decoded, read
    options = {"shapes": parsed_shapes(shapes), "assume": parsed_assumptions(assume)}
    if source != "-":
        return read(source, **options)
    from ..reader import read as read_text
    return read_text(decoded(sys.stdin.buffer.read(), "standard input"), **options, name="<stdin>")


def parsed_shapes(entries: tuple[str, ...]) -> dict:
    """{"W": ("m", "n")} from W="m x n", x=n, a=scalar. Raises MatcalcError (M186)."""
    out = {}
    for entry in entries:
        name, equals, dims = (part.strip() for part in entry.partition("="))
        sizes = [] if dims in ("scalar", "1") else _BETWEEN.split(dims)
        if not name or not equals or len(sizes) > 2 or not all(re.fullmatch(r"\w+", s) for s in sizes):
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


def write(text: str | bytes, output: str | None) -> None:
    """To a file or to standard output. Raises MatcalcError (M504)."""
    if output is None or output == "-":
        click.echo(text, nl=False)
        return
    data = text.encode() if isinstance(text, str) else text
    try:
        with open(output, "wb") as file:
            file.write(data)
    except (OSError, ValueError):
        raise fail("M504", f"`{output}` cannot be written",
                   help="name a file in a folder that exists and may be written to") from None


def terminal_columns() -> int | None:
    """Columns of the terminal; None when the output goes elsewhere."""
    import shutil
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def exit_code(report) -> int:
    """0 agrees, 1 disagrees, 3 cannot tell."""
    return {"agrees": 0, "disagrees": 1}.get(report.verdict, 3)
