"""Official documents the tests of both printers share."""

import datetime as dt

from xiandao.printing.official import (
    Annex,
    Figures,
    Heading,
    KeyFigure,
    Note,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Run,
    Table,
)

VERIFIED = "来源：成果台账，经牵头部门核实，截至2030年9月30日。"
CLAIMED = "来源：各市填报，尚未核实。"
LONG_NAME = "某某市未来产业先导区建设运营管理服务有限责任公司第一分公司"


def document(*blocks, **rest) -> OfficialDocument:
    """Return a document of a title, a date and what is given."""
    return OfficialDocument(**{"title": "测试", "date": dt.date(2030, 10, 8), "blocks": blocks} | rest)


def full_report() -> OfficialDocument:
    """A document with every element there is."""
    return document(
        Paragraph("现将有关情况通报如下。"),
        Heading(1, "总体情况"),
        Figures((KeyFigure("已核实成果", "128", "项", VERIFIED), KeyFigure("逾期任务", "6", "件"))),
        Paragraph(
            ("累计认定", Run("128", bold=True, footnote=VERIFIED), "项，填报", Run("31", footnote=CLAIMED), "项。")
        ),
        Heading(2, "分行动情况"),
        Heading(3, "第三层"),
        Heading(4, "第四层"),
        Heading(2, "分市情况"),
        Table(("序号", "单位", "数量"), (("1", LONG_NAME, Run("3", footnote=CLAIMED)),), caption="各市情况"),
        Note("按行政区划代码排序。"),
        PageBreak(),
        Heading(1, "逾期事项"),
        Table(("事项", "期限"), ()),
        title="关于推进情况的\n通报",
        issuer="某省未来产业协调办公室",
        number="某未来督〔2030〕3号",
        subtitle="（截至2030年9月30日）",
        addressee="各设区市人民政府",
        annexes=(Annex("任务清单", (Heading(1, "附件第一节"), Paragraph("附件正文。"))), Annex("联系人", ())),
        signature="某省办公室",
        copies_to=("省委办公厅", "省政协办公厅"),
        printed_by="某省发展改革委办公室",
        printed_on=dt.date(2030, 10, 9),
    )
