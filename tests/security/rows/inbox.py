"""The inbox: tasks of one's own organisation, for the capability of one's role; their clocks for who steers."""

from django.db import transaction
from django.utils import timezone

from tests.security.matrix import MISSING, Row, only, same
from xiandao.domains.inbox import registry
from xiandao.domains.inbox.actions import NewTask, hand_over, open_tasks
from xiandao.domains.inbox.models import Task
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import system

OWN = "本单位的 own"
NAMES = frozenset({"$task", "$task-handed"})
MAY_HAVE = (
    "applicant", "county", "city-other", "city", "city-head", "department-other", "department", "department-head", "coordinator"
)  # fmt: skip
OWNERS = ("city", "city-head")
KIND = registry.TaskKind("matrix.task", "权限矩阵的事项", Can.REPORT.value, lambda _task: "/plans/")
if KIND.code not in registry.kinds():
    registry.register_kind(KIND)


def things(people) -> dict[str, str]:
    """Return a task of the city's bureau with a clock by a rule, and one in the hands of its head."""
    city, head = people("city"), people("city-head")
    for key in ("1", "2"):
        new = NewTask(KIND, city.organisation_id, "matrix", key, subject="件", rule="objection.handle")
        with transaction.atomic():
            open_tasks(system("tests"), [new], now=timezone.now())
    one, two = Task.objects.visible_to(city).filter(kind=KIND.code).order_by("object_key")
    hand_over(city, pk=two.pk, user_id=head.user_id)
    return {"$task": str(one.pk), "$task-handed": str(two.pk)}


ONE, HANDED = {"pk": "$task"}, {"pk": "$task-handed"}
PAUSE = {"do": "pause", "reason": "检测"}
ROWS = [
    Row("web:overview", "—", same(200)),
    Row("inbox:done", "—", only(*MAY_HAVE)),
    Row("inbox:task", OWN, only(*OWNERS, "coordinator"), ONE),
    Row("inbox:task", MISSING, same(404), {"pk": "0"}),
    Row("inbox:go", OWN, only(*OWNERS, "coordinator", status=302), ONE),
    Row("inbox:seen", OWN, only(*MAY_HAVE, status=302), {}, "POST", {"task": "1"}),
    Row("inbox:hand", "不能转交的人 nobody able", only(*OWNERS, status=422), ONE, "POST", {"user": "0"}),
    Row("inbox:take-back", OWN, only(*OWNERS, status=302), HANDED, "POST"),
    Row("inbox:clock", OWN, only("coordinator", status=302, others=404) | dict.fromkeys(OWNERS, 422), ONE, "POST", PAUSE),
    Row("inbox:mail", "—", only(*MAY_HAVE, status=302), {}, "POST", {"digest": "off"}),
    Row("GET /api/v1/inbox", "—", only(*MAY_HAVE)),
]  # fmt: skip
