"""One application before the office: its form, what the rules say, findings by field, and the steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.files.blocks import files_blocks
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes import evidence, office, office_evidence
from xiandao.domains.programmes.actions import checking, reviewing
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.life import may_step
from xiandao.domains.programmes.models import Application, CallState
from xiandao.domains.programmes.queries import office as queries
from xiandao.domains.programmes.views.office import OFFICE, chip


def found(request: Request, code: str) -> Application:
    """Return an application for its office, or not found."""
    try:
        return queries.application_for(request.viewer, code)
    except Application.DoesNotExist:
        raise Http404 from None


@needs(*OFFICE)
def page(request: Request, code: str) -> HttpResponse:
    """Show an application to its office."""
    return _page(request, found(request, code))


def _page(request: Request, application: Application, *, alert: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    sections = queries.form_rows(application)
    keys = [evidence.holder_key(application, row.key) for _title, rows in sections for row in rows if row.files]
    blocks = files_blocks(viewer, evidence.KIND, keys)
    shown = [
        (title, [(row, blocks.get(evidence.holder_key(application, row.key))) for row in rows])
        for title, rows in sections
    ]
    checks = list(application.site_checks.all())
    seen = files_blocks(viewer, office_evidence.SITE, [str(check.pk) for check in checks])
    may = bool(office.may_run(viewer, application.call)) and application.applicant_id != viewer.organisation_id
    open_call = application.call.state not in (CallState.FINISHED, CallState.CANCELLED)
    allowed = int(application.call.version.definition.get("corrections", 1))
    context = {
        "application": application,
        "chip": chip(application.state, str(application.get_state_display())),
        "sections": shown,
        "fields": [(row.key, f"{title} · {row.label}") for title, rows in sections for row in rows],
        "general": [finding for finding in application.findings.all() if not finding.field],
        "may_check": may and open_call and may_step(application, "pass_check"),
        "may_return": application.corrections < allowed,
        "allowed": allowed,
        "may_site": may and open_call,
        "checks": [(check, seen.get(str(check.pk))) for check in checks],
        "next": queries.next_waiting(viewer, application) if may else None,
        "events": application.events.select_related("organisation"),
        "history": history(kind=office.APPLICATION, key=application.code)[:20],
        "alert": alert,
        "kept": request.POST,
        "blanks": _kept_findings(request) or [("", "", "")] * 3,
    }
    return render(request, "programmes/deciding/application.html", context, status=status)


def _kept_findings(request: Request) -> list[tuple[str, str, str]]:
    post = request.POST
    return list(zip(post.getlist("field"), post.getlist("finding"), post.getlist("finding_rule"), strict=False))


class SiteForm(forms.Form):
    """A look on the spot."""

    on = forms.DateField(label=gettext_lazy("日期"))
    bears_out = forms.ChoiceField(choices=[("yes", ""), ("no", "")])


def _pass(request: Request, code: str) -> None:
    checking.pass_check(request.viewer, code=code, text=request.POST.get("text", ""))


def _return(request: Request, code: str) -> None:
    findings = [checking.Finding(field, text, rule) for field, text, rule in _kept_findings(request)]
    checking.ask_correction(request.viewer, code=code, findings=findings)


def _unfit(request: Request, code: str) -> None:
    post = request.POST
    checking.fail_check(request.viewer, code=code, reason=post.get("reason", ""), rule=post.get("rule", ""))


def _site(request: Request, code: str) -> None:
    form = SiteForm(request.POST)
    if not form.is_valid():
        raise BadFields([("on", _("请填写考察日期（如 2026-04-10）和是否与申报相符。"))])
    reviewing.record_site_check(
        request.viewer,
        code=code,
        on=form.cleaned_data["on"],
        people=request.POST.get("people", ""),
        findings=request.POST.get("findings", ""),
        bears_out=form.cleaned_data["bears_out"] == "yes",
    )


_STEPS: dict[str, Callable[[Request, str], Any]] = {"pass": _pass, "return": _return, "unfit": _unfit, "site": _site}


@require_POST
@needs(Can.RUN_CALLS)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Take a step with an application and go on to the next that waits; a refusal keeps what was typed."""
    application = found(request, code)
    if step not in _STEPS:
        raise Http404
    following = queries.next_waiting(request.viewer, application)
    try:
        _STEPS[step](request, code)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, found(request, code), alert=str(refusal.reason), status=status)
    messages.success(request, _("%(code)s 已办理。") % {"code": code})
    if step == "site" or following is None:
        return redirect("programmes:office-application", code=code)
    return redirect("programmes:office-application", code=following.code)
