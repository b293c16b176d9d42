"""The pack's programmes become programmes with versions; a version is never edited."""

import pytest

from xiandao.domains.programmes.models import Programme, ProgrammeVersion

pytestmark = pytest.mark.django_db


def test_a_programme_knows_its_lead_targets_and_kind():
    programme = Programme.objects.get(code="demonstration-firm")
    assert programme.name == "未来科技创新示范企业"
    assert programme.kind == "designation"
    assert programme.lead.code == "js-miit"
    assert [(s["plan"], s["target"]) for s in programme.serves] == [
        ("js-wlcy-2024-2026", "T09-2"),
        ("js-sci-5x100", "H2"),
    ]


def test_the_definition_is_whole_and_prints_its_sources():
    version = ProgrammeVersion.objects.get(programme_id="demonstration-firm", current=True)
    assert version.number == 1
    assert [section["key"] for section in version.definition["form"]] == [
        "applicant",
        "finance",
        "product",
        "commitment",
    ]
    rule = next(r for r in version.definition["eligibility"] if r["key"] == "rnd_ratio")
    assert rule["source"]["confidence"] == "default_ours"
    assert rule["source"]["printed"] == "《平台默认值》（平台默认，非规定）"
