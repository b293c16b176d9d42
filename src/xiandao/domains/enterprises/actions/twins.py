"""Deciding whether two enterprises are one; a decision can be changed and taken back."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.enterprises.models import ChangeKind, Enterprise, EnterpriseChange, Twin, TwinState
from xiandao.domains.enterprises.signals import twins_settled
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, Conflict, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer

DECIDED = register("twins.decided", gettext_lazy("判断是否同一企业"))
REOPENED = register("twins.reopened", gettext_lazy("撤回同一企业的判断"))
KIND: Final = "twin"
name_kind(KIND, gettext_lazy("疑似同一企业"))
_WHY: Final = "the actor may decide this pair"
_LENGTH: Final = 500


def may_decide(actor: Viewer) -> Answer:
    """Return whether the actor may decide pairs at all."""
    if actor.can(Can.REVIEW_ENTERPRISES, Can.SETTLE_REVIEWS, Can.LOAD_REGISTERS):
        return ALLOWED
    return refuse(_("是否同一企业由有权复核企业识别的岗位判断。"))


@transaction.atomic
def decide_twin(actor: Viewer, *, pk: int, verdict: str, reason: str, now: dt.datetime | None = None) -> Twin:
    """Say that two enterprises are one (TwinState.SAME) or two (DIFFERENT). Of one, the newest registered counts.

    Raises Twin.DoesNotExist, Refused where the actor may not or gives no reason, Conflict where it was decided already.
    """
    moment = now or timezone.now()
    twin = _take(actor, pk)
    if twin.state != TwinState.OPEN:
        raise Conflict(_("这一对已由 %(who)s 判断。需要改判的，先撤回原来的判断。") % {"who": twin.decided_by})
    if verdict not in (TwinState.SAME, TwinState.DIFFERENT):
        raise Refused(_("请选择“同一企业”或“不是同一企业”。"))
    twin.state, twin.reason, twin.user_id = verdict, _reason(reason), actor.user_id
    twin.decided_at, twin.decided_by = moment, actor.name
    twin.save()
    _settled(actor, twin, moment)
    audit.record(
        actor, DECIDED, kind=KIND, key=str(twin.pk), label=_label(twin), after={"verdict": verdict}, reason=twin.reason
    )
    return twin


@transaction.atomic
def reopen_twin(actor: Viewer, *, pk: int, reason: str, now: dt.datetime | None = None) -> Twin:
    """Take a decision back: the pair is asked again. Raises as `decide_twin` does."""
    moment = now or timezone.now()
    twin = _take(actor, pk)
    if twin.state == TwinState.OPEN:
        raise Conflict(_("这一对还没有判断，没有可以撤回的。"))
    before, why = twin.state, _reason(reason)
    twin.state, twin.reason, twin.user_id, twin.decided_at, twin.decided_by = TwinState.OPEN, "", None, None, ""
    twin.save()
    _settled(actor, twin, moment)
    audit.record(
        actor, REOPENED, kind=KIND, key=str(twin.pk), label=_label(twin), before={"verdict": before}, reason=why
    )
    return twin


def _take(actor: Viewer, pk: int) -> Twin:
    rows = Twin.objects.visible_to(actor).select_for_update(of=("self",)).select_related("left", "right")
    twin: Twin = rows.get(pk=pk)
    may_decide(actor).require()
    return twin


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Refused(_("请写明理由，如“注册号换领统一社会信用代码，名称、住所未变”。"))
    if len(reason) > _LENGTH:
        raise Refused(_("理由不超过 %(most)s 字。") % {"most": _LENGTH})
    return reason


def _label(twin: Twin) -> str:
    return f"{twin.left.name} / {twin.right.name}"


def _settled(actor: Viewer, twin: Twin, now: dt.datetime) -> None:
    """Bring `same_as` of all who hang together with the pair to what the decisions say now."""
    for group in _groups({twin.left_id, twin.right_id}):
        firms = list(Enterprise.objects.for_system(_WHY).select_for_update().filter(pk__in=group).order_by("pk"))
        kept = max(firms, key=_rank)
        for firm in firms:
            target = None if firm is kept else kept
            if firm.same_as_id == (target.pk if target else None):
                continue
            before = Enterprise.objects.for_system(_WHY).get(pk=firm.same_as_id).name if firm.same_as_id else ""
            firm.same_as = target
            firm.save(update_fields=["same_as"])
            EnterpriseChange.objects.create(
                enterprise=firm, kind=ChangeKind.MERGED, before=before, after=target.name if target else "", at=now
            )
    twins_settled.send(sender=Twin, twin=twin, actor=actor, now=now)


def _rank(firm: Enterprise) -> tuple[bool, bool, dt.date, int]:
    """Of several that are one counts the one still registered, with a credit code, registered last."""
    return firm.gone_in_id is None, firm.key == firm.uscc, firm.registered_on or dt.date.min, firm.pk


def _groups(start: Iterable[int]) -> list[set[int]]:
    """Return the sets of enterprises that decisions declare one, which the given ones are in; alone, a set of one."""
    groups: list[set[int]] = []
    for pk in sorted(start):
        if any(pk in group for group in groups):
            continue
        group, edge = {pk}, {pk}
        while edge:
            same = Twin.objects.for_system(_WHY).filter(Q(left__in=edge) | Q(right__in=edge), state=TwinState.SAME)
            found = {each for pair in same.values_list("left_id", "right_id") for each in pair}
            edge = found - group
            group |= found
        groups.append(group)
    return groups
