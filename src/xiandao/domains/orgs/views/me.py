"""One's own account: posts, delegations, password, contact, open sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xiandao.domains.orgs import actions, queries
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.actions.factors import FACTORS
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.forms import ContactForm, DelegateForm, PasswordForm, add_refusal
from xiandao.domains.orgs.models import GrantState, OpenSession, Post
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.session import RENEW_KEY
from xiandao.domains.orgs.views.access import form_answer, signed_in, tried

form_page = require_http_methods(["GET", "POST"])


@require_GET
@signed_in
def account(request: Request) -> HttpResponse:
    """Show what one holds and can change."""
    return render(request, "orgs/me.html", _context(request, ContactForm(initial=_contact(request))))


def _contact(request: Request) -> dict[str, str]:
    return {"email": request.user.email, "phone": request.user.phone}


def _context(request: Request, contact_form: ContactForm) -> dict[str, object]:
    user = request.user
    current = list(queries.current_posts(user))
    acting = next((post for post in current if post.pk == request.viewer.post_id), None)
    return {
        "posts": queries.posts_of(user),
        "current": {post.pk for post in current},
        "given": queries.delegations_of(user),
        "may_delegate": request.viewer.can(Can.DELEGATE) and acting is not None and acting.delegated_from_id is None,
        "grants": queries.grants(request.viewer).filter(user=user, state=GrantState.WAITING),
        "factors": user.authenticator_set.filter(type__in=FACTORS),
        "sessions": queries.open_sessions(request.viewer).filter(user=user),
        "here": request.session.session_key,
        "policy": queries.security_policy(),
        "today": timezone.localdate(),
        "form": contact_form,
    }


@require_POST
@signed_in
def contact(request: Request) -> HttpResponse:
    """Change how one is reached."""
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            actions.edit_contact(request.viewer, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("联系方式已保存。"))
            return redirect("orgs:me")
    return render(request, "orgs/me.html", _context(request, form), status=422)


@form_page
@signed_in
def password(request: Request) -> HttpResponse:
    """Change one's password."""
    form = PasswordForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        data, key = form.cleaned_data, request.session.session_key or ""
        try:
            user = actions.change_password(request.viewer, old=data["old"], new=data["new"], session_key=key)
        except actions.BadPassword as bad:
            for fault in bad.faults:
                form.add_error("new", fault)
        except Refused as refused:
            refusal = refused
            form.add_error("old", str(refused.reason))
        else:
            update_session_auth_hash(request, user)
            actions.session_moved(old=key, new=request.session.session_key or "")
            request.session.pop(RENEW_KEY, None)
            messages.success(request, _("密码已修改，其他地方的登录已全部退出。"))
            return redirect("orgs:me" if not request.viewer.administrator else "web:home")
    policy = queries.security_policy()
    administrator = queries.is_administrator(request.user)
    context = {
        "policy": policy,
        "least": policy.min_length(administrator=administrator),
        "forced": bool(request.session.get(RENEW_KEY)),
    }
    return form_answer(request, "orgs/password.html", form, refusal=refusal, **context)


@form_page
@signed_in
def delegate(request: Request) -> HttpResponse:
    """Let a colleague act in the post one acts in now."""
    viewer = request.viewer
    if not viewer.can(Can.DELEGATE):
        raise Http404
    choices = queries.colleagues(viewer.organisation_id, but=viewer.user_id)
    form = DelegateForm(request.POST or None, choices=choices)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.delegate(viewer, **form.cleaned_data)
        except Refused as refused:
            refusal = refused
            add_refusal(form, refused)
        else:
            words = {"name": made.user.name, "day": made.valid_to}
            messages.success(request, _("已委托%(name)s代行，到%(day)s为止。") % words)
            return redirect("orgs:me")
    return form_answer(request, "orgs/delegate.html", form, refusal=refusal, colleagues=choices)


@require_POST
@signed_in
def delegation_end(request: Request, pk: int) -> HttpResponse:
    """Take a delegation back, or give it back."""
    try:
        return tried(request, lambda: actions.revoke_delegation(request.viewer, pk=pk), _("委托已结束。"), "orgs:me")
    except Post.DoesNotExist:
        raise Http404 from None


@require_POST
@signed_in
def session_end(request: Request, pk: int) -> HttpResponse:
    """End a session: one's own, or as security administrator anybody's."""
    try:
        return tried(request, lambda: actions.end_session(request.viewer, pk=pk), _("会话已终止。"), "orgs:me")
    except OpenSession.DoesNotExist:
        raise Http404 from None
