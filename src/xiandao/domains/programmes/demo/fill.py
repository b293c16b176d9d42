"""Invents two open calls, needs and a few applications in several states, by the same steps people take."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.orgs.models import User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions import applications, calls, checking, needs
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.demo import wording
from xiandao.domains.programmes.demo.office import fill_office
from xiandao.domains.programmes.demo.writing import firm_viewer, hand_in, write
from xiandao.domains.programmes.models import Application, Call, Need, Programme

FILLED = register("programmes.demo_filled", gettext_lazy("载入演示申报"))
_WHY = "filling the demonstration"
_DAY = dt.timedelta(days=1)


@transaction.atomic
def fill_demo(actor: Viewer, *, now: dt.datetime | None = None) -> dict[str, int]:
    """Invent calls, needs and applications; return how many of what.

    Raises Refused outside demonstration mode or for anybody but the system, Conflict where there are calls already or
    no demonstration accounts or no programmes of theirs.
    """
    moment = now or timezone.now()
    if not settings.DEMO_MODE or not actor.is_system:
        raise Refused(_("演示数据只能在演示模式由命令行载入。"))
    if Call.objects.for_system(_WHY).exists():
        raise Conflict(_("已有申报通知，没有载入演示。"))
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    if "department" not in people or "applicant" not in people:
        raise Conflict(_("没有演示账号，先建立演示账号。"))
    office, firm = viewer_of(people["department"]), viewer_of(people["applicant"])
    own = Programme.objects.filter(in_force=True, lead=office.organisation_id).order_by("order")
    funding = next((each for each in own.filter(kind="funding") if each.serves), None)
    open_bid = own.filter(kind="open_bid").first()
    if funding is None or open_bid is None:
        raise Conflict(_("演示账号的部门没有牵头立项和揭榜的专项，没有载入演示。"))
    call = _call(office, funding, f"{moment.year}年度{funding.name}申报通知{wording.MARK}", moment)
    board = _call(office, open_bid, f"{moment.year}年度{open_bid.name}榜单{wording.MARK}", moment)
    _needs(office, firm, open_bid, board, moment)
    try:
        for place, (code, name, industry) in enumerate(wording.FIRMS):
            _application(office, firm_viewer(firm, code, name), call, place=place, industry=industry, moment=moment)
    except BadFields as unfit:  # another pack asks for something else: nothing is invented, and nothing is half there
        raise Conflict(_("演示内容与本政策包的申报表单不符，没有载入。")) from unfit
    applications.start_application(firm, call_code=call.code, now=moment)
    fill_office(office, firm, funding, moment=moment)
    made = {
        "calls": Call.objects.for_system(_WHY).filter(is_demo=True).count(),
        "needs": Need.objects.for_system(_WHY).filter(is_demo=True).count(),
        "applications": Application.objects.for_system(_WHY).filter(is_demo=True).count(),
    }
    audit.record(actor, FILLED, kind="installation", key="demo", label="演示申报", after=made)
    return made


def _call(office: Viewer, programme: Programme, title: str, moment: dt.datetime) -> Call:
    content = calls.CallContent(
        title=title,
        opens_at=moment - 5 * _DAY,
        closes_at=timezone.localtime(moment + 45 * _DAY).replace(hour=17, minute=0, second=0, microsecond=0),
        text=wording.CALL_TEXT,
        contact=wording.CONTACT,
        places=10,
    )
    draft = calls.draft_call(office, programme=programme, content=content, now=moment)
    call = calls.publish_call(office, code=draft.code, now=moment)
    call.is_demo = True
    call.save(update_fields=["is_demo"])
    return call


def _needs(office: Viewer, firm: Viewer, programme: Programme, board: Call, moment: dt.datetime) -> None:
    """Invent a need that is on the list and one that waits."""
    listed = needs.raise_need(
        firm, programme=programme, content=needs.NeedContent(wording.NEED_TITLE, wording.NEED_PROBLEM), now=moment
    )
    needs.raise_need(
        firm,
        programme=programme,
        content=needs.NeedContent(f"储氢容器在线监测{wording.MARK}", "现有监测只能停机进行。"),
        now=moment,
    )
    opinion = needs.Opinion(f"秦专家{wording.MARK}", f"示例大学{wording.MARK}", "需求真实，指标可检测。", agrees=True)
    indicator = needs.Indicator("铂用量", "mg/cm²", "≤", "0.1", "第三方检测", "", veto=True)
    needs.argue_need(office, code=listed.code, opinions=[opinion], indicators=[indicator], now=moment)
    needs.accept_need(office, code=listed.code, now=moment)
    needs.list_need(office, code=listed.code, call_code=board.code, now=moment)
    Need.objects.for_system(_WHY).filter(programme=programme).update(is_demo=True)


def _application(office: Viewer, firm: Viewer, call: Call, *, place: int, industry: str, moment: dt.datetime) -> None:
    """Invent one application: the first handed in, the second returned for correction, the third being written."""
    begun = write(firm, call, place=place, industry=industry, moment=moment)
    if place == len(wording.FIRMS) - 1:
        return
    hand_in(firm, begun, moment=moment)
    if place == 1:
        finding = checking.Finding("readiness_then", wording.CORRECTION, call.title)
        checking.ask_correction(office, code=begun.code, findings=[finding], now=moment)
