"""The inbox, one task, the list of what was done. For whom no task can come, these pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import EmptyPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.inbox import actions, queries
from xiandao.domains.inbox.actions.handing import able_colleagues
from xiandao.domains.inbox.models import Task, TaskState
from xiandao.domains.inbox.rows import TaskRow, task_row
from xiandao.domains.inbox.tables import DoneFilter, DoneTable
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.shared import excel
from xiandao.domains.shared.lists import ListPage

INVALID, CONFLICT = 422, 409
View = Callable[..., HttpResponse]


def workers(view: View) -> View:
    """Let in to whom tasks can come; for everybody else the page does not exist."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.may_have_tasks(request.viewer):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 — fits any key


@workers
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits, nearest last day first."""
    get = request.GET
    show = queries.Show(
        kind=get.get("kind", ""), group=get.get("group", ""), mine="mine" in get, unseen="unseen" in get
    )
    try:
        found = queries.inbox(request.viewer, show=show, page=_number(get.get("page", "1")))
    except EmptyPage:
        raise Http404 from None
    if get.get("export") == "xlsx":
        return _export(request, show)
    context = {"inbox": found, "email": queries.address_of(request.viewer)}
    context["wants_digest"] = bool(context["email"]) and queries.wants_digest(request.viewer)
    return render(request, "inbox/inbox.html", context)


def _export(request: HttpRequest, show: queries.Show) -> HttpResponse:
    """Send all the filter leaves as Excel."""
    header = [_("事项"), _("对象"), _("收到"), _("交办人"), _("截止日"), _("剩余天数"), _("办理人")]
    header += [_("不办会怎样"), _("时限依据")]
    rows = (_cells(row) for row in queries.all_rows(request.viewer, show))
    return excel.response(_("待办"), header, rows)


def _cells(row: TaskRow) -> list[Any]:
    task = row.task
    return [
        row.label,
        row.subject,
        f"{timezone.localtime(task.opened_at):%Y-%m-%d}",
        task.opened_by,
        task.due_on.isoformat() if task.due_on else "",
        row.left,
        task.person.name if task.person else "",
        row.otherwise,
        f"{task.clock_rule.label} {task.clock_rule.source}" if task.clock_rule else "",
    ]


@method_decorator(workers, name="dispatch")
class DoneList(ListPage):
    """What the organisation has done."""

    table_class = DoneTable
    filterset_class = DoneFilter
    title = gettext_lazy("已办")
    empty = gettext_lazy("没有符合条件的已办事项。")
    template_name = "inbox/done.html"

    def get_queryset(self) -> QuerySet[Task]:
        """Return the tasks closed in the last days."""
        return queries.done_tasks(self.request.viewer)


@require_POST
@workers
def seen(request: HttpRequest) -> HttpResponse:
    """Mark the tasks posted as seen."""
    pks = [_number(text) for text in request.POST.getlist("task")]
    count = actions.mark_seen(request.viewer, pks=pks)
    if not pks:
        messages.info(request, _("请先勾选待办。"))
    else:
        messages.success(request, _("已把 %(count)s 项标为已阅。") % {"count": count})
    return redirect(_back(request))


@require_GET
@workers
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to where a task is done; it counts as seen."""
    row = _row(request, pk)
    actions.mark_seen(request.viewer, pks=[pk])
    return redirect(row.url or reverse("inbox:task", args=[pk]))


@require_GET
@workers
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task: what, since when, until when, on what basis, in whose hands, its clock."""
    return _page(request, pk)


def _row(request: HttpRequest, pk: int) -> TaskRow:
    try:
        found = queries.task_of(request.viewer, pk)
    except Task.DoesNotExist:
        raise Http404 from None
    return task_row(found, timezone.localdate(), seen=True)


def _page(request: HttpRequest, pk: int, *, error: str = "", status: int = 200) -> HttpResponse:
    row = _row(request, pk)
    found, viewer = row.task, request.viewer
    mine = found.organisation_id == viewer.organisation_id
    is_open = found.state == TaskState.OPEN
    context = {
        "row": row,
        "task": found,
        "is_open": is_open,
        "mine": mine,
        "colleagues": able_colleagues(viewer, found) if mine and is_open else [],
        "may_take_back": mine and is_open and actions.may_take_back(viewer, found).allowed,
        "clock_answer": actions.may_change_clock(viewer, found),
        "has_clock": found.clock is not None,
        "history": history(kind="task", key=str(pk)),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "inbox/task.html", context, status=status)


def _do(request: HttpRequest, pk: int, work: Callable[[], Any], message: str) -> HttpResponse:
    """Do something to a task and go back to its page, or show the page with the reason why not."""
    try:
        work()
    except Task.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else INVALID
        return _page(request, pk, error=str(refusal.reason), status=status)
    messages.success(request, message)
    return redirect("inbox:task", pk)


@require_POST
@workers
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a task to the colleague posted."""
    user = _number(request.POST.get("user", ""))
    reason = request.POST.get("reason", "")
    return _do(
        request, pk, lambda: actions.hand_over(request.viewer, pk=pk, user_id=user, reason=reason), _("已转交。")
    )


@require_POST
@workers
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task back from a colleague."""
    return _do(request, pk, lambda: actions.take_back(request.viewer, pk=pk), _("已收回，由全单位办理。"))


@require_POST
@workers
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop, restart or extend the clock of a task."""
    viewer, post = request.viewer, request.POST
    reason = post.get("reason", "")
    works: dict[str, tuple[Callable[[], Any], str]] = {
        "pause": (lambda: actions.pause_clock(viewer, pk=pk, reason=reason), _("已中止计时。")),
        "resume": (lambda: actions.resume_clock(viewer, pk=pk), _("已恢复计时。")),
        "extend": (
            lambda: actions.extend_clock(
                viewer, pk=pk, by=_number(post.get("by", "")), reason=reason, approver=post.get("approver", "")
            ),
            _("已延长时限。"),
        ),
    }
    if post.get("do") not in works:
        raise Http404
    return _do(request, pk, *works[post["do"]])


@require_POST
@workers
def mail(request: HttpRequest) -> HttpResponse:
    """Choose whether the daily e-mail comes."""
    wanted = request.POST.get("digest") == "on"
    actions.choose_digest(request.viewer, wanted=wanted)
    messages.success(request, _("已开启每日邮件提醒。") if wanted else _("已关闭每日邮件提醒。"))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return where the form stood; the home page where that leads away from here."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    if "/" in target and url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()):
        return target
    return reverse("web:home")
