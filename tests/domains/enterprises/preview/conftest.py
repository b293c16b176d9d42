"""A register of invented firms in the lake, and a draft of the catalogue."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xiandao.domains.enterprises.models import RegisterVersion
from xiandao.domains.industries.actions.drafts import start_draft

FIRMS = [
    ("k1", "甲氢能装备有限公司（演示）", "储氢瓶、储氢罐的研发、生产、销售", "320505"),
    ("k2", "乙演示罐体制造有限公司（演示）", "演示甲釜的研发、制造；机械加工", "320506"),
    ("k3", "丙贸易有限公司（演示）", "服装、演示甲釜的销售", "320102"),
    ("k4", "丁餐饮有限公司（演示）", "餐饮服务", "320102"),
    ("k5", "戊外省企业（演示）", "储氢瓶的研发、生产", ""),
]


@pytest.fixture
def lake_at(settings, tmp_path):
    settings.LAKE = str(tmp_path / "lake")
    return Path(settings.LAKE)


@pytest.fixture
def register(made, lake_at):
    """Return the register in force, four firms of the province and one from outside."""
    folder = lake_at / "registers"
    folder.mkdir(parents=True)
    keys, names, scopes, regions = (list(column) for column in zip(*FIRMS, strict=True))
    count = len(FIRMS)
    nothing = pa.nulls(count, pa.string())
    table = pa.table(
        {
            "key": keys,
            "name": names,
            "scope": scopes,
            "region": regions,
            "outside": [not region for region in regions],
            "product_lines": nothing,
        }
    )
    pq.write_table(table, folder / "1.parquet")
    return made.register(path="registers/1.parquet", rows=count, counts={"rows": count, "outside": 1})


@pytest.fixture
def editor(people):
    return people("department")


@pytest.fixture
def draft(editor):
    return start_draft(editor)


@pytest.fixture
def no_register(db):
    assert not RegisterVersion.objects.for_system("tests").exists()
