"""Lists of a half year: made of the entries, compared with the last, published, withdrawn; persons only as numbers."""

import datetime as dt
import io

import docx
import pytest
from django.utils import timezone

from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.ledger.actions import Holder, correct, move
from xiandao.domains.ledger.actions import releases as act
from xiandao.domains.ledger.models import Release
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.progress.faults import BadFields

SUMMER = timezone.make_aware(dt.datetime.fromisoformat("2026-07-05 09:30"))
WINTER = timezone.make_aware(dt.datetime.fromisoformat("2027-01-05 09:30"))


@pytest.fixture
def made(people):
    def make(period="2026H1", kind="platforms", now=SUMMER, **given):
        asked = {"industry": "hydrogen", "kind": kind, "period": period, "now": now} | given
        return act.make_release(people("department"), **asked)

    return make


def test_rows_are_the_entries_on_their_lists_decided_by_then(entered, made):
    entered()
    entered(name="未知日期园（演示）", decided_on=None, serves=[])
    entered(name="后来的园（演示）", decided_on=dt.date(2026, 7, 1), serves=[])
    entered(name="别的产业园（演示）", industries=["synbio"], serves=[])
    entered(name="别处园（演示）", elsewhere=True, serves=[], source="https://example.org/a")
    entered(name="场景（演示）", kind="scenario", kind_name="应用场景", serves=[])
    release = made()
    assert sorted((row["name"], row["elsewhere"]) for row in release.rows) == [
        ("别处园（演示）", True),
        ("未知日期园（演示）", False),
        ("示范园一（演示）", False),
    ]
    assert release.changes == {"since": None}


def test_what_changed_since_the_last_published_list(entered, made, people):
    office = people("department")
    stays, goes = entered(), entered(name="将移出的园（演示）", serves=[])
    act.publish_release(office, pk=made().pk, now=SUMMER)
    move(office, code=goes.code, step="remove", reason="不合格", now=SUMMER)
    correct(office, code=stays.code, reason="更名", fields={"name": "新名园（演示）"}, now=SUMMER)
    comes = entered(name="新来的园（演示）", decided_on=dt.date(2026, 8, 1), serves=[])
    second = made("2026H2", now=WINTER)
    assert second.changes["since"] == "2026H1"
    assert second.changes["added"] == [comes.code]
    assert [row["name"] for row in second.changes["gone"]] == ["将移出的园（演示）"]
    assert second.changes["renamed"] == [{"code": stays.code, "before": "示范园一（演示）", "after": "新名园（演示）"}]
    # The list published stays as it was.
    first = Release.objects.for_system("tests").get(period="2026H1")
    assert sorted(row["name"] for row in first.rows) == ["将移出的园（演示）", "示范园一（演示）"]


def test_names_of_persons_are_nowhere(entered, made, people, client_of):
    person = [Holder("示例大学（演示）"), Holder("某某某（演示）", role="person")]
    entered(name="某某某（演示）", kind="talent", kind_name="战略人才", holders=person, serves=[])
    release = made(kind="talent")
    assert "某某某" not in str(release.rows)
    act.publish_release(people("department"), pk=release.pk, now=SUMMER)
    for account in ("", "department"):
        client = client_of(account)
        page = client.get(f"/ledger/releases/{release.pk}/").content.decode()
        assert "某某某" not in page
        assert "南京市" in page
        document = docx.Document(io.BytesIO(client.get(f"/ledger/releases/{release.pk}/list.docx").content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert cells == ["类别", "地区", "人数", "战略人才", "南京市", "1"]


def test_hidden_entries_are_not_in_what_is_read(entered, made, people, client_of):
    entered()
    entered(name="内部园（演示）", public=False, serves=[])
    release = made()
    act.publish_release(people("department"), pk=release.pk, now=SUMMER)
    page = client_of().get(f"/ledger/releases/{release.pk}/").content.decode()
    assert "示范园一" in page
    assert "内部园" not in page
    assert "不公开" in page
    content = client_of().get(f"/ledger/releases/{release.pk}/list.docx").content
    assert "内部园" not in "".join(
        cell.text for table in docx.Document(io.BytesIO(content)).tables for row in table.rows for cell in row.cells
    )


def test_one_list_a_half_year_until_it_is_withdrawn(entered, made, people):
    entered()
    office = people("department")
    release = made()
    with pytest.raises(Conflict, match="2026年上半年"):
        made()
    act.publish_release(office, pk=release.pk, now=SUMMER)
    with pytest.raises(Conflict, match="草案"):
        act.publish_release(office, pk=release.pk, now=SUMMER)
    with pytest.raises(Conflict, match="不再改动"):
        act.remake_release(office, pk=release.pk)
    with pytest.raises(BadFields, match="理由"):
        act.withdraw_release(office, pk=release.pk, reason=" ")
    act.withdraw_release(office, pk=release.pk, reason="有误")
    with pytest.raises(Conflict, match="已经撤回"):
        act.withdraw_release(office, pk=release.pk, reason="有误")
    assert made().state == "draft"
    assert AuditRecord.objects.filter(object_kind="ledger.release").count() == 4


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"industry": "nothing"}, "产业"),
        ({"kind": "roadmap"}, "清单"),
        ({"period": "2026"}, "2026H1"),
        ({"period": "下半年"}, "2026H1"),
        ({"period": "2027H1"}, "还没有开始"),
    ],
)
def test_bad_input(made, given, told):
    with pytest.raises(BadFields, match=told):
        made(**given)
    assert not Release.objects.for_system("tests").exists()


def test_an_empty_list_is_not_published_and_who_may_not_is_refused(made, people):
    release = made()
    with pytest.raises(Conflict, match="一条也没有"):
        act.publish_release(people("department"), pk=release.pk)
    with pytest.raises(Refused):
        act.make_release(people("city"), industry="hydrogen", kind="platforms", period="2026H1", now=SUMMER)


def test_in_the_browser(entered, client_of):
    entered(decided_on=dt.date(2026, 1, 1))
    client = client_of("department")
    form = client.get("/ledger/releases/new/").context["form"]
    newest = form.fields["period"].choices[0][0]
    answer = client.post("/ledger/releases/new/", {"industry": "hydrogen", "kind": "platforms", "period": newest})
    assert answer.status_code == 302
    assert "示范园一" in client.get(answer.url).content.decode()
    again = client.post("/ledger/releases/new/", {"industry": "hydrogen", "kind": "platforms", "period": newest})
    assert again.status_code == 409
    assert client_of().get(answer.url).status_code == 404
    assert client.post(f"{answer.url}remake/").status_code == 302
    assert client.post(f"{answer.url}publish/").status_code == 302
    assert client_of().get(answer.url).status_code == 200
    assert client.post(f"{answer.url}withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"{answer.url}withdraw/", {"reason": "有误"}).status_code == 302
    assert client_of().get(answer.url).status_code == 404
