"""A refusal that names the fields that are missing or wrong."""

from django.utils.functional import Promise

from xiandao.domains.orgs.permission import Refused

Fault = tuple[str, str]


class BadFields(Refused):
    """Fields are missing or wrong. `faults` are (field, sentence); a claim's field is "claims.<key>.<field>"."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(dict.fromkeys(sentence for _field, sentence in faults)))
        self.faults = faults


def needed_reason(reason: str, sentence: str | Promise, *, field: str = "reason") -> str:
    """Return a reason without blanks around it. Raises BadFields where there is none."""
    if not reason.strip():
        raise BadFields([(field, str(sentence))])
    return reason.strip()
