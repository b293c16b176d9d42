"""Walking the whole log in order, archives first, a few thousand records at a time, with the anchor beside it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.audit import anchor as anchors
from xiandao.domains.audit import archives, guard, repair
from xiandao.domains.audit.chain import Sealed, Walk
from xiandao.domains.audit.models import STORED, AuditArchive, AuditHead, AuditRecord, sealed
from xiandao.domains.audit.verify.anchored import AnchorReader
from xiandao.domains.audit.verify.report import Fault, Report, What, broken

BATCH = 5_000
Progress = Callable[[int, int], None]


def verify(
    *,
    anchor: Path | None = None,
    archive_folder: Path | None = None,
    progress: Progress | None = None,
    now: dt.datetime | None = None,
) -> Report:
    """Verify the log and return what was found; memory stays the same however long the log is.

    `anchor` is the anchor file (the setting's unless given), `archive_folder` where archives lie; `progress` is called
    with (records done, records in all). Records written while it runs are left for the next verification.
    """
    known = list(AuditArchive.objects.order_by("first"))
    repair.settle()
    path = anchor or anchors.place()
    while True:
        work = _Verification(known, path, archive_folder or archives.folder(), progress or (lambda *_: None))
        report = work.run(now or timezone.now())
        after = list(AuditArchive.objects.order_by("first"))
        if report.sound or after == known:
            return report
        known = after  # records moved into an archive while we looked for them: look again


class _Verification:
    """One walk over archives, database and anchor."""

    def __init__(self, known: list[AuditArchive], path: Path | None, folder: Path, progress: Progress) -> None:
        # The order matters while others write: anchor, last record, head can only grow in this order.
        self._anchor = AnchorReader(path) if path else None
        self._top: int = AuditRecord.objects.aggregate(top=Max("number"))["top"] or 0
        self._head = AuditHead.objects.filter(id=1).first() or AuditHead()
        self._known = known
        self._folder = folder
        self._progress = progress
        self._walk = Walk()
        self._report = Report(archives=len(known))
        self._ledger = ""

    def run(self, now: dt.datetime) -> Report:
        """Walk and return the report."""
        if self._anchor:
            self._anchor.begin(self._head)
        for archive in self._known:
            self._through(archive)
        if not any(fault.what is not What.ARCHIVE for fault in self._report.faults):
            self._fault(self._records() or self._ending())
        self._close(now)
        return self._report

    def _fault(self, fault: Fault | None) -> None:
        if fault is not None:
            self._report.faults.append(fault)

    def _through(self, archive: AuditArchive) -> None:
        """Follow the chain through an archive; where its file is missing go on from the link it sealed."""
        path = self._folder / archive.file
        if archive.first != self._walk.link.number + 1:
            self._fault(broken(self._walk.link.number + 1, What.REMOVED))
        try:
            if archives.fingerprint(path) != archive.sha256:
                words = _("归档文件 %(file)s（第 %(a)d 至 %(b)d 条）的指纹与封存时不同（文件被改动或替换）。")
                self._fault(Fault(What.ARCHIVE, archive.first, words % self._words(archive)))
            elif (fault := self._follow(archives.read(path))) or self._walk.link != archive.link:
                self._fault(fault or broken(archive.last, What.ALTERED))
        except archives.ArchiveError:
            words = _("归档文件 %(file)s（第 %(a)d 至 %(b)d 条）不在归档文件夹中，或读不了。")
            self._fault(Fault(What.ARCHIVE, archive.first, words % self._words(archive)))
        self._walk.link = archive.link
        self._report.archived += archive.last - archive.first + 1

    def _words(self, archive: AuditArchive) -> dict[str, str | int]:
        return {"file": archive.file, "a": archive.first, "b": archive.last}

    def _follow(self, records: Iterator[Sealed]) -> Fault | None:
        """Take records of the chain until one does not fit; return that fault."""
        report, anchor, walk = self._report, self._anchor, self._walk
        for record in records:
            found = walk.step(record)
            if found is not None:
                return broken(*found)
            if record.number == 1:
                self._ledger = record.hash
            if anchor is not None:
                anchor.meet(record.number, record.hash)
                if anchor.fault is not None and anchor.fault.what is What.REWRITTEN:
                    return None  # said when the walk is closed
            if report.first_at is None:
                report.first_at = dt.datetime.fromisoformat(record.content["at"])
            report.count += 1
            if record.number % BATCH == 0:
                self._progress(record.number, self._head.number)
            report.last_at = record.content["at"]  # made a date once, at the end
        return None

    def _records(self) -> Fault | None:
        """Follow the chain through the database."""
        left = AuditRecord.objects.filter(number__lte=self._walk.link.number).values_list("number", flat=True).first()
        if left is not None:
            return broken(left, What.INSERTED)
        return self._follow(self._rows())

    def _rows(self) -> Iterator[Sealed]:
        """Yield the records up to the head, read in batches so that nothing is held open."""
        number = self._walk.link.number
        while number < self._head.number:
            rows = AuditRecord.objects.filter(number__gt=number, number__lte=self._head.number).order_by("number")
            batch = list(rows.values_list(*STORED)[:BATCH])
            if not batch:
                return
            number = batch[-1][0]
            yield from map(sealed, batch)

    def _ending(self) -> Fault | None:
        """Return what is wrong at the end: records missing before the head, or standing behind it."""
        link, head = self._walk.link, self._head
        if self._anchor and self._anchor.fault and self._anchor.fault.what is What.REWRITTEN:
            return None
        if link.number < head.number:
            return broken(link.number + 1, What.REMOVED)
        if (head.number and link.hash != head.hash) or self._ledger not in ("", head.ledger):
            words = _("链头与第 %(n)d 条记录不符（链头被改动）。")
            return Fault(What.HEAD, head.number, words % {"n": head.number})
        if self._top > head.number:
            words = _("第 %(n)d 条起的记录不是由先导写入的：链头停在第 %(head)d 条（记录被插入，或链头被改写）。")
            return Fault(What.INSERTED, head.number + 1, words % {"n": head.number + 1, "head": head.number})
        return None

    def _close(self, now: dt.datetime) -> None:
        """Add what the anchor says, and what should be known besides."""
        report, anchor = self._report, self._anchor
        report.last = self._walk.link
        if isinstance(report.last_at, str):
            report.last_at = dt.datetime.fromisoformat(report.last_at)
        if anchor is None:
            report.notes.append(_("没有设置锚文件：末尾的记录若连同链头一起被改，无法发现。"))
        else:
            if not report.faults:  # behind a break the anchor could only repeat it
                anchor.finish(report.last.number, now)
            self._fault(anchor.fault)
            report.anchored = anchor.matched
        gone = guard.missing(connection)
        if gone:
            report.notes.append(
                _("提示：数据库中的防改触发器不全（缺 %(names)s），请运行 xiandao audit guard 补上并查明原因。")
                % {"names": "、".join(gone)}
            )
        self._progress(self._head.number, self._head.number)
