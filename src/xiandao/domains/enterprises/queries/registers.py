"""Reading registers: versions, what was found in each, what changed between two, pairs that may be one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.models import (
    Enterprise,
    EnterpriseChange,
    RegisterState,
    RegisterVersion,
    Twin,
    TwinState,
)
from xiandao.domains.orgs.models import Region
from xiandao.domains.orgs.viewer import Viewer

_WHY = "files of a register are asked for by who may see it"


def registers(viewer: Viewer) -> QuerySet[RegisterVersion]:
    """Return the register versions a viewer may see, newest first."""
    return RegisterVersion.objects.visible_to(viewer).select_related("follows", "user")


def register_by_number(viewer: Viewer, number: int) -> RegisterVersion:
    """Return one version. Raises RegisterVersion.DoesNotExist; missing and hidden look the same."""
    return registers(viewer).get(number=number)


def register_in_force(viewer: Viewer) -> RegisterVersion | None:
    """Return the register in force, or None where there is none, or none to be seen."""
    return registers(viewer).filter(state=RegisterState.CURRENT).first()


def findings_file(version: RegisterVersion) -> Path | None:
    """Return the list of cells that could not be read and rows left out as duplicates; None where it is not there."""
    return _beside(version, "findings")


def bad_file(version: RegisterVersion) -> Path | None:
    """Return the list of rows that could not be read at all; None where it is not there."""
    return _beside(version, "bad")


def _beside(version: RegisterVersion, what: str) -> Path | None:
    path = lake.beside(version, what)
    return path if path.is_file() else None


def summary(version: RegisterVersion) -> list[str]:
    """Return what the check found, a sentence a line."""
    counts: dict[str, Any] = version.counts
    if not counts:
        return []
    lines = [
        _("共 %(rows)s 行，另有 %(bad)s 行读不了、%(duplicates)s 行与别的行重复。")
        % {"rows": f"{counts['rows']:,}", "bad": f"{counts['bad']:,}", "duplicates": f"{counts['duplicates']:,}"},
        _(
            "统一社会信用代码有效 %(codes)s 行，15位旧注册号 %(legacy)s 行，"
            "代码有误 %(wrong)s 行，没有代码 %(none)s 行。"
        )
        % {
            "codes": f"{counts['codes']:,}",
            "legacy": f"{counts['legacy']:,}",
            "wrong": f"{counts['wrong_codes']:,}",
            "none": f"{counts['without_code']:,}",
        },
        _("本省 %(inside)s 行，外省 %(outside)s 行（只留在名录中，不识别），地区没有识别 %(without)s 行。")
        % {
            "inside": f"{counts['inside']:,}",
            "outside": f"{counts['outside']:,}",
            "without": f"{counts['without_region']:,}",
        },
    ]
    totals = version.preview.get("totals")
    if totals:
        lines.append(
            _(
                "与第 %(former)s 版相比：新出现 %(new)s 家，不再登记 %(gone)s 家，更换代码 %(recoded)s 家，"
                "更名 %(renamed)s 家，迁址 %(moved)s 家，变更经营范围 %(scope)s 家，"
                "变更注册资本 %(capital)s 家，变更登记状态 %(status)s 家。"
            )
            % {
                "former": version.follows.number if version.follows else "",
                **{kind: f"{number:,}" for kind, number in totals.items()},
            }
        )
    return lines


def changes_of(viewer: Viewer, version: RegisterVersion) -> QuerySet[EnterpriseChange]:
    """Return what changed with enterprises the viewer sees when a version was loaded, newest first."""
    seen = Enterprise.objects.visible_to(viewer).order_by().values("pk")
    rows = EnterpriseChange.objects.filter(register=version, enterprise__in=seen)
    return rows.select_related("enterprise__region__parent")


@dataclass(frozen=True)
class CityLine:
    """What changed in one city between two versions, over all rows of the register."""

    label: str
    counts: dict[str, int]


def cities_of(version: RegisterVersion) -> list[CityLine]:
    """Return the changes of a version by city, in the order of codes; unknown places and other provinces last."""
    by_city: dict[str, dict[str, int]] = version.preview.get("by_city", {})
    names = {row.code: row.label for row in Region.objects.filter(code__in=by_city)}
    last = {"": _("地区没有识别"), "outside": _("外省")}
    known = [CityLine(names.get(code, code), by_city[code]) for code in sorted(by_city) if code not in last]
    return known + [CityLine(label, by_city[code]) for code, label in last.items() if code in by_city]


def twins(viewer: Viewer) -> QuerySet[Twin]:
    """Return the pairs that may be one enterprise, as far as the viewer sees both."""
    return Twin.objects.visible_to(viewer).select_related("left__region__parent", "right__region__parent")


def twin_by_pk(viewer: Viewer, pk: int) -> Twin:
    """Return one pair. Raises Twin.DoesNotExist; missing and hidden look the same."""
    return twins(viewer).select_related("left__gone_in", "right__gone_in", "asked_in").get(pk=pk)


def next_twin(viewer: Viewer, after: Twin) -> Twin | None:
    """Return the open pair that follows one in the order of the list, or the first, or None."""
    rows = twins(viewer).filter(state=TwinState.OPEN).exclude(pk=after.pk).order_by("-likeness", "pk")
    behind = rows.filter(Q(likeness__lt=after.likeness) | Q(likeness=after.likeness, pk__gt=after.pk))
    return behind.first() or rows.first()


def open_twins(viewer: Viewer) -> int:
    """Return how many pairs a viewer sees wait for somebody to say whether they are one."""
    return Twin.objects.visible_to(viewer).filter(state=TwinState.OPEN).count()


@dataclass(frozen=True)
class Finding:
    """One kind of thing that could not be read: how many there were, and some of them (row, name, why, content)."""

    label: str
    count: int
    hint: str
    examples: list[list[str]]


def findings(version: RegisterVersion) -> list[Finding]:
    """Return what could not be read in a version, by kind; kinds of which there was none are left out."""
    counts: dict[str, Any] = version.counts
    examples = counts.get("examples", {})
    kinds = (
        (_("代码有误"), counts.get("wrong_codes", 0), _("按记录编号或名称和登记地识别同一企业"), "uscc"),
        (_("重复"), counts.get("duplicates", 0), _("同一代码只留一行：未注销、成立晚、内容全的在先"), "duplicates"),
        (_("地区没有识别"), counts.get("without_region", 0), _("照原样保留登记地，不计入任何市"), "region"),
        (_("地区识别到市"), counts.get("region_partly", 0), _("县（市、区）没有识别，计入所属设区市"), "region"),
        (_("注册资本读不了"), counts.get("capital_unread", 0), _("作未知，原文保留"), "capital"),
        (_("注册资本为外币"), counts.get("capital_foreign", 0), _("作未知，不折算，原文保留"), "capital"),
        (_("日期读不了"), counts.get("dates_unread", 0), _("作未知"), "registered_on"),
        (_("专利数读不了"), counts.get("patents_unread", 0), _("作未知"), "patents"),
        (_("行业代码读不了"), counts.get("activity_unread", 0), _("作未知"), "activity"),
    )
    return [Finding(label, count, hint, examples.get(key, [])) for label, count, hint, key in kinds if count]


def warnings(version: RegisterVersion) -> list[str]:
    """Return what a person should look at before the version is confirmed."""
    counts: dict[str, Any] = version.counts
    told = []
    if counts.get("capital_without_unit"):
        told.append(
            _("有 %(n)s 个注册资本没有写单位，按“元”读。如实为万元，请把列名改为“注册资本（万元）”后重新上传。")
            % {"n": f"{counts['capital_without_unit']:,}"}
        )
    if counts and not counts.get("codes"):
        told.append(_("没有一行有有效的统一社会信用代码：企业更名、迁址难以跟踪。请核对是否漏了这一列。"))
    if counts and not counts.get("inside"):
        told.append(_("没有一行识别为本省企业：载入后没有企业可以识别。请核对省、市、地区代码各列。"))
    totals = version.preview.get("totals")
    former = version.follows
    if totals and former is not None and totals["gone"] * 5 > former.rows:
        told.append(
            _("第 %(former)s 版中有 %(gone)s 家不在这一版里，超过五分之一。请核对这一版是否完整。")
            % {"former": former.number, "gone": f"{totals['gone']:,}"}
        )
    if former is not None and former.as_of > version.as_of:
        told.append(_("数据截止日早于现行版（%(day)s）。") % {"day": former.as_of.isoformat()})
    return told
