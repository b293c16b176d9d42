"""What every action of programmes needs: refusals that name fields, what is logged, how objects are called there."""

import datetime as dt
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiandao.domains.audit.registry import name_kind
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.progress.models import Sequence

PROGRAMME, CALL, APPLICATION, NEED = "programme", "call", "application", "need"
name_kind(PROGRAMME, _("专项"))
name_kind(CALL, _("申报通知"))
name_kind(APPLICATION, pgettext_lazy("application", "申报"))
name_kind(NEED, _("榜单需求"))
WHY: Final = "the action has checked who acts"
LONGEST_REASON: Final = 2000


class BadFields(Refused):
    """Fields are missing or wrong: (field, sentence) each."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(dict.fromkeys(sentence for _field, sentence in faults)))
        self.faults = faults


def needed(text: str, sentence: str | Promise, *, field: str = "reason") -> str:
    """Return a text without blanks around it. Raises BadFields where there is none."""
    if not text.strip():
        raise BadFields([(field, str(sentence))])
    return text.strip()[:LONGEST_REASON]


def numbered(prefix: str, name: str, moment: dt.datetime, *, digits: int = 3) -> str:
    """Return the next number of the year: PREFIX2026-001."""
    year = moment.year
    return f"{prefix}{year}-{Sequence.take(name, year):0{digits}}"
