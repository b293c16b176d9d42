"""What the page of a decision reads: its rows beside the advice, sums by place, industry and level."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions import deciding
from xiandao.domains.programmes.models import Application, DecisionList, DecisionRow, Outcome

HEADER = ["申报编号", "名称", "申报单位", "所在地", "专家意见", "得分", "名次", "决定", "级别", "支持金额（元）"]
HEADER += ["理由", "与专家意见不一致的理由"]


def decision_for(viewer: Viewer, pk: int) -> DecisionList:
    """Return a decision for its office. DoesNotExist for who neither runs its call nor reads all applications."""
    rows = DecisionList.objects.visible_to(viewer).select_related("call__version__programme", "call__organiser")
    found: DecisionList = rows.get(pk=pk)
    if not office.may_run(viewer, found.call) and not viewer.can(Can.READ_APPLICATIONS):
        raise DecisionList.DoesNotExist
    return found


def rows(decision: DecisionList) -> QuerySet[Application]:
    """Return the applications a decision is about: those decided and those that can be, best place first."""
    about = Q(call=decision.call_id, state__in=deciding.decidable(decision.call)) | Q(decision__decision=decision)
    found = Application.objects.for_system("the decision was seen").filter(about)
    found = found.select_related("applicant", "region", "review", "decision")
    return found.order_by("review__place", "code")


def groups(decision: DecisionList) -> list[tuple[str, list[tuple[str, int, Decimal]]]]:
    """Return how many are approved and for how much: by place, by industry, by level."""
    found = DecisionRow.objects.filter(decision=decision, outcome=Outcome.APPROVE).select_related("application__region")
    approved = list(found.prefetch_related("application__industries"))
    place = [(row.application.region.name if row.application.region else _("未填"), row) for row in approved]
    field = [(one.name, row) for row in approved for one in row.application.industries.all()]
    level = [(row.level, row) for row in approved if row.level]
    named = ((_("按地区"), place), (_("按产业"), field), (_("按级别"), level))
    return [(title, _sums(pairs)) for title, pairs in named if pairs]


def _sums(pairs: list[tuple[str, DecisionRow]]) -> list[tuple[str, int, Decimal]]:
    counts = Counter(name for name, _row in pairs)
    return [
        (name, n, sum((row.amount for other, row in pairs if other == name and row.amount is not None), Decimal(0)))
        for name, n in counts.most_common()
    ]


def lines(decision: DecisionList) -> Iterator[list[Any]]:
    """Return the rows of a decision for Excel."""
    for one in rows(decision):
        row, review = getattr(one, "decision", None), getattr(one, "review", None)
        yield [
            one.code,
            str(one),
            one.applicant.name,
            one.region.name if one.region else "",
            str(review.get_advice_display()) if review else "",
            review.score if review else "",
            review.place if review else "",
            str(row.get_outcome_display()) if row else "",
            row.level if row else "",
            row.amount if row else "",
            row.reason if row else "",
            row.deviation if row else "",
        ]
