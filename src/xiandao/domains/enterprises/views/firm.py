"""The page of one enterprise: identity, industries with evidence in the scope text, panels, history."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiandao.domains.audit.queries import history
from xiandao.domains.enterprises.evidence import Reading, pieces, read
from xiandao.domains.enterprises.figures.counting import current_run
from xiandao.domains.enterprises.models import ChangeKind, Classification, Enterprise, Run
from xiandao.domains.enterprises.queries import firms as queries
from xiandao.domains.enterprises.queries.names import product_names, segment_names
from xiandao.domains.enterprises.registry import panels_for
from xiandao.domains.enterprises.tables import place_of
from xiandao.domains.industries.registers.reading import LINES
from xiandao.domains.orgs.access import Request
from xiandao.domains.orgs.capability import Can
from xiandao.kernel import CodeStatus, check_credit_codes

READERS_OF_AUDIT = (Can.READ_AUDIT, Can.LOAD_REGISTERS, Can.SETTLE_REVIEWS)


def firm_page(request: Request, pk: int) -> HttpResponse:
    """Show one enterprise to whoever may see it: its province, its city, its county, itself."""
    viewer = request.viewer
    try:
        row = queries.enterprise(viewer, pk)
    except Enterprise.DoesNotExist:
        raise Http404 from None
    past = queries.all_results(row)
    run = current_run()
    shown = past[0] if past and (run is None or past[0].run.pk == run.pk or row.gone_in_id) else None
    text = text_of(row)
    lines_at = len(row.scope) + len(LINES)
    readings = _readings(shown.run, shown.results, text, lines_at) if shown else []
    changes = list(row.changes.select_related("register"))
    context = {
        "firm": row,
        "place": place_of(row),
        "printed": row.place if row.place != place_of(row).replace(" ", "") else "",
        "code_note": code_note(row.uscc),
        "former": [change for change in changes if change.kind == ChangeKind.RENAMED and change.before],
        "run": shown.run if shown else run,
        "readings": readings,
        "pieces": pieces(text, [hit for reading in readings for hit in reading.hits]),
        "unplaced": any(not hit.placed for reading in readings for hit in reading.hits),
        "changes": changes,
        "earlier": [each for each in past if shown is None or each.run.pk != shown.run.pk],
        "panels": panels_for(viewer, row),
        "own": bool(viewer.organisation_id) and row.organisation_id == viewer.organisation_id,
        "may_list": queries.may_read(viewer),
        "may_load": viewer.can(Can.LOAD_REGISTERS),
        "history": history(kind="enterprise", key=str(row.pk)) if viewer.can(*READERS_OF_AUDIT) else None,
    }
    return render(request, "enterprises/firm.html", context)


def text_of(row: Enterprise) -> str:
    """Return the text the identification read: the scope and, behind it, the main products."""
    return f"{row.scope}{LINES}{row.product_lines}" if row.product_lines else row.scope


def _readings(run: Run, results: list[Classification], text: str, lines_at: int) -> list[Reading]:
    return read(
        results,
        text,
        products=product_names(run),
        segments=segment_names(run),
        accept=run.accept,
        reject=run.reject,
        lines_at=lines_at,
    )


def code_note(code: str) -> dict[str, Any]:
    """Return what the check of a credit code says: whether it is good, and in words."""
    if not code:
        return {"good": False, "words": _("登记名录没有代码")}
    status = CodeStatus(int(check_credit_codes([code])[0]))
    return {"good": status is CodeStatus.OK, "words": _("校验位相符") if status is CodeStatus.OK else status.label}
