"""The form of a programme: what is asked, what was written, what that means, what is missing or not allowed."""

from xiandao.domains.programmes.forms.checking import Checked, Finding, Gap, check_form
from xiandao.domains.programmes.forms.choices import Choices
from xiandao.domains.programmes.forms.definition import Form, columns_of, form_of
from xiandao.domains.programmes.forms.merging import Clash, merge
from xiandao.domains.programmes.forms.reading import Data, from_post, tidy

__all__ = [
    "Checked",
    "Choices",
    "Clash",
    "Data",
    "Finding",
    "Form",
    "Gap",
    "check_form",
    "columns_of",
    "form_of",
    "from_post",
    "merge",
    "tidy",
]
