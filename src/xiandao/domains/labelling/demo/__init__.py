"""An invented review of the invented register: two readers, a queue, objections; marked so, removed in one command."""

from xiandao.domains.labelling.demo.fill import fill_demo
from xiandao.domains.labelling.demo.remove import remove_demo

__all__ = ["fill_demo", "remove_demo"]
