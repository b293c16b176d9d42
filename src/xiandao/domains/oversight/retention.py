"""How long audit records stay in the database, by the policy pack in use."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiandao.domains.orgs.permission import Refused
from xiandao.packs import load_pack


def months_kept() -> int:
    """Return the months audit records stay in the database: the longer of log_retention and audit_retention.

    Raises Refused where the pack of the settings has no security.yaml: then nothing may be moved out.
    """
    homes = (Path(folder) / settings.PACK for folder in settings.PACK_DIRS)
    folder = next((home for home in homes if home.is_dir()), None)
    security = load_pack(folder).security if folder else None
    if security is None:
        raise Refused(_("政策包没有 security.yaml，不知道审计记录要保存多久，不能归档。"))
    return max(security.log_retention.value, security.audit_retention.value)
