"""Applications by their applicant: the list, the page – a form while it is written, text afterwards – and its steps."""

from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.programmes.actions import applications as act
from xiandao.domains.programmes.actions import partners
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.actions.desk import check
from xiandao.domains.programmes.forms import Choices, Data, form_of, from_post
from xiandao.domains.programmes.forms.meaning import Unclear, percent
from xiandao.domains.programmes.life import may_step, told_state
from xiandao.domains.programmes.models import Application, ApplicationState, Call, Partner
from xiandao.domains.programmes.queries import applying as queries
from xiandao.domains.programmes.rules import editable_fields, knows_outcome, may_write, open_findings
from xiandao.domains.programmes.views.form_page import base_text, file_blocks, read_base, shown_form
from xiandao.domains.progress.views.report_form import as_number
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.lists import ListPage

READERS = (Can.APPLY, Can.RUN_CALLS, Can.RECOMMEND, Can.READ_APPLICATIONS)


class ApplicationTable(tables.Table):
    """One's applications: what for, where they stand as far as one is told, until when something is due."""

    code = tables.Column(gettext_lazy("编号"))
    title = tables.Column(gettext_lazy("名称"), empty_values=())
    programme = tables.Column(gettext_lazy("专项"), accessor="call__version__programme", orderable=False)
    applicant = tables.Column(gettext_lazy("牵头单位"), order_by="applicant__name")
    state = tables.Column(gettext_lazy("状态"))
    due_on = DayColumn(verbose_name=gettext_lazy("期限"), default="—")
    submitted_at = MomentColumn(verbose_name=gettext_lazy("提交时间"), format="Y-m-d H:i", default="—")

    class Meta:
        model = Application
        fields = ()

    def render_code(self, record: Application) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:application", args=[record.code]), record.code)

    def value_code(self, record: Application) -> str:
        return record.code

    def render_title(self, record: Application) -> str:
        return record.title or record.call.title

    def render_programme(self, record: Application) -> str:
        return record.call.version.programme.label

    def render_applicant(self, record: Application) -> str:
        return record.applicant.label

    def render_state(self, record: Application) -> SafeString:
        told = told_state(record.state)
        return format_html('<span class="state is-{}">{}</span>', told.value, told.label)

    def value_state(self, record: Application) -> str:
        return str(told_state(record.state).label)


class ApplicationFilter(django_filters.FilterSet):
    """One's applications by words."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title", "call__title"))
    call = django_filters.ModelChoiceFilter(
        label=gettext_lazy("申报通知"),
        empty_label=ALL,
        queryset=lambda request: Call.objects.visible_to(request.viewer).filter(
            pk__in=queries.own_applications(request.viewer).order_by().values("call")
        ),
    )

    class Meta:
        model = Application
        fields: tuple[str, ...] = ()


class ApplicationList(NeedsMixin, ListPage):
    """What the viewer's organisation applies for."""

    needs = (Can.APPLY,)
    title = gettext_lazy("本单位的申报")
    lead = gettext_lazy("本单位牵头或参与的申报：到哪一步、要做什么、到什么时候。")
    empty = gettext_lazy("还没有申报。请到“申报通知”里选一个正在受理的通知。")
    table_class = ApplicationTable
    filterset_class = ApplicationFilter

    def get_queryset(self) -> Any:
        return queries.own_applications(self.request.viewer)


@require_POST
@needs(Can.APPLY)
def start(request: Request, code: str) -> HttpResponse:
    """Begin an application to a call."""
    try:
        application = act.start_application(request.viewer, call_code=code, need_code=request.POST.get("need", ""))
    except Call.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("programmes:call", code=code)
    return redirect("programmes:application", code=application.code)


def find(request: Request, code: str) -> Application:
    """Return an application the viewer sees; one that is missing or hidden is not found."""
    try:
        return queries.application_by_code(request.viewer, code)
    except Application.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
def page(request: Request, code: str) -> HttpResponse:
    """Show one application: as a form to who writes it now, as text to everybody else who sees it."""
    return answer(request, find(request, code))


def answer(
    request: Request,
    application: Application,
    *,
    data: Data | None = None,
    base: str = "",
    changed: act.Changed | None = None,
    alert: str = "",
    faults: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the page; with `data` the form keeps what was typed, with `changed` it asks whose words stay."""
    viewer, moment = request.viewer, timezone.now()
    form, choices = form_of(application.call.version), Choices.load()
    own = application.applicant_id == viewer.organisation_id
    partner = next((p for p in application.partners.all() if p.organisation_id == viewer.organisation_id), None)
    stands = base or base_text(application.data)
    if changed is not None:
        data, stands = changed.merged, base_text(changed.theirs)
    if data is not None:
        application.data = data
    checked = check(application, moment=moment, choices=choices)
    may = may_write(viewer, application)
    editable = editable_fields(application) if may else set()
    blocks = file_blocks(viewer, application, form)
    labels = {key: spec.label for key, spec in form.fields.items()}
    inside = knows_outcome(viewer, application)
    told = ApplicationState(application.state) if inside else told_state(application.state)
    context = {
        "application": application,
        "call": application.call,
        "programme": application.call.version.programme,
        "sections": shown_form(form, application.data, checked, choices, editable=editable, files=blocks),
        "checked": checked,
        "findings_of_rules": checked.findings,
        "open_findings": [(f, labels.get(f.field, "")) for f in open_findings(application)],
        "told": told,
        "own": own,
        "partner": partner,
        "may_answer": partner is not None and partner.agreed_at is None and application.state == "draft",
        "editable": bool(may),
        "correcting": application.state == ApplicationState.CORRECTING,
        "may_withdraw": own and viewer.can(Can.APPLY) and may_step(application, "withdraw"),
        "most_partners": application.call.version.definition.get("partners", 0),
        "events": [e for e in application.events.all() if e.told or inside],
        "revision": changed.revision if changed else application.revision,
        "base": stands,
        "changed": changed,
        "clashes": [(c, labels.get(c.field, c.field), _words(c.mine), _words(c.theirs)) for c in changed.clashes]
        if changed
        else [],
        "faults": faults or [],
        "alert": alert,
        "kept": request.POST,
        "files_next": request.path,
    }
    return render(request, "programmes/applying/application.html", context, status=status)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(" ".join(row.values()) if isinstance(row, dict) else str(row) for row in value)
    return str(value or _("（空）"))


@require_POST
@needs(Can.APPLY)
def save(request: Request, code: str) -> HttpResponse:
    """Save the form; "submit" hands it in, "autosave" answers with what is wanting and what the rules say now."""
    application = find(request, code)
    step = request.POST.get("step", "save")
    form = form_of(application.call.version)
    data = from_post(form, request.POST, application.data)
    base = read_base(request.POST.get("base", ""))
    for name in request.POST:
        key = name.removeprefix("choice-")
        if key in form.fields and name.startswith("choice-") and request.POST[name] == "theirs" and base is not None:
            data = {k: v for k, v in data.items() if k != key} | ({key: base[key]} if key in base else {})
    revision = as_number(request.POST.get("revision", ""))
    try:
        saved = act.save_application(request.viewer, code=code, revision=revision, data=data, base=base)
    except act.Changed as changed:
        if step == "autosave" and request.htmx:
            return render(request, "programmes/applying/_saved.html", {"fault": str(changed.reason)}, status=CONFLICT)
        return answer(request, application, changed=changed, status=CONFLICT)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return answer(request, application, alert=str(refusal.reason), status=status)
    if step == "autosave" and request.htmx:
        return _autosaved(request, saved)
    if step == "submit":
        return _submit(request, code)
    messages.success(request, _("已保存，并合并了同事刚才的修改。") if saved.merged else _("已保存。"))
    return redirect("programmes:application", code=code)


def _autosaved(request: Request, saved: act.Saved) -> HttpResponse:
    """Answer a save while somebody types."""
    application = find(request, saved.application.code)
    checked = check(application, moment=timezone.now())
    form = form_of(application.call.version)
    hidden = [f"section-{s.key}" for s in form.sections if s.key not in checked.sections]
    hidden += [f"field-{key}" for key in form.fields if key not in checked.fields]
    context = {
        "application": application,
        "checked": checked,
        "findings_of_rules": checked.findings,
        "hidden": " ".join(hidden),
        "merged": saved.merged,
        "base": base_text(application.data),
        "now": timezone.localtime(),
        "live": True,
    }
    return render(request, "programmes/applying/_saved.html", context)


def _submit(request: Request, code: str) -> HttpResponse:
    try:
        application = act.submit_application(request.viewer, code=code)
    except BadFields as bad:
        alert = _("还不能提交，已保存为草稿。请按下面的清单补全，点每一条可到那一栏。")
        return answer(request, find(request, code), faults=bad.faults, alert=alert, status=REFUSED)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return answer(request, find(request, code), alert=str(refusal.reason), status=status)
    at = timezone.localtime(application.submitted_at).strftime("%Y-%m-%d %H:%M:%S")
    messages.success(request, _("已提交，服务器时间 %(at)s。") % {"at": at})
    return redirect("programmes:application", code=code)


def _invite(request: Request, code: str) -> None:
    share: Decimal | None = None
    if text := request.POST.get("share", "").strip():
        try:
            share = percent(text) / 100
        except Unclear as unclear:
            raise BadFields([("share", str(unclear))]) from None
    content = partners.PartnerContent(request.POST.get("credit_code", ""), "", share, request.POST.get("task", ""))
    partners.invite_partner(request.viewer, code=code, content=content)


def _remove(request: Request, code: str) -> None:
    try:
        partners.remove_partner(request.viewer, code=code, pk=as_number(request.POST.get("partner", "")))
    except Partner.DoesNotExist:
        raise Http404 from None


@require_POST
@needs(Can.APPLY)
def step(request: Request, code: str, step: str) -> HttpResponse:
    """Withdraw, invite or remove a co-applicant, agree or decline."""
    reason = request.POST.get("reason", "")
    steps = {
        "withdraw": lambda: act.withdraw_application(request.viewer, code=code, reason=reason),
        "invite": lambda: _invite(request, code),
        "remove": lambda: _remove(request, code),
        "agree": lambda: partners.answer_invitation(request.viewer, code=code, agree=True),
        "decline": lambda: partners.answer_invitation(request.viewer, code=code, agree=False, reason=reason),
    }
    application = find(request, code)
    if step not in steps:
        raise Http404
    try:
        steps[step]()
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return answer(request, application, alert=str(refusal.reason), status=status)
    messages.success(request, _("已办理。"))
    if step == "decline":
        return redirect("programmes:applications")
    return redirect("programmes:application", code=code)
