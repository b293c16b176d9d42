"""Invented calls, needs and applications for the demonstration; marked so, removed in one command."""

from xiandao.domains.programmes.demo.fill import fill_demo
from xiandao.domains.programmes.demo.remove import remove_demo

__all__ = ["fill_demo", "remove_demo"]
