"""Labels, and what they do to the results of a run: the one place in which people overrule the model."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.enterprises.models import (
    Classification,
    Decision,
    Enterprise,
    EnterpriseRole,
    Run,
    RunState,
    SettledBy,
)
from xiandao.domains.labelling.kinds import ENTERPRISE
from xiandao.domains.labelling.models import Item, Label, LabelSource
from xiandao.domains.labelling.roles import counts
from xiandao.domains.orgs.viewer import Viewer

LABELLED = register("labelling.labelled", _("企业识别：人工认定"))
UNLABELLED = register("labelling.unlabelled", _("企业识别：撤回认定"))
CARRIED = register("labelling.carried_over", _("企业识别：沿用人工认定"))
_WHY = "the action has checked who acts"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was settled of an enterprise. `about`: of which industries; all where empty."""

    roles: Mapping[str, str]
    source: LabelSource
    doubtful: bool = False
    about: tuple[str, ...] = ()
    item: Item | None = None
    reason: str = ""


def current_run() -> Run | None:
    """Return the run in force."""
    found: Run | None = (
        Run.objects.for_system("whose results hold").select_related("register").filter(state=RunState.CURRENT).first()
    )
    return found


def holding(enterprises: Iterable[int] | None = None) -> QuerySet[Label]:
    """Return the current labels whose text is still that of the enterprise."""
    rows = Label.objects.for_system(_WHY).filter(current=True, name=F("enterprise__name"), scope=F("enterprise__scope"))
    return rows if enterprises is None else rows.filter(enterprise__in=list(enterprises))


def give_label(actor: Viewer, enterprise: Enterprise, finding: Finding, *, moment: dt.datetime) -> Label:
    """Make a finding the enterprise's label and change what holds of it in the run in force. In the caller's
    transaction, which has checked who may. What an earlier label of the same text says of other industries stays.
    """
    before = Label.objects.for_system(_WHY).select_for_update().filter(enterprise=enterprise, current=True).first()
    if before is not None:
        before.current = False
        before.save(update_fields=["current"])
    said, about = _joined(before, enterprise, finding)
    label: Label = Label.objects.create(
        enterprise=enterprise,
        name=enterprise.name,
        scope=enterprise.scope,
        labels=said,
        about=about,
        doubtful=finding.doubtful,
        source=finding.source,
        at=moment,
        by=actor.name,
        item=finding.item,
        is_demo=enterprise.is_demo,
    )
    was, now = _projected(enterprise)
    audit.record(
        actor,
        LABELLED,
        kind=ENTERPRISE,
        key=enterprise.key,
        label=enterprise.name,
        before={"label": before.labels if before else None, "results": was},
        after={"label": label.labels, "about": label.about, "doubtful": label.doubtful, "results": now},
        reason=finding.reason,
    )
    return label


def _joined(before: Label | None, enterprise: Enterprise, finding: Finding) -> tuple[dict[str, str], list[str]]:
    """Return the roles and industries of the new label: a finding about some industries adds to what holds."""
    if before is None or not finding.about or (before.name, before.scope) != (enterprise.name, enterprise.scope):
        return dict(finding.roles), sorted(finding.about)
    kept = {code: role for code, role in before.labels.items() if code not in finding.about}
    about = sorted({*before.about, *finding.about}) if before.about else []
    return {**kept, **finding.roles}, about


def take_label_back(actor: Viewer, item: Item) -> None:
    """Remove the label an item gave; the one before it, if any, holds again."""
    enterprise = item.enterprise
    rows = Label.objects.for_system(_WHY).filter(enterprise=enterprise)
    gone = rows.filter(item=item, current=True).first()
    if gone is None:
        return
    gone.delete()
    before = rows.order_by("-at", "-id").first()
    if before is not None:
        before.current = True
        before.save(update_fields=["current"])
    was, now = _projected(enterprise)
    audit.record(
        actor,
        UNLABELLED,
        kind=ENTERPRISE,
        key=enterprise.key,
        label=enterprise.name,
        before={"label": gone.labels, "results": was},
        after={"label": before.labels if before else None, "results": now},
    )


def _projected(enterprise: Enterprise) -> tuple[dict[str, str], dict[str, str]]:
    """Bring the run in force in line with the label of one enterprise; return what held before and holds now."""
    run = current_run()
    if run is None:
        return {}, {}
    was = _results(run, enterprise)
    project(run, [enterprise.pk])
    return was, _results(run, enterprise)


def _results(run: Run, enterprise: Enterprise) -> dict[str, str]:
    rows = Classification.objects.for_system(_WHY).filter(run=run, enterprise=enterprise)
    return {code: f"{decision} {role}" for code, decision, role in rows.values_list("industry", "decision", "role")}


def project(run: Run, enterprises: Iterable[int] | None = None) -> int:
    """Make the results of a run say what labels say, where a label holds, and what the model said elsewhere.

    For some enterprises or all. Rows that people alone brought up go with their label. The same again changes nothing.
    Returns how many results are settled by people.
    """
    ids = None if enterprises is None else list(enterprises)
    standing = holding(ids).filter(enterprise__gone_in=None, enterprise__same_as=None)
    labels = {label.enterprise_id: label for label in standing}
    rows = Classification.objects.for_system(_WHY).filter(run=run)
    if ids is not None:
        rows = rows.filter(enterprise__in=ids)
    else:
        labelled = Label.objects.for_system(_WHY).filter(current=True).values("enterprise")
        rows = rows.filter(Q(enterprise__in=labelled) | ~Q(settled=SettledBy.MODEL))
    changed, gone, seen = [], [], set()
    for row in rows:
        seen.add((row.enterprise_id, row.industry_id))
        label = labels.get(row.enterprise_id)
        if label is not None and _speaks(label, row.industry_id):
            _settle(row, label)
        elif row.model_decision:
            row.role, row.decision = row.model_role, row.model_decision
            row.settled, row.settled_at = SettledBy.MODEL, None
        elif row.settled != SettledBy.MODEL:
            gone.append(row.pk)
            continue
        changed.append(row)
    Classification.objects.for_system(_WHY).bulk_update(
        changed, ["role", "decision", "settled", "settled_at"], batch_size=500
    )
    Classification.objects.for_system(_WHY).filter(pk__in=gone).delete()
    return sum(row.settled != SettledBy.MODEL for row in changed) + _added(run, labels.values(), seen)


def carry_over(actor: Viewer, run: Run, *, now: dt.datetime) -> int:
    """Let labels hold in a run that is about to take its place; return how many results people settled.

    Labels of another text than the enterprise has now do not hold: those enterprises come up for review again.
    """
    settled = project(run)
    rows = Label.objects.for_system(_WHY).filter(current=True, enterprise__gone_in=None, enterprise__same_as=None)
    changed = rows.exclude(name=F("enterprise__name"), scope=F("enterprise__scope")).count()
    if settled or changed:
        audit.record(
            actor,
            CARRIED,
            kind="run",
            key=str(run.number),
            label=f"#{run.number}",
            after={"settled": settled, "text_changed": changed, "at": now},
        )
    return settled


def _added(run: Run, labels: Iterable[Label], seen: set[tuple[int, str]]) -> int:
    """Add results in industries of which the model found no term, where a person says the enterprise belongs."""
    new = []
    for label in labels:
        for code in label.labels:
            if (label.enterprise_id, code) not in seen:
                row = Classification(run=run, enterprise_id=label.enterprise_id, industry_id=code)
                _settle(row, label)
                new.append(row)
    Classification.objects.for_system(_WHY).bulk_create(new, batch_size=500)
    return len(new)


def _speaks(label: Label, industry: str) -> bool:
    return not label.about or industry in label.about


def _settle(row: Classification, label: Label) -> None:
    role = label.labels.get(row.industry_id, EnterpriseRole.MENTION.value)
    row.role = role
    row.decision = Decision.IN if counts(role) else Decision.OUT
    row.settled = SettledBy.OBJECTION if label.source == LabelSource.OBJECTION else SettledBy.REVIEW
    row.settled_at = label.at
