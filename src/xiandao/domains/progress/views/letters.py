"""Reminder letters: the list, drafting one about what is late, its page, its steps, its Word and PDF."""

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from xiandao.domains.audit.queries import history
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.orgs.access import CONFLICT, REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.plans.filters import ALL, TextFilter
from xiandao.domains.progress.actions import letters as act
from xiandao.domains.progress.kinds.problems import LETTER
from xiandao.domains.progress.letter_document import letter_document
from xiandao.domains.progress.measure_names import measure_names
from xiandao.domains.progress.models import Letter, LetterState
from xiandao.domains.progress.queries import letters as queries
from xiandao.domains.shared.columns import DayColumn, MomentColumn
from xiandao.domains.shared.excel import attachment
from xiandao.domains.shared.lists import ListPage
from xiandao.printing.official import NoChineseFont, pdf, word

READERS = (Can.READ_PROGRESS, Can.RECEIVE_LETTERS)
_FORMS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    "pdf": ("application/pdf", pdf),
}


class LetterTable(tables.Table):
    """Letters: number, to whom, what, where it stands."""

    number = tables.Column(gettext_lazy("文号"), default="—", order_by=("year", "serial"))
    title = tables.Column(gettext_lazy("标题"))
    to = tables.Column(gettext_lazy("受文单位"), order_by=("to__order", "to__code"))
    state = tables.Column(gettext_lazy("状态"))
    issued_at = MomentColumn(verbose_name=pgettext_lazy("past", "签发"), format="Y-m-d", default="—")
    receive_by = DayColumn(verbose_name=gettext_lazy("签收时限"), format="Y-m-d", default="—")
    due_on = DayColumn(verbose_name=gettext_lazy("办理时限"), format="Y-m-d")

    class Meta:
        model = Letter
        fields = ()

    def render_title(self, record: Letter) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("progress:letter", args=[record.pk]), record.title)

    def value_title(self, record: Letter) -> str:
        return record.title

    def render_to(self, record: Letter) -> str:
        return record.to.label

    def render_state(self, record: Letter) -> SafeString:
        return format_html('<span class="state is-{}">{}</span>', record.state, record.get_state_display())

    def value_state(self, record: Letter) -> str:
        return str(record.get_state_display())


class LetterFilter(django_filters.FilterSet):
    """Letters by words, state and addressee."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("number", "title", "text"))
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), empty_label=ALL, choices=LetterState.choices)
    to = django_filters.ModelChoiceFilter(
        label=gettext_lazy("受文单位"),
        empty_label=ALL,
        to_field_name="code",
        queryset=lambda request: Organisation.objects.filter(
            pk__in=Letter.objects.visible_to(request.viewer).values("to")
        ),
    )

    class Meta:
        model = Letter
        fields: tuple[str, ...] = ()


class LetterList(NeedsMixin, ListPage):
    """All letters the viewer sees; for the coordinator also who is late and has none."""

    needs = READERS
    template_name = "progress/letters/list.html"
    title = gettext_lazy("督办单")
    lead = gettext_lazy("对逾期的填报和难点堵点发出督办单：编号、限期、签收、回复、核销。")
    empty = gettext_lazy("没有督办单。")
    table_class = LetterTable
    filterset_class = LetterFilter

    def get_queryset(self) -> Any:
        return queries.letters(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        viewer = self.request.viewer
        issues = viewer.can(Can.ISSUE_LETTERS)
        late = queries.late_bodies(viewer, today=timezone.localdate()) if issues else []
        return super().get_context_data(**kwargs) | {"may_issue": issues, "late": late}


class LetterForm(forms.Form):
    """What a letter says."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=200)
    text = forms.CharField(label=gettext_lazy("督办事项"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    demand = forms.CharField(
        label=gettext_lazy("办理要求"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    due_on = forms.DateField(label=gettext_lazy("办理时限"), widget=forms.DateInput(attrs={"type": "date"}))

    def says(self) -> act.LetterText:
        """Return what was typed. Only after validation."""
        given = self.cleaned_data
        return act.LetterText(given["title"], given["text"], given["demand"], given["due_on"])


class NewLetterForm(LetterForm):
    """The same with the addressee."""

    field_order = ("to", "title", "text", "demand", "due_on")
    to = forms.ModelChoiceField(
        label=gettext_lazy("受文单位"),
        queryset=Organisation.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("请选择"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        field.queryset = Organisation.objects.filter(assignments__ended_at=None, assignments__isnull=False).distinct()
        field.label_from_instance = lambda row: row.label


@needs(Can.ISSUE_LETTERS)
def new(request: Request) -> HttpResponse:
    """Draft a letter; with an addressee, what that body is late with is proposed as its contents."""
    today = timezone.localdate()
    body = Organisation.objects.filter(code=request.POST.get("to") or request.GET.get("to") or "").first()
    reports = queries.late_reports(request.viewer, today=today).filter(assignment__organisation=body) if body else ()
    problems = queries.late_problems(request.viewer, today=today).filter(holder_id=body.pk) if body else ()
    form = NewLetterForm(request.POST or None, initial=_proposal(body, list(reports), list(problems)))
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            chosen_reports = [r for r in reports if str(r.pk) in request.POST.getlist("reports")]
            chosen_problems = [p for p in problems if p.code in request.POST.getlist("problems")]
            try:
                letter = act.draft_letter(
                    request.viewer,
                    to=form.cleaned_data["to"],
                    says=form.says(),
                    reports=chosen_reports,
                    problems=chosen_problems,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
            else:
                messages.success(request, _("已起草，核对后签发。"))
                return redirect("progress:letter", pk=letter.pk)
    context = {"form": form, "reports": reports, "problems": problems, "names": measure_names(), "body": body}
    return render(request, "progress/letters/new.html", context, status=status)


def _proposal(body: Organisation | None, reports: list[Any], problems: list[Any]) -> dict[str, Any]:
    if body is None:
        return {}
    parts = []
    if reports:
        parts.append(_("%(n)d 项进展填报超过截止日期仍未提交。") % {"n": len(reports)})
    if problems:
        parts.append(_("%(n)d 件难点堵点超过办理时限仍未办理。") % {"n": len(problems)})
    return {
        "to": body.code,
        "title": _("关于限期办理未来产业行动方案有关事项的督办单"),
        "text": "\n".join([_("经核查，贵单位下列事项尚未按期办理：") if parts else "", *parts]).strip(),
        "demand": _("请尽快办理，说明逾期原因，并明确责任人。"),
    }


@needs(Can.ISSUE_LETTERS)
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    letter = _letter(request, pk)
    initial = {"title": letter.title, "text": letter.text, "demand": letter.demand, "due_on": letter.due_on}
    form = LetterForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                act.edit_letter(request.viewer, pk=letter.pk, says=form.says())
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
            else:
                return redirect("progress:letter", pk=letter.pk)
    return render(request, "progress/letters/edit.html", {"form": form, "letter": letter}, status=status)


@needs(*READERS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one letter: where it stands, who acts next and by when."""
    return _page(request, _letter(request, pk))


def _letter(request: Request, pk: int) -> Letter:
    try:
        return queries.letter_by_pk(request.viewer, pk)
    except Letter.DoesNotExist:
        raise Http404 from None


def _page(request: Request, letter: Letter, *, alert: str = "", kept: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer
    issues = viewer.can(Can.ISSUE_LETTERS)
    addressed = letter.to_id == viewer.organisation_id and viewer.can(Can.RECEIVE_LETTERS)
    state = letter.state
    waiting = {LetterState.ISSUED: letter.receive_by, LetterState.RECEIVED: letter.due_on}.get(state)
    context = {
        "letter": letter,
        "names": measure_names(),
        "history": history(kind=LETTER, key=str(letter.pk))[:20],
        "late": waiting is not None and waiting < timezone.localdate(),
        "waiting": waiting,
        "alert": alert,
        "kept": kept,
        "may_edit": issues and state == LetterState.DRAFT,
        "may_receive": addressed and state == LetterState.ISSUED,
        "may_reply": addressed and state == LetterState.RECEIVED,
        "may_close": issues and state == LetterState.REPLIED,
        "may_withdraw": issues and state in {LetterState.DRAFT, LetterState.ISSUED, LetterState.RECEIVED},
    }
    return render(request, "progress/letters/letter.html", context, status=status)


STEPS: dict[str, Callable[[Request, int, str], Any]] = {
    "issue": lambda request, pk, _text: act.issue_letter(request.viewer, pk=pk, mark=str(value("letter_mark"))),
    "receive": lambda request, pk, _text: act.receive_letter(request.viewer, pk=pk),
    "reply": lambda request, pk, text: act.reply_letter(request.viewer, pk=pk, text=text),
    "reject": lambda request, pk, text: act.reject_reply(request.viewer, pk=pk, text=text),
    "close": lambda request, pk, text: act.close_letter(request.viewer, pk=pk, text=text),
    "withdraw": lambda request, pk, text: act.withdraw_letter(request.viewer, pk=pk, text=text),
}


@require_POST
@needs(*READERS)
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Take one step; a refusal shows the page with the reason and what was typed."""
    if step not in STEPS:
        raise Http404
    letter = _letter(request, pk)
    text = request.POST.get("text", "")
    try:
        STEPS[step](request, letter.pk, text)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        return _page(request, _letter(request, pk), alert=str(refusal.reason), kept=text, status=status)
    messages.success(request, _("已办理。"))
    return redirect("progress:letter", pk=letter.pk)


@needs(*READERS)
def download(request: Request, pk: int, form: str) -> HttpResponse:
    """Send the letter as Word or PDF."""
    if form not in _FORMS:
        raise Http404
    letter = _letter(request, pk)
    media_type, printer = _FORMS[form]
    document = letter_document(letter, issuer=str(value("letter_issuer")), measures=measure_names())
    try:
        content = printer(document)
    except NoChineseFont as missing:
        return _page(request, letter, alert=str(missing), status=503)
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = attachment(f"{letter.number or letter.title}.{form}")
    return answer
