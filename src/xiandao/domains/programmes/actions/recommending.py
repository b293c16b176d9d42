"""Recommending: by the city or department an application lies with, in order, within its quota, until the deadline."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xiandao.domains.inbox.actions import clear_tasks
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import Viewer
from xiandao.domains.programmes import office
from xiandao.domains.programmes.actions.common import BadFields
from xiandao.domains.programmes.kinds.office import RECOMMEND
from xiandao.domains.programmes.life import move
from xiandao.domains.programmes.models import Application, ApplicationState, Call, Recommendation

_LONGEST = 2000
S = ApplicationState


def quota_of(call: Call, body: Organisation) -> int | None:
    """Return how many a body may recommend in a call: its own number, that of all others, the programme's, or None."""
    own = call.quotas.get(body.code, call.quotas.get("*"))
    given = own if own is not None else call.version.definition.get("recommendation", {}).get("quota")
    return int(given) if given is not None else None


def used(call: Call, body_id: int) -> int:
    """Return how many places of its quota a body has used; what its applicant took back is free again."""
    rows = Recommendation.objects.filter(application__call=call, organisation=body_id, recommended=True)
    return rows.exclude(application__state=S.WITHDRAWN).count()


def is_over(call: Call, moment: dt.datetime) -> bool:
    """Whether the last moment to recommend is over, by the server's clock."""
    return call.recommend_until is not None and moment > call.recommend_until


@transaction.atomic
def recommend(actor: Viewer, *, code: str, text: str = "", now: dt.datetime | None = None) -> Recommendation:
    """Recommend an application, next in the body's order. Conflict after the deadline and beyond the quota."""
    moment = now or timezone.now()
    application = _mine(actor, code, moment)
    call, body = application.call, application.recommender
    if body is None:  # may_recommend has compared it with the actor's own
        raise Refused(_("该申报没有推荐单位。"))
    quota, count = quota_of(call, body), used(call, body.pk)
    if quota is not None and count >= quota:
        raise Conflict(_("推荐名额 %(quota)s 个已用完：不能再推荐。") % {"quota": quota})
    rows = Recommendation.objects.filter(application__call=call, organisation=body, recommended=True)
    last = rows.order_by("-place").values_list("place", flat=True).first()
    return _say(actor, application, moment, recommended=True, place=(last or 0) + 1, text=text)


@transaction.atomic
def not_recommend(actor: Viewer, *, code: str, reason: str, now: dt.datetime | None = None) -> Recommendation:
    """Say that an application is not recommended, and why; its applicant is told."""
    moment = now or timezone.now()
    application = _mine(actor, code, moment)
    if not reason.strip():
        raise BadFields([("text", _("请写明不推荐的理由，申报单位会收到。"))])
    return _say(actor, application, moment, recommended=False, place=None, text=reason)


def _mine(actor: Viewer, code: str, moment: dt.datetime) -> Application:
    """Return an application of the actor's body locked, and its call with it: quotas are counted one at a time."""
    application = office.locked(actor, code)
    office.may_recommend(actor, application).require()
    if application.applicant_id == actor.organisation_id:
        raise Refused(_("不能推荐本单位的申报。"))
    call = Call.objects.for_system(office.WHY).select_for_update(of=("self",)).get(pk=application.call_id)
    if is_over(call, moment):
        until = timezone.localtime(call.recommend_until)
        raise Conflict(_("推荐已于 %(until)s 截止，以服务器时间为准。") % {"until": f"{until:%Y-%m-%d %H:%M}"})
    return application


def _say(
    actor: Viewer, application: Application, moment: dt.datetime, *, recommended: bool, place: int | None, text: str
) -> Recommendation:
    from xiandao.domains.programmes.actions.checking import tell

    body = application.recommender_id or 0
    before = application.state
    move(actor, application, "recommend" if recommended else "not_recommend", now=moment, text=text)
    said = Recommendation.objects.create(
        application=application,
        organisation_id=body,
        recommended=recommended,
        place=place,
        text=text.strip()[:_LONGEST],
        at=moment,
        by=actor.name,
    )
    if not recommended:
        tell(actor, application, moment)
    office.record(
        actor,
        office.RECOMMENDED if recommended else office.NOT_RECOMMENDED,
        application,
        before={"state": before},
        after={"state": application.state, "place": place},
        reason=text.strip(),
    )
    waiting = Application.objects.for_system(office.WHY).filter(
        call=application.call_id, recommender=application.recommender_id, state=S.CHECKED
    )
    if not waiting.exists():
        key = f"{application.call.code}|{application.recommender_id}"
        clear_tasks(actor, kind=RECOMMEND, object_keys=[key], now=moment)
    return said


@transaction.atomic
def set_order(actor: Viewer, *, call: Call, places: Mapping[str, Any], now: dt.datetime | None = None) -> int:
    """Put what the actor's body recommended in order (application code to place), until the deadline.

    Raises BadFields where a place is no number or two share one.
    """
    moment = now or timezone.now()
    locked = Call.objects.for_system(office.WHY).select_for_update(of=("self",)).get(pk=call.pk)
    if is_over(locked, moment):
        raise Conflict(_("推荐已截止，次序不能再改。"))
    rows = Recommendation.objects.filter(
        application__call=call, organisation=actor.organisation_id, recommended=True
    ).select_related("application__applicant")
    wanted: dict[int, Recommendation] = {}
    faults = []
    for row in rows:
        given = str(places.get(row.application.code, row.place or "")).strip()
        if not given.isdecimal() or int(given) < 1:
            faults.append((row.application.code, _("%(code)s 的次序应是正整数。") % {"code": row.application.code}))
        elif int(given) in wanted:
            words = {"place": given, "one": wanted[int(given)].application.code, "two": row.application.code}
            faults.append((row.application.code, _("%(one)s 与 %(two)s 都排在第 %(place)s。") % words))
        else:
            wanted[int(given)] = row
    if faults:
        raise BadFields(faults)
    changed = 0
    for place, row in sorted(wanted.items()):
        office.may_recommend(actor, row.application).require()
        if row.place == place:
            continue
        before, row.place = row.place, place
        row.save(update_fields=["place"])
        office.record(actor, office.RECOMMENDED, row.application, before={"place": before}, after={"place": place})
        changed += 1
    return changed
