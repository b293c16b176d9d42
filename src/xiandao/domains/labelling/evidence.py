"""Files of an objection: the enterprise adds them while it is open; whoever sees the objection sees them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.labelling.models import Objection, ObjectionState
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer


def _may_see(viewer: Viewer, key: str) -> bool:
    return Objection.objects.visible_to(viewer).filter(code=key).exists()


def _seen(viewer: Viewer, keys: Collection[str]) -> set[str]:
    return set(Objection.objects.visible_to(viewer).filter(code__in=list(keys)).values_list("code", flat=True))


def _may_change(viewer: Viewer, key: str) -> Answer:
    objection = Objection.objects.visible_to(viewer).filter(code=key).first()
    if objection is None:
        return refuse(_("没有找到这件异议。"))
    if not viewer.can(Can.OBJECT_CLASSIFICATION) or objection.raised_by_id != viewer.organisation_id:
        return refuse(_("材料由提出异议的企业添加。"))
    if objection.state != ObjectionState.RAISED:
        return refuse(_("异议已经办结，材料不再改动。"))
    return ALLOWED


HOLDER = register_holder(HolderKind("labelling.objection", _("企业异议的材料"), _may_see, _may_change, _seen))
