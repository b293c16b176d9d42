"""What a verification found: faults in sentences that say what and where, and what was verified."""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit.chain import START, Link


class What(StrEnum):
    """What is wrong, for programs; people read the sentence."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    HEAD = "head"
    REWRITTEN = "rewritten"
    ARCHIVE = "archive"
    ANCHOR_MISSING = "anchor_missing"
    ANCHOR_EDITED = "anchor_edited"
    ANCHOR_CUT = "anchor_cut"
    ANCHOR_BEHIND = "anchor_behind"
    ANCHOR_FOREIGN = "anchor_foreign"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what, at which record (None for a fault of the anchor file alone), and the sentence for people."""

    what: What
    number: int | None
    sentence: str


@dataclass(slots=True)
class Report:
    """The outcome of a verification. `count` records were found sound, `archived` of them in `archives` files."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int = 0
    archived: int = 0
    archives: int = 0
    first_at: dt.datetime | None = None
    last_at: dt.datetime | None = None
    last: Link = START
    anchored: int | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def lines(self) -> list[str]:
        """Return the outcome as sentences, faults first."""
        told = [fault.sentence for fault in self.faults]
        if self.sound and not self.count:
            told.append(_("审计日志完好：还没有记录。"))
        elif self.sound:
            told.append(
                _("审计日志完好：%(n)d 条记录首尾相连，%(first)s 至 %(last)s，最后一条哈希 %(hash)s。")
                % {"n": self.count, "first": when(self.first_at), "last": when(self.last_at), "hash": self.last.hash}
            )
        if self.archives:
            told.append(_("其中 %(n)d 条在 %(files)d 个归档文件中。") % {"n": self.archived, "files": self.archives})
        if self.anchored is not None:
            told.append(_("锚文件已对到第 %(n)d 条。") % {"n": self.anchored})
        return told + self.notes


def when(at: dt.datetime | str | None) -> str:
    """Return a moment in local time, to the second."""
    if at is None:
        return "—"
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def broken(number: int, what: str) -> Fault:
    """Return the fault of a record that breaks the chain."""
    sentences = {
        What.ALTERED: _("第 %(n)d 条记录内容被改动。"),
        What.REMOVED: _("第 %(n)d 条记录缺失（记录被删除）。"),
        What.INSERTED: _("第 %(n)d 条记录与前一条不衔接（记录被插入或替换）。"),
    }
    return Fault(What(what), number, sentences[What(what)] % {"n": number})
