"""Public pages without signing in: notices, objecting to one, looking an objection up, checking a certificate."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.files.actions import attach
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system
from xiandao.domains.plans.filters import TextFilter
from xiandao.domains.programmes import papers
from xiandao.domains.programmes.actions import certificates, noticing, objections
from xiandao.domains.programmes.models import Notice, NoticeObjection, NoticeObjectionState, NoticeState
from xiandao.domains.programmes.office_evidence import OBJECTION
from xiandao.domains.programmes.views.printing import printed
from xiandao.domains.shared.columns import DayColumn
from xiandao.domains.shared.lists import ListPage

MOST_FILES = 5


class NoticeTable(tables.Table):
    """Notices: what, from when to when, in which state."""

    code = tables.Column(gettext_lazy("编号"))
    title = tables.Column(gettext_lazy("标题"))
    starts_on = DayColumn(verbose_name=gettext_lazy("开始"))
    ends_on = DayColumn(verbose_name=gettext_lazy("结束"))
    state = tables.Column(gettext_lazy("状态"))

    class Meta:
        model = Notice
        fields = ()

    def render_code(self, record: Notice) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("programmes:notice", args=[record.code]), record.code)

    def value_code(self, record: Notice) -> str:
        return record.code


class NoticeFilter(django_filters.FilterSet):
    """Notices by words."""

    q = TextFilter(label=gettext_lazy("关键词"), over=("code", "title"))

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()


class NoticeList(ListPage):
    """All notices, the newest first."""

    template_name = "programmes/deciding/notices.html"
    title = gettext_lazy("公示")
    lead = gettext_lazy("拟入选名单的公示。公示期内任何单位和个人都可以提出异议。")
    empty = gettext_lazy("没有公示。")
    table_class = NoticeTable
    filterset_class = NoticeFilter

    def get_queryset(self) -> Any:
        return Notice.objects.order_by("-published_at", "-id")


def _notice(code: str) -> Notice:
    rows = Notice.objects.select_related("decision__call__organiser", "follows")
    notice = rows.filter(code=code).first()
    if notice is None:
        raise Http404
    return notice


def may_object(notice: Notice) -> bool:
    """Whether the notice takes objections today."""
    return notice.state in noticing.SHOWN and timezone.localdate() <= notice.ends_on


def notice(request: Request, code: str) -> HttpResponse:
    """Show a notice. What was taken down keeps its reason and dates, not its rows."""
    found = _notice(code)
    gone = found.state in (NoticeState.CANCELLED, NoticeState.RESTARTED)
    rows = [] if gone else [row | {"dropped": row["code"] in found.dropped} for row in found.rows]
    context = {
        "notice": found,
        "gone": gone,
        "rows": rows,
        "levels": any(row["level"] for row in rows),
        "money": any(row["amount"] for row in rows),
        "may_object": may_object(found),
        "later": Notice.objects.filter(follows=found).first(),
    }
    return render(request, "programmes/deciding/notice.html", context)


class MultipleFiles(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class ObjectionForm(forms.Form):
    """What somebody objects, by name or with evidence."""

    application = forms.ChoiceField(label=gettext_lazy("对哪一项"), required=False)
    named = forms.ChoiceField(
        label=gettext_lazy("提出方式"),
        choices=[
            ("yes", gettext_lazy("实名：收到书面答复")),
            ("no", gettext_lazy("匿名：须有可核查的线索，凭查询码查看结果")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        initial="yes",
    )
    name = forms.CharField(label=gettext_lazy("姓名或单位名称（实名）"), max_length=200, required=False)
    contact = forms.CharField(label=gettext_lazy("联系方式（实名）"), max_length=200, required=False)
    text = forms.CharField(
        label=gettext_lazy("异议内容"), max_length=objections.LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    evidence = forms.CharField(
        label=gettext_lazy("可核查的线索（匿名必填）"),
        max_length=objections.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("时间、地点、文件、查证的途径"),
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row["code"], f"{row['name']} · {row['holder']}") for row in notice.rows]
        self.fields["application"].choices = [("", _("整个公示")), *rows]


def object_to(request: Request, code: str) -> HttpResponse:
    """Object to a running notice: the receipt shows the query code, once."""
    found = _notice(code)
    if not may_object(found):
        return render(request, "programmes/deciding/object_closed.html", {"notice": found}, status=CONFLICT)
    form = ObjectionForm(request.POST or None, notice=found)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                objection = _object(request, found, form.cleaned_data)
            except Refused as refusal:
                for name, sentence in getattr(refusal, "faults", [("", str(refusal.reason))]):
                    form.add_error(name if name in form.fields else None, sentence)
                status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                context = {"objection": objection, "code": papers.spaced(objection.query_code)}
                return render(request, "programmes/deciding/object_receipt.html", context)
    return render(request, "programmes/deciding/object.html", {"notice": found, "form": form}, status=status)


@transaction.atomic
def _object(request: Request, notice: Notice, given: dict[str, Any]) -> NoticeObjection:
    """Take the objection with its files, or neither."""
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise Refused(_("最多附 %(n)s 份文件。") % {"n": MOST_FILES})
    objected = objections.Objected(
        named=given["named"] == "yes",
        text=given["text"],
        name=given["name"],
        contact=given["contact"],
        evidence=given["evidence"],
        application=given["application"],
    )
    objection = objections.object_to(request.viewer, notice_code=notice.code, objected=objected)
    hand = system("notice-objection")
    for file in files:
        attach(hand, holder_kind=OBJECTION, holder_key=objection.code, name=file.name or "", content=file.file)
    return objection


def _by_query(code: str) -> NoticeObjection | None:
    typed = "".join(character for character in code.upper() if character in objections.LETTERS)
    rows = NoticeObjection.objects.for_system("who has the query code raised it")
    rows = rows.select_related("notice__decision__call__organiser", "application")
    found: NoticeObjection | None = rows.filter(query_code=typed).first() if typed else None
    return found


def query(request: Request) -> HttpResponse:
    """Show how an objection stands to who has its query code; the code is sent in the body, not in the address."""
    asked = request.POST.get("code", "").strip()
    found = _by_query(asked) if request.method == "POST" else None
    form = request.POST.get("form", "")
    if found is not None and form and found.answered_at is not None:
        answer = printed(form, lambda: papers.objection_answer(found), _("异议答复 %(code)s") % {"code": found.code})
        if answer is not None:
            return answer
    context = {
        "asked": asked,
        "objection": found,
        "events": [event for event in found.events.all() if event.text or event.state] if found else [],
        "missing": request.method == "POST" and found is None,
        "answered": found is not None
        and found.state in (NoticeObjectionState.UPHELD, NoticeObjectionState.DISMISSED, NoticeObjectionState.REFUSED),
    }
    return render(request, "programmes/deciding/query.html", context, status=REFUSED if context["missing"] else 200)


def check(request: Request) -> HttpResponse:
    """Check a certificate by its code."""
    asked = request.GET.get("code", "").strip()
    found = certificates.find(asked) if asked else None
    today = timezone.localdate()
    context = {
        "asked": asked,
        "paper": found,
        "expired": found is not None and found.valid_to is not None and found.valid_to < today,
        "missing": bool(asked) and found is None,
    }
    return render(request, "programmes/deciding/check.html", context)
