"""What strata are called."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import Decision
from xiandao.domains.labelling.frame import OTHER, UNSEEN


def stratum_label(code: str, names: Mapping[str, str]) -> str:
    """Return what a stratum is called, such as 氢能 · 计入."""
    if code == UNSEEN:
        return _("没有找到目录用语")
    if code == OTHER:
        return _("只涉及其他产业")
    industry, _colon, decision = code.partition(":")
    label = Decision(decision).label if decision in Decision.values else decision
    return f"{names.get(industry, industry)} · {label}"
