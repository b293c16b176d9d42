"""What the review desk does for other domains: a new run takes labels over, pages of enterprises show its part."""

from tests.domains.labelling.conftest import H2
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.models import Classification, Enterprise, Run
from xiandao.domains.enterprises.signals import run_finishing
from xiandao.domains.labelling.actions import desk
from xiandao.domains.labelling.actions.desk import Judgement
from xiandao.domains.orgs.models import Organisation
from xiandao.domains.orgs.viewer import system


def test_a_new_run_takes_over_labels_whose_text_is_unchanged(firm, drawn, people, run, register, now, db):
    same, changed = firm("同", hydrogen=("in", "core", 0.9)), firm("变", hydrogen=("in", "core", 0.9))
    _sample, items = drawn(random=2)
    for item in items:
        desk.judge(people("department"), pk=item.pk, judgement=Judgement({H2: "trade"}), now=now)
    Enterprise.objects.for_system("tests").filter(pk=changed.pk).update(scope="储氢瓶的生产。")
    later = Run.objects.create(number=2, register=register, catalogue=run.catalogue, state="running", by="x")
    for enterprise in (same, changed):
        Classification.objects.create(
            run=later,
            enterprise=enterprise,
            industry_id=H2,
            role="core",
            decision="in",
            model_role="core",
            model_decision="in",
            score=0.9,
        )
    run_finishing.send(sender=Run, run=later, former=run, actor=system("tests"), now=now)
    rows = Classification.objects.for_system("tests").filter(run=later)
    assert rows.get(enterprise=same).settled == "review"
    assert rows.get(enterprise=same).role == "trade"
    assert rows.get(enterprise=changed).settled == "model"
    record = AuditRecord.objects.get(action="labelling.carried_over")
    assert (record.after["settled"], record.after["text_changed"]) == (1, 1)
    # Once the run is in force, the one whose text changed comes up again.
    Run.objects.for_system("tests").filter(pk=run.pk).update(state="superseded")
    Run.objects.for_system("tests").filter(pk=later.pk).update(state="current")
    _again, asked = drawn(disagreeing=1)
    assert [(item.enterprise_id, item.why) for item in asked] == [(changed.pk, "text")]


def test_the_page_of_an_enterprise_leads_to_an_objection(firm, people, client_of):
    body = Organisation.objects.get(pk=people("applicant").organisation_id)
    own = firm("自己", organisation=body, hydrogen=("in", "core", 0.9))
    assert "对识别结果提出异议" in client_of("applicant").get(f"/enterprises/{own.pk}/").content.decode()
    assert "对识别结果提出异议" not in client_of("coordinator").get(f"/enterprises/{own.pk}/").content.decode()


def test_the_list_of_enterprises_leads_to_the_desk(firm, client_of):
    firm("甲", hydrogen=("in", "core", 0.9))
    page = client_of("department").get("/enterprises/").content.decode()
    assert "/labelling/quality/" in page
