"""Office files in and out: task breakdowns as Word and Excel, the text of Word and text files. Bytes only, no paths."""

from xiandao.packs.printing.breakdown_docx import breakdown_docx
from xiandao.packs.printing.breakdown_xlsx import breakdown_xlsx
from xiandao.packs.printing.incoming import PolicyText, Unreadable, read_policy_text
from xiandao.packs.printing.plan_doc import from_plan_doc

__all__ = [
    "PolicyText",
    "Unreadable",
    "breakdown_docx",
    "breakdown_xlsx",
    "from_plan_doc",
    "read_policy_text",
]
