"""`xiandao register`: the same actions from the command line; and the demonstration, removed whole."""

import json

import pytest
from typer.testing import CliRunner

from tests.domains.enterprises.registers.conftest import FIRST, as_csv, row
from xiandao.cli.main import app
from xiandao.domains.audit.models import AuditRecord
from xiandao.domains.enterprises.actions.demo import remove_demo
from xiandao.domains.enterprises.models import Classification, Enterprise, RegisterVersion, Run
from xiandao.domains.orgs.permission import Refused
from xiandao.domains.orgs.viewer import PUBLIC, system

pytestmark = pytest.mark.django_db
ABOUT = ("--title", "示例名录", "--as-of", "2026-06-30", "--source", "测试")


def xiandao(*words):
    return CliRunner().invoke(app, ["register", *map(str, words)])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "名录.csv"
    path.write_bytes(as_csv(FIRST))
    return path


def test_loaded_and_identified(file):
    done = xiandao("load", file, *ABOUT)
    assert done.exit_code == 0, done.output
    assert "已载入第 1 版“示例名录”。" in done.output
    assert "识别批次 #1：4 行，3 家企业中有目录词条，计入 3 家" in done.output
    listed = json.loads(xiandao("list", "--json").output)
    assert [(each["number"], each["state"], each["rows"]) for each in listed["registers"]] == [(1, "current", 5)]
    file.write_bytes(as_csv([*FIRST, row(6, "己示例氢能有限公司")]))
    assert xiandao("load", file, *ABOUT, "--no-identify").exit_code == 0
    told = xiandao("changes", 2)
    assert told.output.splitlines()[2].split() == ["合计", "1", "0", "0", "0", "0", "0", "0", "0"]
    assert xiandao("identify").exit_code == 0
    assert Run.objects.for_system("tests").get(state="current").register.number == 2
    record = AuditRecord.objects.filter(action="registers.loaded").order_by("number").first()
    assert (record.actor, record.object_label) == ("system:register load", "示例名录")


def test_checked_only_it_waits_for_a_person(file):
    done = xiandao("load", file, *ABOUT, "--check")
    assert "待确认" in done.output
    version = RegisterVersion.objects.for_system("tests").get()
    assert (version.state, version.identify) == ("ready", True)


def test_a_file_is_checked_without_loading_it(file, tmp_path):
    file.write_bytes(as_csv([*FIRST, row(7, "庚示例公司", 成立日期="去年")]))
    done = xiandao("check", file, "--findings", tmp_path / "f.csv")
    assert done.exit_code == 1
    assert "日期读不了" in done.output
    assert "6,庚示例公司,成立日期,不是日期,去年" in (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    assert RegisterVersion.objects.for_system("tests").count() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("load", "没有.csv", *ABOUT), "没有这个文件"),
        (("changes", 9), "没有这一版名录"),
        (("identify",), "还没有载入登记名录"),
    ],
)
def test_what_cannot_be_done_says_why(words, said):
    done = xiandao(*words)
    assert done.exit_code == 2
    assert said in done.output


def test_title_and_day_are_asked_for(file):
    assert "没有填写" in xiandao("load", file).output
    assert "2026-06-30" in xiandao("load", file, "--title", "名录", "--as-of", "六月").output


def test_the_demonstration_goes_whole(load, lake_folder, django_capture_on_commit_callbacks):
    load(FIRST, is_demo=True)
    with pytest.raises(Refused):
        remove_demo(PUBLIC)
    with django_capture_on_commit_callbacks(execute=True):
        made = remove_demo(system("tests"))
    assert made == {"registers": 1, "runs": 1, "enterprises": 3}
    for model in (RegisterVersion, Run, Enterprise, Classification):
        assert model.objects.for_system("tests").count() == 0
    assert [path.name for path in lake_folder.rglob("*") if path.is_file()] == []
    assert remove_demo(system("tests")) == {"registers": 0, "runs": 0, "enterprises": 0}


def test_a_real_register_stays_when_the_demonstration_goes(load):
    load([row(1, "甲示例氢能有限公司")], is_demo=True)
    load([row(2, "乙示例氢能有限公司")])
    remove_demo(system("tests"))
    assert [each.name for each in Enterprise.objects.for_system("tests")] == ["乙示例氢能有限公司"]
    assert [each.number for each in RegisterVersion.objects.for_system("tests")] == [2]
