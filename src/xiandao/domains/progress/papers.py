"""Papers attached to problems and reminder letters: seen by who sees them, added by their parties while open."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiandao.domains.files.registry import HolderKind, register_holder
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.permission import ALLOWED, Answer, refuse
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.progress.actions.problem_steps import OPEN
from xiandao.domains.progress.models import Letter, LetterState, Problem

PROBLEM, LETTER = "progress.problem", "progress.letter"
_MISSING = _("没有找到。")


def _problem(viewer: Viewer, key: str) -> Problem | None:
    found: Problem | None = Problem.objects.visible_to(viewer).filter(code=key).first()
    return found


def _letter(viewer: Viewer, key: str) -> Letter | None:
    rows: Any = Letter.objects.visible_to(viewer)
    found: Letter | None = rows.filter(pk=int(key)).first() if key.isdecimal() else None
    return found


def _may_change_problem(viewer: Viewer, key: str) -> Answer:
    problem = _problem(viewer, key)
    if problem is None:
        return refuse(_MISSING)
    if problem.state not in OPEN:
        return refuse(_("难点堵点已经办结，材料不再改动。"))
    parties = {problem.raised_by_id, problem.asked_of_id, problem.assigned_to_id}
    works = viewer.can(Can.RAISE_PROBLEMS, Can.ANSWER_PROBLEMS) and viewer.organisation_id in parties
    if works or viewer.can(Can.ASSIGN_PROBLEMS):
        return ALLOWED
    return refuse(_("只有提出、承办和统筹协调单位可以添加材料。"))


def _may_change_letter(viewer: Viewer, key: str) -> Answer:
    letter = _letter(viewer, key)
    if letter is None:
        return refuse(_MISSING)
    if letter.state in (LetterState.CLOSED, LetterState.WITHDRAWN):
        return refuse(_("督办单已经办结，材料不再改动。"))
    if viewer.can(Can.ISSUE_LETTERS) and letter.state == LetterState.DRAFT:
        return ALLOWED
    answers = viewer.can(Can.RECEIVE_LETTERS) and letter.to_id == viewer.organisation_id
    if answers and letter.state in (LetterState.RECEIVED, LetterState.REPLIED):
        return ALLOWED
    return refuse(_("签发前由统筹协调单位、签收后由受文单位添加材料。"))


register_holder(
    HolderKind(PROBLEM, _("难点堵点的材料"), lambda v, key: _problem(v, key) is not None, _may_change_problem)
)
register_holder(HolderKind(LETTER, _("督办单的材料"), lambda v, key: _letter(v, key) is not None, _may_change_letter))
