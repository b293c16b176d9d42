"""All rows of the permission matrix, and what makes the objects they refer to."""

from collections import Counter

from tests.security.rows import (
    audit,
    catalogue,
    enterprises,
    files,
    imports,
    inbox,
    labelling,
    ledger,
    people,
    programmes_applying,
    programmes_deciding,
    progress_excel,
    progress_meetings,
    progress_planning,
    progress_problems,
    progress_reports,
    published,
    registers,
)

MODULES = (
    published,
    people,
    imports,
    audit,
    progress_problems,
    files,
    inbox,
    progress_excel,
    progress_meetings,
    progress_planning,
    progress_reports,
    enterprises,
    registers,
    labelling,
    catalogue,
    ledger,
    programmes_applying,
    programmes_deciding,
)
ROWS = [row for module in MODULES for row in module.ROWS]
_NAMES = Counter(name for module in MODULES for name in getattr(module, "NAMES", ()))
assert max(_NAMES.values()) == 1, f"two modules make {[name for name, count in _NAMES.items() if count > 1]}"


def things(people, wanted: set[str]) -> dict[str, str]:
    """Return the objects `wanted` ("$name") made by the modules that know them. `people` gives viewers by account."""
    made: dict[str, str] = {}
    for module in MODULES:
        names = getattr(module, "NAMES", frozenset())
        if wanted & names:
            made |= module.things(people)
    missing = wanted - set(made)
    assert not missing, f"no module of tests/security/rows makes {missing}"
    return made
