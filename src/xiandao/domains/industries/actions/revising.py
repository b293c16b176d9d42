"""The one door through which a draft is changed: right, state, rules, tables and audit in one transaction."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import RegisteredAction, name_kind, register
from xiandao.domains.industries.actions.storing import write_changes
from xiandao.domains.industries.content import Change, Content, fields_of, new_faults
from xiandao.domains.industries.models import CatalogueState, CatalogueVersion
from xiandao.domains.industries.queries.catalogue import content_of
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer

KIND: Final = "catalogue"
name_kind(KIND, gettext_lazy("产品目录"))
_CHANGED = register("catalogue.changed", gettext_lazy("修订产品目录草案"))
_LISTED: Final = 200
"""Changes written out in one audit record; their number is always there."""
_SHOWN: Final = 12
Edit = Callable[[Content], Content]


def take_draft(actor: Viewer, pk: int) -> CatalogueVersion:
    """Return the open draft, locked. Raises DoesNotExist, Refused without the right, Conflict where it is no draft."""
    rows = CatalogueVersion.objects.visible_to(actor).select_for_update(of=("self",))
    draft: CatalogueVersion = rows.get(pk=pk)
    if not actor.can(Can.EDIT_CATALOGUE):
        raise Refused(_("您的岗位不能修订产品目录。"))
    if draft.state != CatalogueState.DRAFT:
        raise Conflict(
            _("这份草案已%(state)s，不能再改。请另开一份草案。")
            % {"state": _("发布") if draft.state == CatalogueState.PUBLISHED else _("结束")}
        )
    return draft


@transaction.atomic
def revise(
    actor: Viewer, *, pk: int, label: str, edit: Edit, action: RegisteredAction = _CHANGED, strict: bool = True
) -> list[Change]:
    """Change the draft by a function from content to content and return what changed; one audit record, or none.

    `label` says for the log what was done. `strict`: refuse what breaks a rule that was kept before. Raises Refused
    with every broken rule; the function itself raises Refused or Conflict where it cannot be done.
    """
    draft = take_draft(actor, pk)
    old = content_of(draft)
    new = edit(old)
    if strict:
        faulty = [each.message for each in new_faults(old, new)]
        if faulty:
            raise Refused(_sentences(faulty))
    changes = write_changes(draft, old, new)
    if not changes:
        return []
    draft.digest = new.digest
    draft.revision += 1
    draft.save(update_fields=["digest", "revision"])
    audit.record(actor, action, kind=KIND, key=str(draft.pk), label=label[:200], **_logged(changes))
    return changes


def _sentences(messages: list[str]) -> str:
    shown = list(dict.fromkeys(messages))
    text = _("；").join(shown[:_SHOWN])
    if len(shown) > _SHOWN:
        text += _("；另有 %(more)s 处") % {"more": len(shown) - _SHOWN}
    return text + _("。")


def _logged(changes: list[Change]) -> dict[str, Any]:
    """Return what the log keeps of changes: each record's fields before and after."""
    before = {each.key: _own(each.before, each) for each in changes[:_LISTED] if each.before is not None}
    after = {each.key: _own(each.after, each) for each in changes[:_LISTED] if each.after is not None}
    return {"before": before or None, "after": after | {"count": len(changes)}}


def _own(part: Any, change: Change) -> dict[str, Any]:
    names = {name for name, _old, _new in change.fields}
    return {name: value for name, value in fields_of(part).items() if name != "order" and (not names or name in names)}
