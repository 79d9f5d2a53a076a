"""From arguments to an exit code.

0 fine; 1 the answer is "no"; 2 the input could not be used; 3 cannot tell, or a
mistake of matcalc itself.
"""

from __future__ import annotations

import os
import sys

import click

from ..errors import Diagnostic, MatcalcError
from .group import matcalc

FINE, NO, UNUSABLE, CANNOT_TELL = 0, 1, 2, 3
INTERRUPTED = 130
OWN_MISTAKES = ("M600", "M999")


def run(arguments: list[str]) -> int:
    """Run the command line; every failure ends in a message and a code."""
    _forgiving(sys.stdout)
    _forgiving(sys.stderr)
    try:
        return matcalc.main(arguments, prog_name="matcalc", standalone_mode=False) or FINE
    except MatcalcError as problem:
        return _refused(problem.diagnostic, arguments)
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        return UNUSABLE
    except click.ClickException as problem:
        problem.show()
        if isinstance(problem, click.NoSuchOption) and not problem.option_name.startswith("--"):
            _say("An expression that begins with a minus sign goes behind --, as in: matcalc derive -- '-x'")
        return UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except OSError:  # what is read is guarded where it is read
        return _refused(Diagnostic("M504", "the output cannot be written", help="is there room for it?"), [])
    except Exception as problem:
        if os.environ.get("MATCALC_DEBUG"):
            raise
        return _refused(_internal(problem), arguments)


def _refused(diagnostic: Diagnostic, arguments: list[str]) -> int:
    """Say what is wrong: on stderr, and as JSON on stdout when JSON was asked for."""
    _say(diagnostic.render())
    if _wants_json(arguments):
        import json
        click.echo(json.dumps({"error": diagnostic.to_json()}, ensure_ascii=False, indent=2))
    return CANNOT_TELL if diagnostic.code in OWN_MISTAKES else UNUSABLE


def _wants_json(arguments: list[str]) -> bool:
    pairs = list(zip(arguments, [*arguments[1:], ""]))
    return "--json" in arguments or "--format=json" in arguments or ("--format", "json") in pairs


def _internal(problem: Exception) -> Diagnostic:
    """A mistake of ours, said without Python's words."""
    return Diagnostic("M999", "matcalc made a mistake of its own on this input",
                      facts=("nothing was derived, so nothing wrong is shown",),
                      help="please report the input; MATCALC_DEBUG=1 shows where it happened")


def _say(message: str) -> None:
    click.echo(message, err=True)


def _forgiving(stream) -> None:
    """A terminal that lacks a character shows another one instead of failing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
