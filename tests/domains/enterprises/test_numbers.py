"""Numbers of enterprises: chain, layout, growth and figures, with counts written by hand; public counts, own rows."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiandao.domains.enterprises.figures import numbers
from xiandao.domains.enterprises.figures.chain import chain, overview
from xiandao.domains.enterprises.figures.counting import cube
from xiandao.domains.enterprises.figures.layout import NEW, layout
from xiandao.domains.enterprises.figures.links import rows_url
from xiandao.domains.enterprises.figures.series import series
from xiandao.domains.industries.models import Industry

pytestmark = pytest.mark.django_db
NANJING, WUXI, SUZHOU = "320100", "320200", "320500"


def _rows(client, url):
    answer = client.get(url)
    return answer.context["table"].paginator.count


def test_what_counts_is_in_core_or_service_and_in_business(made, run):
    made.result(run, made.firm("一"))
    made.result(run, made.firm("二"), role="service")
    made.result(run, made.firm("三"), role="trade")
    made.result(run, made.firm("四"), decision="review")
    made.result(run, made.firm("五", status="注销"))
    made.result(run, made.firm("六", ended_on=dt.date(2026, 6, 30)))
    made.result(run, made.firm("七", ended_on=dt.date(2026, 7, 1)))
    made.result(run, made.firm("八", gone_in=run.register))
    made.result(run, made.firm("九", same_as=made.firm("十")))
    whole = cube(run).sum(industry="hydrogen")
    assert (whole.core, whole.service, whole.firms) == (2, 1, 3)


def test_a_firm_of_two_industries_counts_in_each_and_once_in_all(made, run):
    firm = made.firm()
    made.result(run, firm)
    made.result(run, firm, "quantum", segment="sensing")
    assert numbers.firms(run).value == 1
    hydrogen = Industry.objects.get(code="hydrogen")
    assert numbers.firms(run, industry=hydrogen).value == 1
    assert numbers.firms(run, city=SUZHOU).value == 1
    assert numbers.firms(run, city=NANJING).value == 0
    assert cube(run).sum().firms == 2


def test_capital_is_the_sum_of_the_known_and_says_of_how_many(made, run):
    made.result(run, made.firm("一", capital="1234567.89"))
    made.result(run, made.firm("二", capital="100000000.00"))
    made.result(run, made.firm("三", capital=None))
    cell = cube(run).sum(industry="hydrogen")
    figure = numbers.capital(run, cell, industry="hydrogen")
    assert cell.capital == Decimal("101234567.89")
    assert figure.value == Decimal("1.01")
    assert (figure.coverage.known, figure.coverage.of) == (2, 3)
    unknown = numbers.capital(run, cube(run).sum(industry="quantum"), industry="quantum")
    assert unknown.value is None


def test_figures_lead_to_as_many_rows_as_they_count(made, run, client_of):
    made.many(run, 3)
    made.many(run, 2, region="320102", segment="production", role="service")
    made.result(run, made.firm("不计", status="吊销，未注销"))
    client = client_of("coordinator")
    hydrogen = Industry.objects.get(code="hydrogen")
    for figure, count in (
        (numbers.firms(run), 5),
        (numbers.firms(run, industry=hydrogen), 5),
        (numbers.firms(run, industry=hydrogen, city=NANJING), 2),
        (
            numbers.capital(
                run, cube(run).sum(industry="hydrogen", segment="storage"), industry="hydrogen", segment="storage"
            ),
            3,
        ),
    ):
        assert figure.rows.count == count
        assert _rows(client, rows_url(figure)) == count


def test_chain_by_hand(made, run):
    made.many(run, 3, segment="production")
    made.many(run, 2, segment="storage", region="320102")
    made.many(run, 1, segment="unheard-of")
    found = chain(run, "hydrogen")
    by_code = {link.segment.code: link for link in found.links}
    assert [link.segment.code for link in found.stages["upstream"]] == ["production"]
    assert (by_code["production"].whole.firms, by_code["production"].state) == (3, "")
    assert (by_code["storage"].whole.firms, by_code["storage"].state) == (2, "thin")
    assert (by_code["refuel"].whole.firms, by_code["refuel"].state) == (0, "empty")
    assert found.other.firms == 1
    assert found.whole.firms == 6
    assert by_code["storage"].by_city == {NANJING: 2}


def test_chain_of_a_city_is_judged_there(made, run):
    made.many(run, 4, segment="production")
    made.many(run, 4, segment="storage", region="320102")
    made.many(run, 4, segment="production", region="320102")
    by_code = {link.segment.code: link for link in chain(run, "hydrogen", NANJING).links}
    # Nanjing: production 4 of 8 of its own; the province: 8 of 12. (4/8) / (8/12) = 0.75; storage (4/8) / (4/12) = 1.5.
    assert by_code["production"].quotient == pytest.approx(0.75)
    assert by_code["storage"].quotient == pytest.approx(1.5)
    in_suzhou = {link.segment.code: link for link in chain(run, "hydrogen", SUZHOU).links}
    assert (in_suzhou["storage"].own.firms, in_suzhou["storage"].whole.firms, in_suzhou["storage"].state) == (
        0,
        4,
        "empty",
    )
    line = overview(run, ["hydrogen"], SUZHOU)[0]
    assert (line.firms, line.stages, line.empty) == (4, [4, 0, 0, 0], 4)


def _squares(found):
    return {(square.city.code, square.industry.code): square for line in found.rows for square in line}


def test_layout_by_hand(made, run):
    # Nanjing 8 hydrogen, 2 quantum; Wuxi 10 and 10; Suzhou 6 and 24: quotients 2, 1/3; 1.25, 5/6; 0.5, 4/3.
    for region, hydrogen, quantum in (("320102", 8, 2), ("320205", 10, 10), ("320505", 6, 24)):
        made.many(run, hydrogen, region=region)
        made.many(run, quantum, region=region, industry="quantum", segment="sensing")
    found = layout(run)
    squares = _squares(found)
    assert squares[NANJING, "hydrogen"].quotient == pytest.approx(2.0)
    assert squares[NANJING, "hydrogen"].state == "high"
    assert squares[NANJING, "quantum"].state == "small"
    assert squares[WUXI, "hydrogen"].quotient == pytest.approx(1.25)
    assert squares[SUZHOU, "quantum"].quotient == pytest.approx(4 / 3)
    assert squares[SUZHOU, "hydrogen"].share == pytest.approx(0.2)
    assert squares[SUZHOU, "hydrogen"].part == pytest.approx(0.25)
    assert squares["321300", "hydrogen"].state == "none"
    assert squares["321300", "hydrogen"].quotient is None
    assert found.total == 60
    assert found.piled == []
    pairs = {(pair.one.code, pair.other.code): pair for pair in found.pairs}
    assert pairs[NANJING, SUZHOU].similarity == pytest.approx(0.32 / 0.68)
    assert pairs[NANJING, SUZHOU].krugman == pytest.approx(1.2)


def test_crowding_is_remarked_where_three_cities_do_the_same(made, run):
    for region in ("320102", "320205", "320505"):
        made.many(run, 6, region=region)
        made.many(run, 1, region=region, industry="quantum", segment="sensing")
    made.many(run, 30, region="321302", industry="quantum", segment="sensing")
    found = layout(run)
    assert [(each.industry.code, [city.code for city in each.cities], each.alike) for each in found.piled] == [
        ("hydrogen", [NANJING, WUXI, SUZHOU], pytest.approx(1.0))
    ]


def test_layout_of_new_enterprises_counts_from_the_year(made, run):
    made.result(run, made.firm("旧", "320102", registered="2023-12-31"))
    made.result(run, made.firm("新", "320102", registered="2024-01-01"))
    assert _squares(layout(run, measure=NEW, since=2024))[NANJING, "hydrogen"].amount == 1
    assert _squares(layout(run, measure=NEW, since=2023))[NANJING, "hydrogen"].amount == 2


def test_growth_counts_those_who_ended_while_they_were(made, client_of):
    old, new = made.register(as_of="2024-12-31", state="superseded"), made.register(as_of="2026-06-30")
    former, run = made.run(old, state="superseded"), made.run(new)
    made.result(run, made.firm("甲", registered="2020-05-01"))
    made.result(run, made.firm("乙", registered="2022-05-01", ended_on=dt.date(2024, 3, 1), status="注销"))
    made.result(run, made.firm("丙", registered="2026-02-01"))
    made.result(run, made.firm("丁", registered=None))
    gone = made.firm("戊", registered="2021-01-01", last_seen=old, gone_in=new)
    made.result(former, gone)
    found = series(run, industry="hydrogen")
    assert [(year.year, year.existing.value, year.new.value) for year in found.years] == [
        (2020, 1, 1),
        (2021, 2, 1),
        (2022, 3, 1),
        (2023, 3, 0),
        (2024, 2, 0),
        (2025, 2, 0),
        (2026, 2, 1),
    ]
    assert found.undated == 1
    client = client_of("coordinator")
    for year in found.years[:-1]:
        assert _rows(client, rows_url(year.existing)) == year.existing.value, year.year
        assert _rows(client, rows_url(year.new)) == year.new.value, year.year
    assert [year.existing.value for year in series(run, industry="hydrogen", city=NANJING).years] == [0]


def test_numbers_are_public_and_rows_are_not(made, run, client_of):
    made.many(run, 6)
    for address in ("chain/?industry=hydrogen", "layout/", "map/?industry=hydrogen", "growth/?industry=hydrogen"):
        text = client_of().get(f"/enterprises/{address}").content.decode()
        assert ">6<" in text.replace("\n", "")
        assert "第1家有限公司" not in text
        assert 'href="/enterprises/?' not in text
        assert 'href="/enterprises/?' in client_of("coordinator").get(f"/enterprises/{address}").content.decode()


def test_remarks_are_for_those_who_work(made, run, client_of):
    made.many(run, 1)
    assert "薄弱：不足 3 家" in client_of("city").get("/enterprises/chain/?industry=hydrogen").content.decode()
    assert "薄弱：不足" not in client_of().get("/enterprises/chain/?industry=hydrogen").content.decode()
    assert "结构相似的市" not in client_of().get("/enterprises/layout/").content.decode()


def test_a_city_is_led_to_its_own_rows_alone(made, run, client_of):
    made.many(run, 6, region="320102")
    made.many(run, 6)
    text = client_of("city").get("/enterprises/map/?industry=hydrogen").content.decode()
    assert text.count('href="/enterprises/?industry=hydrogen"') == 1


def test_pages_elsewhere_show_the_numbers(made, run, client_of):
    made.many(run, 6)
    assert "未来产业企业" in client_of("city").get("/cities/320500/").content.decode()
    industry = client_of().get("/industries/hydrogen/").content.decode()
    assert "按模型识别，未经抽样校核" in industry
    assert "/enterprises/chain/?industry=hydrogen" in industry
    assert "未来产业企业" in client_of().get("/overview/").content.decode()


def _asked(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "address",
    ["", "?decision=all&industry=hydrogen", "?change=gone", "chain/?industry=hydrogen", "layout/", "map/", "growth/"],
)
def test_as_many_queries_for_one_three_and_a_thousand_rows(made, run, client_of, address):
    client = client_of("coordinator")
    client.get("/enterprises/")
    asked = []
    for more in (1, 2, 997):
        made.many(run, more)
        asked.append(_asked(client, f"/enterprises/{address}"))
    assert len(set(asked)) == 1, asked


def test_the_page_of_a_firm_asks_as_much_for_three_industries_as_for_one(made, run, client_of):
    one, three = made.firm("一"), made.firm("三")
    made.result(run, one)
    for industry in ("hydrogen", "quantum", "agi"):
        made.result(run, three, industry)
    client = client_of("coordinator")
    assert _asked(client, f"/enterprises/{one.pk}/") == _asked(client, f"/enterprises/{three.pk}/")


def test_the_matrix_exports_the_cells_shown(made, run, client_of):
    import io

    from python_calamine import CalamineWorkbook

    made.many(run, 6)
    answer = client_of().get("/enterprises/layout/?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == [
        "设区市",
        "产业",
        "核心和服务企业（家）",
        "企业（家）",
        "占本市",
        "占全省该产业",
        "区位商",
        "提示",
    ]
    assert len(rows) == 1 + 13 * 15
    assert ["苏州市", "氢能", 6.0, 6.0, 1.0, 1.0, 1.0, ""] in rows
