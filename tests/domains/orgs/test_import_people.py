"""A sheet of accounts: every row or none."""

import io

import pytest

from tests.domains.orgs.conftest import TODAY
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.orgs import actions
from xiandao.domains.orgs.models import Grant, GrantState, User
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.shared import excel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
HEAD = ["姓名", "账号", "机构代码", "角色", "职务", "起", "止"]
LI = ["李四", "li.si", "js-sci", "部门经办人", "主任科员", "2026-03-01", ""]
WANG = ["王五", "wang.wu", "js-drc", "coordinator", "", "2026年3月1日", "2026-12-31"]


def proposals():
    return Grant.objects.for_system("test").filter(state=GrantState.WAITING)


def test_accounts_are_made_and_posts_proposed(people, log):
    done = actions.import_people(people("system"), rows=[HEAD, LI, WANG, ["", "", "", "", "", "", ""]])
    assert [(each.user.username, bool(each.password)) for each in done] == [("li.si", True), ("wang.wu", True)]
    assert {
        (g.user.username, g.organisation.code, g.role_id, str(g.valid_from), str(g.valid_to)) for g in proposals()
    } == {
        ("li.si", "js-sci", "department_clerk", "2026-03-01", "None"),
        ("wang.wu", "js-drc", "coordinator", "2026-03-01", "2026-12-31"),
    }
    assert not User.objects.get(username="li.si").posts.exists()
    assert log() == ["orgs.grant_proposed", "orgs.grant_proposed", "orgs.people_imported"]
    said = str(AuditRecord.objects.latest("number").content())
    assert not any(each.password in said for each in done)


def test_an_account_that_exists_keeps_its_password_and_gains_a_post(people):
    rows = [HEAD, ["林承办（演示）", "city", "js-drc", "统筹协调", "", TODAY, None]]
    [each] = actions.import_people(people("system"), rows=rows)
    assert each.password == ""
    assert User.objects.get(username="city").check_password("xiandao-demo")
    assert proposals().get().user.username == "city"


def test_one_person_may_have_two_rows(people):
    done = actions.import_people(people("system"), rows=[HEAD, LI, [*LI[:2], "js-drc", "统筹协调", "", TODAY, ""]])
    assert len(done) == 1
    assert proposals().count() == 2


@pytest.mark.parametrize(
    ("change", "column", "found", "mend"),
    [
        ({0: ""}, "姓名", "", "姓名为1至100个字"),
        ({1: "李"}, "账号", "李", "小写字母"),
        ({1: "city"}, "姓名", "李四", "账号已属于林承办（演示）"),
        ({2: "nothing"}, "机构代码", "nothing", "没有这个机构代码"),
        ({3: "厅长"}, "角色", "厅长", "写 "),
        ({3: "评审专家"}, "角色", "js-sci 评审专家", "只能设在"),
        ({4: "长" * 101}, "职务", "长" * 101, "至多 100"),
        ({5: ""}, "起", "", "2024-09-01"),
        ({5: "2026-02-30"}, "起", "2026-02-30", "2024-09-01"),
        ({6: "年底"}, "止", "年底", "2024-09-01"),
        ({6: "2020-01-01"}, "角色", "js-sci 部门经办人", "止期早于起期"),
    ],
)
def test_one_fault_and_nothing_is_imported(people, log, change, column, found, mend):
    bad = [change.get(index, cell) for index, cell in enumerate(LI)]
    with pytest.raises(actions.BadSheet, match="没有导入任何一行") as caught:
        actions.import_people(people("system"), rows=[HEAD, WANG, bad])
    [fault] = caught.value.faults
    assert (fault.row, fault.column, fault.found) == (3, column, found)
    assert mend in fault.mend
    assert log() == []
    assert not User.objects.filter(username__in=("li.si", "wang.wu")).exists()
    assert not proposals().exists()


def test_every_fault_is_said_at_once(people):
    rows = [HEAD, ["", "x y", "no", "no", "", "no", "no"]]
    with pytest.raises(actions.BadSheet) as caught:
        actions.import_people(people("system"), rows=rows)
    assert [fault.column for fault in caught.value.faults] == ["姓名", "账号", "机构代码", "角色", "起", "止"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "缺少列"),
        ([["姓名", "账号"]], "缺少列：机构代码、角色、起"),
        ([HEAD], "没有一行数据"),
        ([HEAD, *[LI] * 301], "共 301 行"),
    ],
)
def test_a_sheet_of_another_shape_is_refused(people, rows, says):
    with pytest.raises(actions.BadSheet) as caught:
        actions.import_people(people("system"), rows=rows)
    assert says in caught.value.faults[0].found


@pytest.mark.parametrize("who", ["security", "audit", "coordinator"])
def test_only_the_system_administrator_imports(people, who):
    with pytest.raises(Refused, match="只有系统管理员"):
        actions.import_people(people(who), rows=[HEAD, LI])


def upload(browser, data: bytes, name="名单.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    return browser.post("/accounts/people/import/", {"file": file})


def test_the_template_filled_in_comes_back_as_accounts(client_of):
    browser = client_of("system")
    template = browser.get("/accounts/people/import/template/").content
    assert actions.read_sheet(io.BytesIO(template))[0] == HEAD
    page = upload(browser, excel.workbook("名单", HEAD, [LI, WANG]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "li.si" in text
    assert "wang.wu" in text


def test_faults_are_shown_in_a_table_and_no_excel_is_said_so(client_of):
    browser = client_of("system")
    bad = upload(browser, excel.workbook("名单", HEAD, [[*LI[:2], "no", *LI[3:]]]))
    assert bad.status_code == 422
    assert "没有这个机构代码" in bad.content.decode()
    other = upload(browser, b"PK not a workbook")
    assert other.status_code == 422
    assert "不是 Excel 工作簿" in other.content.decode()
