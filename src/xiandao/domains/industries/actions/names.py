"""The words under which documents print products and segments: taken down, corrected, removed."""

from dataclasses import asdict, dataclass
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import name_kind, register
from xiandao.domains.industries.models import ProductName
from xiandao.domains.industries.queries.catalogue import in_force
from xiandao.domains.industries.queries.targets import targets
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

KIND: Final = "product_name"
name_kind(KIND, gettext_lazy("产品的表述"))
SAVED = register("catalogue.name_saved", gettext_lazy("登记文件中的表述"))
REMOVED = register("catalogue.name_removed", gettext_lazy("删除文件中的表述"))


@dataclass(frozen=True, slots=True)
class NewName:
    """How a document prints a product or segment (`target`)."""

    target: str
    document: str
    title: str
    printed: str
    relation: str
    source: str = ""


def save_name(actor: Viewer, *, name: NewName, pk: int | None = None) -> ProductName:
    """Take a name down, or correct one. Raises Refused without the right or for an unknown target, Conflict twice."""
    _require(actor)
    version = in_force()
    if version is None or name.target not in targets(version):
        raise Refused(_("现行目录里没有“%(target)s”。写成 产业代码/环节或产品代码。") % {"target": name.target})
    try:
        with transaction.atomic():
            row = ProductName() if pk is None else ProductName.objects.select_for_update().get(pk=pk)
            before = None if pk is None else _facts(row)
            for field, value in asdict(name).items():
                setattr(row, field, value.strip())
            row.save()
            audit.record(actor, SAVED, kind=KIND, key=str(row.pk), label=row.printed, before=before, after=_facts(row))
    except IntegrityError as error:
        raise Conflict(_("这份文件里的这个表述已经登记在这一项下。")) from error
    return row


@transaction.atomic
def remove_name(actor: Viewer, *, pk: int) -> None:
    """Remove a name."""
    _require(actor)
    row = ProductName.objects.select_for_update().get(pk=pk)
    audit.record(actor, REMOVED, kind=KIND, key=str(pk), label=row.printed, before=_facts(row))
    row.delete()


def _require(actor: Viewer) -> None:
    if not actor.can(Can.EDIT_CATALOGUE):
        raise Refused(_("您的岗位不能修订产品目录。"))


def _facts(row: ProductName) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("target", "document", "title", "printed", "relation", "source")}
