"""The pages of registers, runs and pairs: a person does the job in the browser; lists ask as much for 3 rows as for 1."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.domains.enterprises.registers.conftest import BATTERY, FIRST, as_csv, row
from xiandao.domains.enterprises.models import (
    Enterprise,
    EnterpriseChange,
    RegisterState,
    RegisterVersion,
    Run,
    RunState,
    Twin,
)

pytestmark = pytest.mark.django_db
FORM = {"title": "示例名录", "as_of": "2026-06-30", "source": "测试", "identify": "on"}


def upload(rows=FIRST, name="名录.csv", content=None):
    return {**FORM, "file": SimpleUploadedFile(name, content if content is not None else as_csv(rows))}


def text(answer):
    return answer.content.decode()


def test_handed_in_looked_at_confirmed(client_of):
    client = client_of("coordinator")
    answer = client.post("/enterprises/registers/new/", upload(), follow=True)
    assert answer.redirect_chain == [("/enterprises/registers/1/", 302)]
    page = text(answer)
    assert "共 5 行，另有 0 行读不了、0 行与别的行重复。" in page
    assert "确认载入并识别" in page
    answer = client.post("/enterprises/registers/1/confirm/", follow=True)
    assert "现行" in text(answer)
    assert "/enterprises/runs/1/" in text(answer)
    page = text(client.get("/enterprises/runs/1/"))
    assert "新型储能" in page
    client.post(
        "/enterprises/registers/new/", upload([row(1, "甲示例氢能科技有限公司"), row(6, "己示例有限公司", BATTERY)])
    )
    page = text(client.get("/enterprises/registers/2/"))
    assert "与第 1 版相比：新出现 1 家，不再登记 4 家" in page
    assert "超过五分之一" in page
    assert "甲示例氢能有限公司 → 甲示例氢能科技有限公司" in page
    client.post("/enterprises/registers/2/confirm/")
    changed = text(client.get("/enterprises/registers/2/changes/?kind=renamed"))
    assert "甲示例氢能有限公司" in changed
    assert "己示例有限公司" not in changed
    page = text(client.get("/enterprises/runs/2/"))
    assert "与批次 #1 的差异" in page
    exported = client.get("/enterprises/runs/2/changes.xlsx")
    assert (exported.status_code, exported.content[:2]) == (200, b"PK")
    assert "恢复这一版" in text(client.get("/enterprises/registers/1/"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({**FORM}, "请选择名录文件。"),
        ({**upload(), "title": ""}, "请填写名录的名称。"),
        ({**upload(), "as_of": "六月"}, "请按 2026-06-30 的样子填写日期。"),
        (upload(name="名录.docx"), "请上传 .xlsx、.csv 或 .parquet 文件"),
        (upload(content=b""), "文件是空的"),
    ],
)
def test_what_is_wrong_is_said_beside_it(client_of, given, words):
    given = {**given}
    if "file" in given:  # an upload is read once
        given["file"] = SimpleUploadedFile(given["file"].name, b"" if words == "文件是空的" else as_csv(FIRST))
    answer = client_of("coordinator").post("/enterprises/registers/new/", given)
    assert answer.status_code == 422
    assert words in text(answer)


def test_the_list_of_findings_cannot_act_as_a_formula(client_of):
    client = client_of("coordinator")
    client.post("/enterprises/registers/new/", upload([row(1, "=1+1", 成立日期="去年"), row(2, "乙示例公司")]))
    lines = b"".join(client.get("/enterprises/registers/1/findings.csv").streaming_content).decode().splitlines()
    assert lines[1] == "1,'=1+1,成立日期,不是日期,去年"


def test_a_pair_is_decided_and_the_next_one_shown(client_of, load):
    without = {"统一社会信用代码": ""}
    load(
        [
            row(1, "甲示例氢能科技有限公司"),
            row(2, "甲示例氢能科技有限公司", 成立日期="2018-01-01", **without),
            row(3, "乙示例储氢有限公司", BATTERY),
            row(4, "乙示例储氢有限公司", BATTERY, 成立日期="2018-01-01", **without),
        ]
    )
    one, other = Twin.objects.for_system("tests").order_by("pk")
    client = client_of("coordinator")
    page = text(client.get(f"/enterprises/twins/{one.pk}/"))
    assert "名称相同、同在一市" in page
    answer = client.post(f"/enterprises/twins/{one.pk}/decide/", {"verdict": "same", "reason": "换码", "then": "next"})
    assert answer.url == f"/enterprises/twins/{other.pk}/"
    assert "换码" in text(client.get(f"/enterprises/twins/{one.pk}/"))
    answer = client.post(f"/enterprises/twins/{other.pk}/decide/", {"verdict": "same", "reason": ""})
    assert answer.status_code == 422
    assert "请写明理由" in text(answer)
    assert "撤回判断" in text(client.get(f"/enterprises/twins/{one.pk}/"))


def make(number):
    """Make `number` of everything the lists show."""
    now = timezone.now()
    from xiandao.domains.industries.queries import catalogue

    first = RegisterVersion.objects.create(
        number=1, title="甲", as_of=dt.date(2026, 1, 1), file_name="a", state=RegisterState.CURRENT, created_at=now
    )
    for each in range(2, number + 1):
        RegisterVersion.objects.create(
            number=each, title="乙", as_of=first.as_of, file_name="a", state=RegisterState.CANCELLED, created_at=now
        )
    for each in range(1, number + 1):
        Run.objects.create(
            number=each, register=first, catalogue=catalogue.in_force(), state=RunState.CANCELLED, started_at=now
        )
    firms = Enterprise.objects.bulk_create(
        Enterprise(key=f"k{each}", name="示例", name_key="示例", region_id="320506") for each in range(number + 1)
    )
    EnterpriseChange.objects.bulk_create(
        EnterpriseChange(enterprise=firm, register=first, kind="new", after="示例", at=now) for firm in firms[:number]
    )
    Twin.objects.bulk_create(
        Twin(left=firms[each], right=firms[each + 1], likeness=0.9, why="same_name", asked_in=first)
        for each in range(number)
    )


@pytest.mark.parametrize(
    "address",
    ["/enterprises/registers/", "/enterprises/runs/", "/enterprises/twins/", "/enterprises/registers/1/changes/"],
)
def test_lists_ask_as_much_for_many_rows_as_for_one(client_of, address):
    from django.db import transaction

    counts = []
    for number in (1, 3, 1000):
        with transaction.atomic():
            make(number)
            client = client_of("coordinator")
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
            transaction.set_rollback(True)
    assert counts[0] == counts[1] == counts[2]
