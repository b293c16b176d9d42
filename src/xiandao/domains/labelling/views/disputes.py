"""Disputes: where two readers differ, both opinions side by side, and the decision of a third."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from xiandao.domains.audit.queries import history
from xiandao.domains.labelling.actions import desk as act
from xiandao.domains.labelling.kinds import ITEM
from xiandao.domains.labelling.models import Item, ItemState
from xiandao.domains.labelling.queries import items as queries
from xiandao.domains.labelling.queries.samples import industry_names
from xiandao.domains.labelling.roles import differing, worded
from xiandao.domains.orgs.access import CONFLICT, REFUSED, Request, needs
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused

_MOST = 200


@needs(Can.SETTLE_REVIEWS)
def listing(request: Request) -> HttpResponse:
    """List what waits for a decision."""
    rows = queries.disputes(request.viewer)
    wanted = request.GET.get("sample", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 19:  # noqa: PLR2004 — 64 bits
        rows = rows.filter(sample=int(wanted))
    names = industry_names()
    shown = []
    for item in rows[:_MOST]:
        read = list(item.opinions.all())
        apart = differing(read[0].labels, read[1].labels) if len(read) > 1 else []
        mine = request.viewer.user_id in {each.user_id for each in read}
        shown.append(
            (item, [worded(each.labels, names) for each in read], [names.get(code, code) for code in apart], mine)
        )
    return render(request, "labelling/disputes.html", {"rows": shown, "most": _MOST if len(shown) == _MOST else 0})


@needs(Can.SETTLE_REVIEWS)
def page(request: Request, pk: int) -> HttpResponse:
    """Show one dispute and take the decision."""
    try:
        item = queries.item_by_pk(request.viewer, pk)
    except Item.DoesNotExist:
        raise Http404 from None
    opinions = list(item.opinions.select_related("organisation").order_by("settles", "at", "pk"))
    read = [each for each in opinions if not each.settles]
    if item.sample.readers < 2 or (len(read) < 2 and item.state == ItemState.OPEN):  # noqa: PLR2004 — two readers
        raise Http404
    if request.method == "POST":
        return _settle(request, item, opinions)
    return _show(request, item, opinions)


def _settle(request: Request, item: Item, opinions: list[Any]) -> HttpResponse:
    said = queries.chosen(request.POST, industry_names())
    note = request.POST.get("note", "")[:500]
    judgement = act.Judgement(said, doubtful=bool(request.POST.get("doubtful")), note=note)
    try:
        act.settle_dispute(request.viewer, pk=item.pk, judgement=judgement)
    except Refused as refusal:
        status = CONFLICT if isinstance(refusal, Conflict) else REFUSED
        fresh = queries.item_by_pk(request.viewer, item.pk)
        return _show(request, fresh, opinions, alert=str(refusal.reason), kept=judgement, status=status)
    messages.success(request, _("已裁定。"))
    return redirect("labelling:disputes")


def _show(
    request: Request,
    item: Item,
    opinions: list[Any],
    *,
    alert: str = "",
    kept: act.Judgement | None = None,
    status: int = 200,
) -> HttpResponse:
    names = industry_names()
    read = [each for each in opinions if not each.settles]
    apart = differing(read[0].labels, read[1].labels) if len(read) > 1 else []
    # What both said is chosen already; what they differ on is not.
    agreed = {code: role for code, role in read[0].labels.items() if code not in apart} if read else {}
    both = {*read[0].labels, *read[-1].labels} if read else set()
    sheet = queries.sheet(item, names, said=kept.roles if kept else agreed, judged=False)
    mine = request.viewer.user_id in {each.user_id for each in read}
    context = {
        "item": item,
        "sheet": sheet,
        "sides": [(each, worded(each.labels, names)) for each in read],
        "ruling": next(((each, worded(each.labels, names)) for each in opinions if each.settles), None),
        "apart": [(names.get(code, code), [_role(each.labels.get(code)) for each in read]) for code in apart],
        "first": [row for row in sheet.rows if row.found or row.code in both],
        "rest": [row for row in sheet.rows if not row.found and row.code not in both],
        "mine": mine,
        "may_settle": item.state == ItemState.DISPUTED and not mine,
        "note": kept.note if kept else "",
        "doubtful": kept.doubtful if kept else False,
        "history": history(kind=ITEM, key=str(item.pk))[:20],
        "alert": alert,
    }
    return render(request, "labelling/dispute.html", context, status=status)


def _role(role: str | None) -> str:
    from xiandao.domains.enterprises.models import EnterpriseRole

    return str(EnterpriseRole(role).label) if role else str(_("不属于"))
