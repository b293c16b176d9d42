"""The breakdown of the compiled Jiangsu plan says what the document says."""

from xiandao.engines.breakdown import build, from_document
from xiandao.engines.policytext import compile_text
from xiandao.packs import packs_dir
from xiandao.packs.loader import load_pack
from xiandao.packs.printing import from_plan_doc

PACK = packs_dir() / "jiangsu_2024_2026"


def test_every_measure_party_and_target_of_the_document_is_in_the_table() -> None:
    document = compile_text((PACK / "source.txt").read_text(encoding="utf-8"))
    table = build(from_document(document))
    assert (len(table.actions()), len(table.rows), len(table.promises)) == (8, 25, 15)
    assert table.number == "苏发改高技发〔2024〕229号"
    for row, measure in zip(table.rows, document.measures(), strict=True):
        assert row.task == measure.title
        assert row.lead == tuple(body.name for body in measure.duty.lead)
        assert row.helping == (*(body.name for body in measure.duty.with_), "各地区（按职责分工）")
        assert row.due == ("方案期末（2026年）",)
        if measure.targets:
            assert row.targets == tuple(target.quote.text for target in measure.targets)


def test_the_reviewed_plan_of_the_pack_gives_the_same_table_and_says_that_it_was_reviewed() -> None:
    pack = load_pack(PACK)
    reviewed = build(from_plan_doc(pack.plan))
    compiled = build(from_document(compile_text(pack.source_text or "")))
    assert [row.cells()[:3] for row in reviewed.rows] == [row.cells()[:3] for row in compiled.rows]
    assert [row.cells()[4:] for row in reviewed.rows] == [row.cells()[4:] for row in compiled.rows]
    assert reviewed.notes[0] == "本表由程序从方案文本提取，已逐项经人工核对。"
    assert all(line.promise.reviewed for line in reviewed.promises)
