"""What people do with the ledger."""

from xiandao.domains.ledger.actions.entering import Holder, enter
from xiandao.domains.ledger.actions.keeping import correct, evaluate, expire_due, move, set_validity

__all__ = ["Holder", "correct", "enter", "evaluate", "expire_due", "move", "set_validity"]
