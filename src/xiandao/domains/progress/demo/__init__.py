"""Demonstration progress: invented rounds, reports and results on the real plan, marked so, removed in one command."""

from xiandao.domains.progress.demo.fill import Scale, fill_demo
from xiandao.domains.progress.demo.remove import remove_demo

__all__ = ["Scale", "fill_demo", "remove_demo"]
