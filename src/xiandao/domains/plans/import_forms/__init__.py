"""Forms of the import pages."""

from xiandao.domains.plans.import_forms.items import ITEM_FORMS, ItemForm, initial_of
from xiandao.domains.plans.import_forms.pages import (
    NEW_PLAN,
    DestinationForm,
    HeadForm,
    ReasonForm,
    SplitDutyForm,
    SplitMeasureForm,
    UploadForm,
)

__all__ = [
    "ITEM_FORMS",
    "NEW_PLAN",
    "DestinationForm",
    "HeadForm",
    "ItemForm",
    "ReasonForm",
    "SplitDutyForm",
    "SplitMeasureForm",
    "UploadForm",
    "initial_of",
]
