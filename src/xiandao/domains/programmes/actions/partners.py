"""Co-applicants: invited by the applicant, agreeing or declining for themselves on the platform."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit.registry import register
from xiandao.domains.inbox.actions import NewTask, clear_tasks, open_task, withdraw_tasks
from xiandao.domains.orgs.capability import Can
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes.actions.common import APPLICATION, BadFields, needed
from xiandao.domains.programmes.actions.desk import locked, record
from xiandao.domains.programmes.kinds.applying import AGREE
from xiandao.domains.programmes.models import Application, ApplicationState, Partner
from xiandao.domains.programmes.rules import may_write
from xiandao.kernel.credit_code import CreditCode
from xiandao.kernel.errors import InvalidValue

INVITED = register("programmes.partner_invited", gettext_lazy("合作单位：邀请"))
REMOVED = register("programmes.partner_removed", gettext_lazy("合作单位：移除"))
AGREED = register("programmes.partner_agreed", gettext_lazy("合作单位：同意"))
DECLINED = register("programmes.partner_declined", gettext_lazy("合作单位：不同意"))
RULE = "application.partner"


@dataclass(frozen=True, slots=True)
class PartnerContent:
    """A co-applicant as invited: by its code on the platform or its credit code; `share` from 0 to 1."""

    credit_code: str
    name: str
    share: Decimal | None = None
    task: str = ""


@transaction.atomic
def invite_partner(actor: Viewer, *, code: str, content: PartnerContent, now: dt.datetime | None = None) -> Partner:
    """Invite an organisation that is on the platform. Raises BadFields, Conflict for one too many, Refused."""
    moment = now or timezone.now()
    application = locked(actor, code)
    may_write(actor, application).require()
    if application.state != ApplicationState.DRAFT:
        raise Conflict(_("提交以后不能改动合作单位。"))
    body, credit = _body(application, content)
    most = application.call.version.definition.get("partners", 0)
    if application.partners.count() >= most:
        raise Conflict(_("该专项的合作单位至多 %(most)s 家。") % {"most": most})
    if application.partners.filter(organisation=body).exists():
        raise BadFields([("credit_code", _("%(name)s已在合作单位中。") % {"name": body.name})])
    given = application.partners.aggregate(sum=Sum("share"))["sum"] or Decimal(0)
    if content.share is not None and not Decimal(0) <= content.share <= 1 - given:
        raise BadFields([("share", _("份额合计不能超过 100%。"))])
    if not content.task.strip():
        raise BadFields([("task", _("请写明承担的任务。"))])
    partner: Partner = Partner.objects.create(
        application=application,
        organisation=body,
        name=body.name,
        credit_code=credit,
        share=content.share,
        task=content.task.strip()[:500],
        order=application.partners.count(),
    )
    new = NewTask(AGREE, body.pk, APPLICATION, f"{code}|{partner.pk}", f"{code} {application}", rule=RULE)
    open_task(actor, new, now=moment)
    record(actor, INVITED, application, after={"partner": body.code, "share": str(content.share or "")})
    return partner


def _body(application: Application, content: PartnerContent) -> tuple[Organisation, str]:
    try:
        credit = str(CreditCode.parse(content.credit_code, registered=True))
    except InvalidValue as error:
        raise BadFields([("credit_code", str(error))]) from None
    body = Organisation.objects.filter(credit_code=credit, is_active=True).first()
    if body is None:
        raise BadFields(
            [
                (
                    "credit_code",
                    _("平台上没有信用代码为 %(code)s 的单位，不能由其确认。请该单位先联系系统管理员开户。")
                    % {"code": credit},
                )
            ]
        )
    if body.pk == application.applicant_id:
        raise BadFields([("credit_code", _("这是申报单位自己。"))])
    return body, credit


@transaction.atomic
def remove_partner(actor: Viewer, *, code: str, pk: int, now: dt.datetime | None = None) -> None:
    """Take a co-applicant out of a draft. Raises Partner.DoesNotExist, Refused, Conflict."""
    application = locked(actor, code)
    may_write(actor, application).require()
    if application.state != ApplicationState.DRAFT:
        raise Conflict(_("提交以后不能改动合作单位。"))
    partner = application.partners.get(pk=pk)
    partner.delete()
    withdraw_tasks(actor, kind=AGREE, object_keys=[f"{code}|{pk}"], now=now or timezone.now())
    record(actor, REMOVED, application, before={"partner": partner.name})


@transaction.atomic
def answer_invitation(
    actor: Viewer, *, code: str, agree: bool, reason: str = "", now: dt.datetime | None = None
) -> Application:
    """Agree to apply together, or decline with a reason: then one is no partner any more.

    Raises Refused for who was not invited, Conflict where it is answered or handed in.
    """
    moment = now or timezone.now()
    application = locked(actor, code)
    partner = application.partners.filter(organisation=actor.organisation_id).first()
    if partner is None or not actor.can(Can.APPLY):
        raise Refused(_("贵单位不是这份申报的合作单位。"))
    if application.state != ApplicationState.DRAFT or partner.agreed_at is not None:
        raise Conflict(_("已经答复过，或申报已经提交。"))
    key = f"{code}|{partner.pk}"
    if agree:
        partner.agreed_at, partner.agreed_by = moment, actor.name
        partner.save(update_fields=["agreed_at", "agreed_by"])
        record(actor, AGREED, application, after={"partner": partner.name})
    else:
        why = needed(reason, _("请写明不同意的理由，牵头单位会看到。"))
        record(actor, DECLINED, application, before={"partner": partner.name}, reason=why)
        application.events.create(
            state=application.state,
            what=_("合作单位不同意"),
            text=f"{partner.name}：{why}",
            at=moment,
            by=actor.name,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
        )
        partner.delete()
    clear_tasks(actor, kind=AGREE, object_keys=[key], now=moment)
    return application
