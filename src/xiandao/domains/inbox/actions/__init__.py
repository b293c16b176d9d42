"""What can be done to tasks, their clocks, and the daily e-mail."""

from xiandao.domains.inbox.actions.clock_changes import extend_clock, may_change_clock, pause_clock, resume_clock
from xiandao.domains.inbox.actions.handing import hand_over, mark_seen, may_take_back, take_back
from xiandao.domains.inbox.actions.mail import choose_digest, send_digests
from xiandao.domains.inbox.actions.running import ClocksRun, run_clocks
from xiandao.domains.inbox.actions.tasks import NewTask, clear_tasks, open_task, open_tasks, renew_tasks, withdraw_tasks

__all__ = [
    "ClocksRun",
    "NewTask",
    "choose_digest",
    "clear_tasks",
    "extend_clock",
    "hand_over",
    "mark_seen",
    "may_change_clock",
    "may_take_back",
    "open_task",
    "open_tasks",
    "pause_clock",
    "renew_tasks",
    "resume_clock",
    "run_clocks",
    "send_digests",
    "take_back",
    "withdraw_tasks",
]
