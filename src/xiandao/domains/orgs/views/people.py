"""Accounts, for the administrators of people."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.access import CONFLICT, Request, needs
from xiandao.domains.orgs.actions.factors import FACTORS
from xiandao.domains.orgs.actions.import_people import COLUMNS
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.filters import PeopleFilter
from xiandao.domains.orgs.forms import AccountForm, PeopleFileForm, PersonForm, add_refusal
from xiandao.domains.orgs.models import GrantState, Role, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.tables import PeopleTable
from xiandao.domains.orgs.views.access import INVALID, form_answer, tried
from xiandao.domains.shared import excel
from xiandao.domains.shared.lists import ListPage

form_page = require_http_methods(["GET", "POST"])
readers = needs(Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS)
managers = needs(Can.MANAGE_PEOPLE)


class People(ListPage):
    """Everybody with an account."""

    table_class = PeopleTable
    filterset_class = PeopleFilter
    template_name = "orgs/people.html"
    title = gettext_lazy("人员")
    lead = gettext_lazy("账号本身没有权限；权限来自岗位，岗位由系统管理员提出、安全管理员批准后生效。")
    empty = gettext_lazy("没有符合条件的人员。")

    def get_queryset(self) -> QuerySet[User]:
        return queries.people()


people = readers(People.as_view())


def _person(pk: int) -> User:
    try:
        return queries.people().get(pk=pk)
    except User.DoesNotExist:
        raise Http404 from None


def person_page(request: Request, user: User, *, status: int = 200, **extra: object) -> HttpResponse:
    """Show one account: what its holder holds, held, and what waits to be decided."""
    viewer = request.viewer
    mine = queries.open_sessions(viewer).filter(user=user) if viewer.can(Can.APPROVE_GRANTS) else ()
    context = {
        "person": user,
        "posts": queries.posts_of(user),
        "held": {post.pk for post in user.held},
        "grants": queries.grants(viewer).filter(user=user, state=GrantState.WAITING),
        "sessions": mine,
        "factors": user.authenticator_set.filter(type__in=FACTORS).count(),
        "locks": queries.locks(account=user.username),
        "manages": viewer.can(Can.MANAGE_PEOPLE),
        "approves": viewer.can(Can.APPROVE_GRANTS),
        "today": timezone.localdate(),
        **extra,
    }
    return render(request, "orgs/person.html", context, status=status)


@require_GET
@readers
def person(request: Request, pk: int) -> HttpResponse:
    """Show one account."""
    return person_page(request, _person(pk))


@never_cache
@form_page
@managers
def person_new(request: Request) -> HttpResponse:
    """Make an account; its one-time password is shown this once."""
    form = AccountForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_account(request.viewer, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            return _password_page(request, user, password)
    return form_answer(request, "orgs/person_new.html", form, refusal=refusal)


def _password_page(request: Request, user: User, password: str) -> HttpResponse:
    return render(request, "orgs/one_time_password.html", {"person": user, "password": password})


@form_page
@managers
def person_edit(request: Request, pk: int) -> HttpResponse:
    """Correct a name or an address."""
    user = _person(pk)
    form = PersonForm(request.POST or None, initial={"name": user.name, "email": user.email})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_account(request.viewer, user=user, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            messages.success(request, _("已保存。"))
            return redirect("orgs:person", pk)
    return form_answer(request, "orgs/person_edit.html", form, refusal=refusal, person=user)


@require_POST
@managers
def person_close(request: Request, pk: int) -> HttpResponse:
    """Close an account."""
    user, reason = _person(pk), request.POST.get("reason", "")
    done = _("%(name)s的账号已停用，登录已全部终止。") % {"name": user.name}
    return tried(
        request, lambda: actions.close_account(request.viewer, user=user, reason=reason), done, "orgs:person", pk
    )


@require_POST
@managers
def person_open(request: Request, pk: int) -> HttpResponse:
    """Open an account again."""
    user = _person(pk)
    done = _("%(name)s的账号已启用。") % {"name": user.name}
    return tried(request, lambda: actions.open_account(request.viewer, user=user), done, "orgs:person", pk)


@never_cache
@require_POST
@managers
def person_password(request: Request, pk: int) -> HttpResponse:
    """Give somebody a one-time password and show it this once."""
    user = _person(pk)
    try:
        password = actions.issue_password(request.viewer, user=user)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("orgs:person", pk)
    return _password_page(request, user, password)


@require_POST
@needs(Can.APPROVE_GRANTS)
def factors_reset(request: Request, pk: int) -> HttpResponse:
    """Take away the second factors of somebody who lost them."""
    user, reason = _person(pk), request.POST.get("reason", "")
    done = _("%(name)s的第二因素已清除。") % {"name": user.name}
    return tried(
        request, lambda: actions.reset_factors(request.viewer, user=user, reason=reason), done, "orgs:person", pk
    )


@never_cache
@form_page
@managers
def people_import(request: Request) -> HttpResponse:
    """Make accounts and propose posts from a sheet, all or nothing; one-time passwords are shown this once."""
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"roles": Role.objects.all(), "columns": [label for _key, label in COLUMNS]}
    if request.method == "GET":
        return render(request, "orgs/people_import.html", {**context, "form": form})
    status = INVALID
    if form.is_valid():
        try:
            rows = actions.read_sheet(form.cleaned_data["file"])
            done = actions.import_people(request.viewer, rows=rows)
        except actions.BadSheet as bad:
            context["faults"] = bad.faults
            form.add_error("file", str(bad.reason))
        except Refused as refusal:
            status = CONFLICT
            add_refusal(form, refusal)
        else:
            return render(request, "orgs/people_imported.html", {"done": done})
    return render(request, "orgs/people_import.html", {**context, "form": form}, status=status)


@require_GET
@managers
def people_template(request: Request) -> HttpResponse:
    """Give the empty sheet to fill in, with one example row the reader writes over."""
    body = queries.organisations().filter(is_active=True).first()
    role = queries.roles().first()
    example = [_("张三"), "zhangsan", body.code if body else "", role.label if role else "", _("副处长")]
    header = [str(label) for _key, label in COLUMNS]
    return excel.response(_("账号导入模板"), header, [[*example, f"{timezone.localdate()}", ""]])
