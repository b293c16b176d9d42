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
