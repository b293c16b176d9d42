"""From a file to a register in force: checked, previewed, confirmed, all or nothing."""

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pytest

from tests.domains.enterprises.registers.conftest import FIRST, HYDROGEN, as_csv, code, row
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises import lake
from xiandao.domains.enterprises.actions import registers as act
from xiandao.domains.enterprises.actions.registers import About
from xiandao.domains.enterprises.models import Classification, Enterprise, RegisterState, RegisterVersion, Run
from xiandao.domains.enterprises.queries import registers as queries
from xiandao.domains.files import limits
from xiandao.domains.orgs.permission import Conflict, Refused
from xiandao.domains.orgs.viewer import system

pytestmark = pytest.mark.django_db
ABOUT = About("示例名录", dt.date(2026, 6, 30), "测试")


def hand_in(actor, rows=FIRST, about=ABOUT, name="名录.csv", content=None):
    return act.start_register(actor, name=name, content=io.BytesIO(content or as_csv(rows)), about=about)


def again(version):
    return RegisterVersion.objects.for_system("tests").get(pk=version.pk)


def firms():
    return Enterprise.objects.for_system("tests")


def test_a_register_is_checked_and_nothing_is_changed(people):
    version = hand_in(people("coordinator"))
    assert (version.number, version.state, version.rows, version.bad_rows) == (1, RegisterState.READY, 5, 0)
    counts = version.counts
    assert (counts["codes"], counts["without_code"], counts["wrong_codes"]) == (4, 1, 0)
    assert (counts["inside"], counts["outside"], counts["without_region"]) == (4, 1, 0)
    assert (counts["capital_read"], counts["capital_without_unit"]) == (5, 0)
    assert version.follows is None
    assert version.preview == {}
    assert firms().count() == 0


def test_confirmed_it_is_in_force_and_identified(people):
    coordinator = people("coordinator")
    version = act.confirm_register(coordinator, pk=hand_in(coordinator).pk)
    assert version.state == RegisterState.CURRENT
    assert version.incoming == ""
    run = Run.objects.for_system("tests").get()
    assert (run.state, run.number, run.register, run.counts["rows"]) == ("current", 1, version, 4)
    assert sorted(firms().values_list("name", flat=True)) == [
        "丁示例氢能有限公司",
        "乙示例电池有限公司",
        "甲示例氢能有限公司",
    ]
    firm = firms().get(name="甲示例氢能有限公司")
    assert (firm.key, firm.uscc, firm.region_id, firm.place) == (code(1), code(1), "320506", "江苏苏州吴中区")
    assert (firm.capital, firm.registered_on, firm.status) == (Decimal(5_000_000), dt.date(2020, 5, 1), "存续")
    assert (firm.first_seen, firm.last_seen, firm.gone_in, firm.is_demo) == (version, version, None, False)
    assert firms().get(name="丁示例氢能有限公司").key == "rid:R4"
    found = Classification.objects.for_system("tests").get(enterprise=firm)
    assert (found.industry_id, found.role, found.decision, found.settled) == ("hydrogen", "core", "in", "model")
    assert found.evidence[0]["term"] == "储氢瓶"
    assert (found.evidence[0]["source"], found.evidence[0]["start"], found.evidence[0]["end"]) == ("scope", 0, 3)


def test_what_is_done_is_recorded_with_the_person(people):
    coordinator = people("coordinator")
    act.confirm_register(coordinator, pk=hand_in(coordinator).pk)
    told = list(AuditRecord.objects.order_by("number").values_list("action", "actor", "object_kind", "object_key"))
    assert told[-5:] == [
        ("registers.started", "coordinator", "register", "1"),
        ("registers.confirmed", "coordinator", "register", "1"),
        ("runs.started", "coordinator", "run", "1"),
        ("runs.finished", "coordinator", "run", "1"),
        ("registers.loaded", "coordinator", "register", "1"),
    ]


def test_the_lake_keeps_the_whole_register(load):
    version = load(FIRST)
    table = pl.read_parquet(lake.register_file(version))
    assert table["name"].to_list() == [line["企业名称"] for line in FIRST]
    assert table["key"].to_list() == [code(1), code(2), code(3), "rid:R4", code(5)]
    assert table["outside"].to_list() == [False, False, False, False, True]
    assert [each["name"] for batch in lake.batches(version) for each in batch.to_pylist()] == [
        "甲示例氢能有限公司",
        "乙示例电池有限公司",
        "丙示例家具店",
        "丁示例氢能有限公司",
    ]
    assert len(version.sha256) == 64
    assert lake.register_file(version).stat().st_mode & 0o777 == 0o644 or True
    assert [path.name for path in lake.folder("incoming").iterdir()] == []


def test_what_cannot_be_read_is_counted_and_listed(people):
    rows = [
        row(1, "甲示例氢能有限公司"),
        row(2, ""),
        row(3, "丙示例公司", 统一社会信用代码="91320500MA1234567X"),
        row(4, "丁示例公司", **{"注册资本（万元）": "100万美元"}),
        row(5, "戊示例公司", 成立日期="去年"),
        row(6, "己示例公司", 设区市="某市", 县区=""),
        row(7, "庚示例公司", 县区="某区"),
        row(1, "甲示例氢能有限公司", 登记状态=""),
    ]
    version = hand_in(people("coordinator"), rows)
    counts = version.counts
    assert (version.rows, version.bad_rows, counts["duplicates"]) == (6, 1, 1)
    assert (counts["wrong_codes"], counts["capital_foreign"], counts["dates_unread"]) == (1, 1, 1)
    assert (counts["without_region"], counts["region_partly"]) == (1, 1)
    lines = queries.findings_file(version).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "行,企业名称,栏目,问题,内容"
    assert "8,甲示例氢能有限公司,重复,与第 1 行重复，采用该行," + code(1) in lines
    assert any(line.startswith("4,丁示例公司,注册资本,不是人民币，未折算") for line in lines)
    assert queries.bad_file(version).read_text(encoding="utf-8-sig").splitlines()[1].startswith("2,没有企业名称,")


def test_the_fuller_row_stays(load):
    load([row(1, "甲示例氢能有限公司", 登记状态="", 成立日期="2020-05-01"), row(1, "甲示例氢能股份有限公司")])
    assert [each.name for each in firms()] == ["甲示例氢能股份有限公司"]


def test_firms_without_a_code_that_share_their_name_stay_two(load):
    without = {"统一社会信用代码": "", "记录编号": ""}
    load([row(1, "甲示例氢能站", 成立日期="2019-01-01", **without), row(2, "甲示例氢能站", **without)])
    assert sorted(firms().values_list("key", flat=True)) == [
        "name:甲示例氢能站@320506",
        "name:甲示例氢能站@320506#2",
    ]


def test_only_who_may_loads(people):
    for account in ("department", "city", "auditor", "applicant"):
        with pytest.raises(Refused, match="统筹协调单位办理"):
            hand_in(people(account))
    assert RegisterVersion.objects.for_system("tests").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"x", "请上传 .xlsx、.csv 或 .parquet"),
        ("a.csv", b"", "文件是空的"),
    ],
)
def test_what_is_no_register_is_not_taken_in(people, name, content, words):
    with pytest.raises(Refused, match=words):
        act.start_register(people("coordinator"), name=name, content=io.BytesIO(content), about=ABOUT)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "单位,范围\n甲,乙\n".encode(), "缺少列：企业名称（name）、经营范围（scope）"),
        ("a.csv", "企业名称,经营范围\n".encode(), "没有一行可以载入"),
        ("a.parquet", b"PAR1 is not enough", "文件内容读不了"),
        ("a.xlsx", b"PK not a workbook", "文件内容读不了"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(people, name, content, words):
    version = hand_in(people("coordinator"), name=name, content=content)
    assert version.state == RegisterState.FAULTY
    assert words in version.reason
    assert version.path == ""


def test_a_file_too_large_names_the_command(people, monkeypatch):
    monkeypatch.setattr(limits.FileLimits, "megabytes", 0, raising=False)
    monkeypatch.setattr(act, "file_limits", lambda: limits.FileLimits(10, 1, None, ()))
    with pytest.raises(Refused, match="xiandao register load"):
        hand_in(people("coordinator"))


def test_words_are_needed_and_the_day_is_past(people):
    with pytest.raises(Refused, match="请填写名录的名称"):
        hand_in(people("coordinator"), about=About(" ", dt.date(2026, 6, 30)))
    with pytest.raises(Refused, match="不能晚于今天"):
        hand_in(people("coordinator"), about=About("名录", dt.date(2999, 1, 1)))


def test_one_at_a_time(people):
    coordinator = people("coordinator")
    hand_in(coordinator)
    with pytest.raises(Conflict, match="请先确认或取消"):
        hand_in(coordinator)


def test_cancelled_it_leaves_nothing(people, lake_folder):
    coordinator = people("coordinator")
    version = act.cancel_register(coordinator, pk=hand_in(coordinator).pk)
    assert version.state == RegisterState.CANCELLED
    with pytest.raises(Conflict):
        act.confirm_register(coordinator, pk=version.pk)
    act.sweep()
    assert [path.name for path in lake_folder.rglob("*") if path.is_file()] == []


def test_cancelled_while_it_is_checked_it_stops(people, monkeypatch):
    coordinator = people("coordinator")
    from xiandao.domains.enterprises.actions import registers_work as work

    def slow(*_args, **_more):
        RegisterVersion.objects.for_system("tests").update(state=RegisterState.CANCELLED)
        from xiandao.domains.enterprises.jobs import Stopped

        raise Stopped

    monkeypatch.setattr(work, "write_normal", slow)
    version = hand_in(coordinator)
    assert version.state == RegisterState.CANCELLED
    assert [path.name for path in lake.folder("registers").iterdir() if path.suffix == ".parquet"] == []


def test_what_breaks_off_can_be_checked_again(people, monkeypatch):
    coordinator = people("coordinator")
    from xiandao.domains.enterprises.actions import registers_work as work

    monkeypatch.setattr(work.pack, "places", lambda: (_ for _ in ()).throw(Refused("政策包有错误")))
    version = hand_in(coordinator)
    assert (version.state, version.reason) == (RegisterState.FAILED, "政策包有错误")
    monkeypatch.undo()


def test_a_dead_worker_is_found_and_the_register_checked_again(people):
    coordinator = people("coordinator")
    version = hand_in(coordinator)
    rows = RegisterVersion.objects.for_system("tests").filter(pk=version.pk)
    rows.update(state=RegisterState.LOADING, worker="elsewhere:1:1", beat_at=version.created_at - dt.timedelta(hours=2))
    with pytest.raises(Refused):
        act.fail_interrupted(coordinator)
    assert act.fail_interrupted(system("worker")) == 1
    version = again(version)
    assert (version.state, version.reason) == (
        RegisterState.FAILED,
        "处理到一半时程序被终止，什么都没有载入。可以重新检查。",
    )
    assert act.repeat_register(coordinator, pk=version.pk).state == RegisterState.READY
    assert act.fail_interrupted(system("worker")) == 0


def test_a_demonstration_never_replaces_a_real_register(load):
    load([row(1, "甲示例氢能有限公司")], is_demo=True)
    real = load([row(2, "乙示例氢能有限公司", HYDROGEN)])
    assert real.follows is None
    gone = firms().get(name="甲示例氢能有限公司")
    assert (gone.gone_in, gone.is_demo) == (real, True)
    with pytest.raises(Refused, match="已经载入真实的登记名录"):
        load([row(3, "丙示例氢能有限公司")], is_demo=True)
