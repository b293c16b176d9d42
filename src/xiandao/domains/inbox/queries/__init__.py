"""Reading tasks: what waits for the viewer, how much of it, what was done."""

from xiandao.domains.inbox.queries.tasks import (
    Inbox,
    Show,
    address_of,
    all_rows,
    done_tasks,
    inbox,
    may_have_tasks,
    part,
    tally,
    task_of,
    waiting,
    wants_digest,
)

__all__ = [
    "Inbox",
    "Show",
    "address_of",
    "all_rows",
    "done_tasks",
    "inbox",
    "may_have_tasks",
    "part",
    "tally",
    "task_of",
    "waiting",
    "wants_digest",
]
