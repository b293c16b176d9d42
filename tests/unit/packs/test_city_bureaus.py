"""Counterpart patterns become the bureaus of each city."""

import pytest

from xiandao.packs import load_pack


def bureaus(pack, city):
    return {bureau.code: bureau for bureau in pack.city_bureaus if bureau.region == city}


def test_a_pattern_is_filled_with_the_city(jiangsu):
    bureau = bureaus(jiangsu, "320700")["320700-sci"]
    assert (bureau.name, bureau.full_name) == ("连云港市科技局", "连云港市科学技术局")
    assert bureau.en == "Lianyungang Municipal Bureau of Science and Technology"
    assert (bureau.counterpart_of, bureau.addressed) == (("js-sci",), True)


def test_a_short_city_name_loses_only_its_ending(jiangsu):
    assert bureaus(jiangsu, "320500")["320500-nfra"].name == "国家金融监督管理总局苏州监管分局"


def test_an_override_replaces_the_pattern_in_its_city_only(jiangsu):
    assert bureaus(jiangsu, "320100")["320100-culture"].full_name == "南京市文化和旅游局"
    assert bureaus(jiangsu, "320200")["320200-culture"].full_name == "无锡市文化广电和旅游局"


def test_a_bureau_that_serves_several_provincial_bodies_is_one_bureau(jiangsu):
    assert bureaus(jiangsu, "321300")["321300-amr"].counterpart_of == ("js-amr", "js-ip")
    assert bureaus(jiangsu, "321300")["321300-drc"].counterpart_of == ("js-drc", "js-energy")
    assert "321300-ip" not in bureaus(jiangsu, "321300")


@pytest.mark.parametrize("suffix", ["pbc", "nfra"])
def test_where_the_provincial_branch_serves_the_capital_there_is_no_city_branch(jiangsu, suffix):
    having = {b.region for b in jiangsu.city_bureaus if b.code.endswith(f"-{suffix}")}
    assert len(having) == 12
    assert "320100" not in having


def test_codes_and_names_are_unique_over_all_cities(jiangsu):
    assert len({b.code for b in jiangsu.city_bureaus}) == len(jiangsu.city_bureaus)
    assert len({b.name for b in jiangsu.city_bureaus}) == len(jiangsu.city_bureaus)


def test_an_organisation_is_found_by_any_of_its_names_and_unknown_ones_raise(jiangsu):
    codes = {jiangsu.organisation(name).code for name in ("省科技厅", "江苏省科学技术厅", "江苏省科技厅")}
    assert codes == {"js-sci"}
    with pytest.raises(KeyError):
        jiangsu.organisation("省气象局")


def test_a_city_added_to_the_regions_gets_its_bureaus(pack_copy):
    regions = pack_copy / "regions.yaml"
    text = regions.read_text(encoding="utf-8")
    row = "  - {code: '321400', name: 澄湖市, en: Chenghu, kind: city, parent: '320000'}\n"
    regions.write_text(text.replace("  # 南京市\n", row + "  # 南京市\n", 1), encoding="utf-8")
    pack = load_pack(pack_copy)
    assert sum(b.addressed for b in pack.city_bureaus if b.region == "321400") == 7
    assert "澄湖市数据局" in {b.name for b in pack.city_bureaus}
