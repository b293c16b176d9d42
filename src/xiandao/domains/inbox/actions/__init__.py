"""What can be done to tasks."""

from xiandao.domains.inbox.actions.tasks import NewTask, clear_tasks, open_task, open_tasks, withdraw_tasks

__all__ = ["NewTask", "clear_tasks", "open_task", "open_tasks", "withdraw_tasks"]
