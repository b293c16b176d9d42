"""The programmes of the Jiangsu pack serve every target, and a fault in one is told with file, line, field and mend."""

import pytest

TARGETS = {
    "T02-1", "T03-1", "T03-2", "T04-1", "T04-2", "T06-1", "T07-1", "T08-1",
    "T09-1", "T09-2", "T09-3", "T10-1", "T11-1", "T12-1", "T21-1",
}  # fmt: skip


def test_all_fifteen_targets_are_served(jiangsu):
    served = {s.target for p in jiangsu.programmes for s in p.file.serves if s.plan == "js-wlcy-2024-2026"}
    assert served == TARGETS
    assert len(jiangsu.programmes) == 29
    shared = {s.target for p in jiangsu.programmes for s in p.file.serves if s.plan == "js-sci-5x100"}
    assert shared == {"H1", "H2", "H3", "H4", "H5"}


def test_every_way_of_choosing_is_defined(jiangsu):
    kinds = {p.file.kind for p in jiangsu.programmes}
    assert kinds == {"designation", "funding", "open_bid", "horse_race", "commission", "contest", "nomination"}


def test_a_form_is_put_together_from_its_own_and_common_sections(jiangsu):
    little = next(p for p in jiangsu.programmes if p.file.code == "little-giant")
    assert [s.key for s in little.sections] == ["applicant", "finance", "giant", "commitment"]
    assert {r.source.document for r in little.rules} == {"miit-2026-2", "platform-defaults"}
    assert all(10 <= len(list(p.fields())) <= 60 for p in jiangsu.programmes)


FAULTS = [
    ("demonstration-firm.yaml", "lead: 省工业和信息化厅", "lead: 省工业厅", "lead", "“省工业厅”", "改成"),
    ("demonstration-firm.yaml", "target: T09-2", "target: T09-9", "serves[0].target", "“T09-9”", "改成"),
    ("demonstration-firm.yaml", "measures: [M09]", "measures: [M99]", "measures[0]", "“M99”", "plan.yaml 的任务"),
    ("demonstration-firm.yaml", "clock: review.complete", "clock: review.completed", "stages[3].clock", "“review.completed”", "改成 review.complete？"),
    ("demonstration-firm.yaml", "include: enterprise-finance", "include: enterprise-finances", "form[1].include", "“enterprise-finances”", "改成 enterprise-finance？"),
    ("demonstration-firm.yaml", "expression: ip_one >= 5", "expression: ip_onee >= 5", "eligibility[2].expression", "“ip_onee >= 5”", "“ip_onee”是否指“ip_one”"),
    ("demonstration-firm.yaml", "expression: ip_one >= 5", "expression: main_product >= 5", "eligibility[2].expression", "“main_product >= 5”", ""),
    ("demonstration-firm.yaml", "when: has_first_product", "when: first_product", "form[2].fields[6].when", "“first_product”", ""),
    ("demonstration-firm.yaml", "weight: 40", "weight: 41", "scoring", "权重合计 101", "调整 weight"),
    ("demonstration-firm.yaml", "key: main_product,", "key: product_about,", "form[2].fields[1].key", "", ""),
    ("demonstration-firm.yaml", "code: demonstration-firm", "code: demonstration-firms", "code", "demonstration-firms", "改名为"),
    ("demonstration-firm.yaml", "label: 主导产品, type: text", "label: 主导产品, type: choice", "form[2].fields[0]", "没有 options", "补上或删去"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "found", "mend"), FAULTS, ids=[f"{f[3]}-{i}" for i, f in enumerate(FAULTS)]
)
def test_a_fault_says_where_what_and_how(spoil, line_of, file, old, new, field, found, mend):
    faults = [fault for fault in spoil(f"programmes/{file}", old, new) if fault.file == f"programmes/{file}"]
    assert faults
    fault = faults[0]
    assert fault.line > 0
    assert fault.field.startswith(field.removesuffix(".key"))
    assert found in fault.found
    assert mend in f"{fault.expected} {fault.mend}"


def test_a_source_must_be_a_document_of_the_pack(spoil):
    faults = spoil("programmes/little-giant.yaml", "document: miit-2026-2", "document: miit-2026-3")
    assert [(f.file, f.field) for f in faults] == [("programmes/little-giant.yaml", "eligibility[0].source.document")]


def test_a_field_nobody_knows_is_told(spoil):
    (fault,) = spoil("programmes/little-giant.yaml", "bar_months: 36", "bar_month: 36")
    assert fault.field == "removal.bar_month"
    assert "bar_months" in fault.mend
