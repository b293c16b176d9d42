"""Files of an application: one holder for each field that asks for files, "CODE.field"."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files import queries as files
from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.orgs.permission import Answer, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.forms import form_of
from xiandao.domains.programmes.models import Application
from xiandao.domains.programmes.rules import editable_fields, may_write

KIND = "programmes.application"


def holder_key(application: Application, field: str) -> str:
    """Return the key files of a field are kept under."""
    return f"{application.code}.{field}"


def file_counts(application: Application, fields: Iterable[str]) -> dict[str, int]:
    """Return how many files each field has."""
    keys = {holder_key(application, field): field for field in fields}
    return {keys[key]: n for key, n in files.counts(KIND, list(keys)).items()}


def _code(key: str) -> str:
    return key.rpartition(".")[0]


def _may_see(viewer: Viewer, key: str) -> bool:
    return bool(_seen(viewer, [key]))


def _seen(viewer: Viewer, keys: Collection[str]) -> set[str]:
    codes = {_code(key) for key in keys}
    found = set(Application.objects.visible_to(viewer).filter(code__in=codes).values_list("code", flat=True))
    return {key for key in keys if _code(key) in found}


def _may_change(viewer: Viewer, key: str) -> Answer:
    rows = Application.objects.visible_to(viewer).select_related("call__version")
    application = rows.filter(code=_code(key)).first()
    if application is None:
        return refuse(_("没有找到这份申报。"))
    field = key.rpartition(".")[2]
    if field not in form_of(application.call.version).fields:
        return refuse(_("表单没有这一栏。"))
    answer = may_write(viewer, application)
    if answer and field not in editable_fields(application):
        return refuse(_("补正期间只能改动被退回的各栏。"))
    return answer


HOLDER = register_holder(HolderKind(KIND, _("申报材料"), _may_see, _may_change, _seen))
