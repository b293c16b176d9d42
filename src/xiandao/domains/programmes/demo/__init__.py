"""Invented calls, needs and applications for the demonstration; marked so, removed in one command."""

from xiandao.domains.programmes.demo.remove import remove_demo

__all__ = ["remove_demo"]
