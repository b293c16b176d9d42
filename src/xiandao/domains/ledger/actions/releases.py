"""The lists of 一图三清单: made of the entries of a half year, published, withdrawn. They hold no names of persons."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.models import Entry, EntryState, HolderRole, Release, ReleaseKind, ReleaseState
from xiandao.domains.ledger.registry import ON_LIST, kinds
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.faults import BadFields, Fault, needed_reason
from xiandao.kernel import InvalidValue, Period, PeriodKind

KIND: Final = "ledger.release"
MADE = register("ledger.release_made", gettext_lazy("编制清单"))
REMADE = register("ledger.release_remade", gettext_lazy("重新编制清单"))
PUBLISHED = register("ledger.release_published", gettext_lazy("发布清单"))
WITHDRAWN = register("ledger.release_withdrawn", gettext_lazy("撤回清单"))
name_kind(KIND, gettext_lazy("清单发布"))
LISTS: Final = (ReleaseKind.PLATFORMS, ReleaseKind.TALENT, ReleaseKind.PROJECTS)
_WHY: Final = "a list of the province is made of all entries"


@transaction.atomic
def make_release(
    actor: Viewer, *, industry: str, kind: str, period: str, note: str = "", now: dt.datetime | None = None
) -> Release:
    """Make the draft of one list of one industry as of a half year ("2026H1") and return it.

    Its rows are the entries on their lists now that were decided by the half year's end (or whose day is unknown);
    what others published is marked so. Raises Refused, BadFields, Conflict where there is one of the half year.
    """
    rules.may_enter(actor).require()
    moment = now or timezone.now()
    faults: list[Fault] = []
    row = Industry.objects.filter(pk=industry).first()
    if row is None:
        faults.append(("industry", _("请选择产业。")))
    if kind not in LISTS:
        faults.append(("kind", _("请选择清单。")))
    half = _half(period)
    if half is None:
        faults.append(("period", _("期次写作 2026H1 或 2026H2，这里是“%(text)s”。") % {"text": period[:20]}))
    elif half.start > timezone.localdate(moment):
        faults.append(("period", _("%(period)s还没有开始。") % {"period": half.label}))
    if faults or row is None or half is None:
        raise BadFields(faults)
    same = Release.objects.for_system(_WHY).filter(industry=row, kind=kind, period=str(half))
    if same.exclude(state=ReleaseState.WITHDRAWN).exists():
        raise Conflict(_("%(period)s的这份清单已经有了；要重编的先撤回。") % {"period": half.label})
    release = Release(industry=row, kind=kind, period=str(half), note=note.strip(), made_at=moment, made_by=actor.name)
    _fill(release, half)
    release.save(force_insert=True)
    _log(actor, MADE, release, after={"rows": len(release.rows)})
    return release


def _half(text: str) -> Period | None:
    try:
        found = Period.parse(text)
    except InvalidValue:
        return None
    return found if found.kind is PeriodKind.HALF else None


def _fill(release: Release, half: Period) -> None:
    """Write the rows of now and what changed since the last published list of an earlier half year."""
    chosen = {kind.code: kind for kind in kinds().values() if kind.release == release.kind}
    entries = (
        Entry.objects.for_system(_WHY)
        .filter(Q(decided_on=None) | Q(decided_on__lte=half.end), kind__in=chosen, industries=release.industry)
        .filter(state__in=(*ON_LIST, EntryState.ELSEWHERE))
        .prefetch_related("holders", "regions")
        .order_by("kind_name", "decided_on", "code")
    )
    release.rows = [_row(entry, people=chosen[entry.kind].people) for entry in entries]
    release.changes = _changes(release)


def _row(entry: Entry, *, people: bool) -> dict[str, Any]:
    bodies = [held.name for held in entry.holders.all() if held.role != HolderRole.PERSON]
    return {
        "code": entry.code,
        "kind": entry.kind_name,
        "name": "" if people else entry.name,
        "holder": "" if people else "、".join(bodies),
        "regions": sorted(region.name for region in entry.regions.all()),
        "decided_on": entry.decided_on.isoformat() if entry.decided_on else None,
        "state": entry.state,
        "elsewhere": entry.state == EntryState.ELSEWHERE,
        "public": entry.public or people,
        "people": people,
    }


def _changes(release: Release) -> dict[str, Any]:
    before = (
        Release.objects.for_system(_WHY)
        .filter(
            industry=release.industry,
            kind=release.kind,
            state=ReleaseState.PUBLISHED,
            period__lt=release.period,
        )
        .order_by("-period")
        .first()
    )
    if before is None:
        return {"since": None}
    old, new = {row["code"]: row for row in before.rows}, {row["code"]: row for row in release.rows}
    renamed = [
        {"code": code, "before": old[code]["name"], "after": new[code]["name"]}
        for code in new
        if code in old and old[code]["name"] != new[code]["name"]
    ]
    return {
        "since": before.period,
        "added": [code for code in new if code not in old],
        "gone": [old[code] for code in old if code not in new],
        "renamed": renamed,
    }


def _open(actor: Viewer, pk: int) -> Release:
    release: Release = Release.objects.visible_to(actor).select_for_update().get(pk=pk)
    rules.may_enter(actor).require()
    return release


@transaction.atomic
def remake_release(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Release:
    """Make the rows of a draft again from the entries of now. Raises Release.DoesNotExist, Refused, Conflict."""
    release = _open(actor, pk)
    if release.state != ReleaseState.DRAFT:
        raise Conflict(_("已发布或撤回的清单不再改动。"))
    before = len(release.rows)
    _fill(release, Period.parse(release.period))
    release.made_at, release.made_by = now or timezone.now(), actor.name
    release.save()
    _log(actor, REMADE, release, before={"rows": before}, after={"rows": len(release.rows)})
    return release


@transaction.atomic
def publish_release(actor: Viewer, *, pk: int, now: dt.datetime | None = None) -> Release:
    """Publish a draft as it stands. Raises Release.DoesNotExist, Refused, Conflict where it is none or has no rows."""
    release = _open(actor, pk)
    if release.state != ReleaseState.DRAFT:
        raise Conflict(_("只有草案可以发布。"))
    if not release.rows:
        raise Conflict(_("清单里一条也没有，不能发布。"))
    release.state, release.published_at = ReleaseState.PUBLISHED, now or timezone.now()
    release.save(update_fields=["state", "published_at"])
    _log(actor, PUBLISHED, release, after={"rows": len(release.rows)})
    return release


@transaction.atomic
def withdraw_release(actor: Viewer, *, pk: int, reason: str) -> Release:
    """Take a list back, so that another can be made of its half year. Raises as `publish_release`, BadFields."""
    release = _open(actor, pk)
    if release.state == ReleaseState.WITHDRAWN:
        raise Conflict(_("这份清单已经撤回。"))
    said = needed_reason(reason, _("请写明撤回的理由。"))
    before = release.state
    release.state = ReleaseState.WITHDRAWN
    release.save(update_fields=["state"])
    _log(actor, WITHDRAWN, release, before={"state": before}, after={"state": release.state}, reason=said)
    return release


def _log(
    actor: Viewer,
    action: RegisteredAction,
    release: Release,
    *,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    label = f"{release.period} {release.industry.name} {release.get_kind_display()}"
    audit.record(actor, action, kind=KIND, key=str(release.pk), label=label, before=before, after=after, reason=reason)
