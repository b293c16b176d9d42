"""The desk: one enterprise after the other, by keyboard or touch, also without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xiandao.domains.labelling.actions import desk as act
from xiandao.domains.labelling.models import Item, Sample, SampleState
from xiandao.domains.labelling.queries import items as queries
from xiandao.domains.labelling.queries.samples import industry_names, progress
from xiandao.domains.labelling.roles import alike, worded
from xiandao.domains.labelling.views.samples import sample_or_404
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused

_LONGEST_NOTE = 500


@never_cache
@needs(Can.REVIEW_ENTERPRISES)
def desk(request: Request, pk: int) -> HttpResponse:
    """Go to the next item; say so where none is left."""
    sample = sample_or_404(request, pk)
    item = act.take_next(request.viewer, sample=sample)
    if item is not None:
        return redirect("labelling:item", pk=sample.pk, item=item.pk)
    left = act.open_items(request.viewer, sample).count() if sample.state == SampleState.OPEN else 0
    context = {
        "sample": sample,
        "left": left,
        "progress": progress(request.viewer, sample, left),
        "last": _last(request, sample),
        "is_open": sample.state == SampleState.OPEN,
    }
    return render(request, "labelling/desk_done.html", context)


@never_cache
@needs(Can.REVIEW_ENTERPRISES)
def item(request: Request, pk: int, item: int) -> HttpResponse:
    """Show one item and save what is said of it."""
    sample = sample_or_404(request, pk)
    try:
        row = queries.item_by_pk(request.viewer, item, sample=sample.pk)
    except Item.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        return _save(request, sample, row)
    if queries.own_opinion(request.viewer, row) is None and not act.take(request.viewer, item=row):
        messages.info(request, _("这家企业已由他人判断或正在判断，请看下一家。"))
        return redirect("labelling:sample" if sample.state != SampleState.OPEN else "labelling:desk", pk=sample.pk)
    return _show(request, sample, row)


def _save(request: Request, sample: Sample, row: Item) -> HttpResponse:
    """Judge or leave out an item; a refusal shows it again with what was chosen."""
    names = industry_names()
    note = request.POST.get("note", "")[:_LONGEST_NOTE]
    said = queries.chosen(request.POST, names)
    doubtful = bool(request.POST.get("doubtful"))
    try:
        if request.POST.get("step") == "skip":
            act.skip(request.viewer, pk=row.pk, reason=note)
        else:
            act.judge(request.viewer, pk=row.pk, judgement=act.Judgement(said, doubtful=doubtful, note=note))
    except Refused as refusal:
        kept = {"roles": said, "doubtful": doubtful, "note": note}
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        fresh = queries.item_by_pk(request.viewer, row.pk)
        return _show(request, sample, fresh, alert=str(refusal.reason), kept=kept, status=status)
    return redirect("labelling:desk", pk=sample.pk)


def _show(
    request: Request,
    sample: Sample,
    row: Item,
    *,
    alert: str = "",
    kept: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = queries.own_opinion(request.viewer, row)
    names = industry_names()
    said = kept["roles"] if kept else own.labels if own else None
    sheet = queries.sheet(row, names, said=said, judged=own is not None and kept is None)
    earlier, later = queries.neighbours(request.viewer, row)
    context = {
        "sample": sample,
        "item": row,
        "sheet": sheet,
        "own": own,
        "doubtful": kept["doubtful"] if kept else bool(own and own.doubtful),
        "note": kept["note"] if kept else own.note if own else "",
        "progress": progress(request.viewer, sample, act.open_items(request.viewer, sample).count()),
        "last": _last(request, sample),
        "earlier": earlier,
        "later": later,
        "alert": alert,
        "is_open": sample.state == SampleState.OPEN,
    }
    return render(request, "labelling/desk.html", context, status=status)


def _last(request: Request, sample: Sample) -> dict[str, Any] | None:
    """Return what the viewer judged last, beside what the model had said."""
    opinion = queries.last_judged(request.viewer, sample.pk)
    if opinion is None:
        return None
    names = industry_names()
    model = queries.proposal(opinion.item)
    counted = {code: role for code, role in model.items() if role != "mention"}
    return {
        "item": opinion.item,
        "said": worded(opinion.labels, names),
        "model": worded(counted, names),
        "same": alike(opinion.labels, model),
    }


@require_POST
@needs(Can.REVIEW_ENTERPRISES)
def undo(request: Request, pk: int) -> HttpResponse:
    """Take the last judgement back and show that item again."""
    sample = sample_or_404(request, pk)
    try:
        row = act.undo(request.viewer, sample=sample)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("labelling:desk", pk=sample.pk)
    messages.success(request, _("已撤回上一家的判断，请重新判断。"))
    return redirect("labelling:item", pk=sample.pk, item=row.pk)
