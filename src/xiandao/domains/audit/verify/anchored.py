"""Reading the anchor beside the chain: is it whole itself, and does the chain pass through what it holds?"""

import datetime as dt
from collections.abc import Iterator
from os import SEEK_END
from pathlib import Path

from django.utils.translation import gettext as _

from xiandao.domains.audit.anchor import Mark, parse
from xiandao.domains.audit.chain import GENESIS
from xiandao.domains.audit.models import AuditHead, AuditRecord
from xiandao.domains.audit.verify.report import Fault, What, when

GRACE = dt.timedelta(seconds=10)
"""How long a record may wait for its anchor before that is a fault; a busy process writes every second."""


def _size(path: Path) -> int:
    """Return how long a file is, -1 where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return file.seek(0, SEEK_END)
    except OSError:
        return -1


class AnchorReader:
    """Walks the anchor in step with the records. Holds the first fault found, then asks no more.

    Only what the file held when the reader was made is looked at: the product may be writing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fault: Fault | None = None
        self.matched = 0
        self._size = _size(path)
        self._last: Mark | None = None
        self._head = AuditHead()
        self._lines: Iterator[Mark] = iter(())
        self._mark: Mark | None = None

    def begin(self, head: AuditHead) -> None:
        """Start reading, for the log whose head this is."""
        self._head = head
        if self._size < 0:
            if head.number:
                self.fault = Fault(
                    What.ANCHOR_MISSING,
                    None,
                    _("锚文件 %(file)s 不存在或读不了：无法证明末尾的记录没有被截去。") % {"file": self.path},
                )
            return
        self._lines = self._read()
        self._next()

    def meet(self, number: int, digest: str) -> None:
        """Compare the next record of the chain with the anchor."""
        while self._mark is not None and self._mark.number < number:
            self._next()
        mark = self._mark
        if mark is None or mark.number != number:
            return
        if mark.hash != digest:
            words = _(
                "第 %(n)d 条记录与锚文件第 %(line)d 行（%(at)s）所记的哈希不同："
                "第 %(from)d 至 %(n)d 条中有记录被改动，其后的哈希被重算。"
            )
            values = {"n": number, "line": mark.line, "at": when(mark.at), "from": self.matched + 1}
            self._stop(Fault(What.REWRITTEN, self.matched + 1, words % values))
            return
        self.matched = number
        self._next()

    def finish(self, last: int, now: dt.datetime) -> None:
        """Say what the anchor holds beyond the last record, and what of it is missing itself."""
        beyond, final = self._mark, self._mark
        while self._mark is not None:
            final = self._mark
            self._next()
        if self.fault is None and beyond is not None and final is not None:
            words = _(
                "第 %(n)d 条起的记录缺失：锚文件第 %(line)d 行证明 %(at)s 日志已写到第 %(to)d 条，"
                "而现在只到第 %(last)d 条（末尾的记录被删除，链头被改写）。"
            )
            values = {"n": last + 1, "line": final.line, "at": when(final.at), "to": final.number, "last": last}
            self.fault = Fault(What.REMOVED, last + 1, words % values)
        if self.fault is None and self._size >= 0:
            self.fault = self._cut() or self._behind(now)

    def _cut(self) -> Fault | None:
        """Return a fault where the file is shorter than it was when the last record was written."""
        lines = self._last.line if self._last else 0
        if lines >= self._head.anchor_lines:
            return None
        words = _("锚文件 %(file)s 只有 %(lines)d 行，写最后一条记录时已有 %(had)d 行（锚文件末尾被截去）。")
        values = {"file": self.path, "lines": lines, "had": self._head.anchor_lines}
        return Fault(What.ANCHOR_CUT, None, words % values)

    def _behind(self, now: dt.datetime) -> Fault | None:
        """Return a fault where records have waited too long for their anchor."""
        to = self._last.number if self._last else 0
        first = AuditRecord.objects.filter(number=to + 1).values_list("at", flat=True).first()
        if self._head.number <= to or first is None or now - first < GRACE:
            return None
        words = _(
            "锚文件只到第 %(to)d 条，日志已到第 %(head)d 条：锚文件末尾被截去，或写入进程中断。"
            "若刚发生过断电或进程终止，请运行 xiandao audit anchor 补写。"
        )
        return Fault(What.ANCHOR_BEHIND, to + 1, words % {"to": to, "head": self._head.number})

    def _stop(self, fault: Fault) -> None:
        self.fault, self._mark, self._lines = fault, None, iter(())

    def _next(self) -> None:
        self._mark = next(self._lines, None)

    def _read(self) -> Iterator[Mark]:
        """Yield the marks of the file as long as each follows from the one before."""
        left = self._size
        with self.path.open("rb") as file:
            while left > 0 and (line := file.readline(left)):
                left -= len(line)
                fault = self._follows(line)
                if fault is not None:
                    self._stop(fault)
                    return
                if self._last is not None:
                    yield self._last

    def _follows(self, line: bytes) -> Fault | None:
        """Return what is wrong with a line, None where it follows from the one before."""
        expected = (self._last.line if self._last else 0) + 1
        if not line.endswith(b"\n"):
            words = _("锚文件第 %(line)d 行不完整：被截断，或写入时断电。")
            return Fault(What.ANCHOR_EDITED, None, words % {"line": expected})
        mark = parse(line)
        linked = self._last.sum if self._last else GENESIS
        if mark is None or not mark.whole():
            words = _("锚文件第 %(line)d 行被改动。")
            return Fault(What.ANCHOR_EDITED, None, words % {"line": expected})
        if mark.line != expected or mark.previous != linked:
            words = _("锚文件第 %(line)d 行与前一行不衔接（有行被删除、插入或替换）。")
            return Fault(What.ANCHOR_EDITED, None, words % {"line": expected})
        if mark.ledger != self._head.ledger:
            words = _("锚文件 %(file)s 属于另一个数据库，或整本日志被换掉：第一条记录的哈希不同。")
            return Fault(What.ANCHOR_FOREIGN, None, words % {"file": self.path})
        if mark.line == self._head.anchor_lines and mark.sum != self._head.anchor_hash:
            words = _("锚文件第 %(line)d 行与数据库所记的不同（锚文件被整体重写）。")
            return Fault(What.ANCHOR_EDITED, None, words % {"line": expected})
        self._last = mark
        return None
