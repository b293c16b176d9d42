"""From the strings of a form to the values of a claim, and what a report still lacks before it can be submitted."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xiandao.domains.industries.models import Industry
from xiandao.domains.orgs.models import Region
from xiandao.domains.plans.models import PlanVersion, Target, TargetKind, VersionState
from xiandao.domains.progress.actions.reports.content import Content, Fields
from xiandao.domains.progress.faults import Fault
from xiandao.domains.progress.models import Assignment, Claim, IdentifierKind, Report, Standing
from xiandao.domains.shared.format import number
from xiandao.kernel import CreditCode, InvalidValue
from xiandao.kernel.credit_code import normalise

_LENGTHS = {"item": 100, "name": 300, "identifier": 120, "holder": 300, "holder_code": 18, "unit": 40}
LONGEST = 32_767
"""Characters of a long text: what a cell of Excel holds, so that every text leaves and comes back whole."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOST = Decimal(10) ** 15
_EARLIEST = dt.date(2000, 1, 1)
_COUNTABLE = (TargetKind.COUNT, TargetKind.AMOUNT)
_KINDS = frozenset(IdentifierKind.values)  # asked once: the enumeration makes the list anew each time


@dataclass(frozen=True, slots=True)
class Choices:
    """What the claims of a duty may name: targets of its measure that count things, places, industries, days."""

    targets: dict[str, Target]
    regions: dict[str, Region]
    industries: dict[str, Industry]
    since: dt.date

    @classmethod
    def of(cls, duty: Assignment) -> "Choices":
        """Return the choices of a duty: its measure's countable targets, its own place and the places below."""
        return cls.of_many([duty])[duty.pk]

    @classmethod
    def of_many(cls, duties: Sequence[Assignment]) -> "dict[int, Choices]":
        """Return the choices of duties of one plan by their ids, in the same four queries for one and for hundreds."""
        if not duties:
            return {}
        version = PlanVersion.objects.for_system("a plan in force is public").filter(
            plan=duties[0].plan_id, state=VersionState.PUBLISHED
        )
        found = version.first()
        targets: dict[str, dict[str, Target]] = defaultdict(dict)
        rows = Target.objects.for_system("a plan in force is public").filter(version=found, kind__in=_COUNTABLE)
        for row in rows.exclude(measure=None).select_related("measure").order_by("order"):
            targets[row.measure.key][row.key] = row
        own = {duty.region_id for duty in duties}
        places: dict[str, dict[str, Region]] = defaultdict(dict)
        for place in Region.objects.filter(Q(pk__in=own) | Q(parent__in=own)).order_by("code"):
            for code in {place.code, place.parent_id or ""} & own:
                places[code][place.code] = place
        industries = {row.code: row for row in Industry.objects.order_by("order")}
        year = found.year_from if found else None
        since = dt.date(year, 1, 1) if year else _EARLIEST
        return {
            duty.pk: cls(targets.get(duty.measure_key, {}), places[duty.region_id], industries, since)
            for duty in duties
        }


def read_claim(key: str, fields: Fields, choices: Choices) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a claim's fields, and a fault for each that cannot be read; a draft may lack any of them."""
    faults: list[Fault] = []

    def fault(name: str, sentence: str) -> None:
        faults.append((f"claims.{key}.{name}", sentence))

    for name, most in {**_LENGTHS, "note": LONGEST}.items():
        if len(fields[name]) > most:
            fault(name, _("最多 %(n)s 个字，现有 %(found)s 个。") % {"n": most, "found": len(fields[name])})
    if fields["identifier_kind"] not in _KINDS:
        fault("identifier_kind", _("没有这种编号类型，请从列表中选择。"))
    lists: dict[str, Collection[str]] = {
        "target_key": choices.targets,
        "region": choices.regions,
        "industry": choices.industries,
    }
    for name, known in lists.items():
        if fields[name] and fields[name] not in known:
            fault(name, _("“%(found)s”不在可选范围内，请从列表中选择。") % {"found": fields[name]})
    values: dict[str, Any] = {name: fields[name] for name in (*_LENGTHS, "identifier_kind", "target_key", "note")}
    values["region_id"], values["industry_id"] = fields["region"] or None, fields["industry"] or None
    values["happened_on"], values["quantity"] = None, Decimal(1)
    try:
        values["happened_on"] = read_day(fields["happened_on"])
    except ValueError:
        fault("happened_on", _("“%(found)s”不是日期，应如 2026-03-31。") % {"found": fields["happened_on"]})
    try:
        values["quantity"] = _quantity(fields["quantity"])
    except ValueError:
        fault("quantity", _("“%(found)s”不是大于零的数，应如 1 或 12.5。") % {"found": fields["quantity"]})
    _tidy_codes(values)
    return values, faults


def read_day(text: str) -> dt.date | None:
    """Return a day written as 2026-03-31, 2026/3/31 or 2026年3月31日; None for blank. Raises ValueError."""
    if not text:
        return None
    match = _DAY.fullmatch(text.replace(" ", ""))
    if match is None:
        raise ValueError(text)
    return dt.date(int(match[1]), int(match[2]), int(match[3]))


def _quantity(text: str) -> Decimal:
    if not text:
        return Decimal(1)
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or not 0 < value < _MOST:
        raise ValueError(text)
    if value != round(value, 6):
        raise ValueError(text)
    return value


def _tidy_codes(values: dict[str, Any]) -> None:
    """Write credit codes the one way they are written; whether they are right is asked on submission."""
    if values["identifier_kind"] == IdentifierKind.CREDIT_CODE:
        values["identifier"] = normalise(values["identifier"])
    values["holder_code"] = normalise(values["holder_code"])


def text_faults(content: Content) -> list[Fault]:
    """Return what is wrong with the words of a draft."""
    faults: list[Fault] = []
    if content.standing not in Standing.values:
        faults.append(("standing", _("没有这种进展状态，请从列表中选择。")))
    for name, text in (("happened", content.happened), ("next_step", content.next_step)):
        if len(text) > LONGEST:
            faults.append((name, _("最多 %(n)s 个字，现有 %(found)s 个。") % {"n": LONGEST, "found": len(text)}))
    return faults


def lacking(report: Report, claims: list[Claim], choices: Choices, *, today: dt.date) -> list[Fault]:
    """Return what a report lacks before it can be submitted, each with its field and what is expected."""
    faults: list[Fault] = []
    if not report.standing:
        faults.append(("standing", _("请选择进展状态。")))
    if not report.happened:
        faults.append(("happened", _("请写明本期进展：做了什么、到了哪一步。")))
    elif report.based_on is not None and report.happened == report.based_on.happened:
        faults.append(("happened", _("与上期填报的完全相同，请改写为本期的进展。")))
    if report.standing in (Standing.AT_RISK, Standing.BLOCKED) and not report.next_step:
        faults.append(("next_step", _("有风险或受阻的，请写明下一步怎么办。")))
    for claim in claims:
        faults += [(f"claims.{claim.pk}.{name}", text) for name, text in lacking_in(claim, choices, today)]
    return faults


def lacking_in(claim: Claim, choices: Choices, today: dt.date) -> list[Fault]:
    """Return what one claim lacks, saved or not, as (field, sentence)."""
    faults: list[Fault] = []
    if not claim.item:
        faults.append(("item", _("请写明成果类别，如“创新中心”“标准”。")))
    if not claim.name:
        faults.append(("name", _("请写明成果名称，与证书、批文上的写法一致。")))
    if not claim.region_id:
        faults.append(("region", _("请选择所在地。")))
    faults += _day_faults(claim, choices, today)
    faults += _unit_faults(claim, choices)
    faults += _code_faults(claim)
    return faults


def _day_faults(claim: Claim, choices: Choices, today: dt.date) -> list[Fault]:
    day = claim.happened_on
    if day is None:
        return [("happened_on", _("请写明取得成果的日期。"))]
    if day > today:
        return [("happened_on", _("%(day)s 还没有到，只能申报已经取得的成果。") % {"day": day.isoformat()})]
    if day < choices.since:
        since = choices.since.isoformat()
        return [
            (
                "happened_on",
                _("%(day)s 早于方案起始（%(since)s），不计入本方案。") % {"day": day.isoformat(), "since": since},
            )
        ]
    return []


def _unit_faults(claim: Claim, choices: Choices) -> list[Fault]:
    target = choices.targets.get(claim.target_key)
    if claim.target_key and target is None:
        return [("target_key", _("现行方案的这项任务已没有这个目标，请重新选择。"))]
    if target is not None and target.unit and claim.unit != target.unit:
        return [("unit", _("这个目标以“%(unit)s”计，请按同一单位填写。") % {"unit": target.unit})]
    if not claim.unit:
        return [("unit", _("请写明计量单位。"))]
    if target is not None and target.kind == TargetKind.COUNT and claim.quantity != claim.quantity.to_integral_value():
        return [("quantity", _("按个数计的成果应为整数，现为 %(n)s。") % {"n": number(claim.quantity)})]
    return []


def _code_faults(claim: Claim) -> list[Fault]:
    faults: list[Fault] = []
    if claim.identifier and not claim.identifier_kind:
        faults.append(("identifier_kind", _("填了编号，请选择它是哪种编号。")))
    if claim.identifier_kind and not claim.identifier:
        faults.append(("identifier", _("选了编号类型，请填写编号。")))
    if claim.identifier_kind == IdentifierKind.CREDIT_CODE and claim.identifier:
        faults += _code_fault("identifier", claim.identifier)
    if claim.holder_code:
        faults += _code_fault("holder_code", claim.holder_code)
    return faults


def _code_fault(name: str, text: str) -> list[Fault]:
    try:
        CreditCode.parse(text)
    except InvalidValue as fault:
        return [(name, str(fault))]
    return []
