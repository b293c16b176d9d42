"""Security values of an office's own, in place of those of the pack."""

from dataclasses import fields

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import SecurityUnit, SecurityValue
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import SecurityPolicy
from xiandao.domains.orgs.viewer import Viewer

SECURITY_SET = register("orgs.security_set", gettext_lazy("调整安全数值"))
_MOST = 100_000
_FIXED = {"factors_admin"}  # what the standard itself demands
ADJUSTABLE = frozenset(field.name for field in fields(SecurityPolicy)) - _FIXED
_CLASSES = 4  # capitals, small letters, digits, signs: there are no more


@transaction.atomic
def set_security_value(actor: Viewer, *, key: str, value: int | None, reason: str) -> SecurityValue:
    """Set an office's own value, or with None go back to the pack's. It holds from the next sign-in on.

    Raises Refused unless a security administrator acts, without a reason, and for a value that would lock everybody
    out; Conflict where nothing changes; SecurityValue.DoesNotExist.
    """
    if not actor.can(Can.APPROVE_GRANTS):
        raise Refused(_("只有安全管理员可以调整安全数值。"))
    row = SecurityValue.objects.select_for_update().get(key=key)
    if key not in ADJUSTABLE:
        raise Refused(_("这个数值由标准或法规规定，不能在这里调整。"))
    if not reason.strip():
        raise Refused(_("请写明理由。"))
    most = _CLASSES if row.unit == SecurityUnit.CLASSES else _MOST
    if value is not None and not 1 <= value <= most:
        raise Refused(_("应为 1 到 %(most)s 的整数。") % {"most": most})
    own = None if value == row.value else value
    if own == row.own_value:
        raise Conflict(_("没有改动。"))
    before = row.in_force
    row.own_value = own
    row.save(update_fields=["own_value"])
    audit.record(
        actor,
        SECURITY_SET,
        kind="security_value",
        key=key,
        label=key,
        before={"value": before},
        after={"value": row.in_force},
        reason=reason.strip(),
    )
    return row
