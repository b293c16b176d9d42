"""Registers as offices send them: three formats, other headings, other encodings, bad rows kept aside."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from xiandao.domains.industries.registers.errors import RegisterError
from xiandao.domains.industries.registers.reading import BadRow, Register, open_register

ROWS = [
    ("91320000000000001A", "甲氢能公司", "燃料电池的研发"),
    ("", "乙公司", None),
    ("91320000000000002B", "丙公司", "机器人\n销售"),
]


def read(register: Register) -> list[dict]:
    return [row for batch in register.batches() for row in batch.to_pylist()]


def test_parquet_keeps_its_keys_and_their_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "rid": pa.array([1, 2, 3], pa.uint32()),
            "uscc": [row[0] for row in ROWS],
            "name": [row[1] for row in ROWS],
            "city": ["南京"] * 3,
            "scope": pa.array([row[2] for row in ROWS], pa.large_string()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    register = open_register(tmp_path / "a.parquet")
    (batch,) = register.batches()
    assert (register.rows, register.keys, batch.schema.names) == (3, ("rid", "uscc"), ["rid", "uscc", "name", "scope"])
    assert batch.schema.field("rid").type == pa.uint32()
    assert batch.column("scope").to_pylist() == [row[2] for row in ROWS]


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t"), (".txt", ";")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_usual_encodings_and_delimiters(tmp_path: Path, suffix: str, delimiter: str, encoding: str) -> None:
    lines = [delimiter.join(["统一社会信用代码", "企业名称", "经营范围", "备注"])]
    lines += [delimiter.join([code, name, f'"{scope or ""}"', "无"]) for code, name, scope in ROWS]
    (tmp_path / f"a{suffix}").write_text("\n".join(lines), encoding=encoding)
    register = open_register(tmp_path / f"a{suffix}")
    rows = read(register)
    assert [row["name"] for row in rows] == ["甲氢能公司", "乙公司", "丙公司"]
    assert (rows[2]["scope"], rows[0]["uscc"], register.bad) == ("机器人\n销售", "91320000000000001A", [])


def test_excel_with_whole_numbers_and_empty_cells(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "公司名称", "业务范围"])
        sheet.write_row(1, 0, [17, "甲公司", "无人机销售"])
        sheet.write_row(2, 0, [18, "乙公司"])
    rows = read(open_register(tmp_path / "a.xlsx"))
    assert rows == [
        {"rid": "17", "name": "甲公司", "scope": "无人机销售"},
        {"rid": "18", "name": "乙公司", "scope": None},
    ]


def test_rows_are_numbered_where_there_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,scope\n甲,一\n乙,二\n", encoding="utf-8")
    register = open_register(tmp_path / "a.csv")
    assert (register.keys, [row["row"] for row in read(register)]) == (("row",), [1, 2])


def test_rows_with_other_columns_are_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,scope\n甲,一\n乙,二,三\n丙,四\n", encoding="utf-8")
    register = open_register(tmp_path / "a.csv")
    assert [(row["row"], row["name"]) for row in read(register)] == [(1, "甲"), (3, "丙")]
    assert register.bad == [BadRow(2, "应有 2 列，实有 3 列", "乙,二,三")]


def test_rows_that_are_no_text_are_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("name,scope\n甲,一\n".encode() * 1 + b"\xff\xfe,x\n" + "丙,三\n".encode())
    register = open_register(tmp_path / "a.csv")
    register_rows = read(register)
    assert [row["name"] for row in register_rows] == ["甲", "丙"]
    assert [(bad.row, bad.reason) for bad in register.bad] == [(2, "文字编码有误")]


def test_binary_columns_of_parquet_are_text_where_they_can_be(tmp_path: Path) -> None:
    table = pa.table(
        {"name": pa.array([b"a", b"\xff"], pa.binary()), "scope": pa.array(["一".encode(), b"x"], pa.binary())}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    register = open_register(tmp_path / "a.parquet")
    assert [row["scope"] for row in read(register)] == ["一"]
    assert register.bad[0].row == 2


def test_an_empty_register_has_one_empty_batch(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,scope\n", encoding="utf-8")
    (batch,) = open_register(tmp_path / "a.csv").batches()
    assert (batch.num_rows, batch.schema.names) == (0, ["row", "name", "scope"])


def test_what_is_no_register_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("企业,范围\n甲,一\n", encoding="utf-8")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "c.xlsx").write_bytes(b"no")
    (tmp_path / "d.docx").write_bytes(b"no")
    for name, found in (
        ("a.csv", "缺少列：企业名称（name）、经营范围（scope）；现有列：企业、范围"),
        ("b.parquet", "文件内容读不了"),
        ("c.xlsx", "文件内容读不了"),
        ("d.docx", "后缀为“.docx”的文件"),
        ("e.csv", "没有这个文件"),
        ("", "这是文件夹"),
    ):
        with pytest.raises(RegisterError) as refused:
            open_register(tmp_path / name)
        assert found in refused.value.found
        assert refused.value.expected
        assert refused.value.mend
