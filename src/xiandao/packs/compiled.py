"""Turns what the policy text compiler gives as JSON into a PlanDoc with stable keys and spans."""

from collections.abc import Iterable, Mapping
from typing import Any


def plan_doc_from_compiled(document, text, *, code="plan"):
    raise NotImplementedError
