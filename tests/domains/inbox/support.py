"""Kinds of task for the tests: one that does nothing when time is up, one that acts, one that fails."""

from xiandao.domains.inbox.registry import TaskKind
from xiandao.domains.orgs.capability import Can

CALLS = []


def act(actor, task):
    CALLS.append((actor.account, task.object_key))


def fail(actor, task):
    act(actor, task)
    if task.object_key.startswith("bad"):
        raise RuntimeError("no such thing")


PLAIN = TaskKind(
    "test.plain", "填写", Can.REPORT.value, lambda task: f"/plans/#{task.object_key}", otherwise="列为逾期"
)
ACTING = TaskKind("test.acting", "确认", Can.REPORT.value, lambda _task: "/plans/", otherwise="视为同意", lapse=act)
FAILING = TaskKind("test.failing", "处理", Can.REPORT.value, lambda _task: "/plans/", lapse=fail)
STEERING = TaskKind("test.steering", "交办", Can.STEER.value, lambda _task: "/plans/")
KINDS = (PLAIN, ACTING, FAILING, STEERING)
