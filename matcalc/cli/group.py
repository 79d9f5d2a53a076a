"""The `matcalc` command and its subcommands, each loaded when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from .. import __version__
from ..suggest import closest

# name: (module, what --help says); the help stands here so that no module is loaded for it
COMMANDS = {
    "derive": ("derive", "Derive all gradients of a scalar expression or network."),
    "gradient": ("results", "Gradient by one variable, also by the independent entries of a structure."),
    "jacobian": ("results", "Jacobian of a vector or matrix expression."),
    "hessian": ("results", "Hessian of a scalar expression."),
    "differential": ("results", "Differential of an expression, and what is identified from it."),
    "backprop": ("backprop", "Backpropagation in a network of any depth, as recurrence and algorithm."),
    "code": ("code", "Write a module that computes loss and gradients."),
    "check": ("check", "Compare the gradients with finite differences, or a function of yours with them."),
    "grade": ("grade", "Grade answers to a problem, and say what went wrong."),
    "plot": ("plot", "Draw the computational graph, the layers, or curves that explain them."),
    "notes": ("notes", "Make lecture notes of several sections, with prose, derivations and pictures."),
    "rules": ("rules", "List the rules, or print the page of one."),
    "explain": ("explain", "Explain an error code such as M201."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx):
        return list(COMMANDS)

    def get_command(self, ctx, name):
        if name not in COMMANDS:
            return None
        return getattr(import_module(f".{COMMANDS[name][0]}", __package__), name)

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(self, ctx, args):
        if args and args[0] not in COMMANDS:
            hint = closest(args[0], COMMANDS) or (
                "see matcalc --help" if args[0].isalnum() else f"to derive an expression: matcalc derive '{args[0]}'")
            raise click.UsageError(f"there is no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]},
             epilog="SOURCE is a file, - for standard input, FILE.py:NAME for a network made in Python, or the "
                    "expression itself.")
@click.version_option(__version__, prog_name="matcalc", message="%(prog)s %(version)s")
def matcalc():
    """Derive gradients of matrix expressions the way a lecturer writes them on
    the board, checked before you see them.

    \b
      matcalc derive '1/2*norm2(W*x - y)^2'
      matcalc derive network.mc --pdf -o network.pdf
      matcalc derive network.mc --format beamer --pdf -o deck.pdf
    """
