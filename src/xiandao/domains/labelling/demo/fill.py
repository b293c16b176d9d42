"""Invents a review of the demonstration's register: a finished sample read by two, an open one, objections.

Judgements go through the same steps people take, in the names of demonstration people; only their inbox is brought in
line once at the end, not after each of some hundred judgements. The same register gives the same rows.
"""

import datetime as dt
import random
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiandao.domains.audit import actions as audit
from xiandao.domains.audit.registry import register
from xiandao.domains.enterprises.models import Classification, Decision, Enterprise, EnterpriseRole, Run
from xiandao.domains.labelling.actions import desk, objections, samples, tasks
from xiandao.domains.labelling.actions.labels import current_run, project
from xiandao.domains.labelling.demo import wording
from xiandao.domains.labelling.models import (
    Item,
    ItemState,
    Label,
    LabelSource,
    Objection,
    ObjectionState,
    Opinion,
    Sample,
)
from xiandao.domains.labelling.roles import alike, counts
from xiandao.domains.orgs.models import Organisation, User
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.queries import viewer_of
from xiandao.domains.orgs.viewer import Viewer

FILLED = register("labelling.demo_filled", gettext_lazy("载入演示复核"))
_WHY = "filling the demonstration"
_DAY = dt.timedelta(days=1)
_SEED = 20260318
_SLIP = 0.06
"""How often an invented reader says something else than is true: two then differ in about one of ten."""
_READ_BY_BOTH, _READ_BY_ONE = 3, 6
_RIGHT = {Decision.IN.value: 0.93, Decision.REVIEW.value: 0.5, Decision.OUT.value: 0.04}
"""How often what the model decided so is invented to belong."""


@dataclass
class _People:
    office: Viewer
    first: Viewer
    second: Viewer
    firm: Viewer | None


@transaction.atomic
def fill_demo(actor: Viewer, *, now: dt.datetime | None = None) -> dict[str, int]:
    """Invent reviews and objections on the run in force of the demonstration; return how much of what.

    Raises Refused outside demonstration mode or for anybody but the system, Conflict without an invented register or
    where the review desk has been used already.
    """
    moment = now or timezone.now()
    if not settings.DEMO_MODE or not actor.is_system:
        raise Refused(_("演示数据只能在演示模式由命令行载入。"))
    run = current_run()
    if run is None or not run.register.is_demo:
        raise Conflict(_("没有演示名录的识别结果，先载入演示企业。"))
    if Sample.objects.for_system(_WHY).exists() or Objection.objects.for_system(_WHY).exists():
        raise Conflict(_("识别复核已有数据，没有载入演示。"))
    people = _people()
    if people is None:
        raise Conflict(_("没有演示账号，先建立演示账号。"))
    finished = _finished(people, run, moment)
    _open(people, moment)
    raised = _objections(people, run, moment)
    made = {
        "samples": Sample.objects.for_system(_WHY).filter(is_demo=True).count(),
        "labels": Label.objects.for_system(_WHY).filter(is_demo=True).count(),
        "objections": raised,
    }
    audit.record(
        actor, FILLED, kind="installation", key="demo", label="演示复核", after={**made, "sample": finished.title}
    )
    return made


def _people() -> _People | None:
    names = ("coordinator", "department", "department-other", "applicant")
    users = {user.username: user for user in User.objects.filter(username__in=names, is_demo=True, is_active=True)}
    found = {name: viewer_of(user) for name, user in users.items()}
    office, first, second = (found.get(name) for name in names[:3])
    if office is None or first is None or second is None:
        return None
    return _People(office, first, second, found.get("applicant"))


def _bodies(people: _People) -> tuple[Organisation, ...]:
    return samples.asked_bodies((people.first.organisation_code, people.second.organisation_code))


def _finished(people: _People, run: Run, moment: dt.datetime) -> Sample:
    """Draw a sample, let two invented readers judge all of it, settle what they differ on, and finish it."""
    start = moment - 20 * _DAY
    asked = samples.Asked(
        title=wording.FINISHED,
        seed=_SEED,
        random=300,
        unseen=60,
        uncertain=20,
        readers=2,
        bodies=_bodies(people),
    )
    sample = samples.draw_sample(people.office, asked=asked, now=start)
    items = list(Item.objects.for_system(_WHY).filter(sample=sample).select_related("enterprise"))
    results = _results(run, items)
    opinions, labels = [], []
    for number, item in enumerate(items):
        at = start + _DAY + number * dt.timedelta(seconds=40)
        dice = random.Random(f"{_SEED}:{item.enterprise.key}")  # noqa: S311 — invented opinions, not a secret
        truth = _truth(results.get(item.enterprise_id, {}), dice)
        said = [_said(truth, dice), _said(truth, dice)]
        pairs = zip((people.first, people.second), said, strict=True)
        opinions += [_opinion(item, viewer, roles, at + n * _DAY, dice) for n, (viewer, roles) in enumerate(pairs)]
        apart = not alike(*said)
        if apart:
            opinions.append(_ruling(item, people.office, truth, at + 2 * _DAY))
        item.state, item.outcome, item.settled_at = ItemState.SETTLED, truth if apart else said[0], at + 2 * _DAY
        labels.append(
            _label(item, apart=apart, by=people.office.name if apart else people.first.name, at=at + 2 * _DAY)
        )
    Opinion.objects.bulk_create(opinions, batch_size=500)
    Item.objects.for_system(_WHY).bulk_update(items, ["state", "outcome", "settled_at"], batch_size=500)
    Label.objects.bulk_create(labels, batch_size=500)
    project(run, None)
    tasks.judged(people.office, sample, now=start + 4 * _DAY)
    return samples.close_sample(people.office, pk=sample.pk, now=start + 5 * _DAY)


def _results(run: Run, items: list[Item]) -> dict[int, dict[str, tuple[str, str]]]:
    found: dict[int, dict[str, tuple[str, str]]] = {}
    rows = Classification.objects.for_system(_WHY).filter(
        run=run, enterprise__in=[item.enterprise_id for item in items]
    )
    for pk, industry, decision, role in rows.exclude(model_decision="").values_list(
        "enterprise", "industry", "model_decision", "model_role"
    ):
        found.setdefault(pk, {})[industry] = (decision, role)
    return found


def _truth(results: dict[str, tuple[str, str]], dice: random.Random) -> dict[str, str]:
    """Return what an invented enterprise is said to be in truth."""
    truth = {}
    for industry, (decision, role) in sorted(results.items()):
        if dice.random() < _RIGHT[decision]:
            truth[industry] = role if counts(role) else EnterpriseRole.CORE.value
        else:
            truth[industry] = EnterpriseRole.TRADE.value if dice.random() < 0.5 else EnterpriseRole.MENTION.value  # noqa: PLR2004
    return truth


def _said(truth: dict[str, str], dice: random.Random) -> dict[str, str]:
    others = list(EnterpriseRole.values)
    return {code: dice.choice(others) if dice.random() < _SLIP else role for code, role in truth.items()}


def _opinion(item: Item, viewer: Viewer, roles: dict[str, str], at: dt.datetime, dice: random.Random) -> Opinion:
    return Opinion(
        item=item,
        user_id=viewer.user_id,
        by=viewer.name,
        organisation_id=viewer.organisation_id,
        labels=roles,
        doubtful=dice.random() < 0.08,  # noqa: PLR2004 — about one of twelve
        at=at,
    )


def _ruling(item: Item, office: Viewer, truth: dict[str, str], at: dt.datetime) -> Opinion:
    return Opinion(
        item=item,
        user_id=office.user_id,
        by=office.name,
        organisation_id=office.organisation_id,
        labels=truth,
        note=wording.RULING,
        at=at,
        settles=True,
    )


def _label(item: Item, *, apart: bool, by: str, at: dt.datetime) -> Label:
    return Label(
        enterprise=item.enterprise,
        name=item.enterprise.name,
        scope=item.enterprise.scope,
        labels=item.outcome,
        source=LabelSource.SETTLED if apart else LabelSource.REVIEW,
        at=at,
        by=by,
        item=item,
        is_demo=True,
    )


def _open(people: _People, moment: dt.datetime) -> None:
    """Draw a sample that waits to be judged: a few are read by one, a few by both, who differ on some."""
    start = moment - 2 * _DAY
    asked = samples.Asked(
        title=wording.OPEN,
        seed=_SEED + 1,
        random=16,
        unseen=4,
        uncertain=12,
        disagreeing=8,
        readers=2,
        bodies=_bodies(people),
    )
    sample = samples.draw_sample(people.office, asked=asked, now=start)
    items = Item.objects.for_system(_WHY).filter(sample=sample, state=ItemState.OPEN).order_by("order")
    made = 0
    for item in items.select_related("sample__run", "enterprise"):
        asked_about = desk.found_in(item)
        if not asked_about:
            continue
        roles = dict.fromkeys(asked_about, EnterpriseRole.CORE.value)
        at = start + (made + 1) * dt.timedelta(minutes=1)
        desk.judge(people.second, pk=item.pk, judgement=desk.Judgement(roles, note=wording.NOTES[made % 2]), now=at)
        if made < _READ_BY_BOTH:
            other = roles if made else dict.fromkeys(asked_about, EnterpriseRole.TRADE.value)
            if made == 1:
                other = dict.fromkeys(asked_about, EnterpriseRole.MENTION.value)
            desk.judge(people.first, pk=item.pk, judgement=desk.Judgement(other), now=at + dt.timedelta(hours=3))
        made += 1
        if made == _READ_BY_ONE:
            return


def _objections(people: _People, run: Run, moment: dt.datetime) -> int:
    """Raise an objection that has been answered and one that waits, in the name of the demonstration's enterprise."""
    if people.firm is None:
        return 0
    own = Enterprise.objects.for_system(_WHY).filter(organisation=people.firm.organisation_id, is_demo=True).first()
    if own is None:
        return 0
    rows = Classification.objects.for_system(_WHY).filter(run=run, enterprise=own).order_by("-score", "industry__order")
    mine = [row.industry for row in rows.select_related("industry")]
    taken = {industry.pk for industry in mine}
    others = (
        row.industry
        for row in Classification.objects.for_system(_WHY)
        .filter(run=run)
        .exclude(industry__in=taken)
        .select_related("industry")
        .order_by("industry__order")[:1]
    )
    asked = [*others, *mine][:2]
    made = 0
    for answered, industry, words in zip((True, False), asked, wording.OBJECTIONS, strict=False):
        holds = objections.holding_role(own, industry.pk)
        role = EnterpriseRole.SERVICE.value if holds != EnterpriseRole.SERVICE else ""
        raised = objections.raise_objection(
            people.firm,
            enterprise=own,
            industry=industry,
            asked_role=role,
            text=words,
            now=moment - (18 if answered else 3) * _DAY,
        )
        made += 1
        if answered:
            verdict = objections.Verdict(ObjectionState.DISMISSED, wording.ANSWER)
            objections.answer_objection(people.office, code=raised.code, verdict=verdict, now=moment - 9 * _DAY)
    return made
