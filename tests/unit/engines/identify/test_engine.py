"""From a batch to rows with evidence, by the shipped catalogue and model, on invented enterprises."""

import json

import pyarrow as pa
import pytest

from xiandao.engines.identify import EVIDENCE, RESULT, Catalogue, Identifier, Model, ModelMismatchError, identify
from xiandao.packs import PackError, packs_dir
from xiandao.packs.catalogue import MODEL, load_model

INVENTED = [
    # name, scope, industry, decision, role
    ("甲氢能科技有限公司", "氢燃料电池电堆、膜电极的研发、生产、销售", "hydrogen", "in", "core"),
    ("乙气体有限公司", "批发：氧、氩、氮、氢气、乙炔（凭许可证经营）", "hydrogen", "out", "mention"),
    ("丙商贸有限公司", "日用百货、无人机、五金交电的销售", "low-altitude", "out", "trade"),
    ("丁农业服务有限公司", "无人机植保服务；农作物种植", "low-altitude", "in", "service"),
    ("戊机器人有限公司", "工业机器人、谐波减速器的设计、研发、制造", "humanoid", "in", "core"),
    ("己教育咨询有限公司", "机器人培训；机器人竞赛活动组织", "humanoid", "out", "mention"),
    ("庚财产保险支公司", "核电站保险；航天保险；机动车辆保险", "advanced-nuclear", "out", "mention"),
    ("辛生物科技有限公司", "基因检测技术、干细胞技术的研发、技术服务", "cell-gene", "in", "core"),
    (
        "壬生物有限公司",
        "从事生物科技（人体干细胞、基因诊断与治疗技术开发和应用除外）的技术开发",
        "cell-gene",
        "out",
        "mention",
    ),
    ("癸低碳咨询有限公司", "碳排放权交易咨询、碳核查服务", "ccus", "in", "service"),
    ("子暖通有限公司", "石墨烯地暖、碳纤维发热线的安装、销售", "frontier-materials", "out", "mention"),
    ("丑新能源有限公司", "锂离子电池、储能系统的研发、生产", "energy-storage", "in", "core"),
    ("寅量子科技有限公司", "量子保密通信设备的研发、生产", "quantum", "in", "core"),
    ("卯电子有限公司", "电子产品（不含卫星电视广播地面接收设施）的销售", "deep-frontier", "", ""),
    ("辰通信营业厅", "3.5GHz无线接入业务、26GHz无线接入业务", "future-network", "", ""),
]


TEXT = pa.string()


def batch(rows: list[tuple[str, ...]], kind: pa.DataType = TEXT) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {
            "rid": pa.array(range(len(rows)), pa.int64()),
            "name": pa.array([row[0] for row in rows], kind),
            "scope": pa.array([row[1] for row in rows], kind),
        }
    )


def run(identifier: Identifier, rows: pa.RecordBatch) -> list[dict]:
    return identifier.identify(rows, name="name", scope="scope", keys=("rid",)).to_pylist()


@pytest.mark.parametrize(("name", "scope", "industry", "decision", "role"), INVENTED)
def test_invented_enterprises(
    identifier: Identifier, name: str, scope: str, industry: str, decision: str, role: str
) -> None:
    found = {each["industry"]: each for each in run(identifier, batch([(name, scope)]))}
    given = found.get(industry, {"decision": "", "role": ""})
    if decision == "out":
        assert given["decision"] in {"out", ""}
        assert given["role"] in {role, "mention", "trade", ""}
    elif decision == "":
        assert given["decision"] in {"out", ""}
    else:
        assert (given["decision"], given["role"]) == (decision, role)


def test_evidence_points_into_the_scope(identifier: Identifier) -> None:
    scope = "ＡＢ；研发、生产：燃料电池（不含储氢瓶）；加氢精制"
    found = {each["industry"]: each for each in run(identifier, batch([("甲", "无"), ("乙", scope)]))}
    hydrogen = found["hydrogen"]
    assert (hydrogen["rid"], hydrogen["segment"]) == (1, "fuel-cell")
    assert [(each["term"], each["discount"], each["verbs"]) for each in hydrogen["evidence"]] == [
        ("燃料电池", None, ["develop", "make"]),
        ("储氢瓶", "excluded", ["develop", "make"]),
    ]
    first, second = hydrogen["evidence"]
    assert scope[first["start"] : first["end"]] == "燃料电池"
    assert scope[second["start"] : second["end"]] == "储氢瓶"
    assert (first["clause"], first["product"]) == ("研发、生产：燃料电池（不含储氢瓶）", "hydrogen/stack")
    assert second["clause"] == "不含储氢瓶"


def test_a_trap_is_named(identifier: Identifier) -> None:
    (found,) = run(identifier, batch([("甲", "机器人培训")]))
    (evidence,) = found["evidence"]
    assert (found["decision"], evidence["discount"], evidence["trap"]) == ("out", "trap", "机器人培训")


def test_the_schema_is_the_one_promised_for_few_none_and_large_strings(identifier: Identifier) -> None:
    for rows in (INVENTED, []):
        for kind in (pa.string(), pa.large_string()):
            given = identifier.identify(batch(rows, kind), name="name", scope="scope", keys=("rid",))
            assert given.schema == pa.schema([pa.field("rid", pa.int64()), *RESULT])
            given.validate(full=True)
    assert pa.types.is_struct(EVIDENCE)


def test_the_same_whatever_threads_batches_and_scanner(
    shipped: Catalogue, model: Model, identifier: Identifier
) -> None:
    rows = batch(INVENTED * 20)
    whole = pa.Table.from_batches([identifier.identify(rows, name="name", scope="scope", keys=("rid",))])
    for threads, size, engine in ((1, 7, "automaton"), (2, 13, "auto"), (4, 50, "auto")):
        mine = Identifier(shipped, model, engine=engine)
        parts = [rows.slice(start, size) for start in range(0, rows.num_rows, size)]
        found = identify(parts, mine, name="name", scope="scope", keys=("rid",), threads=threads)
        assert pa.Table.from_batches(found).combine_chunks() == whole.combine_chunks()
    with pytest.raises(ValueError, match="线程数"):
        list(identify([], identifier, name="name", scope="scope", keys=(), threads=0))


def test_only_the_industries_asked_for(shipped: Catalogue, model: Model, identifier: Identifier) -> None:
    mine = Identifier(shipped, model, industries=("hydrogen",))
    rows = batch([("甲", "燃料电池、无人机的研发、生产")])
    assert [each["industry"] for each in run(identifier, rows)] == ["hydrogen", "low-altitude"]
    assert run(mine, rows) == run(identifier, rows)[:1]
    with pytest.raises(KeyError):
        Identifier(shipped, model, industries=("tea",))


def test_a_missing_column_and_a_missing_model_are_refused(shipped: Catalogue, identifier: Identifier) -> None:
    with pytest.raises(KeyError):
        identifier.identify(batch([]), name="名称", scope="scope", keys=())
    with pytest.raises(ValueError, match="没有模型"):
        Identifier(shipped, None).identify(batch([]), name="name", scope="scope", keys=())


def test_the_model_survives_json_and_refuses_other_features(model: Model, tmp_path) -> None:
    data = json.loads(json.dumps(model.to_json()))
    again = Model.from_json(data)
    assert again.to_json() == model.to_json()
    for spoilt in ({}, {**data, "features": ["x"]}, {**data, "weights": {}}):
        with pytest.raises(ModelMismatchError):
            Model.from_json(spoilt)
    with pytest.raises(PackError, match="缺少该文件"):
        load_model(tmp_path / "model.json")
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PackError, match="读不了"):
        load_model(tmp_path / "model.json")


def test_the_card_says_how_good_the_model_is() -> None:
    card = load_model(packs_dir() / "jiangsu_2024_2026" / MODEL).card
    assert card["cross_validated"]["f1"] >= 0.90
    assert card["cross_validated"]["precision"] >= 0.90
    assert card["calibration_error"] < 0.05
    assert card["decided_at_precision_95"] >= 0.80
    assert len(card["by_industry"]) == 15


TRAPS_OF_THE_GUIDE = [
    # what a keyword would be tempted by; the industry must not be counted
    ("经营３.５GHz无线接入业务、26GHz无线接入业务", "future-network"),
    ("5G手机、手机卡的销售", "future-network"),
    ("加氢精制催化剂的研发、生产", "hydrogen"),
    ("氢气球的制作、销售", "hydrogen"),
    ("批发：氢气、氧气、氮气", "hydrogen"),
    ("卫星电视接收设备的安装、维修", "deep-frontier"),
    ("通信设备（不含卫星电视广播地面接收设施）的研发、生产", "deep-frontier"),
    ("核电站保险、航天保险业务", "advanced-nuclear"),
    ("考核设备的研发、生产", "advanced-nuclear"),
    ("无人机、工业机器人、虚拟现实设备的批发、零售、进出口业务", "low-altitude"),
    ("无人机、工业机器人、虚拟现实设备的批发、零售、进出口业务", "humanoid"),
    ("无人机、工业机器人、虚拟现实设备的批发、零售、进出口业务", "vr"),
    ("生物技术开发（不含人体干细胞、基因诊断与治疗技术开发和应用）", "cell-gene"),
    ("农副产品的生产（转基因产品除外）", "cell-gene"),
    ("智能家居、智能停车设备的安装", "agi"),
    ("物联网技术服务；互联网信息服务；软件开发", "future-network"),
    ("量子养生床垫的研发、生产", "quantum"),
    ("机器人编程培训", "humanoid"),
    ("航空机票代理、航空货运代理", "low-altitude"),
    ("磨料用绿碳化硅的生产", "wbg-semi"),
    ("节能技术开发；环境保护工程施工", "ccus"),
    ("酱油、食醋的发酵生产；氨基酸水溶肥的生产", "synbio"),
    ("触酶催化器的生产", "synbio"),
    ("BMS线束的制造", "energy-storage"),
]


@pytest.mark.parametrize(("scope", "industry"), TRAPS_OF_THE_GUIDE)
def test_traps_are_not_counted(identifier: Identifier, scope: str, industry: str) -> None:
    found = {each["industry"]: each["decision"] for each in run(identifier, batch([("甲有限公司", scope)]))}
    assert found.get(industry) != "in"


NEW_WORDS = [
    # expressions of registrations of 2020 and later, of which old registers know nothing
    ("人工智能基础软件开发；人工智能理论与算法软件开发", "agi"),
    ("大模型训练及推理服务", "agi"),
    ("算力租赁", "agi"),
    ("脑机接口技术开发", "agi"),
    ("量子计算技术服务", "quantum"),
    ("量子精密测量仪器制造", "quantum"),
    ("具身智能技术开发", "humanoid"),
    ("人形机器人、灵巧手的研发、制造", "humanoid"),
    ("低空飞行器制造", "low-altitude"),
    ("电动垂直起降航空器（eVTOL）的研发、生产", "low-altitude"),
    ("民用航空器驾驶员培训", "low-altitude"),
    ("商业航天技术研发", "deep-frontier"),
    ("卫星遥感应用系统集成；卫星导航多模增强应用服务系统集成", "deep-frontier"),
    ("水下系统和作业装备制造", "deep-frontier"),
    ("卫星互联网技术研发；6G技术研发", "future-network"),
    ("元宇宙技术开发；数字人制作", "vr"),
    ("固态电池研发、生产", "energy-storage"),
    ("工商业储能系统集成", "energy-storage"),
    ("绿氢制备技术研发", "hydrogen"),
    ("碳减排、碳转化、碳捕捉、碳封存技术研发", "ccus"),
    ("碳足迹核算服务", "ccus"),
    ("可控核聚变装置研制", "advanced-nuclear"),
    ("细胞与基因治疗产品研发", "cell-gene"),
    ("合成生物学技术开发；生物基材料制造", "synbio"),
    ("氧化镓衬底制造", "wbg-semi"),
    ("超导材料制造", "frontier-materials"),
]


@pytest.mark.parametrize(("scope", "industry"), NEW_WORDS)
def test_new_words_count_among_the_usual_clauses(identifier: Identifier, scope: str, industry: str) -> None:
    usual = f"软件开发；{scope}；办公设备销售；货物进出口（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
    for each in (scope, usual):
        found = {one["industry"]: one["decision"] for one in run(identifier, batch([("甲科技有限公司", each)]))}
        assert found.get(industry) == "in"


def test_a_name_alone_is_for_review_and_a_name_without_support_is_a_mention(identifier: Identifier) -> None:
    rows = batch([("甲量子计算科技有限公司", ""), ("乙量子计算科技有限公司", "餐饮服务"), ("丙餐饮有限公司", "")])
    first, second = run(identifier, rows)
    assert (first["rid"], first["industry"], first["decision"], first["role"]) == (0, "quantum", "review", "mention")
    assert (second["rid"], second["decision"], second["role"]) == (1, "out", "mention")
    assert first["evidence"] == [
        {
            "term": "量子计算",
            "product": first["evidence"][0]["product"],
            "clause": "甲量子计算科技有限公司",
            "verbs": [],
            "start": 1,
            "end": 5,
            "discount": None,
            "trap": None,
            "source": "name",
        }
    ]


def test_a_name_says_nothing_beside_a_scope_with_terms_and_keeps_the_order(identifier: Identifier) -> None:
    rows = batch([("甲量子计算有限公司", "无"), ("乙量子计算有限公司", "燃料电池的研发"), ("丙有限公司", "无人机制造")])
    found = run(identifier, rows)
    assert [(each["rid"], each["industry"]) for each in found] == [
        (0, "quantum"),
        (1, "hydrogen"),
        (2, "low-altitude"),
    ]
    assert [each["evidence"][0]["source"] for each in found] == ["name", "scope", "scope"]


def test_product_lines_are_read_where_scope_and_name_say_nothing(identifier: Identifier) -> None:
    rows = pa.RecordBatch.from_pydict(
        {"name": ["甲有限公司", "乙有限公司"], "scope": [None, "餐饮服务"], "lines": ["燃料电池电堆", None]}
    )
    (found,) = identifier.identify(rows, name="name", scope="scope", keys=(), product_lines="lines").to_pylist()
    assert (found["industry"], found["decision"]) == ("hydrogen", "review")
    assert {each["source"] for each in found["evidence"]} == {"product_lines"}
