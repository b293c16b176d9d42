"""Meeting papers: the list, making them for any past moment, reading, checking, comparing, Word and PDF."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from xiandao.domains.audit.queries import history
from xiandao.domains.inbox.packvalues import value
from xiandao.domains.orgs.access import REFUSED, NeedsMixin, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.plans.filters import ALL
from xiandao.domains.plans.models import Plan
from xiandao.domains.progress.actions import meetings as act
from xiandao.domains.progress.meeting import SCHEMA, differences, meeting_document
from xiandao.domains.progress.models import MeetingPack
from xiandao.domains.progress.queries import meetings as queries
from xiandao.domains.shared.columns import MomentColumn
from xiandao.domains.shared.excel import attachment
from xiandao.domains.shared.lists import ListPage
from xiandao.printing.official import NoChineseFont, pdf, word

READERS = (Can.READ_MEETING_PACKS, Can.MAKE_MEETING_PACKS)
_FORMS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    "pdf": ("application/pdf", pdf),
}
_COMPARABLE = 100
"""So many other papers are offered to compare with, the newest."""


class MakeForm(forms.Form):
    """On which plan, as of when."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("方案"), queryset=Plan.objects.none(), to_field_name="code", empty_label=None
    )
    as_of = forms.DateTimeField(
        label=gettext_lazy("数据截至"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("不填为现在；可以是过去任何时间，按当时已有的记录编制。"),
    )

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = Plan.objects.visible_to(request.viewer).order_by("order", "code")
        self.fields["plan"].label_from_instance = lambda row: row.label


class MeetingTable(tables.Table):
    """Papers: as of when, on which plan, made when and by whom."""

    as_of = MomentColumn(verbose_name=gettext_lazy("数据截至"), format="Y-m-d H:i")
    title = tables.Column(gettext_lazy("材料"), orderable=False)
    plan = tables.Column(gettext_lazy("方案"), accessor="plan__label", order_by=("plan__order", "plan__code"))
    made_at = MomentColumn(verbose_name=gettext_lazy("编制时间"), format="Y-m-d H:i")
    made_by = tables.Column(gettext_lazy("编制人"))
    sha256 = tables.Column(gettext_lazy("内容指纹"), orderable=False)

    class Meta:
        model = MeetingPack
        fields = ()

    def render_title(self, record: MeetingPack) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("progress:meeting", args=[record.pk]), record.title)

    def value_title(self, record: MeetingPack) -> str:
        return record.title

    def render_sha256(self, value: str) -> SafeString:
        return format_html('<span class="key">{}</span>', value[:12])

    def value_sha256(self, value: str) -> str:
        return value


class MeetingFilter(django_filters.FilterSet):
    """Papers by plan."""

    plan = django_filters.ModelChoiceFilter(
        label=gettext_lazy("方案"),
        empty_label=ALL,
        to_field_name="code",
        queryset=lambda request: Plan.objects.visible_to(request.viewer).order_by("order", "code"),
    )

    class Meta:
        model = MeetingPack
        fields: tuple[str, ...] = ()


class MeetingList(NeedsMixin, ListPage):
    """All papers made, and the button to make new ones."""

    needs = READERS
    template_name = "progress/meetings/list.html"
    title = gettext_lazy("协调会议材料")
    lead = gettext_lazy(
        "一次编制总体情况、逾期、难点堵点、分部门和分设区市情况；每个数都注明取自哪些记录，过去任何时间都可以重现。"
    )
    empty = gettext_lazy("还没有编制过会议材料。")
    table_class = MeetingTable
    filterset_class = MeetingFilter

    def get_queryset(self) -> QuerySet[MeetingPack]:
        return queries.packs(self.request.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = self.request.viewer.can(Can.MAKE_MEETING_PACKS)
        form = MakeForm(request=self.request) if may else None
        return super().get_context_data(**kwargs) | {"form": form}


@needs(Can.MAKE_MEETING_PACKS)
def new(request: Request) -> HttpResponse:
    """Make papers; a refusal keeps what was chosen and says why."""
    form = MakeForm(request.POST or None, request=request)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                pack = act.make_meeting_pack(
                    request.viewer, plan=form.cleaned_data["plan"], as_of=form.cleaned_data["as_of"]
                )
            except Refused as refusal:
                form.add_error(None, str(refusal.reason))
            else:
                messages.success(request, _("会议材料已编制。"))
                return redirect("progress:meeting", pk=pack.pk)
    return render(request, "progress/meetings/new.html", {"form": form}, status=status)


def _pack(request: Request, pk: int) -> MeetingPack:
    try:
        return queries.pack_by_pk(request.viewer, pk)
    except MeetingPack.DoesNotExist:
        raise Http404 from None


@needs(*READERS)
@require_GET
def page(request: Request, pk: int) -> HttpResponse:
    """Show papers on the screen, every number leading to its rows."""
    return _page(request, _pack(request, pk))


def _page(request: Request, pack: MeetingPack, *, status: int = 200, **more: Any) -> HttpResponse:
    others = queries.packs(request.viewer).filter(plan=pack.plan_id).exclude(pk=pack.pk)[:_COMPARABLE]
    context = {
        "pack": pack,
        "content": queries.stored_content(pack),
        "schema": SCHEMA,
        "others": others,
        "history": history(kind=act.KIND, key=str(pack.pk)),
        **more,
    }
    return render(request, "progress/meetings/meeting.html", context, status=status)


@needs(*READERS)
@require_GET
def check(request: Request, pk: int) -> HttpResponse:
    """Make papers again for the same moment and say whether they are the same, or what differs."""
    pack = _pack(request, pk)
    try:
        found = queries.reproduce(request.viewer, pack)
    except Refused as refusal:
        return _page(request, pack, alert=str(refusal.reason), status=REFUSED)
    return _page(request, pack, checked=found, checked_at=timezone.now())


@needs(*READERS)
@require_GET
def diff(request: Request, pk: int) -> HttpResponse:
    """Show which numbers changed between these papers and others of the same plan, the earlier moment first."""
    pack = _pack(request, pk)
    chosen = request.GET.get("with", "")
    if not chosen.isdecimal() or len(chosen) > 9:  # noqa: PLR2004 — a primary key
        raise Http404
    other = _pack(request, int(chosen))
    if other.plan_id != pack.plan_id or other.pk == pack.pk:
        raise Http404
    before, after = sorted((pack, other), key=lambda row: (row.as_of, row.pk))
    found = differences(queries.stored_content(before), queries.stored_content(after))
    context = {"pack": pack, "before": before, "after": after, "differences": found}
    return render(request, "progress/meetings/diff.html", context)


@needs(*READERS)
@require_GET
def download(request: Request, pk: int, form: str) -> HttpResponse:
    """Send the papers as Word or PDF, printed from what was stored."""
    if form not in _FORMS:
        raise Http404
    pack = _pack(request, pk)
    media_type, printer = _FORMS[form]
    document = meeting_document(queries.stored_content(pack), issuer=str(value("letter_issuer")))
    try:
        printed = printer(document)
    except NoChineseFont as missing:
        return _page(request, pack, alert=str(missing), status=503)
    answer = HttpResponse(printed, content_type=media_type)
    answer.headers["Content-Disposition"] = attachment(f"{pack.title}.{form}")
    return answer
