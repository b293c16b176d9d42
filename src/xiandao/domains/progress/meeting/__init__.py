"""Papers for the coordination mechanism: content as of a moment, its official document, what differs between two.

- `content(viewer, plan, as_of, since=)`: what papers say at a moment.
- `meeting_document(content, issuer=)`: Word and PDF, through `xiandao.printing.official`.
- `compare`, `differences`: made again for the same moment, or against other papers.
- `moment_of`, and the querysets of `meeting.rows`: the rows behind every number.
"""

from xiandao.domains.progress.meeting.compare import Comparison, Difference, compare, differences
from xiandao.domains.progress.meeting.content import content
from xiandao.domains.progress.meeting.document import meeting_document, printed
from xiandao.domains.progress.meeting.model import SCHEMA, MeetingContent, Number, fingerprint
from xiandao.domains.progress.meeting.moment import Moment, moment_of

__all__ = [
    "SCHEMA",
    "Comparison",
    "Difference",
    "MeetingContent",
    "Moment",
    "Number",
    "compare",
    "content",
    "differences",
    "fingerprint",
    "meeting_document",
    "moment_of",
    "printed",
]
