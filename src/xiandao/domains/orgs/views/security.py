"""Sign-in security, for the security administrator: locks, sessions, values."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.actions.security import ADJUSTABLE
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.filters import SessionFilter
from xiandao.domains.orgs.models import OpenSession, SecurityValue
from xiandao.domains.orgs.security_names import name_of
from xiandao.domains.orgs.tables import SessionTable
from xiandao.domains.orgs.views.access import tried
from xiandao.domains.shared.lists import ListPage

approvers = needs(Can.APPROVE_GRANTS)


class Sessions(ListPage):
    """Every open session."""

    table_class = SessionTable
    filterset_class = SessionFilter
    title = gettext_lazy("会话")
    lead = gettext_lazy("正在登录的浏览器。终止后，那里的下一次操作须重新登录。")
    empty = gettext_lazy("没有会话。")

    def get_queryset(self) -> QuerySet[OpenSession]:
        return queries.open_sessions(self.request.viewer)


sessions = approvers(Sessions.as_view())


@require_GET
@approvers
def security(request: Request) -> HttpResponse:
    """Show locked accounts and the values signing in goes by."""
    values = [(name_of(row.key), row, row.key in ADJUSTABLE) for row in queries.security_values()]
    context = {
        "locks": queries.locks(),
        "values": values,
        "n_sessions": queries.open_sessions(request.viewer).count(),
    }
    return render(request, "orgs/security.html", context)


@require_POST
@approvers
def security_set(request: Request, key: str) -> HttpResponse:
    """Set an office's own value, or go back to the pack's where the field is empty."""
    given = request.POST.get("value", "").strip()
    value = None if not given else int(given) if given.isdecimal() and len(given) < 10 else 0  # noqa: PLR2004 — fits a column
    done = _("%(name)s已保存，下次登录起生效。") % {"name": name_of(key)}
    reason = request.POST.get("reason", "")
    try:
        return tried(
            request,
            lambda: actions.set_security_value(request.viewer, key=key, value=value, reason=reason),
            done,
            "orgs:security",
        )
    except SecurityValue.DoesNotExist:
        raise Http404 from None


@require_POST
@approvers
def unlock(request: Request) -> HttpResponse:
    """Let an account sign in again before its time."""
    account = request.POST.get("account", "")
    done = _("账号 %(account)s 已解除锁定。") % {"account": account[:150]}
    return tried(request, lambda: actions.unlock(request.viewer, account=account), done, "orgs:security")
