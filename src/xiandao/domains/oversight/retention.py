"""How long audit records stay in the database, by the security values in force."""

from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.queries import security_values

_KEYS = ("log_retention", "audit_retention")


def months_kept() -> int:
    """Return the months audit records stay in the database: the longer of log_retention and audit_retention.

    Raises Refused where no pack with security values was loaded: then nothing may be moved out.
    """
    found = {row.key: row.in_force for row in security_values()}
    if not all(key in found for key in _KEYS):
        raise Refused(_("没有安全数值，不知道审计记录要保存多久，不能归档：请先载入带有 security.yaml 的政策包。"))
    return max(found[key] for key in _KEYS)
