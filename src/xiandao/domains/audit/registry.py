"""The list of actions that may be logged. A domain registers its own; an unregistered code cannot be written."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class RegisteredAction:
    """One kind of thing a person can do: its code and what the log page calls it."""

    code: str
    label: str | Promise


_actions: dict[str, RegisteredAction] = {}


def register(code: str, label: str | Promise) -> RegisteredAction:
    """Register an action's code with its label and return it; a second registration of a code is an error."""
    if code in _actions:
        raise ValueError(f"审计动作 {code} 重复登记")
    _actions[code] = RegisteredAction(code, label)
    return _actions[code]


def registered() -> dict[str, RegisteredAction]:
    """Return every registered action by code."""
    return dict(_actions)
