"""Hooks of the inbox for the domains to its right."""

from django.dispatch import Signal

# Sent by `run_clocks`, outside a transaction, after the clocks of all tasks. Arguments: actor (Viewer, the system),
# today (date), now (datetime). Receivers do what their own time limits ask for, one transaction each, and safely twice.
clocks_ran = Signal()
