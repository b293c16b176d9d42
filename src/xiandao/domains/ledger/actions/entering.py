"""Putting an entry in the ledger: by hand, from a published list, or as the outcome of a programme's decision."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.industries.models import Industry
from xiandao.domains.ledger import rules
from xiandao.domains.ledger.actions import counting
from xiandao.domains.ledger.actions.log import ENTERED, note
from xiandao.domains.ledger.models import Entry, EntryHolder, EntryState, EntryTarget, HolderRole
from xiandao.domains.ledger.registry import ON_LIST, kind_of
from xiandao.domains.orgs.models import Organisation, Region
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import PUBLIC, Viewer
from xiandao.domains.plans.models import Plan, Target, VersionState
from xiandao.domains.progress.faults import BadFields, Fault
from xiandao.domains.progress.models import Sequence as Numbers
from xiandao.engines.sameness import normalise_name
from xiandao.kernel import CreditCode, InvalidValue

_WHY = "who enters has been checked"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an entry. `organisation` and `enterprise` are primary keys where known.

    Without them a holder with a credit code is looked up by it.
    """

    name: str
    credit_code: str = ""
    role: str = HolderRole.LEAD
    organisation: int | None = None
    enterprise: int | None = None


def key_of(name: str) -> str:
    """Return the canonical form of a name, the place left in."""
    return normalise_name(name, ())[:300]


@transaction.atomic
def enter(
    actor: Viewer,
    *,
    kind: str,
    kind_name: str,
    name: str,
    holders: Iterable[Holder] = (),
    regions: Iterable[str] = (),
    industries: Iterable[str] = (),
    serves: Iterable[tuple[str, str]] = (),
    decided_on: dt.date | None = None,
    decision: str = "",
    decision_number: str = "",
    decided_by: Organisation | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    evaluate_on: dt.date | None = None,
    level: str = "",
    amount: Decimal | None = None,
    public: bool = True,
    application: str = "",
    definition: str = "",
    source: str = "",
    source_grade: str = "",
    note_text: str = "",
    elsewhere: bool = False,
    is_demo: bool = False,
    now: dt.datetime | None = None,
) -> Entry:
    """Enter one thing in the ledger and, where it serves targets, count it towards them from now on; return the entry.

    `kind`: code of a programme or of a kind of the pack, `kind_name` what it is called. `regions` and `industries`:
    codes, the principal one first. `serves`: (plan code, target key), at most one per plan. `decided_on`, validity and
    evaluation stay unknown where they are None. `decided_by`: the deciding body; the actor's own where it is not given
    and nothing was published elsewhere. `application` and `definition`: number of the application and digest of the
    definition it was decided under. `elsewhere`: published by others, shown with `source`, never counted.

    An entry in a counting state becomes one verified result with a count for each target it serves (and for targets
    of other plans that share its results); a result of the same name and holder that counts there already is joined.
    Called inside the caller's transaction or its own. Raises Refused where the actor may not keep the ledger or a
    re-application bar is running, BadFields with what is wrong, Conflict where the thing is on the same list already.
    """
    rules.may_enter(actor).require()
    moment = now or timezone.now()
    held, targets = list(holders), list(serves)
    places, fields = list(dict.fromkeys(regions)), list(dict.fromkeys(industries))
    faults = [*_faults(name, kind_name, held, valid_from, valid_to), *_unknown(places, fields)]
    if elsewhere and targets:
        faults.append(("serves", _("他处公布的条目不计入目标：请去掉服务的目标，或改为本平台登记的条目。")))
    plans, more = _plans(targets)
    if faults or more:
        raise BadFields([*faults, *more])
    Numbers.hold("ledger-names", 0)  # two of one name entered at the same moment would not see one another
    known = known_as(kind, name, held, elsewhere=elsewhere)
    if known is not None:
        raise Conflict(
            _("“%(name)s”已在%(kind)s台账中（%(code)s，%(state)s），不重复登记。")
            % {"name": name, "kind": known.kind_name, "code": known.code, "state": known.get_state_display()}
        )
    if not elsewhere:
        _no_bar(kind, name, held, decided_on or timezone.localdate(moment))
    year = timezone.localdate(moment).year
    own = Organisation.objects.filter(pk=actor.organisation_id).first() if actor.organisation_id else None
    entry = Entry(
        code=f"L{year}-{Numbers.take('ledger', year):06}",
        kind=kind,
        kind_name=kind_name.strip(),
        name=name.strip(),
        name_key=key_of(name),
        state=EntryState.ELSEWHERE if elsewhere else EntryState.LISTED,
        level=level.strip(),
        decided_on=decided_on,
        decision=decision.strip(),
        decision_number=decision_number.strip(),
        decided_by=decided_by or (None if elsewhere else own),
        kept_by=own,
        valid_from=valid_from,
        valid_to=valid_to,
        evaluate_on=evaluate_on,
        amount=amount,
        source=source.strip(),
        source_grade=source_grade,
        public=public and not kind_of(kind).people,
        application=application,
        definition=definition,
        note=note_text.strip(),
        is_demo=is_demo,
        created_at=moment,
        created_by=actor.name,
    )
    entry.save(force_insert=True)
    entry.regions.set(Region.objects.filter(pk__in=places))
    entry.industries.set(Industry.objects.filter(pk__in=fields))
    EntryHolder.objects.bulk_create(_holder(entry, place, one) for place, one in enumerate(held))
    EntryTarget.objects.bulk_create(
        EntryTarget(entry=entry, plan_id=plans[code], target_key=key) for code, key in targets
    )
    counted = counting.settle(actor, entry, why="", now=moment)
    after = {"kind": kind, "name": entry.name, "state": entry.state, "serves": targets, "decision": entry.decision}
    note(actor, ENTERED, entry, _("登记"), text=counted, on=decided_on, now=moment, after=after)
    return entry


def _faults(
    name: str, kind_name: str, held: Sequence[Holder], start: dt.date | None, end: dt.date | None
) -> list[Fault]:
    """Return what is wrong with the fields themselves."""
    faults: list[Fault] = []
    if not name.strip():
        faults.append(("name", _("请填写名称。")))
    elif len(name.strip()) > 300:  # noqa: PLR2004 — the column's width
        faults.append(("name", _("名称最多 300 字。")))
    if not kind_name.strip():
        faults.append(("kind", _("请选择类别。")))
    if start and end and end < start:
        faults.append(("valid_to", _("有效期止不能早于有效期起。")))
    for one in held:
        if not one.name.strip():
            faults.append(("holders", _("单位名称不能为空。")))
        if one.credit_code:
            try:
                CreditCode(one.credit_code)
            except InvalidValue as error:
                faults.append(("holders", _("%(name)s 的统一社会信用代码：%(why)s") % {"name": one.name, "why": error}))
    return faults


def _unknown(places: Sequence[str], fields: Sequence[str]) -> list[Fault]:
    """Return the codes of regions and industries nobody knows."""
    known = set(Region.objects.filter(pk__in=places).values_list("pk", flat=True))
    codes = set(Industry.objects.filter(pk__in=fields).values_list("pk", flat=True))
    return [
        *[("regions", _("没有代码为 %(code)s 的地区。") % {"code": code}) for code in places if code not in known],
        *[("industries", _("没有代码为 %(code)s 的产业。") % {"code": code}) for code in fields if code not in codes],
    ]


def _plans(targets: Sequence[tuple[str, str]]) -> tuple[dict[str, int], list[Fault]]:
    """Return the primary keys of the plans named, and what is wrong with the targets."""
    if not targets:
        return {}, []
    plans = dict(Plan.objects.for_system(_WHY).values_list("code", "pk"))
    rows = Target.objects.visible_to(PUBLIC).filter(version__state=VersionState.PUBLISHED)
    known = set(rows.values_list("version__plan__code", "key"))
    faults: list[Fault] = [
        ("serves", _("没有目标 %(plan)s %(key)s。") % {"plan": plan, "key": key})
        for plan, key in targets
        if (plan, key) not in known
    ]
    if len({plan for plan, _key in targets}) < len(targets):
        faults.append(("serves", _("一个条目在一个方案里只计入一个目标。")))
    return plans, faults


def _holder(entry: Entry, place: int, one: Holder) -> EntryHolder:
    """Return the row of a holder, found by its credit code where it has one."""
    organisation, enterprise = one.organisation, one.enterprise
    if one.credit_code and not organisation:
        found = Organisation.objects.filter(credit_code=one.credit_code).values_list("pk", flat=True)
        organisation = found.first()
    if one.credit_code and not enterprise:
        firms = Enterprise.objects.for_system(_WHY).filter(uscc=one.credit_code, same_as=None)
        enterprise = firms.values_list("pk", flat=True).first()
    return EntryHolder(
        entry=entry,
        order=place,
        role=one.role,
        name=one.name.strip(),
        name_key=key_of(one.name),
        credit_code=one.credit_code,
        organisation_id=organisation,
        enterprise_id=enterprise,
    )


def known_as(kind: str, name: str, held: Sequence[Holder], *, elsewhere: bool = False) -> Entry | None:
    """Return the entry on the same list with the same name (or a former one) and no other holder; None if none is."""
    states = (EntryState.ELSEWHERE,) if elsewhere else (*ON_LIST, EntryState.DOWNGRADED)
    key = key_of(name)
    mine = Q(name_key=key) | Q(former_lines__contains=f"\n{key}\n")
    rows = Entry.objects.for_system(_WHY).filter(mine, kind=kind, state__in=states)
    lead = (held[0].credit_code, key_of(held[0].name)) if held else ("", "")
    for row in rows.prefetch_related("holders"):
        first = next(iter(row.holders.all()), None)
        if counting.alike_holder(lead, (first.credit_code, first.name_key) if first else ("", "")):
            return row
    return None


def _no_bar(kind: str, name: str, held: Sequence[Holder], on: dt.date) -> None:
    """Refuse what was removed from the same list and may not come back yet."""
    mine = Q(name_key=key_of(name))
    codes = [one.credit_code for one in held if one.credit_code]
    if codes:
        mine |= Q(holders__credit_code__in=codes)
    rows = Entry.objects.for_system(_WHY).filter(
        mine, kind=kind, state__in=(EntryState.REMOVED, EntryState.WITHDRAWN), reapply_from__gt=on
    )
    row = rows.first()
    if row is not None:
        raise Refused(
            _("“%(name)s”已于此前移出（%(code)s），%(day)s 起才可再次申报。")
            % {"name": row.name, "code": row.code, "day": row.reapply_from}
        )
