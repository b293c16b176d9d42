"""`xiandao people` and `xiandao demo`."""

import re

import pytest
from typer.testing import CliRunner, Result

from xiandao.cli.main import app
from xiandao.domains.orgs.models import User

pytestmark = pytest.mark.django_db
FIRST = ("--system", "zhang.san:张三", "--security", "li.si：李四", "--audit", "wang.wu:王五")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_bootstrap_prints_three_accounts_with_passwords_that_work() -> None:
    result = run("people", "bootstrap", *FIRST)
    assert result.exit_code == 0, result.stderr
    rows = re.findall(r"^(\S+)\s+(\S+)\s+([a-z]+\.[a-z]+)\s+(\S+)$", result.stdout, re.MULTILINE)
    assert [row[:3] for row in rows] == [
        ("系统管理员", "张三", "zhang.san"),
        ("安全管理员", "李四", "li.si"),
        ("审计管理员", "王五", "wang.wu"),
    ]
    assert all(User.objects.get(username=row[2]).check_password(row[3]) for row in rows)


def test_bootstrap_a_second_time_is_refused() -> None:
    run("people", "bootstrap", *FIRST)
    again = run("people", "bootstrap", *FIRST)
    assert again.exit_code == 2
    assert "已经有管理员" in again.stderr


@pytest.mark.parametrize("given", ["zhang.san", "zhang.san:", ":张三"])
def test_account_and_name_are_both_needed(given: str) -> None:
    result = run("people", "bootstrap", "--system", given, *FIRST[2:])
    assert result.exit_code == 2
    assert "应为：账号:姓名" in result.stderr


def test_rescue_prints_a_password_that_works() -> None:
    result = run("people", "rescue", "security")
    assert result.exit_code == 0
    found = re.search(r"一次性密码：(\S+)", result.stdout)
    assert found
    assert User.objects.get(username="security").check_password(found[1])


@pytest.mark.parametrize(("account", "says"), [("nobody", "没有这个账号"), ("city", "不是管理员")])
def test_rescue_is_for_administrators(account: str, says: str) -> None:
    result = run("people", "rescue", account)
    assert result.exit_code == 2
    assert says in result.stderr


def test_demo_remove_says_what_it_did_and_that_the_demonstration_makes_them_again() -> None:
    result = run("demo", "remove")
    assert result.exit_code == 0
    assert "已删除演示账号 15 个、演示机构 4 个" in result.stdout
    assert "下次 xiandao run 会重新建立" in result.stdout
