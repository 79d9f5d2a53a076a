"""matcalc rules"""

from __future__ import annotations

import click

from .options import write


@click.command()
@click.argument("name", required=False)
def rules(name):
    """List the rules, or print the page of NAME, for instance matmul or tanh."""
    from ..render.rule_page import rule_list, rule_page
    write(rule_page(name) if name else rule_list(), None)
