"""An Excel workbook becomes changes of the draft: checked and compared first, saved whole or not at all."""

from dataclasses import dataclass, field
from typing import IO

from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit.registry import register
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.models import StoredFile
from xiandao.domains.files.scanning import scan
from xiandao.domains.files.storing import fingerprint, store
from xiandao.domains.industries.actions.revising import revise
from xiandao.domains.industries.content import Change, Content, apply, diff, new_faults
from xiandao.domains.industries.models import CatalogueVersion, Industry
from xiandao.domains.industries.queries.catalogue import content_of
from xiandao.domains.industries.workbook.reading import BookIn, Fault, read
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.shared.archives import UnsafeArchive
from xiandao.domains.shared.excel_in import read_workbook

READ_IN = register("catalogue.excel_read", gettext_lazy("从 Excel 读入产品目录草案"))
_SALT = "catalogue.excel"
_HOURS = 12 * 3600
_WHY = "the sender's own file, named by a signed token"


@dataclass(slots=True)
class Reading:
    """What a workbook would do to a draft: faults, or the content before and after. `merged`: into a changed draft."""

    faults: list[Fault] = field(default_factory=list)
    before: Content = field(default_factory=Content)
    after: Content = field(default_factory=Content)
    merged: bool = False
    token: str = ""

    @property
    def changes(self) -> list[Change]:
        """What would change."""
        return diff(self.before, self.after)


def check_workbook(actor: Viewer, *, draft: CatalogueVersion, name: str, content: IO[bytes]) -> Reading:
    """Read a workbook for the draft and say what it would change; nothing is saved but the file.

    Raises Refused where it is no .xlsx, too large, dangerous, or made from a content that cannot be told any more.
    """
    take_in = _Upload(name, content)
    reading = _read(draft, content)
    if not reading.faults:
        take_in.keep()
        reading.token = signing.dumps([actor.user_id, draft.pk, take_in.sha256, reading.before.digest], salt=_SALT)
    return reading


def save_workbook(actor: Viewer, *, pk: int, token: str) -> list[Change]:
    """Save what `check_workbook` showed. Raises Conflict where the draft changed since, Refused for a stale token."""
    try:
        user, draft_pk, sha256, digest = signing.loads(token, salt=_SALT, max_age=_HOURS)
    except signing.BadSignature as error:
        raise Refused(_("这次读入已经过期，请重新上传文件。")) from error
    if user != actor.user_id or draft_pk != pk:
        raise Refused(_("这次读入不是您的，请重新上传文件。"))
    draft = CatalogueVersion.objects.visible_to(actor).select_related("based_on").get(pk=pk)

    def edit(old: Content) -> Content:
        if old.digest != digest:
            raise Conflict(_("看过差别以后，草案又被改动，什么都没有保存。请重新上传，再看一遍差别。"))
        stored = StoredFile.objects.for_system(_WHY).get(sha256=sha256)
        with default_storage.open(stored.path) as stream:
            reading = _read(draft, stream)
        if reading.faults:
            raise Conflict(_("文件现在读不了，请重新上传。"))
        return reading.after

    return revise(actor, pk=pk, label=_("Excel"), edit=edit, action=READ_IN)


class _Upload:
    """A file handed in: looked over when made, kept when asked to."""

    def __init__(self, name: str, content: IO[bytes]) -> None:
        if not name.lower().endswith(".xlsx"):
            raise Refused(_("请上传 .xlsx 文件；旧版 .xls 请在 Excel 或 WPS 中另存为 .xlsx。"))
        limits = file_limits()
        self.sha256, self.size = fingerprint(content)
        self.content = content
        if not self.size:
            raise Refused(_("文件是空的。请核对是否选对了文件。"))
        if self.size > limits.size:
            raise Refused(_("文件超过 %(limit)s MB 的上限。") % {"limit": limits.megabytes})
        scan(content)

    def keep(self) -> None:
        path = store(self.content, self.sha256, self.size)
        defaults = {"size": self.size, "path": path, "stored_at": timezone.now()}
        StoredFile.objects.for_system(_WHY).get_or_create(sha256=self.sha256, defaults=defaults)


def _read(draft: CatalogueVersion, content: IO[bytes]) -> Reading:
    now = content_of(draft)
    industries = set(Industry.objects.values_list("code", flat=True))
    try:
        book = read(read_workbook(content, limits=file_limits().archive), known=now, industries=industries)
    except UnsafeArchive as unsafe:
        raise Refused(str(unsafe.reason)) from unsafe
    if book.faults:
        return Reading(faults=book.faults)
    base = _base(draft, now, book)
    after = book.content if base is now else apply(now, diff(base, book.content))
    return Reading(book.located(new_faults(now, after)), now, after, merged=base is not now)


def _base(draft: CatalogueVersion, now: Content, book: BookIn) -> Content:
    """Return the content the workbook was made from. Raises Conflict where that cannot be told any more."""
    if book.digest == now.digest:
        return now
    if draft.based_on is not None and book.digest == draft.based_on.digest:
        return content_of(draft.based_on)
    rows = CatalogueVersion.objects.for_system("published versions").exclude(code="")
    version = rows.filter(digest=book.digest).first()
    if version is not None:
        return content_of(version)
    raise Conflict(
        _("这份文件是从草案的旧样子导出的，之后草案又改过；照它保存会冲掉别人的修改。请重新导出，把改动移过去再读入。")
    )
