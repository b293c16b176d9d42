"""Publishing a plan: a reviewed document becomes the version in force, from a pack or from an import."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import organisations_by_printed_name
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.plans.models import (
    Action,
    AlsoCounts,
    Commitment,
    Duty,
    DutyRole,
    Issuer,
    Measure,
    Mechanism,
    Plan,
    PlanVersion,
    Support,
    Target,
    VersionState,
)
from xiandao.domains.plans.signals import plan_published
from xiandao.domains.shared.sources import describe
from xiandao.packs import PlanDoc, PolicyPack
from xiandao.packs.schema import plan as schema

RowT = TypeVar("RowT", Target, Support)
VERSION_PUBLISHED = register("plans.version_published", _("发布方案版本"))


def load_plans(actor: Viewer, *, pack: PolicyPack) -> None:
    """Publish each plan of a pack whose content changed, and link the targets that count the same results."""
    region = pack.meta.jurisdiction.region
    for order, (code, document) in enumerate(pack.plans.items()):
        text = pack.texts.get(code, "")
        publish_version(actor, document=document, text=text, region=region, order=order)
    plans = {plan.code: plan for plan in Plan.objects.for_system("loading a pack")}
    AlsoCounts.objects.all().delete()
    AlsoCounts.objects.bulk_create(
        AlsoCounts(
            plan=plans[link.target.plan],
            key=link.target.target,
            other_plan=plans[link.also.plan],
            other_key=link.also.target,
            rule=link.rule,
            name=link.name,
            name_en=link.name_en,
            source=describe(pack, link.source),
        )
        for link in pack.also_counts.links
    )


@transaction.atomic
def publish_version(
    actor: Viewer, *, document: PlanDoc, text: str, region: str, order: int = 100, reason: str = ""
) -> PlanVersion:
    """Make `document` the version in force of its plan and return it; the version before stays, superseded.

    A document equal to the version in force publishes nothing and returns that version. Raises
    Refused for anybody but the coordinating office and the system.
    """
    if not actor.can(Can.IMPORT_PLANS):
        raise Refused(_("只有统筹协调单位可以发布方案版本。"))
    plan, _made = Plan.objects.for_system("publishing").get_or_create(
        code=document.code,
        defaults={"name": document.title, "name_en": document.title_en or "", "region_id": region, "order": order},
    )
    fingerprint = hashlib.sha256((document.model_dump_json(by_alias=True) + text).encode()).hexdigest()
    versions = PlanVersion.objects.for_system("publishing").select_for_update().filter(plan=plan)
    current = versions.filter(state=VersionState.PUBLISHED).first()
    if current and current.content_sha256 == fingerprint:
        return current
    number = (versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    versions.filter(state=VersionState.PUBLISHED).update(state=VersionState.SUPERSEDED)
    Plan.objects.for_system("publishing").filter(pk=plan.pk).update(
        name=document.title, name_en=document.title_en or ""
    )
    version = PlanVersion.objects.create(
        plan=plan, number=number, published_by=actor.name, **_head(document, text, fingerprint)
    )
    _write_items(version, document, text)
    audit.record(
        actor,
        VERSION_PUBLISHED,
        kind="plan",
        key=plan.code,
        label=document.title,
        before={"version": current.number} if current else None,
        after={"version": number, "content_sha256": fingerprint},
        reason=reason,
    )
    plan_published.send(sender=PlanVersion, actor=actor, version=version)
    return version


def _head(document: PlanDoc, text: str, fingerprint: str) -> dict[str, Any]:
    """Return the fields of a version that stand in the document's head."""
    standing = document.standing_duty.span if document.standing_duty else None
    return {
        "state": VersionState.PUBLISHED,
        "document_no": document.number or "",
        "issued_on": document.issued_on,
        "year_from": document.period[0] if document.period else None,
        "year_to": document.period[1] if document.period else None,
        "source_text": text,
        "source_sha256": hashlib.sha256(text.encode()).hexdigest() if text else "",
        "content_sha256": fingerprint,
        "text_available": document.text_available,
        "confidence": document.source.confidence if document.source else "",
        "standing_start": standing[0] if standing else None,
        "standing_end": standing[1] if standing else None,
        "note": document.note or "",
        "note_en": document.note_en or "",
        "unplaced": [{"quote": part.quote, "span": part.span} for part in document.unplaced],
        "published_at": timezone.now(),
    }


def _place(item: schema.Item) -> dict[str, int | None]:
    """Return an item's place in the text as model fields."""
    return {"span_start": item.span[0] if item.span else None, "span_end": item.span[1] if item.span else None}


def _write_items(version: PlanVersion, document: PlanDoc, text: str) -> None:
    """Write every item of the document as rows of the version."""
    names = organisations_by_printed_name()
    Issuer.objects.bulk_create(
        Issuer(
            version=version,
            key=f"I{n}",
            order=n,
            printed=printed,
            organisation=names.get(printed),
            span_start=text.find(printed) if printed in text else None,
            span_end=text.find(printed) + len(printed) if printed in text else None,
        )
        for n, printed in enumerate(document.issuers, 1)
    )
    actions = Action.objects.bulk_create(
        Action(
            version=version,
            key=action.key,
            order=n,
            no=action.no,
            name=action.title,
            name_en=action.title_en or "",
            **_place(action),
        )
        for n, action in enumerate(document.actions, 1)
    )
    ids = {action.key: action.pk for action in actions}
    measures = [
        _measure(version, ids[action.key], measure, text) for action in document.actions for measure in action.measures
    ]
    for n, row in enumerate(measures, 1):
        row.order = n
    rows = {row.key: row for row in Measure.objects.bulk_create(measures)}
    _write_details(version, document, rows, names)


def _measure(version: PlanVersion, action_id: int, measure: schema.Measure, text: str) -> Measure:
    """Return the row of a measure, with its words."""
    duty = measure.duty
    return Measure(
        version=version,
        action_id=action_id,
        key=measure.key,
        no=measure.no,
        name=measure.title,
        name_en=measure.title_en or "",
        text=text[slice(*measure.span)] if measure.span else "",
        cities=duty.cities,
        standing=duty.standing,
        open_ended=duty.open_ended,
        duty_spans=[part.span for part in duty.quotes if part.span],
        deadline=measure.deadline or "",
        confidence=measure.confidence,
        **_place(measure),
    )


def _write_details(
    version: PlanVersion, document: PlanDoc, rows: Mapping[str, Measure], names: Mapping[str, Organisation]
) -> None:
    """Write duties, quantities, mechanisms and commitments of all measures."""
    measures = list(document.measures())
    Duty.objects.bulk_create(
        Duty(
            version=version,
            measure=rows[m.key],
            organisation=names.get(name),
            printed=name,
            role=role,
            order=n,
        )
        for m in measures
        for n, (name, role) in enumerate(
            [*((x, DutyRole.LEAD) for x in m.duty.lead), *((x, DutyRole.WITH) for x in m.duty.helping)], 1
        )
    )
    targets: list[tuple[Measure | None, schema.Target]] = [(rows[m.key], t) for m in measures for t in m.targets]
    targets += [(None, t) for t in document.headline_targets]
    Target.objects.bulk_create(_quantities(Target, version, targets))
    Support.objects.bulk_create(_quantities(Support, version, [(rows[m.key], s) for m in measures for s in m.support]))
    Mechanism.objects.bulk_create(
        Mechanism(
            version=version, measure=rows[m.key], key=x.key, order=n, name=x.name, name_en=x.name_en or "", **_place(x)
        )
        for n, (m, x) in enumerate(((m, x) for m in measures for x in m.mechanisms), 1)
    )
    commitments: list[tuple[Measure | None, schema.Commitment]] = [
        (rows[m.key], x) for m in measures for x in m.commitments
    ]
    commitments += [(None, x) for x in document.headline_commitments]
    Commitment.objects.bulk_create(
        Commitment(
            version=version,
            measure=measure,
            key=x.key,
            order=n,
            strength=x.strength,
            verb=x.verb or "",
            text=x.quote,
            text_en=x.text_en or "",
            **_place(x),
        )
        for n, (measure, x) in enumerate(commitments, 1)
    )


def _quantities(
    model: type[RowT], version: PlanVersion, items: Iterable[tuple[Measure | None, schema.Target]]
) -> list[RowT]:
    """Return the rows of targets or support standards, numbered in the order of the text."""
    return [
        model(
            version=version,
            measure=measure,
            key=item.key,
            order=n,
            value=item.value,
            low=item.low,
            high=item.high,
            unit=item.unit,
            comparator=item.comparator,
            year=item.year,
            name=item.object,
            name_en=item.object_en or "",
            kind=item.kind,
            quote=item.quote or "",
            also=[{"quote": part.quote, "span": part.span} for part in item.also],
            note=item.note or "",
            confidence=item.confidence,
            **_place(item),
        )
        for n, (measure, item) in enumerate(items, 1)
    ]
