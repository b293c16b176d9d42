"""How a pack's source prints: document, article, and how sure it is."""

from django.utils.translation import gettext_lazy as _

from xiandao.packs import PolicyPack
from xiandao.packs.schema.common import Source

# How sure a rule is, by the pack's confidence marks. What is ours is labelled so wherever it shows.
CONFIDENCE = {
    "law": _("法规原文"),
    "read": _("据转载或摘要，请核对"),
    "knowledge": _("业务常识，未核原文"),
    "indirect": _("间接来源"),
    "default_ours": _("平台默认，非规定"),
}


def describe(pack: PolicyPack, source: Source) -> str:
    """Return a source as one line of Chinese: document with number and article, else its note."""
    titles = {document.id: document for document in pack.meta.documents}
    document = titles.get(source.document or "")
    parts = []
    if document:
        title = document.title if "《" in document.title else f"《{document.title}》"
        parts.append(f"{title}{document.number or ''}")
    if source.article:
        parts.append(source.article)
    if not parts and source.note:
        parts.append(source.note)
    return f"{'，'.join(parts)}（{CONFIDENCE[source.confidence]}）"[:300]
