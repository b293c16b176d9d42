"""Hooks of this domain for the domains to its right."""

from django.dispatch import Signal

# Asked when a plan's text is shown. Argument: version (PlanVersion). Receivers return a list of Mark: what else
# stands in the text and where it is described.
collecting_marks = Signal()

# Sent inside the transaction that makes a version the one in force. Arguments: actor (Viewer), version (PlanVersion).
plan_published = Signal()

# Asked when a page of plans is shown (panels.py). Arguments: page, viewer, and what the page shows (target, version,
# measure, city, body). Receivers return a list of Panel.
collecting_panels = Signal()
