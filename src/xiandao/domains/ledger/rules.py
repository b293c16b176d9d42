"""Who may keep the ledger, and from which state an entry goes to which: the one table of transitions."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiandao.domains.ledger.models import Entry
from xiandao.domains.ledger.models import EntryState as S
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an entry: from which states it leads where. `term`: which further date it asks for."""

    code: str
    label: str | Promise
    sources: tuple[S, ...]
    to: S
    term: str = ""
    term_label: str | Promise = ""
    by_clock: bool = False


_IN = (S.LISTED, S.RECTIFYING, S.DOWNGRADED)
MOVES: Final[dict[str, Move]] = {
    move.code: move
    for move in (
        Move("rectify", _("限期整改"), (S.LISTED, S.DOWNGRADED), S.RECTIFYING, "evaluate_on", _("整改期限")),
        Move("restore", _("整改合格，恢复在列"), (S.RECTIFYING, S.DOWNGRADED), S.LISTED, "evaluate_on", _("下次评价")),
        Move("downgrade", _("降级"), (S.LISTED, S.RECTIFYING), S.DOWNGRADED, "evaluate_on", _("下次评价")),
        Move("upgrade", _("升级，转入上一级名单"), (S.LISTED,), S.UPGRADED),
        Move("renew", _("续期，恢复在列"), (S.EXPIRED,), S.LISTED, "valid_to", _("有效期止")),
        Move("expire", _("到期"), _IN, S.EXPIRED, by_clock=True),
        Move("withdraw", _("主动退出"), (*_IN, S.UPGRADED), S.WITHDRAWN, "reapply_from", _("可再次申报")),
        Move(
            "remove",
            _("移出"),
            (*_IN, S.UPGRADED, S.EXPIRED, S.ELSEWHERE),
            S.REMOVED,
            "reapply_from",
            _("可再次申报"),
        ),
        Move("reinstate", _("移出有误，恢复在列"), (S.REMOVED, S.WITHDRAWN), S.LISTED),
    )
}


def moves_of(state: str) -> list[Move]:
    """Return the steps a person can take from a state."""
    return [move for move in MOVES.values() if state in move.sources and not move.by_clock]


def may_enter(viewer: Viewer) -> Answer:
    """Whether the viewer may put entries in the ledger."""
    return ALLOWED if viewer.can(Can.KEEP_LEDGER) else refuse(_("您的岗位不能登记台账。"))


def may_keep(viewer: Viewer, entry: Entry) -> Answer:
    """Whether the viewer may change an entry: who decided or registered it, and the coordinator."""
    if not viewer.can(Can.KEEP_LEDGER):
        return refuse(_("您的岗位不能维护台账。"))
    if viewer.can(Can.STEER) or viewer.organisation_id in (entry.decided_by_id, entry.kept_by_id):
        return ALLOWED
    return refuse(_("只有公布机关、登记单位和统筹协调单位可以维护这条台账。"))
