"""What the tests of the review desk share: a small invented register with a run in force, made row by row."""

import datetime as dt

import pytest
from django.utils import timezone

from xiandao.domains.enterprises.models import (
    Classification,
    Enterprise,
    RegisterState,
    RegisterVersion,
    Run,
    RunState,
)
from xiandao.domains.industries.models import CatalogueVersion, Industry
from xiandao.domains.labelling.actions.samples import Asked, draw_sample
from xiandao.domains.labelling.models import Item
from xiandao.domains.orgs.models import Organisation, Region, User
from xiandao.domains.orgs.queries import viewer_of


def moment(text: str) -> dt.datetime:
    """Return a moment of local time, such as "2026-04-10 09:30"."""
    return timezone.make_aware(dt.datetime.fromisoformat(text))


NOW = moment("2026-04-10 09:30")
H2, STORAGE = "hydrogen", "energy-storage"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def at():
    return moment


@pytest.fixture
def register(db):
    return RegisterVersion.objects.create(
        number=1,
        title="二〇二六年三月名录（演示）",
        as_of=dt.date(2026, 3, 31),
        file_name="名录.xlsx",
        state=RegisterState.CURRENT,
        created_at=NOW,
        by="测试",
    )


@pytest.fixture
def run(register):
    catalogue = CatalogueVersion.objects.for_system("tests").first() or CatalogueVersion.objects.create(
        name="目录", origin="pack", created_at=NOW, created_by="测试"
    )
    return Run.objects.create(
        number=1, register=register, catalogue=catalogue, state=RunState.CURRENT, accept=0.6, reject=0.3, by="测试"
    )


@pytest.fixture
def cities(db):
    """The first and the last city of the pack, as the demonstration's two city clerks have them."""
    return [User.objects.get(username=account).posts.first().organisation.region for account in ("city", "city-other")]


@pytest.fixture
def firm(run, cities):
    """Return a function that makes an enterprise with results: firm("甲", hydrogen=("in", "core", 0.9))."""
    made = {"n": 0}

    def make(name="甲", *, scope="氢燃料电池的研发、生产。", region=None, organisation=None, **results):
        made["n"] += 1
        key = f"9199{made['n']:014}"
        enterprise = Enterprise.objects.create(
            key=key,
            uscc=key,
            name=f"{name}公司（演示）",
            name_key=name,
            region=region or cities[0],
            scope=scope,
            organisation=organisation,
            is_demo=True,
        )
        for code, (decision, role, score) in results.items():
            Classification.objects.create(
                run=run,
                enterprise=enterprise,
                industry=Industry.objects.get(code=code.replace("_", "-")),
                role=role,
                decision=decision,
                score=score,
                model_role=role,
                model_decision=decision,
                evidence=[
                    {
                        "term": "氢燃料电池",
                        "product": "hydrogen/fuel-cell",
                        "clause": scope,
                        "verbs": ["develop", "make"],
                        "start": 0,
                        "end": 5,
                        "discount": None,
                        "trap": None,
                    }
                ],
            )
        return enterprise

    return make


@pytest.fixture
def office(people):
    return people("coordinator")


@pytest.fixture
def second_settler(db):
    """Another person of the coordinating office who may settle."""
    user = User.objects.create(username="second", name="郑裁定（演示）", is_demo=True)
    post = User.objects.get(username="coordinator").posts.first()
    user.posts.create(organisation=post.organisation, role=post.role, valid_from=post.valid_from)
    return viewer_of(user)


@pytest.fixture
def bodies(people):
    codes = (people(account).organisation_code for account in ("department", "city"))
    return tuple(Organisation.objects.filter(code__in=list(codes)))


@pytest.fixture
def drawn(office, bodies, run):
    """Return a function that draws a sample and gives it with its items in order."""

    def make(*, title="第一批", seed=7, now=NOW, **asked):
        sample = draw_sample(
            office, asked=Asked(title=title, seed=seed, bodies=asked.pop("bodies", bodies), **asked), now=now
        )
        return sample, list(Item.objects.for_system("tests").filter(sample=sample).order_by("order"))

    return make


@pytest.fixture
def province(db):
    return Region.objects.get(parent=None)
