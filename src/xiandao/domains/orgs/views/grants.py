"""Grants: proposing posts, and deciding what was proposed."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.access import Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.filters import GrantFilter
from xiandao.domains.orgs.forms import PostChangeForm, PostEndForm, PostForm, add_refusal, first_day
from xiandao.domains.orgs.models import Grant, GrantState, Post, Role, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.tables import GrantTable
from xiandao.domains.orgs.views.access import form_answer, tried
from xiandao.domains.shared.lists import ListPage

form_page = require_http_methods(["GET", "POST"])
readers = needs(Can.MANAGE_PEOPLE, Can.APPROVE_GRANTS)
managers = needs(Can.MANAGE_PEOPLE)
approvers = needs(Can.APPROVE_GRANTS)


class Grants(ListPage):
    """What was proposed, the waiting first unless the reader filters."""

    table_class = GrantTable
    filterset_class = GrantFilter
    template_name = "orgs/grants.html"
    title = gettext_lazy("授权")
    lead = gettext_lazy("岗位由系统管理员提出，由安全管理员批准或驳回；批准后生效。")
    empty = gettext_lazy("没有申请。")

    def get_queryset(self) -> QuerySet[Grant]:
        return queries.grants(self.request.viewer)

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        kwargs = super().get_filterset_kwargs(filterset_class)
        if not self.request.GET:
            kwargs["data"] = {"state": GrantState.WAITING}
        return kwargs

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"approver": self.request.viewer.can(Can.APPROVE_GRANTS)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        waiting = queries.grants(viewer).filter(state=GrantState.WAITING).count()
        return super().get_context_data(**kwargs) | {"approves": viewer.can(Can.APPROVE_GRANTS), "waiting": waiting}


grants = readers(Grants.as_view())


@require_POST
@approvers
def grants_approve(request: Request) -> HttpResponse:
    """Approve the proposals ticked, all or none."""
    pks = [int(pk) for pk in request.POST.getlist("grant") if pk.isdecimal() and len(pk) < 18]  # noqa: PLR2004 — a row's number
    if not pks:
        messages.error(request, _("请先勾选要批准的申请。"))
        return redirect("orgs:grants")
    done = _("已批准 %(count)s 项申请。") % {"count": len(set(pks))}
    try:
        return tried(request, lambda: actions.approve_grants(request.viewer, pks=pks), done, "orgs:grants")
    except Grant.DoesNotExist:
        raise Http404 from None


@require_GET
@readers
def grant(request: Request, pk: int) -> HttpResponse:
    """Show one proposal: what it says, what it changes, who may decide."""
    try:
        found = queries.grant(request.viewer, pk)
    except Grant.DoesNotExist:
        raise Http404 from None
    viewer = request.viewer
    own = viewer.user_id in (found.proposed_by_id, found.user_id)
    context = {
        "grant": found,
        "waiting": found.state == GrantState.WAITING,
        "decides": viewer.can(Can.APPROVE_GRANTS) and not own,
        "own": own,
        "withdraws": viewer.can(Can.MANAGE_PEOPLE),
        "others": queries.posts_of(found.user).filter(ended_at__isnull=True),
    }
    return render(request, "orgs/grant.html", context)


@require_POST
@approvers
def grant_approve(request: Request, pk: int) -> HttpResponse:
    """Approve one proposal."""
    return _decided(request, pk, actions.approve_grant, _("已批准。"), answer=request.POST.get("answer", ""))


@require_POST
@approvers
def grant_refuse(request: Request, pk: int) -> HttpResponse:
    """Refuse one proposal."""
    return _decided(request, pk, actions.refuse_grant, _("已驳回。"), answer=request.POST.get("answer", ""))


@require_POST
@managers
def grant_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one proposal back."""
    return _decided(request, pk, actions.withdraw_grant, _("已撤回。"))


def _decided(request: Request, pk: int, action: Any, message: str, **given: str) -> HttpResponse:
    try:
        return tried(request, lambda: action(request.viewer, pk=pk, **given), message, "orgs:grant", pk)
    except Grant.DoesNotExist:
        raise Http404 from None


@form_page
@managers
def post_new(request: Request, pk: int) -> HttpResponse:
    """Propose a new post for a person."""
    user = User.objects.filter(pk=pk).first()
    if user is None:
        raise Http404
    form = PostForm(request.POST or None, initial=first_day())
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_post(request.viewer, user=user, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            return _proposed(request, user)
    return form_answer(request, "orgs/post_new.html", form, refusal=refusal, person=user, roles=Role.objects.all())


def _proposed(request: Request, user: User) -> HttpResponse:
    messages.success(request, _("已提出，待安全管理员批准后生效。"))
    return redirect("orgs:person", user.pk)


def _post(pk: int) -> Post:
    post = Post.objects.select_related("user", "organisation", "role").filter(pk=pk).first()
    if post is None:
        raise Http404
    return post


@form_page
@managers
def post_change(request: Request, pk: int) -> HttpResponse:
    """Propose another role, title or last day."""
    post = _post(pk)
    initial = {"role": post.role_id, "title": post.title, "valid_to": post.valid_to}
    form = PostChangeForm(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_change(request.viewer, post=post, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            return _proposed(request, post.user)
    context = {"post": post, "person": post.user, "roles": Role.objects.all()}
    return form_answer(request, "orgs/post_change.html", form, refusal=refusal, **context)


@form_page
@managers
def post_end(request: Request, pk: int) -> HttpResponse:
    """Propose that a post ends, and who takes over."""
    post = _post(pk)
    choices = queries.colleagues(post.organisation_id, but=post.user_id)
    form = PostEndForm(request.POST or None, choices=choices, initial={"last_day": timezone.localdate()})
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_end(request.viewer, post=post, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            return _proposed(request, post.user)
    return form_answer(request, "orgs/post_end.html", form, refusal=refusal, post=post, person=post.user)
