"""The document with every element there is."""

import pytest

from tests.unit.printing.samples import full_report
from xiandao.printing.official import OfficialDocument


@pytest.fixture(scope="session")
def report() -> OfficialDocument:
    return full_report()
