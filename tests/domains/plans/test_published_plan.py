"""The real plan as rows: what was promised, by whom, how much, and what it shares with the sister plan."""

from decimal import Decimal

import pytest

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import PUBLIC, system
from xiandao.domains.plans import figures, queries
from xiandao.domains.plans.actions.publish import publish_version
from xiandao.domains.plans.models import Duty, PlanVersion, Target, VersionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return queries.plan_in_force(PUBLIC)


def test_counts_of_the_plan(version):
    assert (version.n_actions, version.n_measures, version.n_targets, version.n_parties) == (8, 25, 15, 33)


def test_every_party_is_a_known_organisation(version):
    assert not Duty.objects.visible_to(PUBLIC).filter(version=version, organisation=None).exists()


def test_each_measure_names_its_leads_first_and_all_cities(version):
    measures = {m.no: m for m in queries.measures_of(PUBLIC, version)}
    assert [(d.role, d.printed) for d in measures["2"].duties.all()] == [
        ("lead", "省科技厅"),
        ("with", "省工业和信息化厅"),
        ("with", "省发展改革委"),
        ("with", "省委人才办"),
        ("with", "省科协"),
    ]
    assert all(m.cities for m in measures.values())
    assert [m.no for m in measures.values() if not m.standing] == ["1"]


def test_every_span_is_the_words_themselves(version):
    targets = Target.objects.visible_to(PUBLIC).filter(version=version)
    assert len(targets) == 15
    for target in targets:
        assert version.source_text[target.span_start : target.span_end] == target.quote


def test_values_are_those_of_the_text(version):
    values = [t.value for t in queries.targets_in_force(PUBLIC, version)]
    assert values == [Decimal(n) for n in (100, 20, 100, 10, 60, 100, 10, 60, 30, 100, 30, 10, 100, 1000, 100)]


def test_a_target_without_a_printed_year_ends_with_the_plan(version):
    assert {t.deadline_year for t in queries.targets_in_force(PUBLIC, version)} == {2026}


def test_nothing_counted_is_unknown_and_not_zero(version):
    for target in queries.targets_in_force(PUBLIC, version):
        assert figures.counted(target).value is None
        assert figures.promised(target).value == target.value


def test_five_targets_share_their_results_with_the_sister_plan(version):
    shared = {t.key: queries.shared_with(PUBLIC, t) for t in queries.targets_in_force(PUBLIC, version)}
    pairs = {key: [other.name for _link, other in links] for key, links in shared.items() if links}
    assert len(pairs) == 5
    assert all(len(others) == 1 for others in pairs.values())


def test_sharing_is_seen_from_both_sides(version):
    target = next(t for t in queries.targets_in_force(PUBLIC, version) if queries.shared_with(PUBLIC, t))
    _link, other = queries.shared_with(PUBLIC, target)[0]
    assert [back.pk for _l, back in queries.shared_with(PUBLIC, other)] == [target.pk]


def test_an_organisation_leads_what_the_text_says():
    body = Organisation.objects.get(name="省统计局")
    duties = list(queries.duties_of_organisation(PUBLIC, body))
    assert [(d.role, d.measure.no) for d in duties] == [("lead", "20")]


def test_a_city_s_matrix_has_every_measure_with_the_lead_s_counterpart(version):
    region = Organisation.objects.filter(serves__isnull=False).first().region
    matrix = queries.city_matrix(PUBLIC, version, region)
    assert len(matrix) == 25
    for row in matrix:
        for duty, link in row["lead"]:
            assert link is None or (link.region_id, link.department_id) == (region.pk, duty.organisation_id)
    assert sum(bool(link) for row in matrix for _duty, link in row["lead"]) >= 24


def test_publishing_the_same_document_changes_nothing(pack, people):
    plan = pack.plan
    again = publish_version(people("coordinator"), document=plan, text=pack.source_text, region="320000")
    assert again.number == 1
    assert PlanVersion.objects.for_system("test").filter(plan__code=plan.code).count() == 1


def test_a_correction_is_a_new_version_and_the_old_one_stays(pack, people):
    plan = pack.plan.model_copy(update={"title": "更正后的方案"})
    new = publish_version(
        people("coordinator"), document=plan, text=pack.source_text, region="320000", reason="更正标题"
    )
    states = dict(PlanVersion.objects.for_system("test").filter(plan__code=plan.code).values_list("number", "state"))
    assert states == {1: VersionState.SUPERSEDED, 2: VersionState.PUBLISHED}
    assert new.measures.visible_to(PUBLIC).count() == 25
    record = AuditRecord.objects.order_by("-number").first()
    assert (record.action, record.reason, record.before, record.after["version"]) == (
        "plans.version_published",
        "更正标题",
        {"version": 1},
        2,
    )


def test_the_public_sees_only_the_version_in_force(pack, people):
    plan = pack.plan.model_copy(update={"title": "更正后的方案"})
    publish_version(system("t"), document=plan, text=pack.source_text, region="320000")
    seen = {
        who: PlanVersion.objects.visible_to(people(who)).filter(plan__code=plan.code).count()
        for who in ("coordinator", "auditor", "department", "city")
    }
    assert seen == {"coordinator": 2, "auditor": 2, "department": 1, "city": 1}


@pytest.mark.parametrize("who", ["department", "city", "auditor"])
def test_others_cannot_publish(pack, people, who):
    before = AuditRecord.objects.count()
    with pytest.raises(Refused, match="统筹协调"):
        publish_version(people(who), document=pack.plan, text="", region="320000")
    assert AuditRecord.objects.count() == before
