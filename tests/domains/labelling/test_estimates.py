"""Estimates from a finished sample, with every number written out; what is said where too little was looked at."""

import pytest

from tests.domains.labelling.conftest import H2, STORAGE
from xiandao.domains.enterprises.figures.numbers import best
from xiandao.domains.enterprises.models import Run
from xiandao.domains.industries.models import Industry
from xiandao.domains.labelling.actions import desk
from xiandao.domains.labelling.actions.desk import Judgement
from xiandao.domains.labelling.actions.samples import close_sample
from xiandao.domains.labelling.estimates import estimate, model_counts
from xiandao.domains.labelling.figures import calibration, evidence, quality
from xiandao.domains.labelling.queries.quality import page
from xiandao.kernel import FigureKind


@pytest.fixture
def reviewed(firm, drawn, people, office, now):
    """A register of 90, of which 60 were looked at, all in hydrogen.

    In: 40, 18 looked at, 16 belong. To review: 30, 22 looked at, 11 belong. Without a term: 20, all looked at, none.
    """
    reader = people("department")
    for n in range(40):
        firm(f"计{n}", hydrogen=("in", "core", 0.9))
    for n in range(30):
        firm(f"疑{n}", hydrogen=("review", "core", 0.5))
    for n in range(20):
        firm(f"无{n}", scope="餐饮服务。")
    sample, items = drawn(random=40, unseen=20)
    drawn_ = {code: each["drawn"] for code, each in sample.strata.items()}
    assert drawn_ == {"hydrogen:in": 18, "hydrogen:review": 22, "none": 20}
    said = {"hydrogen:in": ["core"] * 16 + ["trade"] * 2, "hydrogen:review": ["core"] * 11 + ["mention"] * 11}
    for item in items:
        roles = {} if item.stratum == "none" else {H2: said[item.stratum].pop()}
        desk.judge(reader, pk=item.pk, judgement=Judgement(roles), now=now)
    close_sample(office, pk=sample.pk, now=now)
    return sample


def test_numbers_by_hand(reviewed, run):
    found = evidence(run, None)
    assert len(found.looked) == 60
    counted = model_counts(run, None)
    assert counted == {H2: 40, "": 40}
    made = quality(found, H2, counted=40)
    # 40 · 16/18 + 30 · 11/22 = 35.56 + 15
    assert made.estimate.value == pytest.approx(50.5556, abs=1e-4)
    # precision 16/18; recall: of the 50.56 that belong the model counts 35.56
    assert made.precision.value == pytest.approx(16 / 18)
    assert made.recall.value == pytest.approx(35.5556 / 50.5556, abs=1e-4)
    assert made.looked == 18
    assert (made.unseen_looked, made.unseen_hits) == (20, 0)
    # no hit among 20: at most 1 - 0.025^(1/20) = 16.84 % of 20
    assert made.unseen.high == pytest.approx(3.37, abs=0.01)
    assert made.estimate.interval.low < 50.56 < made.estimate.interval.high
    assert 40 < made.estimate.interval.low < 47
    assert 54 < made.estimate.interval.high < 60


def test_it_is_published_as_an_estimate_with_its_interval(reviewed, run, office):
    figure = best(run, office, industry=Industry.objects.get(code=H2))
    assert figure.kind is FigureKind.ESTIMATED
    assert figure.value == 51
    assert figure.interval[0] < 51 < figure.interval[1]
    assert figure.wording.startswith("约 51 家（95% 区间 ")
    assert "看了 60 家，2026-04-10 完成" in figure.method
    assert "抽看 20 家，未发现遗漏，其中至多另有 3 家" in figure.method
    assert estimate(run, None, office).value == 51


def test_an_industry_nobody_was_looked_at_in_has_no_estimate(reviewed, run, firm, office):
    firm("储", energy_storage=("in", "core", 0.9))
    assert estimate(run, Industry.objects.get(code=STORAGE), office) is None
    line = next(line for line in page(None).lines if line.code == STORAGE)
    assert not line.quality.enough
    assert line.quality.more == 1


def test_a_later_run_of_the_same_register_keeps_the_number(reviewed, run, office):
    Run.objects.for_system("tests").filter(pk=run.pk).update(state="superseded")
    later = Run.objects.create(number=2, register=run.register, catalogue=run.catalogue, state="current", by="x")
    assert estimate(later, Industry.objects.get(code=H2), office).value == 51
    assert page(None).base == run


def test_another_register_has_no_estimate(reviewed, run, office, register):
    Run.objects.for_system("tests").filter(pk=run.pk).update(state="superseded")
    register.pk, register.number, register.state = None, 2, "superseded"
    register.save()
    later = Run.objects.create(number=2, register=register, catalogue=run.catalogue, state="current", by="x")
    assert estimate(later, Industry.objects.get(code=H2), office) is None


def test_a_city_is_not_estimated_from_the_province(reviewed, run, people):
    assert estimate(run, Industry.objects.get(code=H2), people("city")) is None


def test_open_and_withdrawn_samples_say_nothing(firm, drawn, run, office):
    firm("甲", hydrogen=("in", "core", 0.9))
    drawn(random=1)
    assert evidence(run, None) is None
    assert estimate(run, Industry.objects.get(code=H2), office) is None


def test_calibration_by_hand(reviewed, run):
    bins, error = calibration(evidence(run, None))
    assert [(each.low, each.n) for each in bins] == [(0.5, 22), (0.9, 18)]
    assert bins[0].share == pytest.approx(0.5)
    assert bins[1].share == pytest.approx(16 / 18)
    # weights: 30 stand behind the first bin, 40 behind the second: (30 · 0 + 40 · |16/18 - 0.9|) / 70
    assert error == pytest.approx(40 * (0.9 - 16 / 18) / 70)


def test_two_samples_of_one_run_are_pooled(reviewed, run, drawn, people, office, now):
    sample, items = drawn(random=10, seed=99)
    for item in items:
        if item.state == "open":
            desk.judge(people("department"), pk=item.pk, judgement=Judgement({H2: "core"}), now=now)
    close_sample(office, pk=sample.pk, now=now)
    found = evidence(run, None)
    assert found.samples == 2
    assert 60 <= len(found.looked) <= 70
    assert len(found.looked) == 60 + sum(item.state == "open" for item in items)


def test_the_page_says_it(reviewed, client_of):
    text = client_of("coordinator").get("/labelling/quality/").content.decode()
    assert "约 51 家（95% 区间" in text
    assert "89%（" in text
    assert "概率可不可信" in text
    assert client_of("city").get("/labelling/quality/").status_code == 200
    assert client_of("applicant").get("/labelling/quality/").status_code == 404
