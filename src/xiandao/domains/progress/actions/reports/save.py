"""Saving a draft: what somebody else saved meanwhile is merged in field by field, and never overwritten unseen."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.permission import Conflict
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.actions.reports import tasks
from xiandao.domains.progress.actions.reports.claim_rows import plan_rows, write_rows
from xiandao.domains.progress.actions.reports.content import TEXT_FIELDS, Clash, Content, Fields, merge
from xiandao.domains.progress.actions.reports.desk import record, take
from xiandao.domains.progress.actions.reports.reading import Choices, read_claim, text_faults
from xiandao.domains.progress.actions.reports.transitions import Step, advance
from xiandao.domains.progress.faults import BadFields
from xiandao.domains.progress.models import Claim, Report, ReportState

SAVED = register("progress.report_saved", gettext_lazy("保存进展草稿"))


class Changed(Conflict):
    """Somebody else has written the same fields meanwhile. Nothing was saved.

    `theirs` is what stands now (revision `revision`, saved by `who`), `clashes` the fields both wrote, `merged` what
    would be saved if the actor's words are kept in all of them.
    """

    def __init__(self, report: Report, theirs: Content, clashes: list[Clash], merged: Content) -> None:
        super().__init__(_("%(who)s刚刚也修改了这份进展，请选择各处保留谁的内容。") % {"who": report.saved_by})
        self.revision, self.who = report.revision, report.saved_by
        self.theirs, self.clashes, self.merged = theirs, clashes, merged


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the report, its content now, ids of new claims by their key, what was merged in from another."""

    report: Report
    content: Content
    ids: dict[str, int] = field(default_factory=dict)
    merged_from: str = ""
    changed: bool = True


@transaction.atomic
def save_draft(
    actor: Viewer,
    *,
    pk: int,
    revision: int,
    content: Content,
    base: Content | None = None,
    now: dt.datetime | None = None,
) -> Saved:
    """Save what a report says; claims that are not among `content.claims` are taken back.

    `revision` is the report's as it was loaded and `base` its content then. If somebody saved since, the two changes
    are merged; without `base`, or where both wrote one field, raises Changed. Raises Report.DoesNotExist, Refused,
    Conflict, BadFields with the fields that cannot be read.
    """
    moment = now or timezone.now()
    report = take(actor, pk)
    rules.may_fill(actor, report).require()
    before, state = Content.of(report), ReportState(report.state)
    advance(Step.SAVE, report)
    mine, other = content.tidy(), ""
    if revision != report.revision:
        other = report.saved_by
        mine, clashes = merge(base or before, mine, before) if base else _all_clash(mine, before)
        if clashes:
            raise Changed(report, before, clashes, mine)
    if mine == before:
        report.state = state
        return Saved(report, before, merged_from=other, changed=False)
    ids = _write_claims(actor, report, mine, moment)
    report.standing, report.happened, report.next_step = mine.standing, mine.happened, mine.next_step
    report.revision += 1
    report.saved_at, report.saved_by = moment, actor.name
    report.save(update_fields=["standing", "happened", "next_step", "state", "revision", "saved_at", "saved_by"])
    after = Content.of(report)
    if state != report.state:
        tasks.refresh_writers(actor, report.round, [report.assignment.organisation_id], now=moment)
    record(actor, SAVED, report, before=difference(before, after), after=difference(after, before))
    return Saved(report, after, ids, merged_from=other)


def _all_clash(mine: Content, theirs: Content) -> tuple[Content, list[Clash]]:
    """Without knowing what the writer started from, every difference is for her to decide."""
    blank = Content(claims={key: {} for key in theirs.claims})
    clashes = [
        Clash((name,), getattr(mine, name), getattr(theirs, name))
        for name in TEXT_FIELDS
        if getattr(mine, name) != getattr(theirs, name)
    ]
    _merged, others = merge(blank, Content(claims=mine.claims), Content(claims=theirs.claims))
    return mine, [*clashes, *others]


def _write_claims(actor: Viewer, report: Report, content: Content, now: dt.datetime) -> dict[str, int]:
    """Write the claims and return the ids of new ones. Raises BadFields before anything is written."""
    choices = Choices.of(report.assignment)
    faults = text_faults(content)
    values: dict[str, dict[str, Any]] = {}
    for key, fields in content.claims.items():
        values[key], wrong = read_claim(key, fields, choices)
        faults += wrong
    if faults:
        raise BadFields(faults)
    rows = list(Claim.objects.for_system("the report was checked").select_for_update().filter(report=report))
    plan = plan_rows(report, rows, values, by=actor.name, now=now)
    write_rows([plan])
    return {key: row.pk for key, row in plan.made.items()}


def difference(one: Content, other: Content) -> dict[str, Any]:
    """Return what `one` says where `other` says something else, for the audit log."""
    texts = {name: getattr(one, name) for name in TEXT_FIELDS if getattr(one, name) != getattr(other, name)}
    claims: dict[str, Fields | None] = {}
    for key in dict.fromkeys([*one.claims, *other.claims]):
        mine, theirs = one.claims.get(key), other.claims.get(key)
        if mine is None or theirs is None:
            claims[key] = mine
        elif mine != theirs:
            claims[key] = {name: text for name, text in mine.items() if text != theirs.get(name)}
    return {**texts, **({"claims": claims} if claims else {})}
