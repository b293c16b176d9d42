"""Says which enterprises belong to which industries, from name and registered business scope, with evidence.

In: a catalogue (terms of products, phrases that mislead), a fitted model, and batches of a register as Arrow arrays.
Out: for every enterprise and industry of which a term was found the segment, the role (core: develops or makes;
service:
operates or serves; trade: sells; mention), the calibrated probability that it is core or service, a decision (in,
review,
out) and the evidence. Rows decided "in" with role core or service are what counts.

How: one native scan over the column's own buffer finds the rows in which a term stands (``scan``); what follows sees
only
those rows and is computed on arrays: text without brackets (``text``), items, the verbs that bind them and exclusions
(``clauses``), terms with traps taken out (``hits``), features that do not depend on the order of clauses nor on clauses
without a term (``features``), a multinomial logistic regression with Platt's calibration (``model``, ``fit``).
"""

from xiandao.engines.identify.beside import SOURCES
from xiandao.engines.identify.catalogue import Catalogue, Product, Term, Weight
from xiandao.engines.identify.engine import Identifier, identify
from xiandao.engines.identify.model import DECISIONS, ROLES, Model, ModelMismatchError
from xiandao.engines.identify.result import EVIDENCE, RESULT

__all__ = [
    "DECISIONS",
    "EVIDENCE",
    "RESULT",
    "ROLES",
    "SOURCES",
    "Catalogue",
    "Identifier",
    "Model",
    "ModelMismatchError",
    "Product",
    "Term",
    "Weight",
    "identify",
]
