"""Recording the outcome of a review held outside: the report as a file, the rows pasted or as Excel."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.files.limits import file_limits
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.programmes import reviews_in
from xiandao.domains.programmes.actions import reviewing
from xiandao.domains.programmes.actions.reviewing import REPORT
from xiandao.domains.programmes.models import Advice
from xiandao.domains.programmes.queries import office as queries
from xiandao.domains.programmes.views.office import found_call
from xiandao.domains.shared import excel
from xiandao.domains.shared.archives import UnsafeArchive
from xiandao.domains.shared.excel_in import read_workbook


class ReviewForm(forms.Form):
    """What came out, and of which panel."""

    panel = forms.CharField(
        label=gettext_lazy("评审组"),
        max_length=300,
        help_text=gettext_lazy("由谁组织、几位专家，例如：某中心组织，7位专家"),
    )
    held_on = forms.DateField(
        label=gettext_lazy("评审日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    rows = forms.CharField(
        label=gettext_lazy("评审结论（粘贴）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "每行一项：申报编号、专家意见（入选、储备或不入选）、得分、名次、评审意见；从表格复制后直接粘贴"
        ),
    )
    file = forms.FileField(label=gettext_lazy("或 Excel 文件"), required=False)


@needs(Can.RUN_CALLS)
def review(request: Request, code: str) -> HttpResponse:
    """Record the outcome of a review of a call."""
    call = found_call(request, code)
    rows = queries.applications(request.viewer, call).filter(state__in=reviewing.reviewable(call))
    if request.GET.get("export") == "xlsx":
        return excel.response(_("评审结论"), list(reviews_in.HEADER), _lines(rows))
    form = ReviewForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                count = reviewing.record_reviews(
                    request.viewer,
                    call=call,
                    panel=form.cleaned_data["panel"],
                    held_on=form.cleaned_data["held_on"],
                    rows=_outcomes(form.cleaned_data),
                )
            except Refused as refusal:
                for _field, sentence in getattr(refusal, "faults", [("", str(refusal.reason))]):
                    form.add_error(None, sentence)
                status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
            else:
                messages.success(request, _("已登记 %(n)s 项评审结论。") % {"n": count})
                return redirect("programmes:work", code=code)
    context = {"call": call, "form": form, "waiting": rows.count(), "report": REPORT}
    return render(request, "programmes/deciding/review.html", context, status=status)


def _lines(rows: Any) -> Any:
    words = {Advice.APPROVE: "入选", Advice.RESERVE: "储备", Advice.REFUSE: "不入选"}
    for row in rows:
        found = getattr(row, "review", None)
        if found:
            yield [row.code, words[found.advice], found.score, found.place, found.text]
        else:
            yield [row.code, "", "", "", ""]


def _outcomes(given: dict[str, Any]) -> list[reviewing.Outcome]:
    file: UploadedFile | None = given["file"]
    if file is None:
        return reviews_in.from_text(given["rows"])
    if given["rows"].strip():
        raise Refused(_("粘贴的内容和 Excel 文件只用其一：请清空一处。"))
    try:
        sheet = next(iter(read_workbook(file.file, limits=file_limits().archive)))
    except (UnsafeArchive, StopIteration) as wrong:
        raise Refused(str(getattr(wrong, "reason", _("工作簿里没有工作表。")))) from wrong
    return reviews_in.from_rows(sheet.rows)
