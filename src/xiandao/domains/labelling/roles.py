"""What reviewers say of an enterprise: a role by industry. Comparing, checking and wording it."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from xiandao.domains.enterprises.models import EnterpriseRole
from xiandao.domains.orgs.permission import Refused

NONE = "none"
COUNTED = (EnterpriseRole.CORE.value, EnterpriseRole.SERVICE.value)
"""The roles that count an enterprise into an industry."""
CATEGORIES = (*EnterpriseRole.values, NONE)
Roles = Mapping[str, str]


def counts(role: str) -> bool:
    """Whether a role makes an enterprise one of the industry."""
    return role in COUNTED


def alike(one: Roles, other: Roles) -> bool:
    """Whether two readers said the same. Mentioned and not there at all amount to the same: neither belongs."""
    return _weighty(one) == _weighty(other)


def differing(one: Roles, other: Roles) -> list[str]:
    """Return the industries two readers differ on, in alphabetical order."""
    left, right = _weighty(one), _weighty(other)
    return sorted(code for code in left.keys() | right.keys() if left.get(code) != right.get(code))


def _weighty(roles: Roles) -> dict[str, str]:
    return {code: role for code, role in roles.items() if role not in {EnterpriseRole.MENTION, NONE}}


def checked(given: Roles, industries: Collection[str], *, required: Iterable[str] = ()) -> dict[str, str]:
    """Return role by industry as it is kept: without those that do not belong. Raises Refused for an unknown industry
    or role, and for an industry of which a term was found and nothing is said.
    """
    for code, role in given.items():
        if code not in industries:
            raise Refused(_("没有产业“%(code)s”。") % {"code": code})
        if role not in CATEGORIES:
            raise Refused(_("“%(role)s”不是角色：请选核心、服务、贸易、提及或不属于。") % {"role": role})
    if missing := [code for code in required if code not in given]:
        raise Refused(_("还有 %(n)d 个产业没有判断：每个找到用语的产业都要选一项。") % {"n": len(missing)})
    return {code: role for code, role in sorted(given.items()) if role != NONE}


def worded(roles: Roles | None, names: Mapping[str, str]) -> str:
    """Return the roles as words, such as 氢能：核心；新型储能：贸易, or 都不属于."""
    if roles is None:
        return "—"
    said = [
        f"{names.get(code, code)}：{EnterpriseRole(role).label}"
        for code, role in roles.items()
        if role in CATEGORIES[:-1]
    ]
    return "；".join(said) or str(_("都不属于"))
