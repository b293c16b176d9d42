"""The policy text compiler: any Chinese government action plan as plain text in, a structured plan out.

`compile_text(text)` gives a PlanDocument or raises NotAPlan; `to_schema(document)` writes it as JSON-ready data;
`sentences(document)` links every sentence of the text to the items in it.
"""

from xiandao.engines.policytext.compile import compile_text
from xiandao.engines.policytext.model import (
    Action,
    Body,
    Citation,
    Commitment,
    Confidence,
    Duty,
    Head,
    Measure,
    Mention,
    NotAPlan,
    Passage,
    PassedOver,
    PlanDocument,
    Span,
    Target,
)
from xiandao.engines.policytext.schema import to_schema
from xiandao.engines.policytext.sentences import Sentence, sentences

__all__ = [
    "Action",
    "Body",
    "Citation",
    "Commitment",
    "Confidence",
    "Duty",
    "Head",
    "Measure",
    "Mention",
    "NotAPlan",
    "Passage",
    "PassedOver",
    "PlanDocument",
    "Sentence",
    "Span",
    "Target",
    "compile_text",
    "sentences",
    "to_schema",
]
