"""Evidence of claims: files attached to them, seen with the claim, added while it can still be corrected."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files import queries as files
from xiandao.domains.files.blocks import FilesBlock
from xiandao.domains.files.limits import file_limits
from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.orgs.permission import Answer, Refused, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress import rules
from xiandao.domains.progress.models import Claim, ClaimState, ReportState

CLAIM = "progress.claim"


def evidence_counts(claims: Iterable[int]) -> dict[int, int]:
    """Return how many files each claim has, by its id."""
    keys = [str(pk) for pk in claims]
    return {int(key): n for key, n in files.counts(CLAIM, keys).items()}


def evidence_blocks(viewer: Viewer, claims: Iterable[Claim]) -> dict[str, FilesBlock]:
    """Return the files of claims by the claim's id as text, as a page shows them, in the same queries for any number.

    The claims are the viewer's to see and bring their report, its round and its duty.
    """
    rows = {str(claim.pk): claim for claim in claims}
    if not rows:
        return {}
    found = files.attachments(viewer, CLAIM, rows, removed=True)
    try:
        limits, reason = file_limits(), None
    except Refused as refused:
        limits, reason = None, refused.reason
    return {
        key: FilesBlock(CLAIM, key, held, refuse(reason) if reason else may_attach(viewer, rows[key]), limits)
        for key, held in found.items()
    }


def _is_key(key: str) -> bool:
    """Whether a text is a claim's number, written the one way it is kept: 12 and not 012 or full width."""
    return key.isascii() and key.isdecimal() and len(key) < 19 and not key.startswith("0")  # noqa: PLR2004 — 64 bits


def _claim(viewer: Viewer, key: str) -> Claim | None:
    if not _is_key(key):
        return None
    rows = Claim.objects.visible_to(viewer).select_related("report__round", "report__assignment__parent")
    return rows.filter(pk=int(key)).first()


def _may_see(viewer: Viewer, key: str) -> bool:
    return _claim(viewer, key) is not None


def _seen(viewer: Viewer, keys: Collection[str]) -> set[str]:
    wanted = [int(key) for key in keys if _is_key(key)]
    found = Claim.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)
    return {str(pk) for pk in found}


def may_attach(viewer: Viewer, claim: Claim) -> Answer:
    """Whether the viewer may add evidence to a claim or take it away now."""
    if claim.state not in (ClaimState.DRAFT, ClaimState.CLAIMED):
        return refuse(_("这项成果已经核实或撤回，佐证不再改动。"))
    if claim.report.state in (ReportState.SUBMITTED, ReportState.VERIFIED):
        return refuse(_("进展已经提交，佐证不再改动；需要补充的，请先撤回或请核实单位退回。"))
    return rules.may_fill(viewer, claim.report)


def _may_change(viewer: Viewer, key: str) -> Answer:
    claim = _claim(viewer, key)
    return may_attach(viewer, claim) if claim is not None else refuse(_("没有找到这项成果。"))


HOLDER = register_holder(HolderKind(CLAIM, _("申报成果的佐证"), _may_see, _may_change, _seen))
