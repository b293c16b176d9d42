"""Models of the inbox: clock rules and values from the pack, tasks, who has seen them, the daily e-mail."""

from xiandao.domains.inbox.models.clocks import Clocked, ClockRule
from xiandao.domains.inbox.models.mail import Digest, DigestState, MailChoice
from xiandao.domains.inbox.models.packvalues import PackValue
from xiandao.domains.inbox.models.tasks import Task, TaskSeen, TaskState

__all__ = ["ClockRule", "Clocked", "Digest", "DigestState", "MailChoice", "PackValue", "Task", "TaskSeen", "TaskState"]
