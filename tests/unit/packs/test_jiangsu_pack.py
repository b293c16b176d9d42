"""What the Jiangsu pack must say, counted by hand from the published plan."""

import itertools
import re
import time
from decimal import Decimal

import pytest

from xiandao.kernel.region import RegionLevel
from xiandao.packs import check_pack, load_pack
from xiandao.packs.checks.findings import walk
from xiandao.packs.schema.common import Quoted, Source
from xiandao.packs.schema.plan import Action, Commitment, Item, Measure, Mechanism, Target

from .conftest import JIANGSU

ADDRESSED = {"发展改革委", "工业和信息化局", "教育局", "科技局", "交通运输局", "文化和旅游局", "国资委"}
TARGETS = {  # checklist 0A, in order
    "T02-1": (100, "项", "省科技厅"),
    "T03-1": (20, "个", "省科技厅"),
    "T03-2": (100, "个", "省科技厅"),
    "T04-1": (10, "家", "省科技厅"),
    "T04-2": (60, "个", "省科技厅"),
    "T06-1": (100, "个", "省发展改革委"),
    "T07-1": (10, "家", "省工业和信息化厅"),
    "T08-1": (60, "个", "省发展改革委"),
    "T09-1": (30, "家", "省工业和信息化厅"),
    "T09-2": (100, "个", "省工业和信息化厅"),
    "T09-3": (30, "家", "省工业和信息化厅"),
    "T10-1": (10, "个", "省发展改革委"),
    "T11-1": (100, "名(个)", "省委人才办"),
    "T12-1": (1000, "名", "省教育厅"),
    "T21-1": (100, "个", "省发展改革委"),
}
CATALOGUE_CODES = [
    *("wbg-semi", "future-network", "hydrogen", "energy-storage", "cell-gene"),
    *("synbio", "agi", "frontier-materials", "ccus", "vr"),
    *("quantum", "deep-frontier", "humanoid", "low-altitude", "advanced-nuclear"),
]


def test_the_shipped_pack_has_no_fault():
    assert check_pack(JIANGSU) == []


def test_the_plan_has_8_actions_25_measures_15_targets(jiangsu):
    assert len(jiangsu.plan.actions) == 8
    assert len(list(jiangsu.plan.measures())) == 25
    assert len(list(jiangsu.plan.targets())) == 15
    assert jiangsu.plan.headline_targets == ()
    assert [m.no for m in jiangsu.plan.measures()] == [str(n) for n in range(1, 26)]


def test_each_target_has_its_number_unit_and_lead(jiangsu):
    found = {t.key: (t.value, t.unit, m.duty.lead[0]) for m in jiangsu.plan.measures() for t in m.targets}
    assert found == TARGETS


def test_33_parties_are_named_and_each_is_an_organisation_of_its_own(jiangsu):
    parties = jiangsu.plan.parties()
    assert len(parties) == 33
    assert len({jiangsu.organisation(name).code for name in parties}) == 33
    assert len(jiangsu.organisations.organisations) == 33


@pytest.mark.parametrize(
    ("issuer", "short"),
    [
        ("江苏省发展改革委", "省发展改革委"),
        ("江苏省工业和信息化厅", "省工业和信息化厅"),
        ("江苏省教育厅", "省教育厅"),
        ("江苏省科学技术厅", "省科技厅"),
        ("江苏省交通运输厅", "省交通运输厅"),
        ("江苏省文化和旅游厅", "省文化旅游厅"),
        ("江苏省政府国有资产监督管理委员会", "省国资委"),
    ],
)
def test_an_issuer_is_the_same_organisation_as_its_short_name(jiangsu, issuer, short):
    assert issuer in jiangsu.plan.issuers
    assert jiangsu.organisation(issuer) is jiangsu.organisation(short)


def test_every_city_has_the_7_addressed_bureaus_91_in_all(jiangsu):
    addressed = [bureau for bureau in jiangsu.city_bureaus if bureau.addressed]
    assert len(addressed) == 91
    cities = {region.code: region.name for region in jiangsu.regions.regions if region.kind == "city"}
    assert len(cities) == 13
    for code, city in cities.items():
        assert {b.name.removeprefix(city) for b in addressed if b.region == code} == ADDRESSED


def test_the_addressed_kinds_are_those_of_the_addressees_line(jiangsu):
    listed = jiangsu.plan.addressees.quote.split("各设区市")[1].split(",")[0].split("、")
    assert set(listed) == ADDRESSED


def test_every_named_party_says_what_its_city_counterpart_is(jiangsu):
    assert {c.of for c in jiangsu.organisations.counterparts} == {o.code for o in jiangsu.organisations.organisations}


def test_regions_are_1_province_13_cities_95_counties_and_13_zones(jiangsu):
    table = jiangsu.regions.table()
    assert len(table.at_level(RegionLevel.CITY)) == 13
    counties = [r.kind for r in jiangsu.regions.regions if r.kind in ("district", "county_city", "county")]
    assert [counties.count(kind) for kind in ("district", "county_city", "county")] == [55, 21, 19]
    assert len(table.at_level(RegionLevel.ZONE)) == 13
    assert table.find("鼓楼区", within="320300").code.value == "320302"


def test_the_cities_fall_into_south_centre_and_north(jiangsu):
    groups = {group.name: len(group.members) for group in jiangsu.regions.groups}
    assert groups == {"苏南": 5, "苏中": 3, "苏北": 5}


def test_industries_are_10_growth_and_5_frontier_and_the_frontier_is_open(jiangsu):
    industries = jiangsu.industries
    assert [i.code for i in industries.industries] == CATALOGUE_CODES
    assert [i.group for i in industries.industries] == ["10"] * 10 + ["X"] * 5
    assert [g.code for g in industries.groups if g.open_ended] == ["X"]


def test_the_low_altitude_economy_is_in_the_plan_and_not_in_the_2023_opinion(jiangsu):
    versions = {version.document: version for version in jiangsu.industries.versions}
    assert "low-altitude" in {w.industry for w in versions["js-plan-2024"].wordings}
    assert versions["js-opinion-2023"].absent == ("low-altitude",)


@pytest.mark.parametrize(
    ("code", "alias", "relation"),
    [
        ("humanoid", "人形机器人", "same"),
        ("agi", "通用人工智能", "same"),
        ("vr", "元宇宙", "near"),
        ("cell-gene", "基因与细胞", "same"),
    ],
)
def test_aliases_say_how_they_relate(jiangsu, code, alias, relation):
    industry = next(i for i in jiangsu.industries.industries if i.code == code)
    assert {a.name: a.relation for a in industry.aliases}[alias] == relation


def test_every_span_of_the_plan_gives_its_words_in_the_published_text(jiangsu):
    text = jiangsu.source_text
    spans = 0
    for _, record in walk(jiangsu.plan):
        span = getattr(record, "span", None)
        if span is None:
            continue
        spans += 1
        words = text[span[0] : span[1]]
        if isinstance(record, Quoted | Target | Commitment):
            assert words == record.quote
        elif isinstance(record, Mechanism):
            assert words == record.name
        elif isinstance(record, Measure):
            assert words.startswith(f"{record.no}.{record.title}。")
            assert words.endswith(")")
        elif isinstance(record, Action):
            assert words.startswith(f"{record.no}、{record.title}\n")
    assert spans > 100


def test_each_industry_stands_in_the_preamble_where_its_span_says(jiangsu):
    version = next(v for v in jiangsu.industries.versions if v.plan == jiangsu.plan.code)
    start, end = jiangsu.plan.preamble.span
    assert len(version.wordings) == 15
    for wording in version.wordings:
        assert start < wording.span[0] < wording.span[1] < end
        assert jiangsu.source_text[wording.span[0] : wording.span[1]] == wording.name


def test_all_measures_lie_one_after_the_other_and_cover_the_text_from_the_first_heading(jiangsu):
    headings = [a.span[0] for a in jiangsu.plan.actions]
    spans = [m.span for m in jiangsu.plan.measures()]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    uncovered = jiangsu.source_text[headings[0] :]
    for start, end in spans:
        uncovered = uncovered.replace(jiangsu.source_text[start:end], "")
    assert [line for line in uncovered.split("\n") if line] == [f"{a.no}、{a.title}" for a in jiangsu.plan.actions]


def test_targets_commitments_and_duties_leave_nothing_of_a_measure_but_its_title_and_adverbials(jiangsu):
    text, left = jiangsu.source_text, []
    for measure in jiangsu.plan.measures():
        rest = text[slice(*measure.span)].replace(f"{measure.no}.{measure.title}。", "", 1)
        for item in (*measure.targets, *measure.commitments, *measure.duty.quotes):
            rest = rest.replace(item.quote, " ", 1)
        left += [words for words in re.split(r"[ ,。]+", rest) if len(words) > 3]
    assert all(words.startswith(("面向", "依托", "针对", "发挥", "鼓励", "科学反映", "实现")) for words in left)
    assert len(left) <= 12


def test_soft_promises_are_told_from_firm_ones(jiangsu):
    promises = [c for m in jiangsu.plan.measures() for c in m.commitments]
    assert len(promises) == 201
    soft = [c for c in promises if c.strength == "soft"]
    assert all(not c.quote.startswith(("实施", "建设", "完善", "健全")) for c in soft)
    assert all(
        not c.quote.startswith(("探索", "鼓励", "支持", "争取", "引导")) for c in promises if c.strength == "firm"
    )


def test_the_standing_duty_of_the_cities_holds_for_every_measure(jiangsu):
    standing = jiangsu.plan.standing_duty
    first, *others = jiangsu.plan.measures()
    assert first.span[0] < standing.span[0] < standing.span[1] <= first.span[1]
    assert standing.cities
    assert all(m.duty.cities for m in (first, *others))
    assert not first.duty.standing
    assert all(m.duty.standing for m in others)


def test_every_duty_list_is_open_except_those_of_measures_1_and_23(jiangsu):
    assert [m.no for m in jiangsu.plan.measures() if not m.duty.open_ended] == ["1", "23"]


def test_five_targets_are_shared_with_the_plan_of_the_science_department(jiangsu):
    assert list(jiangsu.plans) == ["js-wlcy-2024-2026", "js-sci-5x100"]
    links = {link.target.target: link.also.target for link in jiangsu.also_counts.links}
    assert set(links) == {"T02-1", "T03-2", "T06-1", "T09-2", "T21-1"}
    sister = {t.key: t.value for t in jiangsu.plans["js-sci-5x100"].targets()}
    assert sister == dict.fromkeys(links.values(), Decimal(100))


def test_a_plan_whose_text_was_not_read_claims_no_place_in_a_text(jiangsu):
    sister = jiangsu.plans["js-sci-5x100"]
    assert sister.source.confidence == "read"
    assert "js-sci-5x100" not in jiangsu.texts
    assert all(getattr(record, "span", None) is None for _, record in walk(sister))


def test_a_problem_is_assigned_in_3_answered_in_10_and_escalated_at_20_working_days(jiangsu):
    clocks = {clock.key: clock for clock in jiangsu.deadlines.deadlines}
    found = {key: (clocks[key].days, clocks[key].unit) for key in clocks if key.startswith("problem.")}
    assert found == {
        "problem.assign": (3, "working"),
        "problem.answer": (10, "working"),
        "problem.accept": (5, "working"),
        "problem.escalate": (20, "working"),
    }
    assert clocks["problem.escalate"].on_lapse == "escalate"
    assert all(clocks[key].source.confidence == "default_ours" for key in found)


def test_silence_is_consent_only_where_a_rule_says_so(jiangsu):
    consenting = {c.key: c.source.confidence for c in jiangsu.deadlines.deadlines if c.silence == "consent"}
    # One by law; one the platform's own, which its source says.
    assert consenting == {"listing.seller_answers": "law", "problem.accept": "default_ours"}


def test_every_clock_gives_a_kernel_rule_with_its_source(jiangsu):
    rules = {clock.key: clock.rule() for clock in jiangsu.deadlines.deadlines}
    assert rules["disclosure.reply"].label == "20个工作日"
    assert rules["disclosure.reply"].extension_days == 20
    assert rules["disclosure.reply"].source == "disclosure-regulation 第三十三条"
    assert rules["violation.investigate"].label == "6个月"


def test_security_values_are_those_of_the_handbook(jiangsu):
    security = jiangsu.security
    assert (security.password_min_length.value, security.password_min_length_admin.value) == (8, 12)
    assert (security.lockout_failures.value, security.lockout_time.value) == (5, 30)
    assert (security.idle_timeout.value, security.idle_timeout_admin.value) == (15, 10)
    assert (security.log_retention.value, security.log_retention.source.confidence) == (6, "law")


def test_what_no_law_says_is_marked_as_our_default(jiangsu):
    law = [c for c in jiangsu.deadlines.deadlines if c.source.confidence == "law"]
    assert law
    assert all(c.source.document not in (None, "platform-defaults") and c.source.article for c in law)


def test_every_source_cites_a_listed_document_or_says_it_is_knowledge_or_default(jiangsu):
    documents = {document.id for document in jiangsu.meta.documents}
    parts = (*jiangsu.plans.values(), jiangsu.organisations, jiangsu.regions, jiangsu.industries, jiangsu.also_counts)
    sources = [
        r for part in (*parts, jiangsu.deadlines, jiangsu.security) for _, r in walk(part) if isinstance(r, Source)
    ]
    assert len(sources) > 100
    assert all(s.document in documents or s.confidence in ("knowledge", "default_ours") for s in sources)


def test_the_english_is_complete(jiangsu):
    for plan in jiangsu.plans.values():
        assert plan.title_en
        for _, record in walk(plan):
            if isinstance(record, Action | Measure):
                assert record.title_en
            elif isinstance(record, Target):
                assert record.object_en
                assert all(part.name_en for part in record.parts)
            elif isinstance(record, Mechanism):
                assert record.name_en
            elif isinstance(record, Commitment):
                assert record.text_en
    english = [r.en for r in (*jiangsu.organisations.organisations, *jiangsu.city_bureaus, *jiangsu.regions.regions)]
    english += [i.en for i in jiangsu.industries.industries] + [c.en for c in jiangsu.deadlines.deadlines]
    english += [d.title_en for d in jiangsu.meta.documents]
    assert not [text for text in english if re.search(r"[\u4e00-\u9fff{]", text)]


def test_every_item_of_the_plan_was_reviewed(jiangsu):
    assert all(record.reviewed for _, record in walk(jiangsu.plan) if isinstance(record, Item))


def test_the_whole_pack_loads_within_its_budget():
    times = []
    for _ in range(3):
        start = time.perf_counter()
        load_pack(JIANGSU)
        times.append(time.perf_counter() - start)
    assert min(times) < 1.0  # thirty programmes doubled what there is to read


def test_the_version_follows_content_and_not_layout(pack_copy, jiangsu):
    plan = pack_copy / "plan.yaml"
    plan.write_bytes(plan.read_bytes().replace(b"code: js-wlcy", b"# a comment\ncode:   js-wlcy", 1))
    assert load_pack(pack_copy).version == jiangsu.version
    security = pack_copy / "security.yaml"
    security.write_bytes(security.read_bytes().replace(b"value: 90", b"value: 91", 1))
    assert load_pack(pack_copy).version != jiangsu.version
