"""An invented register to look at: firms of every industry in every city, marked so, removed in one command.

`firms`, `scopes`, `wording`, `world` know nothing of the database; `fill` loads what they make.
"""

from xiandao.domains.enterprises.demo.fill import fill_demo

__all__ = ["fill_demo"]
