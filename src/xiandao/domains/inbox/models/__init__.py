"""Models of the inbox: clock rules from the pack, tasks, and who has seen them."""

from xiandao.domains.inbox.models.clocks import Clocked, ClockRule
from xiandao.domains.inbox.models.packvalues import PackValue
from xiandao.domains.inbox.models.tasks import Task, TaskSeen, TaskState

__all__ = ["ClockRule", "Clocked", "PackValue", "Task", "TaskSeen", "TaskState"]
