"""Registers of invented firms as files, and what loads them into a lake of the test's own."""

import csv
import datetime as dt
import io

import pytest

from xiandao.domains.enterprises.actions import registers, runs
from xiandao.domains.enterprises.actions.registers import About
from xiandao.domains.enterprises.models import Enterprise
from xiandao.domains.orgs.viewer import system
from xiandao.kernel.credit_code import check_character, organisation_check_character

HYDROGEN = "储氢瓶的研发、生产"
BATTERY = "钠离子电池的研发、制造"
PLAIN = "家具销售；餐饮服务"
HEADINGS = (
    "统一社会信用代码", "记录编号", "企业名称", "经营范围", "省份", "设区市", "县区", "成立日期", "注册资本（万元）", "登记状态",
)  # fmt: skip


def code(number):
    """Return a valid credit code of an invented firm."""
    first = f"{number:08d}"
    body = "91320500" + first + organisation_check_character(first)
    return body + check_character(body)


def row(number, name, scope=HYDROGEN, **other):
    """Return a line of a register: a firm in 苏州 founded on the first of some month, with a code unless told."""
    given = {
        "统一社会信用代码": code(number),
        "记录编号": f"R{number}",
        "企业名称": name,
        "经营范围": scope,
        "省份": "江苏",
        "设区市": "苏州",
        "县区": "吴中区",
        "成立日期": "2020-05-01",
        "注册资本（万元）": "500",
        "登记状态": "存续",
    }
    return given | other


FIRST = [
    row(1, "甲示例氢能有限公司"),
    row(2, "乙示例电池有限公司", BATTERY, 设区市="南京", 县区="江宁区"),
    row(3, "丙示例家具店", PLAIN),
    row(4, "丁示例氢能有限公司", 统一社会信用代码=""),
    row(5, "戊示例氢能有限公司", 省份="浙江", 设区市="杭州", 县区=""),
]


def as_csv(rows, headings=HEADINGS):
    """Return a register as the bytes of a CSV file."""
    out = io.StringIO()
    table = csv.DictWriter(out, headings, restval="", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode("utf-8")


@pytest.fixture(autouse=True)
def lake_folder(settings, tmp_path):
    """A lake of the test's own."""
    settings.LAKE = str(tmp_path / "lake")
    return tmp_path / "lake"


@pytest.fixture
def load(db, tmp_path):
    """Return a function that loads rows as a register, as the command does, and by default identifies it."""

    def make(rows, *, identify=True, is_demo=False, title="示例名录", as_of=dt.date(2026, 6, 30), actor=None):
        path = tmp_path / "名录.csv"
        path.write_bytes(as_csv(rows))
        about = About(title, as_of, "测试", is_demo=is_demo)
        version = registers.load_register(actor or system("tests"), path=path, about=about)
        if identify and version.state == "current":
            run = runs.start_run(system("tests"), at_once=True)
            assert run.state == "current", run.reason
        return version

    return make


@pytest.fixture
def firm(db):
    """Return a function that gives a firm by its name."""
    return lambda name: Enterprise.objects.for_system("tests").get(name=name)
