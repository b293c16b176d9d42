"""The kinds of task. A domain registers its own; an unregistered kind cannot be opened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from xiandao.domains.orgs.permission import Answer

if TYPE_CHECKING:
    from xiandao.domains.inbox.models import Task
    from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One kind of task.

    `label`: what is to be done, as a verb (填报进展). `capability`: who in the organisation may do it. `url`: where it
    is done. `otherwise`: what happens if nobody does it. `lapse`: called by the worker, inside a transaction, once when
    the time has run out; it does what the rule says (escalate, close, next step, take silence for consent) by actions.
    `may_change_clock`: whether somebody may stop, restart or extend the task's clock, and if not why; without it,
    who steers progress may.
    """

    code: str
    label: str | Promise
    capability: str
    url: Callable[["Task"], str]
    otherwise: str | Promise = ""
    lapse: Callable[["Viewer", "Task"], None] | None = None
    may_change_clock: Callable[["Viewer", "Task"], Answer] | None = None


_kinds: dict[str, TaskKind] = {}


def register_kind(kind: TaskKind) -> TaskKind:
    """Register a kind of task and return it; a second registration of a code is an error."""
    if kind.code in _kinds:
        raise ValueError(f"待办事项 {kind.code} 重复登记")
    _kinds[kind.code] = kind
    return kind


def kinds() -> dict[str, TaskKind]:
    """Return every registered kind by code."""
    return dict(_kinds)
