"""Reading registers: versions, what was found in each, what changed between two, runs and how they differ."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.models import RegisterState, RegisterVersion
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
    path = lake.place(f"registers/{version.number}-{what}.csv")
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
